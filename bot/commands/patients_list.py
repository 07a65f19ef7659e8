"""`checkin patients list`: who takes part, for people and for programs."""

import json
import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from alliance.enrolment import EnrolmentState
from bot.commands.session import in_office
from workflows.list_patients import Listed, as_seen_by, list_patients
from workflows.set_hours import find_staff


async def look_up(*, clinician: str | None, state: EnrolmentState | None, seen_by: str | None) -> list[Listed]:
    """The list, as the operator or as somebody of the staff may see it."""
    async with in_office() as office, office.look() as unit:
        if seen_by is not None:
            unit.actor = await as_seen_by(unit, seen_by)
        person = await find_staff(unit, clinician) if clinician is not None else None
        return await list_patients(unit, clinician=person, states=tuple(EnrolmentState) if state is None else (state,))


def show(patients: Sequence[Listed], *, as_json: bool) -> None:
    """Print the list."""
    if as_json:
        sys.stdout.write(json.dumps([_as_json(one) for one in patients], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{_line(one)}\n" for one in patients) or "There is no such patient.\n")


def _as_json(one: Listed) -> dict[str, object]:
    return {
        "code_name": one.code_name,
        "clinic_id": one.clinic_id,
        "clinician": one.clinician,
        "state": one.state,
        "language": one.language,
        "zone": one.zone,
        "cadence": one.cadence,
        "next_at": one.next_at.isoformat() if one.next_at else None,
        "paused_until": one.paused_until.isoformat() if one.paused_until else None,
        "reachable": one.is_reachable,
    }


def _line(one: Listed) -> str:
    parts = [one.code_name, f"{one.state} with {one.clinician}", one.cadence or "no hour chosen yet"]
    if one.next_at is not None:
        parts.append(f"next {one.next_at.astimezone(ZoneInfo(one.zone)):%Y-%m-%d %H:%M} {one.zone}")
    if not one.is_reachable:
        parts.append("cannot be reached in Telegram" if one.state is not EnrolmentState.INVITED else "not opened yet")
    return "; ".join(parts)
