"""A patient's own usual is learnt from answers, not from exceptions, and never from silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.baseline import DEFAULT_PRIOR, Baseline, Prior

HIGH, ONE_LOWER, TWO_LOWER, MIDDLE, LOWEST = 1.0, 5 / 6, 4 / 6, 3 / 6, 0.0  # on a scale of seven


def learnt(*ratings: float, prior: Prior = DEFAULT_PRIOR) -> Baseline:
    baseline = Baseline(prior=prior)
    for rating in ratings:
        baseline = baseline.after(rating)
    return baseline


def test_of_a_stranger_the_clinics_usual_is_expected() -> None:
    stranger = learnt()

    assert not stranger.is_known
    assert stranger.mean == pytest.approx(DEFAULT_PRIOR.mean)
    assert stranger.predictive_spread == pytest.approx(0.2)  # .16 between and .12 within patients


@pytest.mark.parametrize(("answers", "known"), [(0, False), (1, False), (3, False), (4, True), (400, True)])
def test_a_usual_is_known_from_four_answers_on(answers: int, known: bool) -> None:
    assert learnt(*[ONE_LOWER] * answers).is_known is known


def test_a_few_answers_move_the_usual_a_little_and_many_all_the_way() -> None:
    after_one, after_four, after_many = (learnt(*[MIDDLE] * n).mean for n in (1, 4, 400))

    assert DEFAULT_PRIOR.mean > after_one > after_four > after_many
    assert after_many == pytest.approx(MIDDLE, abs=0.01)


def test_one_very_low_answer_teaches_nothing() -> None:
    before = learnt(*[ONE_LOWER] * 6)

    after = before.after(LOWEST)

    assert (after.mean, after.spread, after.count) == (before.mean, before.spread, before.count)
    assert after.seen == before.seen + 1


def test_one_slightly_low_answer_teaches() -> None:
    before = learnt(*[ONE_LOWER] * 6)

    after = before.after(TWO_LOWER)

    assert after.mean < before.mean
    assert after.count == before.count + 1


def test_low_answers_that_keep_coming_become_the_usual() -> None:
    before = learnt(*[ONE_LOWER] * 8)
    lasting = learnt(*[ONE_LOWER] * 8, *[LOWEST] * 20)

    assert before.z(LOWEST) < -3
    assert lasting.z(LOWEST) > -2


def test_a_low_answer_now_and_then_does_not() -> None:
    month = [ONE_LOWER] * 7 + [LOWEST]

    assert learnt(*month * 6).z(LOWEST) < -3


def test_who_swings_has_a_wide_usual() -> None:
    swinging, steady = learnt(*[HIGH, MIDDLE] * 8), learnt(*[ONE_LOWER, TWO_LOWER] * 8)

    assert swinging.spread > 1.5 * steady.spread
    assert swinging.z(MIDDLE) > -2
    assert swinging.usual.low <= MIDDLE


def test_the_first_answers_teach_however_low_they_are() -> None:
    assert learnt(LOWEST, LOWEST).count == 2


def test_who_always_gives_the_highest_is_allowed_one_point_less() -> None:
    contented = learnt(*[HIGH] * 400)

    assert contented.z(ONE_LOWER) > -3
    assert contented.z(TWO_LOWER) < -3


def test_the_usual_is_told_within_the_scale() -> None:
    usual = learnt(*[HIGH] * 9).usual

    assert 0 <= usual.low < usual.mean < usual.high == 1
    assert usual.count == 9


def test_an_easier_clinic_expects_more() -> None:
    easy = Prior(mean=0.95)

    assert learnt(TWO_LOWER, prior=easy).mean > learnt(TWO_LOWER).mean


@given(st.lists(st.floats(0, 1), max_size=60), st.floats(0, 1))
def test_whatever_was_answered_the_baseline_stays_sane(ratings: list[float], newest: float) -> None:
    baseline = learnt(*ratings)

    assert 0 <= baseline.usual.low <= baseline.usual.high <= 1
    assert 0 <= baseline.mean <= 1
    assert baseline.spread >= 0.08
    assert len(baseline.lately_low) <= 8
    assert (baseline.z(newest) < 0) is (newest < baseline.mean)


@pytest.mark.parametrize("rating", [-0.01, 1.01, 7.0, float("nan"), float("inf")])
def test_a_rating_that_is_no_fraction_is_refused(rating: float) -> None:
    with pytest.raises(ValueError, match="fraction from 0 to 1"):
        learnt(rating)


@pytest.mark.parametrize(
    "wrong",
    [{"mean": 1.0}, {"mean": 0.0}, {"reply_rate": 1.0}, {"within_spread": 0.0}, {"reply_weight": -1.0}],
)
def test_a_prior_with_which_nothing_can_be_computed_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="prior"):
        Prior(**wrong)
