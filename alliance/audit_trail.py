"""The audit as a chain: each entry is bound to all before it, so that what was changed later is found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

BEGINNING = "0" * 64  # what the first entry is bound to


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One entry of the audit: who (None: the program or the command line) did what to what, and when (aware)."""

    number: int
    at: datetime
    actor_id: int | None
    action: str
    object_kind: str
    object_id: int | None
    detail: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An entry's place in the chain, counted from 1, and the 64 hexadecimal digits that bind it."""

    position: int
    digits: str

    def __str__(self) -> str:
        return f"{self.position}:{self.digits}"


class Harm(StrEnum):
    """What can have been done to an audit."""

    CHANGED = "changed"  # an entry says something else than when it was bound, or stands elsewhere
    REMOVED = "removed"  # an entry, or its link, is gone
    SLIPPED_IN = "slipped_in"  # an entry that was never bound
    CUT_OFF = "cut_off"  # the chain does not end where its seal says
    NOT_THAT_ONE = "not_that_one"  # the chain that was seen before was another one


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """One thing that does not hold: what, and at which place of the chain or with which entry."""

    harm: Harm
    position: int | None = None
    number: int | None = None


def bound(act: Act, *, after: str, position: int) -> Link:
    """Bind an entry to the digits of the one before it (SHA-256 over both, in one way of writing them)."""
    written = json.dumps(
        [
            position,
            act.number,
            act.at.astimezone(UTC).isoformat(timespec="microseconds"),
            act.actor_id,
            act.action,
            act.object_kind,
            act.object_id,
            act.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return Link(position=position, digits=sha256(f"{after}\n{written}".encode()).hexdigest())


class Inspection:
    """A chain looked through from its beginning, link by link; what does not hold is collected and named."""

    def __init__(self, *, seen_before: Link | None = None) -> None:
        self._seen_before, self._was_met = seen_before, seen_before is None
        self.end = Link(position=0, digits=BEGINNING)
        self.damages: list[Damage] = []

    def meet(self, link: Link, act: Act | None) -> None:
        """The next link, by position, with the entry that it binds, if that is still there."""
        missing = range(self.end.position + 1, link.position)
        self.damages += [Damage(harm=Harm.REMOVED, position=position) for position in missing[:1]]
        if act is None:
            self.damages.append(Damage(harm=Harm.REMOVED, position=link.position))
        elif not missing and bound(act, after=self.end.digits, position=link.position) != link:
            self.damages.append(Damage(harm=Harm.CHANGED, position=link.position, number=act.number))
        self._was_met = self._was_met or link == self._seen_before
        self.end = link  # what follows is judged by itself, so that one change is not found in everything after it

    def close(self, *, sealed_end: Link | None, never_bound: Iterable[int]) -> tuple[Damage, ...]:
        """All that does not hold, given where the seal says the chain ends and the entries outside of it."""
        if (sealed_end or Link(position=0, digits=BEGINNING)) != self.end:
            self.damages.append(Damage(harm=Harm.CUT_OFF, position=self.end.position))
        self.damages += [Damage(harm=Harm.SLIPPED_IN, number=number) for number in never_bound]
        if not self._was_met and self._seen_before is not None:
            self.damages.append(Damage(harm=Harm.NOT_THAT_ONE, position=self._seen_before.position))
        return tuple(self.damages)


def read_link(text: str) -> Link | None:
    """A link as it is written, ``41:9f…``; None for anything else."""
    position, _, digits = text.strip().partition(":")
    is_number = position.isascii() and position.isdigit()
    is_hexadecimal = len(digits) == len(BEGINNING) and not set(digits) - set("0123456789abcdef")
    return Link(position=int(position), digits=digits) if is_number and is_hexadecimal else None
