"""The clinic is closed on some days: nobody is asked, and who was due is told to staff as held."""

from collections.abc import Sequence

from alliance.access import Action, allowed
from alliance.local_time import local_day
from alliance.programme import Stretch
from storage import audit, programmes
from storage.tables import ClosedDays
from workflows.set_cadence import CannotSet
from workflows.unit import Unit

LONGEST_CLOSED = 366  # days; who is closed for longer holds the patients instead


async def close(unit: Unit, days: Stretch, *, note: str = "") -> ClosedDays:
    """Ask nobody on these days, whose due dates stay; raises CannotSet for days that are over or no end of."""
    _check_allowed(unit)
    if days.last < local_day(unit.now, unit.clinic.zone):
        raise CannotSet("closed_in_the_past", "Those days are over; a clinic closes today or later.")
    if (days.last - days.first).days >= LONGEST_CLOSED:
        raise CannotSet("closed_too_long", "A clinic closes for at most a year at a time.")
    row = await programmes.close_days(
        unit.session,
        ClosedDays(first=days.first, last=days.last, note=note, set_at=unit.now, set_by=unit.actor.person_id),
    )
    await _note(unit, row, "days_closed")
    return row


async def reopen(unit: Unit, row_id: int) -> ClosedDays:
    """Ask on those days after all; raises CannotSet for days that are not closed."""
    _check_allowed(unit)
    row = await programmes.closed(unit.session, row_id)
    if row is None or row.reopened_at is not None:
        raise CannotSet("not_closed", f"There are no closed days of number {row_id}.", number=str(row_id))
    row.reopened_at = unit.now
    await unit.session.flush()
    await _note(unit, row, "days_reopened")
    return row


async def closed(unit: Unit) -> Sequence[ClosedDays]:
    """The days from today on on which nobody is asked."""
    _check_allowed(unit)
    return await programmes.closed_since(unit.session, local_day(unit.now, unit.clinic.zone))


def _check_allowed(unit: Unit) -> None:
    if not allowed(unit.actor, Action.SET_CADENCE):
        raise CannotSet("not_coordinator", "Only a coordinator may set a cadence.")


async def _note(unit: Unit, row: ClosedDays, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="closed_days",
        object_id=row.id,
        detail={"first": str(row.first), "last": str(row.last)},
    )
