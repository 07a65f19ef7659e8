"""What went out: nothing after a block, what is marked as sent was seen, copies are admitted, halts are kept."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from benchmarks.history.records import TAKEN, Harm, History, Row, moment

OK, TOO_MANY = 200, 429
SAFETY, CHECKIN, ELSEWHERE = 0, 2, 5  # lanes
MOST_UNCLEAR = 2  # tries of one message after which nobody can know
ON_THE_WIRE = timedelta(seconds=11)  # a call may have been on its way; it is given up after ten seconds
SPEAKING = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})
_ASKED = re.compile(r"retry after (\d+)")


def nothing_after_a_goodbye(history: History) -> Iterator[Harm]:
    """I4: once a block or a withdrawal is stored, nothing but safety messages and what was on the wire goes out."""
    safety = Counter[int]()
    for row in history.rows("outbox"):
        safety[row["chat_id"]] += row["tries"] if row["lane"] == SAFETY else 0
    for chat, since in _blocked_since(history).items():
        late = [c for c in history.calls() if c["chat"] == chat and _speaks(c) and moment(c["at"]) > since]
        if len(late) > safety[chat]:
            yield Harm(invariant="I4", what=f"{len(late)} calls about a chat whose block was known")
    left = _withdrawn_since(history)
    for row in history.rows("outbox"):
        is_asking = row["only_while_enrolled"] or row["lane"] == CHECKIN
        since = left.get(row["person_id"])
        if row["sent_at"] and is_asking and since and moment(row["sent_at"]) > since + ON_THE_WIRE:
            yield Harm(invariant="I4", what=f"message {row['id']} was sent after its person had withdrawn")


def ledger_and_outbox_agree(history: History, *, outside: int = 0) -> Iterator[Harm]:
    """I5: what is marked as sent was seen, what was seen was marked or admitted, and copies are bounded.

    ``outside`` messages may be in the ledger alone: those said without a database.
    """
    messages = [row for row in history.rows("outbox") if row["method"] == "sendMessage"]
    seen = {(c["chat"], c["message_id"]) for c in history.calls() if c["method"] == "sendMessage" and c["message_id"]}
    known = Counter((row["chat_id"], row["message_id"]) for row in messages if row["message_id"])
    copies, admitted = Counter(chat for chat, _ in seen), Counter[int]()
    for row in messages:
        admitted[row["chat_id"]] += (row["state"] == "sent") + row["unclear"]
        is_seen = (row["chat_id"], row["message_id"]) in seen
        if row["state"] == "sent" and not is_seen and row["cause"] != "answered":
            yield Harm(invariant="I5", what=f"message {row['id']} is marked as sent and nobody saw it")
        if row["unclear"] > min(MOST_UNCLEAR, row["tries"]):
            yield Harm(invariant="I5", what=f"message {row['id']} was tried again too often")
    for number in known.values():
        if number > 1:
            yield Harm(invariant="I5", what="one message of Telegram's belongs to several rows")
    unexplained = sum(max(0, number - admitted[chat]) for chat, number in copies.items())
    if unexplained > outside:
        yield Harm(invariant="I5", what=f"{unexplained} messages were seen that no row admits")


def halts_are_kept(history: History) -> Iterator[Harm]:
    """I6: nothing goes into a known halt of its scope, and after one of the whole bot safety goes first."""
    lanes = {(row["chat_id"], row["message_id"]): row for row in history.rows("outbox") if row["message_id"]}
    calls = sorted((c for c in history.calls() if _speaks(c)), key=lambda c: moment(c["at"]))
    held: dict[int, datetime] = {}
    halted: datetime | None = None  # until when all are
    for call in calls:
        at, chat = moment(call["at"]), call["chat"]
        if held.get(chat, at) > at or (halted is not None and halted > at):
            yield Harm(invariant="I6", what="a call went into a halt that was known")
        asked = _ASKED.search(call["description"]) if call["status"] == TOO_MANY else None
        if asked is None:
            continue
        until = at + timedelta(seconds=int(asked[1]))
        if any(other > at for known, other in held.items() if known != chat):
            halted = max(until, halted or until)
            yield from _safety_first(calls, lanes, since=at, until=halted)
        held[chat] = until


def queues_are_empty(history: History) -> Iterator[Harm]:
    """I8: when all is quiet nothing waits, at Telegram, in the inbox, or in the outbox before its time."""
    waiting = sum(update["fate"] == "waiting" for update in history.updates())
    if waiting:
        yield Harm(invariant="I8", what=f"{waiting} updates wait at Telegram")
    for row in history.rows("outbox"):
        is_due = row["state"] == "sending" or (row["state"] == "queued" and moment(row["due_at"]) <= history.end_at)
        if is_due:
            yield Harm(invariant="I8", what=f"message {row['id']} is still {row['state']}")


def _speaks(call: Row) -> bool:
    return call["method"] in SPEAKING and call["chat"] is not None


def _blocked_since(history: History) -> dict[int, datetime]:
    """Chats that are blocked at the end, and since when no call can be excused any more."""
    handled: dict[tuple[int, int], object] = {}
    for row in history.arrived():
        if row["state"] == "done":
            handled[row["update_id"], row["chat_id"]] = row["handled_at"]
    blocked: dict[int, datetime] = {}
    for update in history.updates():
        at = handled.get((update["update_id"], update["chat"]))
        if update["kind"] != "my_chat_member" or update["fate"] not in TAKEN or not at:
            continue
        if update["status"] == "kicked":
            blocked[update["chat"]] = moment(at) + ON_THE_WIRE
        else:
            blocked.pop(update["chat"], None)
    return blocked


def _withdrawn_since(history: History) -> dict[int, datetime]:
    decisions: dict[int, Row] = {}
    for row in sorted(history.rows("consents"), key=lambda row: row["id"]):
        decisions[row["patient_id"]] = row
    return {who: moment(row["decided_at"]) for who, row in decisions.items() if row["decision"] == "withdrawn"}


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


__all__ = [
    "ELSEWHERE",
    "halts_are_kept",
    "ledger_and_outbox_agree",
    "nothing_after_a_goodbye",
    "queues_are_empty",
]
