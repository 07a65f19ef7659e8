"""A sign becomes a flag, or joins the one that is there: one live flag of a kind for each patient and reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from alliance.flag_reason import Judgement, heard_in, heard_since, kind_now, reason_of, with_heard
from alliance.flags import FlagState, Resolution, is_news
from alliance.marker import FALLS, ONE_THING, TOGETHER, Marker, Signal
from storage import flags
from storage.tables import Flag
from workflows.follow_repair import come_back_from
from workflows.since_when import dealt_with_at
from workflows.unit import Unit

_FALL = (Signal.DROP, Signal.DRIFT)  # a number that has changed says more than one that is low


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """Whom and when a sign is about, and what it was judged on."""

    patient_id: int
    clinician_id: int  # who is told
    is_routed: bool  # to somebody the patient has chosen, for what was given to them
    checkin_id: int | None  # None: words between check-ins
    is_newest: bool  # of the patient's check-ins, so that a correction of it takes back what it raised
    judged: Judgement

    @property
    def reader_id(self) -> int | None:
        """Whose flags a sign belongs to; None for the patient's own clinician, whoever that is."""
        return self.clinician_id if self.is_routed else None


async def raise_or_join(unit: Unit, noticed: Noticed, marker: Marker, *others: Marker) -> int:
    """1 for a new flag; 0 when the sign belongs to a live one, or was looked at too lately to be news."""
    earlier = await _earlier(unit, noticed, marker)
    reason = reason_of(marker, others, noticed.judged)
    if earlier is not None and earlier.state == FlagState.RAISED:
        if _takes_over(earlier, noticed, marker):
            _say_anew(earlier, noticed, marker, reason=reason)
        else:
            _join(earlier, noticed, marker, others)
        return 0
    if earlier is not None and not is_news(
        FlagState(earlier.state),
        Resolution(earlier.resolution) if earlier.resolution else None,
        # what is meant for a visit is no news before that visit has had its time to help
        settled_at=await dealt_with_at(unit, earlier) or earlier.settled_at,
        now=unit.now,
    ):
        return 0
    if earlier is not None and earlier.state == FlagState.ACKNOWLEDGED:
        earlier.state, earlier.resolution = FlagState.RESOLVED, Resolution.UNREPAIRED
    if earlier is not None and earlier.resolution == Resolution.UNREPAIRED:
        reason = reason | come_back_from(earlier)
    await flags.raise_flag(
        unit.session,
        Flag(
            patient_id=noticed.patient_id,
            clinician_id=noticed.clinician_id,
            is_routed=noticed.is_routed,
            checkin_id=noticed.checkin_id,
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


def family(signal: str) -> tuple[Signal, ...]:
    """The signals that are one thing with this one."""
    return next(signals for signals in TOGETHER if signal in signals)


async def _earlier(unit: Unit, noticed: Noticed, marker: Marker) -> Flag | None:
    """The flag that a sign belongs to or follows."""
    if marker.signal in ONE_THING:
        for other in await flags.live_of(unit.session, noticed.patient_id, reader_id=noticed.reader_id):
            if other.state == FlagState.RAISED and other.signal in ONE_THING:
                return other
    return await flags.latest(
        unit.session, noticed.patient_id, signals=family(marker.signal), reader_id=noticed.reader_id
    )


def _takes_over(flag: Flag, noticed: Noticed, marker: Marker) -> bool:
    """Whether a flag nobody has looked at is about this from now on: its check-in has changed, or a rating fell."""
    is_of_now = noticed.is_newest and flag.checkin_id == noticed.checkin_id
    is_worse = flag.signal not in _FALL and marker.signal in (_FALL if flag.signal in FALLS else FALLS)
    return is_worse or (is_of_now and flag.signal in family(marker.signal))


def _say_anew(flag: Flag, noticed: Noticed, marker: Marker, *, reason: dict[str, object]) -> None:
    """Words after the numbers, another number, or a fall after a low start; what was said before is not forgotten."""
    is_of_now = noticed.is_newest and flag.checkin_id == noticed.checkin_id
    before = heard_since(flag.reason) if is_of_now else heard_in(flag.reason)
    is_quiet = bool(reason["is_quiet"]) and flag.signal != Signal.VOICED
    flag.reason = reason = with_heard({**reason, "is_quiet": is_quiet}, before)
    kind = kind_now(reason, signal=marker.signal, domain=marker.domain) or marker.kind
    flag.kind, flag.domain, flag.strength, flag.since = kind, marker.domain, marker.strength, marker.since
    flag.signal, flag.rule = marker.signal, marker.rule


def _join(flag: Flag, noticed: Noticed, marker: Marker, others: Sequence[Marker]) -> None:
    """New evidence for a flag that nobody has looked at yet: more domains, more silence, more words."""
    if marker.signal is Signal.SILENCE and flag.signal == Signal.FADING:
        heard = heard_in(flag.reason)
        flag.signal, flag.rule, flag.since = marker.signal, marker.rule, marker.since
        flag.strength = max(flag.strength, marker.strength)
        flag.reason = with_heard(reason_of(marker, others, noticed.judged), heard)
        return
    known = flag.reason.get("also")
    named = cast("list[str]", known) if isinstance(known, list) else []
    more = [str(one.domain) for one in (marker, *others) if one.domain and one.domain != flag.domain]
    joined = {**flag.reason, "also": list(dict.fromkeys([*named, *more])) if marker.signal in FALLS else named}
    flag.reason = with_heard({**joined, "unanswered": marker.unanswered}, marker.heard)
    flag.kind = kind_now(flag.reason, signal=flag.signal, domain=flag.domain) or flag.kind
