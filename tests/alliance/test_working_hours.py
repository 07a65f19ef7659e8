"""When the next digest comes, on the clock of whoever reads it."""

from datetime import UTC, date, datetime, time

import pytest

from alliance.working_hours import NotADay, next_morning, parse_days, with_day_changed

WEEK = ("MO", "TU", "WE", "TH", "FR")
EIGHT = time(8)


@pytest.mark.parametrize(
    ("after", "days", "not_before", "due", "on"),
    [
        pytest.param("2026-03-02T06:59", WEEK, None, "2026-03-02T07:00", 2, id="later today"),
        pytest.param("2026-03-02T07:00", WEEK, None, "2026-03-03T07:00", 3, id="the moment itself is over"),
        pytest.param("2026-03-06T07:00", WEEK, None, "2026-03-09T07:00", 9, id="over the weekend"),
        pytest.param("2026-03-02T06:00", WEEK, date(2026, 3, 4), "2026-03-04T07:00", 4, id="not before a day"),
        pytest.param("2026-03-02T07:00", ("MO",), None, "2026-03-09T07:00", 9, id="a week ahead"),
        pytest.param("2026-03-27T08:00", WEEK, None, "2026-03-30T06:00", 30, id="clocks go forward"),
    ],
)
def test_the_next_morning(after: str, days: tuple[str, ...], not_before: date | None, due: str, on: int) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)

    found = next_morning(at=EIGHT, days=days, zone="Europe/Madrid", after=moment, not_before=not_before)

    assert found == (datetime.fromisoformat(due).replace(tzinfo=UTC), date(2026, 3, on))


def test_without_a_working_day_there_is_none() -> None:
    assert next_morning(at=EIGHT, days=(), zone="UTC", after=datetime(2026, 3, 2, tzinfo=UTC)) is None


def test_days_are_kept_in_the_order_of_the_week() -> None:
    assert parse_days("fr, mo,MO") == "MO,FR"
    assert with_day_changed(["MO", "FR"], "WE") == "MO,WE,FR"
    assert with_day_changed(["MO", "FR"], "MO") == "FR"
    assert with_day_changed(["FR"], "FR") is None


@pytest.mark.parametrize("words", ["", "Monday", "MO;TU", "MO,XX"])
def test_what_is_no_list_of_days_is_refused(words: str) -> None:
    with pytest.raises(NotADay):
        parse_days(words)
