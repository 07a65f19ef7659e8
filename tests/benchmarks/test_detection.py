"""The detection benchmark simulates what it says, counts alarms as it says, and judges the product's own code."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alliance.calibration import parse_calibration
from alliance.course import course_of
from alliance.evidence import weigh
from benchmarks.detection.alarms import expected_ppv, false_alarms, limit_for, noticed, raised
from benchmarks.detection.ceiling import scores_of_ceiling
from benchmarks.detection.judge import METHODS, Size, judged, scored, wards
from benchmarks.detection.ours import NOTHING, observations, scores_of_ours
from benchmarks.detection.page import BEGINS, ENDS, write_page
from benchmarks.detection.published import RULES, scores_of
from benchmarks.detection.simulation import BOND, EXPECTED, PROMPTS, SHAPES, STRESS, Shape, Ward, simulate
from benchmarks.detection.table import BUDGETS, table

ROOT = Path(__file__).parent.parent.parent
MANY = 4000


def ward(shape: Shape = Shape.NOTHING, patients: int = MANY, **changed: object) -> Ward:
    return simulate(replace(EXPECTED, **changed), shape, patients, np.random.default_rng(5))  # type: ignore[arg-type]  # a test's shorthand


@pytest.fixture(scope="module")
def unharmed() -> Ward:
    return ward()


def test_usuals_are_as_published(unharmed: Ward) -> None:
    usual = unharmed.hidden.usual

    assert usual.mean() == pytest.approx(0.79, abs=0.01)
    assert usual.std() == pytest.approx(0.16, abs=0.01)
    assert -1.1 < ((usual - usual.mean()) ** 3).mean() / usual.std() ** 3 < -0.8  # skew
    assert 0.08 < (usual > 0.96).mean() < 0.14
    assert np.corrcoef(usual[:, 0], usual[:, 1])[0, 1] == pytest.approx(0.7, abs=0.05)


def test_swings_linger_and_are_shared(unharmed: Ward) -> None:
    hidden = unharmed.hidden
    mood = (hidden.felt - hidden.usual[:, None, :]) / hidden.swing[:, None, None]

    assert np.corrcoef(mood[:, 3, 0], mood[:, 4, 0])[0, 1] == pytest.approx(0.25, abs=0.05)
    assert np.corrcoef(mood[:, 3, 0], mood[:, 3, BOND])[0, 1] == pytest.approx(0.7, abs=0.05)
    assert np.log(hidden.swing).std() == pytest.approx(np.hypot(0.35, np.log((0.08, 0.12, 0.17)).std()), abs=0.03)


def test_replies_and_the_scale_are_as_said(unharmed: Ward) -> None:
    assert unharmed.replied.mean() == pytest.approx(0.72, abs=0.01)
    assert unharmed.hidden.reply_rate.std() == pytest.approx((0.72 * 0.28 / 7) ** 0.5, abs=0.01)
    given = unharmed.ratings[~np.isnan(unharmed.ratings)]
    assert set(np.unique(np.round(given * 6, 6))) == {0, 1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("shape", "length"),
    [
        (Shape.V, 1),
        (Shape.STEP_SMALL, 6),
        (Shape.STEP, 4),
        (Shape.STEP_LARGE, 4),
        (Shape.RAMP, 8),
        (Shape.WITHDRAWAL, 8),
        (Shape.SILENCE, 8),
    ],
)
def test_a_shape_lasts_as_long_as_it_says_and_fits(shape: Shape, length: int) -> None:
    hurt = ward(shape, 300)

    assert hurt.length == length
    assert (hurt.onset + length <= PROMPTS).all()


def test_half_of_the_falls_are_everywhere() -> None:
    hit = ward(Shape.STEP).hidden.hit

    assert hit.all(axis=1).mean() == pytest.approx(0.5, abs=0.03)
    assert set(hit.sum(axis=1)) == {1, 3}


def test_in_a_silence_nothing_comes_and_in_a_withdrawal_less_and_shorter() -> None:
    silent, withdrawn = ward(Shape.SILENCE), ward(Shape.WITHDRAWAL)

    def on(of: Ward) -> np.ndarray:
        since = np.arange(PROMPTS)[None, :] - of.onset[:, None]
        return (since >= 0) & (since < of.length)

    assert not silent.replied[on(silent)].any()
    assert withdrawn.replied[on(withdrawn)].mean() == pytest.approx(0.35 * 0.72, abs=0.02)
    fewer = np.nanmean(withdrawn.log_words[on(withdrawn)]) - np.nanmean(withdrawn.log_words[~on(withdrawn)])
    assert fewer == pytest.approx(np.log(0.5), abs=0.08)


@pytest.mark.parametrize("case", STRESS, ids=lambda case: case.name)
def test_a_stress_case_differs_from_what_is_expected(case: object) -> None:
    assert case != EXPECTED


def test_outages_are_nobody_s_silence() -> None:
    out = ward(patients=50, outages=0.25)

    assert not out.delivered.all()
    assert not out.replied[~out.delivered].any()
    assert (scores_of_ours(out)[~out.delivered] == NOTHING).all()


def test_after_an_alarm_four_prompts_are_quiet() -> None:
    always = np.ones((1, 12))

    assert np.flatnonzero(raised(always, 0.5)[0]).tolist() == [0, 5, 10]


def test_the_limit_keeps_the_budget(unharmed: Ward) -> None:
    scores = scores_of(RULES["EWMA"], unharmed)

    for budget in (0.15, 0.30):
        assert false_alarms(scores, limit_for(budget, scores)) == pytest.approx(budget, abs=0.005)


@pytest.mark.parametrize(("prompt", "counts"), [(-1, False), (0, True), (3, True), (5, True), (6, False)])
def test_an_alarm_counts_inside_the_shape_and_two_prompts_after(prompt: int, counts: bool) -> None:
    hurt = ward(Shape.STEP, 1)  # four prompts
    scores = np.zeros((1, PROMPTS))
    scores[0, hurt.onset[0] + prompt] = 1.0

    assert (noticed(scores, 0.5, hurt).sensitivity == 1) is counts


def test_a_flag_that_is_noticed_as_often_as_it_is_false_is_right_in_one_of_two_cases() -> None:
    assert expected_ppv(0.8, 0.2) == pytest.approx(0.5)


def test_ours_is_the_product_s_own_number() -> None:
    few = ward(Shape.WITHDRAWAL, 3)

    scores = scores_of_ours(few)

    for patient in range(3):
        told = [seen for seen in observations(few, patient) if seen is not None]
        for prompt in (0, 7, PROMPTS - 1):
            total = weigh(course_of(told[: prompt + 1])).total
            assert scores[patient, prompt] == pytest.approx(max(total, NOTHING))


def test_every_method_scores_every_prompt_and_none_sees_into_the_future() -> None:
    one = ward(Shape.STEP_LARGE, 40)
    later = one.ratings.copy()
    later[:, 15:] = np.nan
    cut = replace(one, ratings=later, replied=one.replied & (np.arange(PROMPTS) < 15))

    for name, method in METHODS.items():
        assert method(one).shape == (40, PROMPTS), name
        assert np.array_equal(method(one)[:, :15], method(cut)[:, :15]), name


def test_nobody_is_above_the_ceiling() -> None:
    drawn = wards(EXPECTED, Size(unharmed=1200, each_shape=150))

    ceiling, *_ = judged("ceiling", scored(scores_of_ceiling, drawn), drawn, budgets=[0.30])
    rivals = [
        judged(name, scored(lambda w, r=rule: scores_of(r, w), drawn), drawn, [0.30])[0] for name, rule in RULES.items()
    ]

    assert all(ceiling.mean > rival.mean + 0.2 for rival in rivals)
    assert ceiling.mean > 0.8


def test_the_table_it_writes_is_the_one_the_product_reads(unharmed: Ward) -> None:
    scores = scores_of(RULES["shrunken z"], unharmed)

    written = parse_calibration(table({7: scores, 5: scores}))

    assert set(written.limits) == {5, 7}
    assert written.limit(points=7, budget=BUDGETS[0]) == pytest.approx(limit_for(BUDGETS[0], scores), abs=0.001)


def test_a_page_without_a_place_for_the_figures_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks")

    with pytest.raises(ValueError, match="no place"):
        write_page(None, None, file=page)  # type: ignore[arg-type]  # refused before it looks at them
    assert page.read_text() == "no marks"


def test_the_documents_have_that_place() -> None:
    text = (ROOT / "docs" / "detection.md").read_text()

    assert text.index(BEGINS) < text.index(ENDS)


def test_the_night_is_measured_from_a_database() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.detection", "--nightly", "--patients", "300", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    results = {one["metric"]: one for one in json.loads(asked.stdout)["results"]}
    assert results["nightly_evaluation"]["unit"] == "seconds for 300 patients"
    assert results["evaluations"]["value"] > 50


def test_past_ratings_are_measured_through_the_command() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.detection", "--past-ratings", "--rows", "2000", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    results = {one["metric"]: one for one in json.loads(asked.stdout)["results"]}
    assert results["past_ratings"]["unit"] == "seconds for 2,000 rows"
    assert 20 < results["memory_for_a_quarter"]["value"] <= results["memory"]["value"] * 1.1


def test_all_shapes_are_judged() -> None:
    assert len(SHAPES) == 7
