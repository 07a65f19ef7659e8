"""What went out: nothing after a block, what is marked as sent was seen, copies are admitted, queues are empty."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from benchmarks.history.records import TAKEN, Harm, History, Row, moment

SAFETY, CHECKIN, ELSEWHERE = 0, 2, 5  # lanes
MOST_UNCLEAR = 2  # tries of one message after which nobody can know
ON_THE_WIRE = timedelta(seconds=11)  # a call may have been on its way; it is given up after ten seconds
SPEAKING = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})


def nothing_after_a_goodbye(history: History) -> Iterator[Harm]:
    """I4: once a block or a withdrawal is stored, nothing but safety messages and what was on the wire goes out."""
    safety = Counter[int]()
    for row in history.rows("outbox"):
        safety[row["chat_id"]] += row["tries"] if row["lane"] == SAFETY else 0
    for chat, since in _blocked_since(history).items():
        late = [c for c in history.calls() if c["chat"] == chat and speaks(c) and moment(c["at"]) > since]
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
    known: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in messages:
        if row["message_id"]:
            known[row["chat_id"], row["message_id"]].append(row)
    copies, admitted = Counter(chat for chat, _ in seen), Counter[int]()
    for row in messages:
        is_first = known[row["chat_id"], row["message_id"]][:1] in ([], [row])  # of those one message carried
        admitted[row["chat_id"]] += (row["state"] == "sent" and is_first) + row["unclear"]
        is_seen = (row["chat_id"], row["message_id"]) in seen
        if row["state"] == "sent" and not is_seen and row["cause"] != "answered":
            yield Harm(invariant="I5", what=f"message {row['id']} is marked as sent and nobody saw it")
        if row["unclear"] > min(MOST_UNCLEAR, row["tries"]):
            yield Harm(invariant="I5", what=f"message {row['id']} was tried again too often")
    groups = _groups(history)
    for rows in known.values():
        if len(rows) > 1 and not _went_together(rows, groups):
            yield Harm(invariant="I5", what="one message of Telegram's belongs to several rows")
    unexplained = sum(max(0, number - admitted[chat]) for chat, number in copies.items())
    if unexplained > outside:
        yield Harm(invariant="I5", what=f"{unexplained} messages were seen that no row admits")


def queues_are_empty(history: History) -> Iterator[Harm]:
    """I8: when all is quiet nothing waits, at Telegram, in the inbox, or in the outbox before its time."""
    waiting = sum(update["fate"] == "waiting" for update in history.updates())
    if waiting:
        yield Harm(invariant="I8", what=f"{waiting} updates wait at Telegram")
    for row in history.rows("outbox"):
        is_due = row["state"] == "sending" or (row["state"] == "queued" and moment(row["due_at"]) <= history.end_at)
        if is_due:
            yield Harm(invariant="I8", what=f"message {row['id']} is still {row['state']}")


def speaks(call: Row) -> bool:
    """Whether a call puts words or buttons into a chat."""
    return call["method"] in SPEAKING and call["chat"] is not None


def _groups(history: History) -> list[set[int]]:
    """The pages that one message named, each time."""
    groups: dict[int, set[int]] = defaultdict(set)
    for row in history.rows("grouped_pages"):
        groups[row["group_id"]].add(row["page_id"])
    return list(groups.values())


def _went_together(rows: Sequence[Row], groups: Sequence[set[int]]) -> bool:
    """Whether these rows are pages that one message may carry: about one alert, or named together."""
    pages = {row.get("page_id") for row in rows}
    if None in pages:
        return False
    return len({row["alert_id"] for row in rows}) == 1 or any(pages <= group for group in groups)


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


__all__ = [
    "ELSEWHERE",
    "ledger_and_outbox_agree",
    "nothing_after_a_goodbye",
    "queues_are_empty",
]
