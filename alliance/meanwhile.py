"""Somebody who would read is away: what a patient learns of it, and who reads meanwhile."""

from dataclasses import dataclass

from alliance.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class Meanwhile:
    """One reader who is away, under the name a patient knows, and who reads in that time."""

    away: str
    until: str | None  # the first day back, in words; None: not known yet
    cover: str | None  # None: nobody, or nobody yet
    is_chosen: bool = False  # by the patient, for what goes to this reader alone: then nobody stands in


def meanwhile_in_words(meanwhile: Meanwhile, *, wording: Wording) -> str:
    """That somebody is away, until when, and who reads."""
    key = "readers.away.until" if meanwhile.until else "readers.away.open"
    away = wording(key, who=meanwhile.away, day=meanwhile.until)
    if meanwhile.cover is not None:
        return f"{away} {wording('readers.away.cover', cover=meanwhile.cover, who=meanwhile.away)}"
    return f"{away} {wording('readers.away.chosen' if meanwhile.is_chosen else 'readers.away.nobody')}"


def all_in_words(those_away: tuple[Meanwhile, ...], *, wording: Wording) -> str:
    """The same of several, a paragraph each; empty while everybody is there."""
    return "\n\n".join(meanwhile_in_words(one, wording=wording) for one in those_away)
