"""A clinic's past ratings: what can be used, and what is said of each row that cannot."""

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.items import Domain
from alliance.ratings_file import Rated, Rows, Scale, UnusableRow, checkins, scale_of

SEVEN = Scale(lowest=1, highest=7, points=7)
HEADER = ("patient", "at", "domain", "rating")
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def rows(**more: object) -> Rows:
    return Rows(**{"header": HEADER, "scale": SEVEN, **more})  # type: ignore[arg-type]  # a test's shorthand


def test_a_row_is_a_rating_in_fractions_of_the_scale() -> None:
    rated = rows().rated(["P1", "2026-03-02T09:00+01:00", " Bond ", "4"])

    assert rated == Rated(patient="P1", at=AT, domain=Domain.BOND, rating=0.5)


def test_the_columns_may_stand_in_any_order_beside_others() -> None:
    found = rows(header=("Rating", "note", "DOMAIN", "patient", "at")).rated(
        ["7", "", "goals", "P1", "2026-03-02T08:00Z"]
    )

    assert found == Rated(patient="P1", at=AT, domain=Domain.GOAL, rating=1.0)


@pytest.mark.parametrize("domain", ["bond", ""])
def test_no_rating_means_asked_and_not_answered(domain: str) -> None:
    rated = rows().rated(["P1", "2026-03-02T08:00Z", domain, ""])

    assert (rated.rating, rated.domain) == (None, Domain(domain) if domain else None)


def test_a_comma_may_be_the_decimal_mark() -> None:
    assert rows().rated(["P1", "2026-03-02T08:00Z", "bond", "5,5"]).rating == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("row", "because"),
    [
        pytest.param(["", "2026-03-02T08:00Z", "bond", "4"], "no patient", id="nobody"),
        pytest.param(["P1", "yesterday", "bond", "4"], "no moment", id="no moment"),
        pytest.param(["P1", "2026-03-02T08:00Z", "mood", "4"], "domain 'mood'", id="another domain"),
        pytest.param(["P1", "2026-03-02T08:00Z", "", "4"], "domain ''", id="a rating of nothing"),
        pytest.param(["P1", "2026-03-02T08:00Z", "bond", "8"], "not from 1 to 7", id="too high"),
        pytest.param(["P1", "2026-03-02T08:00Z", "bond", "-1"], "not from 1 to 7", id="too low"),
        pytest.param(["P1", "2026-03-02T08:00Z", "bond", "nan"], "not from 1 to 7", id="not a number"),
        pytest.param(["P1", "2026-03-02T08:00Z", "bond", "good"], "no number", id="in words"),
        pytest.param(["P1", "2026-03-02T08:00Z", "bond"], "3 columns instead of 4", id="too short"),
        pytest.param(["P1", "0001-01-01T00:00+14:00", "bond", "4"], "calendars", id="before all time"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: list[str], because: str) -> None:
    with pytest.raises(UnusableRow, match=because):
        rows().rated(row)


def test_different_offsets_are_brought_together() -> None:
    reader = rows()

    found = [reader.rated(["P1", at, "bond", "4"]).at for at in ("2026-03-02T08:00Z", "2026-03-02T03:00-05:00")]

    assert found == [AT, AT]


def test_moments_without_an_offset_are_those_of_the_zone_named() -> None:
    assert rows(zone=ZoneInfo("Europe/Madrid")).rated(["P1", "2026-03-02 09:00", "bond", "4"]).at == AT


@pytest.mark.parametrize(
    ("first", "then", "because"),
    [
        ("2026-03-02T08:00Z", "2026-03-02T08:00", "no offset"),
        ("2026-03-02T08:00", "2026-03-02T08:00Z", "where others have none"),
    ],
)
def test_moments_with_and_without_an_offset_do_not_mix(first: str, then: str, because: str) -> None:
    reader = rows()
    reader.rated(["P1", first, "bond", "4"])

    with pytest.raises(UnusableRow, match=because):
        reader.rated(["P1", then, "goal", "4"])


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(("patient", "at", "domain"), id="one missing"),
        pytest.param(("patient", "at", "domain", "rating", "Rating"), id="one twice"),
        pytest.param((), id="none"),
    ],
)
def test_a_header_without_the_columns_is_refused(header: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="column called"):
        rows(header=header)


@pytest.mark.parametrize(
    ("ratings", "scale"),
    [
        pytest.param(["4", "6", "7", "", "x"], (1, 7, 7), id="seven points"),
        pytest.param(["4", "5", "3"], (1, 7, 7), id="few values: seven points, as ours"),
        pytest.param(["4", "5", "3", "2"] * 60, (1, 5, 5), id="many values: five points"),
        pytest.param(["0", "8", "10", "9"], (0, 10, 11), id="from nought to ten"),
        pytest.param(["2", "8", "10", "9"], (1, 10, 10), id="from one to ten"),
        pytest.param(["0", "35", "80"], (0, 100, 101), id="a hundred"),
        pytest.param(["0.5", "1", "0.75"], (0, 1, 3), id="fractions"),
        pytest.param(["6", "7"] * 100 + ["99"], (1, 7, 7), id="one slip of the pen"),
    ],
)
def test_the_scale_is_told_from_the_ratings(ratings: list[str], scale: tuple[float, float, int]) -> None:
    lowest, highest, points = scale

    assert scale_of(ratings) == Scale(lowest=lowest, highest=highest, points=points)


@pytest.mark.parametrize("ratings", [[], ["", "x"], ["500", "900"]])
def test_a_scale_that_cannot_be_told_is_not_guessed(ratings: list[str]) -> None:
    assert scale_of(ratings) is None


def test_what_was_asked_together_is_one_check_in() -> None:
    given_rows = [
        Rated(patient="P1", at=AT, domain=Domain.GOAL, rating=1.0),
        Rated(patient="P1", at=AT + timedelta(minutes=1), domain=Domain.BOND, rating=0.5),
        Rated(patient="P1", at=AT + timedelta(minutes=2), domain=Domain.BOND, rating=None),
        Rated(patient="P1", at=AT + timedelta(days=1), domain=None, rating=None),
    ]

    found = list(checkins(given_rows))

    assert [(seen.ratings, seen.replied) for seen in found] == [
        ({Domain.GOAL: 1.0, Domain.BOND: 0.5}, True),
        ({}, False),
        ({}, False),
    ]


@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_row_is_read_or_refused(row: list[str]) -> None:
    reader = rows()
    with contextlib.suppress(UnusableRow):  # and nothing else
        assert reader.rated(row).patient
