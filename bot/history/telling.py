"""A flag of the past in words, as the digest would have said it."""

from dataclasses import dataclass
from datetime import datetime

from alliance import digest_words as words
from alliance.digest import FlagLine
from alliance.flags import FlagState
from alliance.past_flags import PastFlag
from alliance.ratings_file import Scale
from alliance.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One flag of the past, with the keys that programs read."""

    patient: str
    raised_at: str  # ISO 8601, UTC
    kind: str
    domain: str | None
    signal: str
    strength: float
    since: str
    why: str
    rule: str
    also: tuple[str, ...]


def told(flag: PastFlag, *, patient: str, scale: Scale, wording: Wording) -> Told:
    """The flag with its reason: numbers on the file's own scale, the rule, how sure it is."""
    marker = flag.marker
    also = tuple(str(other.domain) for other in flag.others)
    line = _line(flag, patient=patient, scale=scale, also=also)
    sentences = [
        words.change(line, on=line.since_on, wording=wording),
        words.also(line, wording=wording),
        words.sureness(line, wording=wording),
    ]
    return Told(
        patient=patient,
        raised_at=_iso(flag.raised.at),
        kind=marker.kind,
        domain=marker.domain,
        signal=marker.signal,
        strength=round(marker.strength, 3),
        since=_iso(marker.since),
        why=" ".join(filter(None, sentences)),
        rule=marker.rule,
        also=also,
    )


def _line(flag: PastFlag, *, patient: str, scale: Scale, also: tuple[str, ...]) -> FlagLine:
    marker, usual = flag.marker, flag.marker.usual
    replied, asked = marker.replied or (0, 0)

    def on_scale(fraction: float | None) -> float | None:
        return None if fraction is None else scale.lowest + fraction * (scale.highest - scale.lowest)

    return FlagLine(
        flag_id=0,
        patient_id=0,
        code_name=patient,
        kind=marker.kind,
        domain=marker.domain,
        signal=marker.signal,
        strength=marker.strength,
        since_on=marker.since.date(),
        rating=on_scale(marker.rating),
        usual=on_scale(usual.mean if usual else None),
        usual_low=on_scale(usual.low if usual else None),
        usual_high=on_scale(usual.high if usual else None),
        usual_count=usual.count if usual else 0,
        highest=round(scale.highest),
        lowest=round(scale.lowest),
        unanswered=marker.unanswered,
        is_new=True,
        state=FlagState.RAISED,
        rule=marker.rule,
        also=also,
        because=tuple(sorted(marker.because)),
        replied=replied,
        asked=asked,
    )


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
