"""What came in: each update has one disposition, each answer is counted once, and no log quotes anybody."""

import json
from collections import Counter
from collections.abc import Iterator

from benchmarks.history.records import TAKEN, Harm, History, Row, moment

DISPOSED = frozenset({"done", "dead"})
QUOTE = 12  # characters; shorter words may well stand in a log for another reason


def one_disposition(history: History) -> Iterator[Harm]:
    """I1: what Telegram counts as received is stored once and was dealt with; nothing is stored that never was."""
    stored = Counter((row["update_id"], row["chat_id"]) for row in history.arrived())
    issued, received = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for update in _different(history):
        place = (update["update_id"], update["chat"])
        issued[place] += 1
        received[place] += update["fate"] in TAKEN
    for place, number in received.items():
        if stored[place] < number:
            yield Harm(invariant="I1", what=f"update {place[0]} was confirmed and is not in the inbox")
    for place, number in stored.items():
        if number > issued[place]:
            yield Harm(invariant="I1", what=f"update {place[0]} is in the inbox {number} times")
    for row in history.arrived():
        if row["state"] not in DISPOSED:
            yield Harm(invariant="I1", what=f"row {row['seq']} of the inbox has no disposition")
    yield from _each_message_kept(history)


def each_answer_once(history: History) -> Iterator[Harm]:
    """I2: an answer is there once, somebody tapped it, and a tap on an open question is never passed over."""
    taps = {(*asked, update["update_id"]): update for update in history.updates() if (asked := _rated(update))}
    tapped: dict[tuple[int, str], set[int]] = {}
    for checkin, item, rating, _ in taps:
        tapped.setdefault((checkin, item), set()).add(rating)
    answers = Counter((row["checkin_id"], row["item_id"]) for row in history.rows("answers"))
    for row in history.rows("answers"):
        place = (row["checkin_id"], row["item_id"])
        if row["rating"] not in tapped.get(place, set()):
            yield Harm(invariant="I2", what=f"nobody gave that answer to check-in {place[0]}, {place[1]}")
    for place, number in answers.items():
        if number > 1:
            yield Harm(invariant="I2", what=f"check-in {place[0]}, {place[1]} is answered {number} times")
    handled = _handled_at(history)
    ended = {row["id"]: row["ended_at"] for row in history.rows("checkins")}
    for (checkin, item, _, _), tap in taps.items():
        at = handled.get((tap["update_id"], tap["chat"]))
        is_open = checkin in ended and (not ended[checkin] or (at and moment(at) <= moment(ended[checkin])))
        if at and is_open and not answers[checkin, item]:
            yield Harm(invariant="I2", what=f"a tap on check-in {checkin}, {item} was handled and is not counted")


def nobody_quoted(history: History) -> Iterator[Harm]:
    """Each event of the log is one JSON object, and none holds what a person wrote."""
    texts = [str(update["text"]) for update in history.updates() if len(str(update.get("text") or "")) >= QUOTE]
    for number, line in enumerate(history.log, start=1):
        if not _is_an_object(line):
            yield Harm(invariant="log", what=f"line {number} is no event")
        if any(words in line for words in texts):
            yield Harm(invariant="log", what=f"line {number} quotes somebody")


def _different(history: History) -> Iterator[Row]:
    """Each update once, however often it was handed out; an id that came back with another content is another."""
    seen: set[str] = set()
    for update in history.updates():
        mark = json.dumps([update["update_id"], update["body"]], sort_keys=True)
        if mark not in seen:
            seen.add(mark)
            yield update


def _each_message_kept(history: History) -> Iterator[Harm]:
    """Words of somebody who takes part are kept; commands are not words."""
    enrolled = {row["patient_id"]: row["enrolled_at"] for row in history.rows("enrolments") if row["state"] == "active"}
    since = {row["chat_id"]: enrolled[row["id"]] for row in history.rows("people") if row["id"] in enrolled}
    kept = Counter((row["chat_id"], row["message_id"]) for row in history.rows("messages") if row["version"] == 0)
    for update in _different(history):
        text, chat = update.get("text"), update["chat"]
        if update["kind"] != "message" or not text or str(text).startswith("/") or not since.get(chat):
            continue
        was_part = moment(update["at"]) >= moment(since[chat])
        if update["fate"] in TAKEN and was_part and kept[chat, update["message_id"]] != 1:
            yield Harm(invariant="I1", what=f"the words of update {update['update_id']} are not kept once")


def _handled_at(history: History) -> dict[tuple[int, int], object]:
    rows = history.arrived()
    return {(row["update_id"], row["chat_id"]): row["handled_at"] for row in rows if row["state"] == "done"}


def _rated(update: Row) -> tuple[int, str, int] | None:
    """The check-in, the item and the number a tap is about: ``r:812:goal:5``."""
    parts = str(update.get("tapped") or "").split(":")
    if len(parts) != len(("r", "checkin", "item", "rating")) or parts[0] != "r":
        return None
    if update["fate"] not in TAKEN or not update["chat"]:  # a press without a person is nobody's
        return None
    return int(parts[1]), parts[2], int(parts[3])


def _is_an_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
