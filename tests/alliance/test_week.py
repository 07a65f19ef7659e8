"""A week in figures: last verdicts count, and few are said as counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alliance import calendar_words
from alliance.follow_up_times import Followed, follow_up_times
from alliance.week import ENOUGH_FOR_A_SHARE, Week, last_week, share, verdicts
from tests.alliance.one_digest import EN, WORDINGS

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_WEEK = Week(since=date(2026, 2, 23), until=date(2026, 3, 1), asked=14, answered=12, judged=5, dismissed=1)


def said(week: Week, language: str = "en") -> str:
    return " ".join(calendar_words.week(week, wording=WORDINGS.in_language(language)))


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 3, 8)], ids=["Monday", "Sunday"])
def test_the_last_week_is_the_last_whole_one(today: date) -> None:
    assert last_week(today) == (date(2026, 2, 23), date(2026, 3, 1))


def test_the_last_verdict_on_a_flag_counts() -> None:
    assert verdicts([(1, "reviewed"), (2, "not"), (1, "not"), (3, "raise")]) == (3, 2)
    assert verdicts([]) == (0, 0)


def test_putting_off_handing_over_and_giving_back_are_no_verdict() -> None:
    assert verdicts([(1, "put_off"), (2, "handed_over"), (3, "given_back")]) == (0, 0)
    assert verdicts([(1, "not"), (1, "given_back"), (2, "reviewed"), (2, "put_off")]) == (2, 1)


def test_few_are_counts_and_many_have_a_share_as_well() -> None:
    assert "%" not in said(A_WEEK)
    assert "12 of 14 check-ins" in said(A_WEEK)
    assert "5 flags were looked at in 12 weeks; dismissed as not a rupture: 1." in said(A_WEEK)
    assert share(19, ENOUGH_FOR_A_SHARE - 1) is None
    assert share(15, ENOUGH_FOR_A_SHARE) == 75
    many = Week(since=A_WEEK.since, until=A_WEEK.until, asked=40, answered=30, judged=20, dismissed=5)
    assert "75 %" in said(many)
    assert "75 %" in said(many, "es")


def test_what_did_not_happen_is_not_figured() -> None:
    nobody_looked = Week(since=A_WEEK.since, until=A_WEEK.until, asked=1, answered=0, judged=0, dismissed=0)
    assert said(nobody_looked) == EN("week.answered", count=1, answered=0)


def test_a_look_is_no_contact_and_the_first_of_each_counts() -> None:
    found = follow_up_times(
        [
            Followed(raised_at=MONDAY, done=(("reviewed", MONDAY + HOUR), ("phone", MONDAY + 5 * HOUR))),
            Followed(raised_at=MONDAY, done=(("raise", MONDAY + 3 * HOUR), ("reviewed", MONDAY + 4 * HOUR))),
            Followed(raised_at=MONDAY, done=()),
        ]
    )

    assert found.raised == 3
    assert found.looked_at is not None
    assert (found.looked_at.count, found.looked_at.longest) == (2, 3 * HOUR)
    assert found.contact is not None
    assert (found.contact.count, found.contact.longest) == (1, 5 * HOUR)
    assert follow_up_times([]).looked_at is None
