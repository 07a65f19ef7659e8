"""After an answer, a silence or a message: is there a sign of a possible rupture, and does an old one still hold?"""

from collections.abc import Sequence
from datetime import datetime

from alliance.flag_reason import Judgement
from alliance.flags import FlagState
from alliance.heard import Heard
from alliance.items import Domain, Instrument
from alliance.marker import Marker, Signal, in_families
from alliance.observation import Observation
from alliance.recovery import Recovery, recovery
from alliance.rupture import signs
from alliance.sight import Sight
from alliance.voiced import voiced
from storage import flags
from storage.tables import Checkin, Flag, Message, Person
from workflows.follow_repair import follow_repair, resolve
from workflows.keep_course import follow
from workflows.one_thought import heard_in_thought
from workflows.raise_flags import Noticed, family, raise_or_join
from workflows.schedule import plan_again
from workflows.sights import sights_of
from workflows.since_when import dealt_with_at
from workflows.unit import Unit


async def notice(unit: Unit, patient: Person, checkin: Checkin) -> int:
    """Raise flags for what the rules find at this patient's newest check-in; how many are new.

    For each reader by themselves, on what the patient gave to them. Domains that fall together are one flag: the one
    that fell furthest, with the others named beside it. A number that is put right while its check-in is open takes
    back, or changes, the flag it has raised.
    """
    raised = sum([await _notice_for(unit, sight, checkin) for sight in await sights_of(unit, patient.id)])
    await plan_again(unit, patient.id)
    return raised


async def _notice_for(unit: Unit, sight: Sight, checkin: Checkin) -> int:
    course, latest = await follow(unit, sight, changed_at=checkin.due_at)
    instrument = _instrument(unit, checkin)
    limit = unit.clinic.evidence_limit(instrument.points)
    is_newest = course.newest is not None and course.newest.at == checkin.due_at
    was_told = sight.is_own or any(seen.at == checkin.due_at for seen in latest)
    found = signs(course, limit=limit, points=instrument.points) if was_told else ()
    await _settle(
        unit, sight, latest if was_told else (), found, current=checkin if is_newest or not was_told else None
    )
    noticed = Noticed(
        patient_id=sight.patient_id,
        clinician_id=checkin.clinician_id if sight.is_own else sight.reader_id,
        is_routed=not sight.is_own,
        checkin_id=checkin.id,
        is_newest=is_newest,
        judged=Judgement(course=course, instrument=instrument, limit=limit),
    )
    return sum([await raise_or_join(unit, noticed, *markers) for markers in in_families(found)])


async def notice_said(unit: Unit, patient: Person, message: Message, *, clinician_id: int) -> int:
    """Raise a flag, or add to one, for a concern voiced between check-ins; how many are new.

    Of each reader to whom the words were given; without a reader that the patient has chosen, the own clinician.
    """
    told = await heard_in_thought(unit, message)
    if not told:
        return 0
    raised = 0
    for sight in await sights_of(unit, patient.id):
        heard = [one for one in told if sight.sees_heard(one.domain, at=message.received_at)]
        raised += await _said_to(unit, sight, message, heard, clinician_id=clinician_id)
    if raised:
        await plan_again(unit, patient.id)
    return raised


async def _said_to(unit: Unit, sight: Sight, message: Message, heard: Sequence[Heard], *, clinician_id: int) -> int:
    instrument = unit.clinic.instrument
    limit = unit.clinic.evidence_limit(instrument.points)
    marker = voiced(heard, at=message.sent_at, limit=limit)
    if marker is None:
        return 0
    noticed = Noticed(
        patient_id=sight.patient_id,
        clinician_id=clinician_id if sight.is_own else sight.reader_id,
        is_routed=not sight.is_own,
        checkin_id=None,
        is_newest=False,
        judged=Judgement(course=None, instrument=instrument, limit=limit),
    )
    return await raise_or_join(unit, noticed, marker)


async def _settle(
    unit: Unit,
    sight: Sight,
    latest: Sequence[Observation],
    found: Sequence[Marker],
    *,
    current: Checkin | None,
) -> None:
    present = {signal for marker in found for signal in family(marker.signal)}
    reader_id = None if sight.is_own else sight.reader_id
    for flag in await flags.live_of(unit.session, sight.patient_id, reader_id=reader_id):
        if flag.signal == Signal.CONTESTED:
            continue  # what the patient has said about an agreement no rating takes back
        if flag.signal in present:
            follow_repair(unit, flag, latest, acted_at=await dealt_with_at(unit, flag), is_still_there=True)
            continue
        is_of_now = current is not None and flag.checkin_id == current.id and flag.state == FlagState.RAISED
        if is_of_now and "heard_since" not in flag.reason:
            await flags.withdraw(unit.session, flag)  # a slip of the thumb, put right
            continue
        acted_at = await dealt_with_at(unit, flag)
        decided = _recovered(flag, latest, acted_at)
        if decided is not None:
            resolve(unit, flag, decided)
        else:
            follow_repair(unit, flag, latest, acted_at=acted_at, is_still_there=False)


def _recovered(flag: Flag, latest: Sequence[Observation], acted_at: datetime | None) -> Recovery | None:
    if flag.signal == Signal.VOICED and acted_at is None:
        return None  # the ratings had never fallen: good ones answer no complaint before somebody has
    return recovery(
        latest,
        domain=Domain(flag.domain) if flag.domain else None,
        is_fading=flag.signal == Signal.FADING,
        raised_at=flag.raised_at,
        counts_from=acted_at if flag.signal == Signal.VOICED else None,
        acted_at=acted_at,
        usual_low=_number(flag.reason.get("usual_low")),
    )


def _instrument(unit: Unit, checkin: Checkin) -> Instrument:
    return unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
