"""The limit follows from the clinic's attention, by the table that the benchmark has written."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.calibration import FILE, BrokenCalibration, Calibration, budget_of, parse_calibration
from alliance.evidence import RULES, USUAL_POINTS
from alliance.rupture import LIMIT

TEXT = 'rules = "evidence/1"\n[points.5]\n"0.15" = 2.5\n"0.30" = 2.0\n[points.7]\n"0.15" = 2.0\n"0.30" = 1.4\n'
SHIPPED = parse_calibration((files("alliance") / FILE).read_text(encoding="utf-8"))


@pytest.fixture
def table() -> Calibration:
    return parse_calibration(TEXT)


def test_one_false_flag_a_week_for_forty_patients_is_three_in_ten_patients_in_twelve_weeks() -> None:
    assert budget_of(1.0) == pytest.approx(0.30)


def test_a_row_of_the_table_is_given_back(table: Calibration) -> None:
    assert table.limit(points=7, budget=0.30) == 1.4
    assert table.limit(points=5, budget=0.15) == 2.5


def test_between_rows_it_goes_by_the_logarithm(table: Calibration) -> None:
    assert table.limit(points=7, budget=0.15 * 2**0.5) == pytest.approx(1.7)


def test_beyond_the_table_the_last_row_holds(table: Calibration) -> None:
    assert (table.limit(points=7, budget=9), table.limit(points=7, budget=0.001)) == (1.4, 2.0)


@pytest.mark.parametrize(("points", "limit"), [(3, 2.0), (5, 2.0), (6, 1.4), (8, 1.4), (101, 1.4)])
def test_another_scale_takes_the_nearest_one_and_of_two_the_finer(
    table: Calibration, points: int, limit: float
) -> None:
    assert table.limit(points=points, budget=0.30) == limit


def test_no_budget_at_all_is_refused(table: Calibration) -> None:
    with pytest.raises(ValueError, match="above 0"):
        table.limit(points=7, budget=0)


@given(st.floats(0.01, 5), st.floats(0.01, 5), st.integers(2, 101))
def test_more_attention_never_needs_louder_evidence(one: float, other: float, points: int) -> None:
    fewer, more = sorted((one, other))

    assert SHIPPED.limit(points=points, budget=fewer) >= SHIPPED.limit(points=points, budget=more)


def test_the_shipped_table_was_made_for_these_rules_and_agrees_with_the_limit_in_the_code() -> None:
    assert SHIPPED.rules == RULES
    assert SHIPPED.limit(points=USUAL_POINTS, budget=budget_of(1.0)) == pytest.approx(LIMIT, abs=0.1)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        pytest.param("rules =", "calibration", id="no TOML"),
        pytest.param('[points.7]\n"0.3" = 1.0', "rules", id="no rules"),
        pytest.param('rules = "evidence/1"', "points", id="no scale"),
        pytest.param('rules = "e/1"\n[points.seven]\n"0.3" = 1.0', "number of points", id="points in words"),
        pytest.param('rules = "e/1"\n[points.7]\n"some" = 1.0', "budget", id="a budget in words"),
        pytest.param('rules = "e/1"\n[points]\n7 = 3', "budget", id="no rows"),
        pytest.param('rules = "e/1"\n[points.7]', "lower limit", id="empty"),
        pytest.param('rules = "e/1"\n[points.7]\n"0.1" = 1.0\n"0.3" = 2.0', "lower limit", id="the wrong way"),
    ],
)
def test_a_broken_table_is_refused_with_its_reason(text: str, because: str) -> None:
    with pytest.raises(BrokenCalibration, match=because):
        parse_calibration(text)
