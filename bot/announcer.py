"""When whoever runs the bot is told: at first, every quarter of an hour while it lasts, and once when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.findings import Finding, Symptom

AGAIN_EVERY = 15 * 60.0  # seconds
TRY_AGAIN_AFTER = 30.0  # seconds, when nobody took it
OVER_AFTER = 60.0  # seconds without it; what comes and goes within that is one trouble, not many


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """What is to be told now: all that is wrong, and what no longer is."""

    present: tuple[Finding, ...]
    over: tuple[Finding, ...]


@dataclass(kw_only=True, slots=True)
class _Known:
    finding: Finding
    seen_at: float
    due_at: float
    was_told: bool = False
    is_over: bool = False


class Announcer:
    """Remembers what was told; moments are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._known: dict[tuple[Symptom, str], _Known] = {}

    def due(self, findings: Sequence[Finding], at: float) -> Announcement | None:
        """What has to be told at this moment, or None."""
        for finding in findings:
            known = self._known.setdefault(finding.key, _Known(finding=finding, seen_at=at, due_at=at))
            known.seen_at, known.is_over = at, False
        for known in tuple(self._known.values()):
            self._see_the_end_of(known, at)
        lasting = [self._known[finding.key] for finding in findings]
        over = [known for known in self._known.values() if known.is_over]
        if all(known.due_at > at for known in (*lasting, *over)):
            return None
        return Announcement(present=tuple(findings), over=tuple(known.finding for known in over))

    def was_told(self, announcement: Announcement, at: float, *, took: bool) -> None:
        """Remember what became of it: it is told again later, or tried again soon."""
        for finding in announcement.present:
            known = self._known[finding.key]
            known.was_told = known.was_told or took
            known.due_at = at + (AGAIN_EVERY if took else TRY_AGAIN_AFTER)
        for finding in announcement.over:
            if took:
                del self._known[finding.key]
            else:
                self._known[finding.key].due_at = at + TRY_AGAIN_AFTER

    def _see_the_end_of(self, known: _Known, at: float) -> None:
        if known.is_over or at - known.seen_at < OVER_AFTER:
            return
        if known.was_told:
            known.is_over, known.due_at = True, at
        else:  # it came and went before anybody could be told
            del self._known[known.finding.key]
