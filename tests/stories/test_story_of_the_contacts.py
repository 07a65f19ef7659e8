"""The numbers in the safety message grow old: staff hear of it, patients get what there is."""

from dataclasses import replace
from datetime import date, timedelta

from tests.stories.crisis import WORDS
from tests.stories.ward import Ward, madrid, texts
from workflows.unit import HelpAtOnce
from workflows.warn_of_contacts import warn

DAY = timedelta(days=1)
UNTIL = date(2026, 3, 3)  # a Tuesday; the story begins on the day before


async def live_through(ward: Ward, contacts: HelpAtOnce, *, days: int) -> list[int]:
    """How many warnings Kim has had after each of so many days; the program asks early and late in each."""
    had: list[int] = []
    for day in range(days):
        for hour in ("07:30", "08:05", "08:15", "20:00"):
            await ward.until(madrid(3, 3, hour) + day * DAY)
            await warned(ward, contacts)
        had.append(sum("safety message" in text for text in texts(ward.kim)))
    return had


async def warned(ward: Ward, contacts: HelpAtOnce) -> None:
    """The timers ask, in a clinic that has these contacts."""
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "contacts")
        unit.clinic = replace(unit.clinic, help_at_once=contacts)
        await warn(unit)
    await ward.settle()


async def test_expired_contacts_are_told_every_day_to_coordinators_and_to_nobody_else(ward: Ward) -> None:
    had = await live_through(ward, HelpAtOnce(emergency_number="112", valid_until=UNTIL - DAY), days=3)

    assert had == [1, 2, 3]
    assert "checked until Monday 2 March" in ward.kim.last.text
    assert not any("safety message" in text for person in (ward.ana, ward.cole, ward.day) for text in texts(person))


async def test_before_they_expire_it_is_told_once_a_week(ward: Ward) -> None:
    had = await live_through(ward, HelpAtOnce(emergency_number="112", valid_until=UNTIL + 20 * DAY), days=7)

    assert had == [1, 1, 1, 1, 1, 1, 2]


async def test_a_missing_number_is_told_once_a_week(ward: Ward) -> None:
    had = await live_through(ward, HelpAtOnce(), days=7)

    assert had == [1, 1, 1, 1, 1, 1, 2]
    assert ward.kim.last.text == ward.says("contacts.no_number")


async def test_contacts_that_are_checked_are_not_mentioned(ward: Ward) -> None:
    had = await live_through(ward, HelpAtOnce(emergency_number="112", valid_until=UNTIL + 300 * DAY), days=2)

    assert had == [0, 0]


async def test_expired_contacts_stop_nothing(ward: Ward) -> None:
    expired = HelpAtOnce(emergency_number="112", crisis_line="A line to call.", valid_until=UNTIL - 300 * DAY)
    await ward.until(madrid(3, 3, "08:05"))
    await warned(ward, expired)

    await ward.writes(ward.ana, WORDS)

    assert "call 112" in ward.ana.last.text
    assert ward.cole.last.text.startswith("Possible crisis: BIRCH-07")
