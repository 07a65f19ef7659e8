"""After an answer or a silence: is there a sign of a possible rupture, and does an old one still hold?"""

from collections.abc import Sequence
from statistics import fmean
from typing import cast

from alliance.checkin import CheckinState
from alliance.flags import FlagState, Resolution, is_news, is_over
from alliance.items import Domain, Instrument
from alliance.rupture import Marker, Observation, Signal, markers
from storage import checkins, flags, messages
from storage.tables import Checkin, Flag, Person
from workflows.unit import Unit

LOOK_BACK = 400  # check-ins; a year and more of daily ones, more than the baseline ever needs
A_FEW_WORDS = 3  # "all fine" says nothing; a sentence does


async def notice(unit: Unit, patient: Person, checkin: Checkin) -> int:
    """Raise flags for what the rules find at this patient's newest check-in; how many are new.

    Domains that fall together are one flag: the one that fell furthest, with the others named beside it. A
    number that is put right while its check-in is open takes back, or changes, the flag it has raised.
    """
    history = await observed(unit, patient.id)
    found = markers(history)
    current = checkin if history and history[-1].at == checkin.due_at else None
    await _settle(unit, patient, history, found, current=current)
    by_signal: dict[Signal, list[Marker]] = {}
    for marker in found:  # strongest first
        by_signal.setdefault(marker.signal, []).append(marker)
    return sum([await _raise(unit, patient, checkin, *together, current=current) for together in by_signal.values()])


async def observed(unit: Unit, patient_id: int) -> list[Observation]:
    """What was delivered to a patient and what came back, oldest first; open check-ins only once answered."""
    given = [
        (checkin, by_domain)
        for checkin, by_domain in await checkins.delivered(unit.session, patient_id, limit=LOOK_BACK)
        if checkin.state != CheckinState.OPEN
    ]
    written = await messages.longest_remark(unit.session, [checkin.id for checkin, _ in given])
    return [
        Observation(
            at=checkin.due_at,
            ratings={Domain(domain): fmean(fractions) for domain, fractions in by_domain.items()},
            replied=bool(by_domain) or checkin.id in written,
            wrote=written.get(checkin.id, 0) >= A_FEW_WORDS,
        )
        for checkin, by_domain in given
    ]


async def _raise(
    unit: Unit, patient: Person, checkin: Checkin, marker: Marker, *others: Marker, current: Checkin | None
) -> int:
    earlier = await flags.latest(unit.session, patient.id, signal=marker.signal)
    if earlier is not None and earlier.state == FlagState.RAISED:
        if current is not None and earlier.checkin_id == current.id:
            _say_anew(earlier, marker, reason=_reason(marker, others, _instrument(unit, checkin)))
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
            reason=_reason(marker, others, _instrument(unit, checkin)),
            rule=marker.rule,
            state=FlagState.RAISED,
            raised_at=unit.now,
        ),
    )
    return 1


def _say_anew(flag: Flag, marker: Marker, *, reason: dict[str, object]) -> None:
    """The check-in that raised a flag has changed since: words after the numbers, or another number."""
    flag.kind, flag.domain, flag.strength, flag.since = marker.kind, marker.domain, marker.strength, marker.since
    flag.reason = reason


def _join(flag: Flag, marker: Marker, others: Sequence[Marker]) -> None:
    """New evidence of a later check-in for a flag that nobody has looked at yet: more domains, more silence."""
    known = flag.reason.get("also")
    named = cast("list[str]", known) if isinstance(known, list) else []
    more = [str(one.domain) for one in (marker, *others) if one.domain and one.domain != flag.domain]
    flag.reason = {**flag.reason, "also": list(dict.fromkeys([*named, *more])), "unanswered": marker.unanswered}


async def _settle(
    unit: Unit,
    patient: Person,
    history: Sequence[Observation],
    found: Sequence[Marker],
    *,
    current: Checkin | None,
) -> None:
    present = {marker.signal for marker in found}
    for flag in await flags.live_of(unit.session, patient.id):
        domain = Domain(flag.domain) if flag.domain else None
        if flag.signal in present:
            continue
        if current is not None and flag.checkin_id == current.id and flag.state == FlagState.RAISED:
            await flags.withdraw(unit.session, flag)  # a slip of the thumb, put right
            continue
        usual = flag.reason.get("usual_low")
        if is_over(history, domain=domain, since=flag.raised_at, usual_low=_number(usual)):
            flag.state, flag.resolution, flag.settled_at = (
                FlagState.RESOLVED,
                Resolution.REPAIRED,
                unit.now,
            )


def _reason(marker: Marker, others: Sequence[Marker], instrument: Instrument) -> dict[str, object]:
    usual = marker.usual
    return {
        "rating": marker.rating,
        "usual": usual.mean if usual else None,
        "usual_low": usual.low if usual else None,
        "usual_high": usual.high if usual else None,
        "usual_count": usual.count if usual else 0,
        "unanswered": marker.unanswered,
        "lowest": instrument.lowest,
        "highest": instrument.highest,
        "also": [other.domain for other in others],
    }


def _instrument(unit: Unit, checkin: Checkin) -> Instrument:
    return unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
