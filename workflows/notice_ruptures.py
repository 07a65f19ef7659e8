"""After an answer or a silence: is there a sign of a possible rupture, and does an old one still hold?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from alliance.course import Course
from alliance.course_json import as_json
from alliance.flags import FlagState, Resolution, is_news
from alliance.items import Domain, Instrument
from alliance.recovery import Recovery, recovery
from alliance.rupture import TOGETHER, Marker, Observation, Signal, in_families, signs
from storage import flags
from storage.tables import Checkin, Flag, Person
from workflows.follow_course import follow
from workflows.unit import Unit


async def notice(unit: Unit, patient: Person, checkin: Checkin) -> int:
    """Raise flags for what the rules find at this patient's newest check-in; how many are new.

    Domains that fall together are one flag: the one that fell furthest, with the others named beside it. A
    number that is put right while its check-in is open takes back, or changes, the flag it has raised.
    """
    course, latest = await follow(unit, patient.id, changed_at=checkin.due_at)
    instrument = _instrument(unit, checkin)
    points = instrument.points
    found = signs(course, limit=unit.clinic.evidence_limit(points), points=points)
    current = checkin if course.newest is not None and course.newest.at == checkin.due_at else None
    await _settle(unit, patient, latest, found, current=current)
    noticed = _Noticed(course=course, instrument=instrument, current=current)
    return sum([await _raise(unit, patient, checkin, noticed, *markers) for markers in in_families(found)])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Noticed:
    """What a flag has to remember beside its markers."""

    course: Course
    instrument: Instrument
    current: Checkin | None  # the check-in, if it is the patient's newest


async def _raise(
    unit: Unit, patient: Person, checkin: Checkin, noticed: _Noticed, marker: Marker, *others: Marker
) -> int:
    earlier = await _earlier(unit, patient, marker)
    reason = _reason(marker, others, noticed)
    if earlier is not None and earlier.state == FlagState.RAISED:
        is_same = noticed.current is not None and earlier.checkin_id == noticed.current.id
        if is_same or (earlier.signal == Signal.FLOOR and marker.signal is not Signal.FLOOR):
            _say_anew(earlier, marker, reason=reason)
        else:
            _join(earlier, marker, others)
        return 0
    if earlier is not None and not is_news(
        FlagState(earlier.state),
        Resolution(earlier.resolution) if earlier.resolution else None,
        settled_at=earlier.settled_at,
        now=unit.now,
    ):
        return 0
    if earlier is not None and earlier.state == FlagState.ACKNOWLEDGED:
        earlier.state, earlier.resolution = FlagState.RESOLVED, Resolution.UNREPAIRED
    await flags.raise_flag(
        unit.session,
        Flag(
            patient_id=patient.id,
            clinician_id=checkin.clinician_id,
            checkin_id=checkin.id,
            kind=marker.kind,
            domain=marker.domain,
            signal=marker.signal,
            strength=marker.strength,
            since=marker.since,
            reason=reason,
            rule=marker.rule,
            state=FlagState.RAISED,
            raised_at=unit.now,
        ),
    )
    return 1


async def _earlier(unit: Unit, patient: Person, marker: Marker) -> Flag | None:
    """The flag that a sign belongs to or follows; a low start nobody has looked at takes a fall in."""
    signals = _family(marker.signal)
    if Signal.DROP in signals or marker.signal is Signal.FLOOR:
        for other in await flags.live_of(unit.session, patient.id):
            if other.state == FlagState.RAISED and other.signal in (*_family(Signal.DROP), Signal.FLOOR):
                return other
    return await flags.latest(unit.session, patient.id, signals=signals)


def _family(signal: str) -> tuple[Signal, ...]:
    return next(signals for signals in TOGETHER if signal in signals)


def _say_anew(flag: Flag, marker: Marker, *, reason: dict[str, object]) -> None:
    """The check-in that raised a flag has changed since: words after the numbers, or another number."""
    flag.kind, flag.domain, flag.strength, flag.since = marker.kind, marker.domain, marker.strength, marker.since
    flag.signal, flag.rule, flag.reason = marker.signal, marker.rule, reason


def _join(flag: Flag, marker: Marker, others: Sequence[Marker]) -> None:
    """New evidence of a later check-in for a flag that nobody has looked at yet: more domains, more silence."""
    known = flag.reason.get("also")
    named = cast("list[str]", known) if isinstance(known, list) else []
    more = [str(one.domain) for one in (marker, *others) if one.domain and one.domain != flag.domain]
    flag.reason = {**flag.reason, "also": list(dict.fromkeys([*named, *more])), "unanswered": marker.unanswered}
    if marker.signal is Signal.SILENCE and flag.signal == Signal.FADING:
        flag.signal, flag.rule, flag.since = marker.signal, marker.rule, marker.since
        flag.strength = max(flag.strength, marker.strength)


async def _settle(
    unit: Unit,
    patient: Person,
    latest: Sequence[Observation],
    found: Sequence[Marker],
    *,
    current: Checkin | None,
) -> None:
    present = {signal for marker in found for signal in _family(marker.signal)}
    for flag in await flags.live_of(unit.session, patient.id):
        if flag.signal in present:
            continue
        if current is not None and flag.checkin_id == current.id and flag.state == FlagState.RAISED:
            await flags.withdraw(unit.session, flag)  # a slip of the thumb, put right
            continue
        decided = recovery(
            latest,
            domain=Domain(flag.domain) if flag.domain else None,
            is_fading=flag.signal == Signal.FADING,
            raised_at=flag.raised_at,
            acted_at=flag.settled_at if flag.state == FlagState.ACKNOWLEDGED else None,
            usual_low=_number(flag.reason.get("usual_low")),
        )
        if decided is not None:
            _resolve(unit, flag, decided)


def _resolve(unit: Unit, flag: Flag, decided: Recovery) -> None:
    flag.state, flag.resolution, flag.settled_at = FlagState.RESOLVED, decided.resolution, unit.now
    flag.reason = {**flag.reason, "days": decided.days, "was_short": decided.was_short}


def _reason(marker: Marker, others: Sequence[Marker], noticed: _Noticed) -> dict[str, object]:
    """The numbers as the rule saw them, and all it has looked at: a year later it can be asked again."""
    usual = marker.usual
    return {
        "rating": marker.rating,
        "usual": usual.mean if usual else None,
        "usual_low": usual.low if usual else None,
        "usual_high": usual.high if usual else None,
        "usual_count": usual.count if usual else 0,
        "unanswered": marker.unanswered,
        "lowest": noticed.instrument.lowest,
        "highest": noticed.instrument.highest,
        "also": [other.domain for other in others],
        "evidence": marker.evidence,
        "because": dict(marker.because),
        "replied": list(marker.replied) if marker.replied else None,
        "is_quiet": marker.is_quiet,
        "seen": as_json(noticed.course),
    }


def _instrument(unit: Unit, checkin: Checkin) -> Instrument:
    return unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
