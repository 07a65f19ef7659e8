"""What a flag was raised for, kept with it: the numbers as the rule saw them, and all that it looked at.

A year later it can be read what was told, and asked again what the rules make of it (`judged_again`). It holds places
and rules of what was heard in a patient's words, never a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from alliance import course_json
from alliance.course import Course
from alliance.heard import Heard, as_json, from_json, kind_said, together
from alliance.items import Domain, Instrument
from alliance.kind import RuptureKind
from alliance.marker import ONE_THING, Marker, Signal
from alliance.rupture import signs
from alliance.voiced import voiced

Reason = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a marker was judged on and by; no course for words that came between check-ins."""

    course: Course | None
    instrument: Instrument
    limit: float


def reason_of(marker: Marker, others: Sequence[Marker], judged: Judgement) -> dict[str, object]:
    """The reason as plain values for JSON; `others` are the markers told together with it."""
    usual = marker.usual
    return {
        "rating": marker.rating,
        "usual": usual.mean if usual else None,
        "usual_low": usual.low if usual else None,
        "usual_high": usual.high if usual else None,
        "usual_count": usual.count if usual else 0,
        "unanswered": marker.unanswered,
        "lowest": judged.instrument.lowest,
        "highest": judged.instrument.highest,
        "points": judged.instrument.points,
        "also": [other.domain for other in others],
        "evidence": marker.evidence,
        "because": dict(marker.because),
        "replied": list(marker.replied) if marker.replied else None,
        "is_quiet": marker.is_quiet,
        "limit": judged.limit,
        "seen": None if judged.course is None else course_json.as_json(judged.course),
        "heard": [as_json(each) for each in marker.heard],
    }


def heard_in(reason: Reason) -> tuple[Heard, ...]:
    """What was heard in words, by the rule and afterwards; empty for a flag of before words were read."""
    return together(_heard(reason, "heard"), _heard(reason, "heard_since"))


def heard_since(reason: Reason) -> tuple[Heard, ...]:
    """What was heard in words beside what the rule had looked at: in a later reply, or between check-ins."""
    return _heard(reason, "heard_since")


def with_heard(reason: Reason, more: Iterable[Heard]) -> dict[str, object]:
    """The same reason with what was heard beside what it was raised for; the inputs of the rule stay as they were."""
    by_rule = {(each.message, each.rule) for each in _heard(reason, "heard")}
    since = together(_heard(reason, "heard_since"), more)
    kept = [as_json(each) for each in since if (each.message, each.rule) not in by_rule]
    return {**reason, "heard_since": kept} if kept else dict(reason)


def kind_now(reason: Reason, *, signal: str, domain: str | None) -> RuptureKind | None:
    """What the words heard so far make of a flag about ratings or words; None where they say nothing about it."""
    return kind_said(heard_in(reason), Domain(domain) if domain else None) if signal in ONE_THING else None


def judged_again(reason: Reason, *, signal: Signal, since: datetime) -> Marker | None:
    """What the rules of today make of what a flag was judged on; None when they would not tell it any more.

    Raises UnreadableCourse for a flag that was written by no version of ours. Where the marker's rule is the flag's,
    both are equal.
    """
    limit = float(cast("float", reason["limit"]))
    seen = cast("Mapping[str, object] | None", reason["seen"])
    if seen is None:
        return _with_kind(voiced(_heard(reason, "heard"), at=since, limit=limit), reason)
    course = course_json.from_json(seen, versions=course_json.EVER_WRITTEN)
    found = signs(course, limit=limit, points=int(cast("int", reason["points"])))
    return _with_kind(next((marker for marker in found if marker.signal is signal), None), reason)


def _with_kind(marker: Marker | None, reason: Reason) -> Marker | None:
    if marker is None:
        return None
    return replace(marker, kind=kind_now(reason, signal=marker.signal, domain=marker.domain) or marker.kind)


def _heard(reason: Reason, key: str) -> tuple[Heard, ...]:
    return tuple(from_json(each) for each in cast("list[Mapping[str, object]]", reason.get(key, [])))
