"""Who is on call at a moment, and in which order: shifts first, then the clinic's standing order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """One person on call from a moment until another, in aware UTC; the lower position is paged first."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    position: int

    def __post_init__(self) -> None:
        """Refuse a shift that nobody could ever be on."""
        if self.ends_at <= self.starts_at:
            raise ValueError("a shift ends after it begins")

    def is_on(self, now: datetime) -> bool:
        """Whether the person is on call; at the moment it ends, the next one is."""
        return self.starts_at <= now < self.ends_at


def on_call_now(shifts: Iterable[Shift], standing: Sequence[int], *, now: datetime) -> tuple[int, ...]:
    """Everybody on call, each once, the first to be paged first.

    Those on shift by position, of two at one position the one who came first; after them the standing order,
    which goes on being paged for as long as nobody on shift has the alert.
    """
    on_shift = sorted(
        (shift for shift in shifts if shift.is_on(now)), key=lambda shift: (shift.position, shift.starts_at)
    )
    return tuple(dict.fromkeys([*(shift.person_id for shift in on_shift), *standing]))
