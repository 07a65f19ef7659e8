"""The flags somebody can act on now: their own, those that came from colleagues, and those of colleagues they cover."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.access import Action
from alliance.digest import FlagLine
from alliance.enrolment import ENDED
from alliance.flags import FlagState
from storage import acting, flags, people
from storage.tables import Flag, Person
from workflows.arrange_flags import lines_about
from workflows.flag_rights import those_for
from workflows.unit import Unit
from workflows.who_stands_in import covered_by, everybody_away

MOST_SHOWN = 60  # cards; a board of more is not read


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """What nobody has looked at, what somebody has, and how many more there are."""

    raised: tuple[FlagLine, ...]
    looked_at: tuple[FlagLine, ...]
    more: int


async def flags_board(unit: Unit) -> Board:
    """The board of whoever looks, the oldest first: what has waited longest is seen first."""
    reader = unit.person
    if reader is None:
        return Board(raised=(), looked_at=(), more=0)
    found = await _found(unit, reader)
    shown = found[:MOST_SHOWN]
    patients = {one.id: one for one in await people.some(unit.session, [flag.patient_id for flag in shown])}
    put_off = await acting.put_off_of(unit.session, [flag.id for flag in shown])
    lines = await lines_about(unit, shown, patients, {}, put_off, reader=reader, since=unit.now)
    return Board(
        raised=tuple(line for line in lines if line.state == FlagState.RAISED),
        looked_at=tuple(line for line in lines if line.state != FlagState.RAISED),
        more=len(found) - len(shown),
    )


async def _found(unit: Unit, reader: Person) -> Sequence[Flag]:
    rows = [*await flags.open_for(unit.session, reader.id), *await acting.held_by(unit.session, reader.id)]
    for colleague, _ in await covered_by(unit, reader, await everybody_away(unit, unit.now), unit.now):
        rows += await flags.open_for(unit.session, colleague.id)
    by_id = {flag.id: flag for flag in rows if flag.state != FlagState.RESOLVED}
    mine = await those_for(unit, list(by_id.values()), Action.REVIEW_FLAG)
    enrolments = await people.enrolments(unit.session, {flag.patient_id for flag in mine})
    taking_part = {patient_id for patient_id, row in enrolments.items() if row.state not in ENDED}
    told = [flag for flag in mine if flag.patient_id in taking_part]
    return sorted(told, key=lambda flag: (flag.state != FlagState.RAISED, flag.raised_at, flag.id))
