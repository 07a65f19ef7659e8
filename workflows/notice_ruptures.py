"""After an answer, a silence or a message: is there a sign of a possible rupture, and does an old one still hold?"""

from collections.abc import Sequence

from alliance.flag_reason import Judgement
from alliance.flags import FlagState
from alliance.items import Domain, Instrument
from alliance.marker import Marker, Signal, in_families
from alliance.observation import Observation
from alliance.recovery import Recovery, recovery
from alliance.rupture import signs
from alliance.voiced import voiced
from storage import flags
from storage.tables import Checkin, Flag, Message, Person
from workflows.follow_course import follow
from workflows.one_thought import heard_in_thought
from workflows.raise_flags import Noticed, family, raise_or_join
from workflows.unit import Unit


async def notice(unit: Unit, patient: Person, checkin: Checkin) -> int:
    """Raise flags for what the rules find at this patient's newest check-in; how many are new.

    Domains that fall together are one flag: the one that fell furthest, with the others named beside it. A
    number that is put right while its check-in is open takes back, or changes, the flag it has raised.
    """
    course, latest = await follow(unit, patient.id, changed_at=checkin.due_at)
    instrument = _instrument(unit, checkin)
    limit = unit.clinic.evidence_limit(instrument.points)
    found = signs(course, limit=limit, points=instrument.points)
    is_newest = course.newest is not None and course.newest.at == checkin.due_at
    await _settle(unit, patient, latest, found, current=checkin if is_newest else None)
    noticed = Noticed(
        patient_id=patient.id,
        clinician_id=checkin.clinician_id,
        checkin_id=checkin.id,
        is_newest=is_newest,
        judged=Judgement(course=course, instrument=instrument, limit=limit),
    )
    return sum([await raise_or_join(unit, noticed, *markers) for markers in in_families(found)])


async def notice_said(unit: Unit, patient: Person, message: Message, *, clinician_id: int) -> int:
    """Raise a flag, or add to one, for a concern voiced between check-ins; how many are new."""
    heard = await heard_in_thought(unit, message)
    instrument = unit.clinic.instrument
    limit = unit.clinic.evidence_limit(instrument.points)
    marker = voiced(heard, at=message.sent_at, limit=limit)
    if marker is None:
        return 0
    noticed = Noticed(
        patient_id=patient.id,
        clinician_id=clinician_id,
        checkin_id=None,
        is_newest=False,
        judged=Judgement(course=None, instrument=instrument, limit=limit),
    )
    return await raise_or_join(unit, noticed, marker)


async def _settle(
    unit: Unit,
    patient: Person,
    latest: Sequence[Observation],
    found: Sequence[Marker],
    *,
    current: Checkin | None,
) -> None:
    present = {signal for marker in found for signal in family(marker.signal)}
    for flag in await flags.live_of(unit.session, patient.id):
        if flag.signal in present:
            continue
        is_of_now = current is not None and flag.checkin_id == current.id and flag.state == FlagState.RAISED
        if is_of_now and "heard_since" not in flag.reason:
            await flags.withdraw(unit.session, flag)  # a slip of the thumb, put right
            continue
        decided = _recovered(flag, latest)
        if decided is not None:
            _resolve(unit, flag, decided)


def _recovered(flag: Flag, latest: Sequence[Observation]) -> Recovery | None:
    acted_at = flag.settled_at if flag.state == FlagState.ACKNOWLEDGED else None
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


def _resolve(unit: Unit, flag: Flag, decided: Recovery) -> None:
    flag.state, flag.resolution, flag.settled_at = FlagState.RESOLVED, decided.resolution, unit.now
    flag.reason = {**flag.reason, "days": decided.days, "was_short": decided.was_short}


def _instrument(unit: Unit, checkin: Checkin) -> Instrument:
    return unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
