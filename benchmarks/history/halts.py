"""Pauses that Telegram asked for: nothing goes into one, not even after a restart, and safety is first after it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.history.outgoing import ON_THE_WIRE, SAFETY, speaks
from benchmarks.history.records import Harm, History, Row, moment

TOO_MANY = 429
LEFT_BEFORE = timedelta(seconds=0.5)  # what arrives so soon after the answer was on its way already
CLOCKS_APART = timedelta(seconds=0.5)  # the program's clock is as late as a loaded database server was to answer
_ASKED = re.compile(r"retry after (\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Halt:
    since: datetime  # known to the program
    until: datetime

    def binds(self, at: datetime) -> bool:
        """Whether a call at that moment runs into it knowingly."""
        return self.since + LEFT_BEFORE < at < self.until


def halts_are_kept(history: History) -> Iterator[Harm]:
    """I6: nothing goes into a known halt of its scope, whoever was told; after one of the whole bot safety goes first.

    A halt is known once it is written down, which must be with the result of the call that was refused. It is no
    harm when a process died between the answer and that commit: then its message admits an unclear try.
    """
    lanes = {(row["chat_id"], row["message_id"]): row for row in history.rows("outbox") if row["message_id"]}
    calls = sorted((c for c in history.calls() if speaks(c)), key=lambda c: moment(c["at"]))
    noted, died = _noted(history), _may_have_died(history)
    held: dict[int, _Halt] = {}
    halted: _Halt | None = None  # of all
    for call in calls:
        at, chat = moment(call["at"]), call["chat"]
        if any(halt.binds(at) for halt in (held.get(chat), halted) if halt):
            yield Harm(invariant="I6", what="a call went into a halt that was known")
        asked = _ASKED.search(call["description"]) if call["status"] == TOO_MANY else None
        if asked is None:
            continue
        since = _heard_at(call, noted[chat])
        if since is None and chat in died:
            continue
        if since is None:
            yield Harm(invariant="I6", what="a halt was never written down")
        halt = _Halt(since=since or at, until=at + timedelta(seconds=int(asked[1])))
        if any(other.until > at for known, other in held.items() if known != chat):
            halted = max(halt, halted or halt, key=lambda one: one.until)
            yield from _safety_first(calls, lanes, since=at, until=halted.until)
        held[chat] = halt


def _noted(history: History) -> dict[int, list[datetime]]:
    """When halts of each chat were written down, the first ones last."""
    noted: dict[int, list[datetime]] = defaultdict(list)
    for row in sorted(history.rows("halts"), key=lambda row: moment(row["asked_at"]), reverse=True):
        noted[row["chat_id"]].append(moment(row["asked_at"]))
    return noted


def _heard_at(call: Row, noted: list[datetime]) -> datetime | None:
    """When the program had the answer to that call, as one of these says; it is used up then."""
    at = moment(call["at"])
    while noted and noted[-1] < at - CLOCKS_APART:
        noted.pop()
    return noted.pop() if noted and noted[-1] <= at + ON_THE_WIRE else None


def _may_have_died(history: History) -> set[int]:
    """Chats to which something was on its way when a process died, and came to an unclear end."""
    return {row["chat_id"] for row in history.rows("outbox") if row["unclear"]}


def _safety_first(
    calls: list[Row], lanes: dict[tuple[int, int], Row], *, since: datetime, until: datetime
) -> Iterator[Harm]:
    """Of the first message to each chat after a halt, those of the safety lane that waited come before all others."""
    first: dict[int, tuple[datetime, Row]] = {}
    for call in calls:
        row = lanes.get((call["chat"], call["message_id"]))
        if moment(call["at"]) >= until and row is not None and moment(row["created_at"]) < until:
            first.setdefault(call["chat"], (moment(call["at"]), row))
    by_lane: dict[bool, list[datetime]] = defaultdict(list)
    for at, row in first.values():
        by_lane[row["lane"] == SAFETY and moment(row["created_at"]) >= since].append(at)
    others = [at for at in by_lane[False] if at < until + timedelta(seconds=1)]
    if by_lane[True] and others and max(by_lane[True]) > min(others) + timedelta(seconds=1):
        yield Harm(invariant="I6", what="after a halt others went before a safety message")
