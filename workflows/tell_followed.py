"""For the digest: who waits for somebody to get in touch, and what became of flags that somebody has acted on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import cast

from alliance.acting import MOVES, Held
from alliance.digest import Acted, FlagLine, Recovered
from alliance.flags import Resolution
from alliance.follow_up import Wish
from alliance.followed import Followed, Waiting, WithColleague
from alliance.local_time import local_day
from alliance.marker import Signal
from alliance.sight import Sight
from alliance.waiting import days_waited, waits_since
from storage import acting, flags, people
from storage.flags_to_tell import FlagsToTell
from storage.tables import Flag, Person
from workflows.flag_rights import holder_of
from workflows.follow_repair import CAME_BACK, IMPROVING
from workflows.sights import whose
from workflows.tell_explained import sees_wish
from workflows.unit import Unit


async def who_waits(
    unit: Unit, reader: Person, patient_ids: Collection[int], sights: Mapping[int, Sight]
) -> dict[int, tuple[datetime, bool]]:
    """Since when each patient waits for somebody to get in touch, and whether they have asked for a call.

    What a patient has given to somebody else than this reader counts for nothing here.
    """
    ids = list(patient_ids)
    wished: list[tuple[int, datetime]] = []
    asked: dict[int, list[datetime]] = {}
    for patient_id, at, checkin_id in await acting.asked_at(unit.session, ids, wish=Wish.CALL, reader_id=reader.id):
        if checkin_id is not None:
            if not await _is_told(unit, checkin_id, sights.get(patient_id)):
                continue
            wished.append((patient_id, at))
        asked.setdefault(patient_id, []).append(at)
    reached = await acting.reached_at(unit.session, list(asked)) if asked else {}
    found: dict[int, tuple[datetime, bool]] = {}
    for patient_id, moments in asked.items():
        last = reached.get(patient_id)
        since = waits_since(moments, reached_at=last)
        if since is not None:
            wants = any(at for who, at in wished if who == patient_id and (last is None or at > last))
            found[patient_id] = (since, wants)
    return found


async def _is_told(unit: Unit, checkin_id: int, sight: Sight | None) -> bool:
    return sight is None or sight.is_whole or await sees_wish(unit, checkin_id, sight)


def waiting_lines(
    waits: Mapping[int, tuple[datetime, bool]],
    patients: Mapping[int, Person],
    *,
    told_already: Collection[int],
    on: date,
    zone: str,
) -> tuple[Waiting, ...]:
    """Who waits and is told nowhere else in this digest, longest first."""
    lines = [
        Waiting(
            patient_id=patient_id,
            code_name=patients[patient_id].code_name,
            since_on=local_day(since, zone),
            days=days_waited(since, on=on, zone=zone),
            wants_contact=wants,
        )
        for patient_id, (since, wants) in waits.items()
        if patient_id in patients and patient_id not in told_already
    ]
    return tuple(sorted(lines, key=lambda line: (-line.days, line.code_name)))


async def recovered_lines(
    unit: Unit,
    clinician: Person,
    found: FlagsToTell,
    patients: Mapping[int, Person],
    sights: Mapping[int, Sight],
) -> tuple[Recovered, ...]:
    """Whose flag was settled as repaired, with what was last done before it."""
    return tuple(
        [
            Recovered(
                code_name=patients[flag.patient_id].code_name,
                domain="agreement" if flag.signal == Signal.CONTESTED else flag.domain,
                days=int(_number(flag.reason.get("days"))),
                was_short=bool(flag.reason.get("was_short")),
                acted=await last_deed(unit, flag.id, reader=clinician),
                clinician=await whose(unit, sights[flag.patient_id]),
            )
            for flag in found.settled_as(Resolution.REPAIRED)
            if flag.patient_id in patients
        ]
    )


async def improving_lines(
    unit: Unit,
    clinician: Person,
    found: FlagsToTell,
    patients: Mapping[int, Person],
    cards: Iterable[FlagLine],
    *,
    since: datetime,
) -> tuple[Followed, ...]:
    """Whose flag is on its way back since then; where a card stands in the same digest, that tells it."""
    on_cards = {card.flag_id for card in cards}
    lines: list[Followed] = []
    for flag in found.open:
        at = flag.reason.get(IMPROVING)
        if not isinstance(at, str) or datetime.fromisoformat(at) <= since or flag.id in on_cards:
            continue
        if flag.patient_id in patients:
            days = (datetime.fromisoformat(at) - flag.raised_at).days
            lines.append(await _followed(unit, clinician, flag, patients[flag.patient_id], days=days))
    return tuple(lines)


async def not_repaired_lines(
    unit: Unit, clinician: Person, found: FlagsToTell, patients: Mapping[int, Person]
) -> tuple[Followed, ...]:
    """Whose flag was settled as not repaired, unless the sign has come back on a card of its own."""
    follows = {_goes_on_from(flag) for flag in found.open}
    return tuple(
        [
            await _followed(
                unit, clinician, flag, patients[flag.patient_id], days=int(_number(flag.reason.get("days")))
            )
            for flag in found.settled_as(Resolution.UNREPAIRED)
            if flag.patient_id in patients and flag.id not in follows and "days" in flag.reason
        ]
    )


async def with_colleagues(
    unit: Unit, clinician: Person, found: FlagsToTell, patients: Mapping[int, Person]
) -> tuple[dict[int, Held], tuple[WithColleague, ...]]:
    """How a clinician's own open flags are held by others, by flag, and a line for each that was handed over."""
    held_flags: dict[int, Held] = {}
    lines: list[WithColleague] = []
    for flag in found.open:
        held = await holder_of(unit, flag) if flag.id in found.holders else None
        if held is None or flag.patient_id not in patients:
            continue
        held_flags[flag.id] = Held(held.held)
        if held.held == Held.HANDED_OVER:
            lines.append(
                WithColleague(
                    patient_id=flag.patient_id,
                    code_name=patients[flag.patient_id].code_name,
                    colleague=(await people.get(unit.session, held.person_id)).code_name,
                    since_on=local_day(held.since, clinician.zone),
                )
            )
    return held_flags, tuple(lines)


async def last_deed(unit: Unit, flag_id: int, *, reader: Person | None) -> Acted | None:
    """What was last done about a flag that the patient could have noticed, or that was meant for a visit."""
    for done in reversed(await flags.actions(unit.session, flag_id)):
        if done.action not in MOVES:
            return await told(unit, done.action, done.acted_at, by_id=done.person_id, reader=reader)
    return None


async def told(unit: Unit, action: str, at: datetime, *, by_id: int, reader: Person | None) -> Acted:
    """Something that was done, with a name unless the reader did it."""
    if reader is not None and by_id == reader.id:
        return Acted(action=action, at=at, by=None)
    return Acted(action=action, at=at, by=(await people.get(unit.session, by_id)).code_name)


async def _followed(unit: Unit, clinician: Person, flag: Flag, patient: Person, *, days: int) -> Followed:
    return Followed(
        patient_id=patient.id,
        code_name=patient.code_name,
        domain=flag.domain,
        days=days,
        acted=await last_deed(unit, flag.id, reader=clinician),
    )


def _goes_on_from(flag: Flag) -> int | None:
    before = flag.reason.get(CAME_BACK)
    if not isinstance(before, dict):
        return None
    earlier = cast("Mapping[str, object]", before).get("flag")
    return earlier if isinstance(earlier, int) else None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
