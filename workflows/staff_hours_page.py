"""/hours: a clinician or lead looks at when the digest comes, and changes it."""

from zoneinfo import available_timezones

from alliance.local_time import find_zones
from alliance.not_arranged import NotArranged
from alliance.own_hours import read_time
from alliance.saying import Saying
from alliance.staff_pages import hours_page, zones_page
from alliance.staff_presses import Hour, SetHours
from alliance.working_hours import DAYS, with_day_changed
from storage.tables import Person
from workflows.page import turn
from workflows.set_hours import hours_of, set_hours
from workflows.unit import Unit


async def show(unit: Unit, person: Person, words: str) -> None:
    """The page; an hour or a city written behind the command is taken at once, or asked about."""
    at = read_time(words) if words else None
    if at is not None:
        await set_hours(unit, person, at=at)
    elif words:
        zones = find_zones(words, available_timezones())
        await turn(unit, person, zones_page(unit.wording(), zones), message_id=None)
        return
    await turn(unit, person, _page(unit, person), message_id=None)


async def press(unit: Unit, person: Person, pressed: SetHours, *, message_id: int) -> str:
    """Take what was chosen and show how it is now; the key of the toast. Raises NotArranged."""
    match pressed.what:
        case Hour.AT:
            await set_hours(unit, person, at=pressed.choice)
        case Hour.ZONE:
            await set_hours(unit, person, zone=pressed.choice)
        case Hour.DAY:
            await set_hours(unit, person, days=_days_with(person, pressed.choice))
    await turn(unit, person, _page(unit, person), message_id=message_id)
    return "hours.set"


def _days_with(person: Person, day: str) -> str:
    changed = with_day_changed(hours_of(person).days.split(","), day) if day in DAYS else None
    if changed is None:
        raise NotArranged("hours.days", "Choose at least one working day.")
    return changed


def _page(unit: Unit, person: Person) -> Saying:
    hours = hours_of(person)
    return hours_page(unit.wording(), at=hours.at, days=hours.days.split(","), zone=hours.zone)
