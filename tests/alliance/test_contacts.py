"""When staff hear that the contacts in the safety message cannot be relied on."""

from datetime import date, timedelta

import pytest

from alliance.contacts import EXPIRES_SOON, ContactTrouble, ContactWarning, contact_warnings

TODAY = date(2026, 3, 2)  # a Monday, the tenth week
DAY = timedelta(days=1)
EXPIRED = ContactWarning(trouble=ContactTrouble.EXPIRED, period="2026-03-02")
SOON = ContactWarning(trouble=ContactTrouble.EXPIRES_SOON, period="2026-W10")
NO_NUMBER = ContactWarning(trouble=ContactTrouble.NO_NUMBER, period="2026-W10")


@pytest.mark.parametrize(
    ("valid_until", "has_number", "warnings"),
    [
        pytest.param(TODAY + EXPIRES_SOON, True, (), id="far from over"),
        pytest.param(TODAY + EXPIRES_SOON - DAY, True, (SOON,), id="thirty days before"),
        pytest.param(TODAY, True, (SOON,), id="the last day"),
        pytest.param(TODAY - DAY, True, (EXPIRED,), id="the day after"),
        pytest.param(None, True, (), id="no last day was given"),
        pytest.param(None, False, (NO_NUMBER,), id="no number"),
        pytest.param(TODAY - DAY, False, (EXPIRED, NO_NUMBER), id="expired and no number"),
    ],
)
def test_what_staff_are_told(valid_until: date | None, has_number: bool, warnings: tuple[ContactWarning, ...]) -> None:
    assert contact_warnings(has_number=has_number, valid_until=valid_until, on=TODAY) == warnings


def test_what_has_expired_is_said_on_each_day_and_what_will_expire_in_each_week() -> None:
    expired = {said(TODAY + number * DAY, valid_until=TODAY - DAY) for number in range(14)}
    soon = {said(TODAY + number * DAY, valid_until=TODAY + 20 * DAY) for number in range(14)}

    assert (len(expired), len(soon)) == (14, 2)


def test_a_week_across_new_year_is_one_week() -> None:
    days = [date(2026, 12, 28) + number * DAY for number in range(7)]

    assert {said(day, valid_until=date(2027, 1, 10)) for day in days} == {"2026-W53"}


def said(on: date, *, valid_until: date) -> str:
    (warning,) = contact_warnings(has_number=True, valid_until=valid_until, on=on)
    return warning.period
