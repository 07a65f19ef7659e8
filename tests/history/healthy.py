"""A small history in which all is well: Ana answers, is in danger, and is helped; Ben withdraws and blocks."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.history.records import History

ANA, BEN, COLE = 501, 502, 601
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = "I have had a very long night"

Doctored = dict[str, list[dict[str, Any]]]  # Any: rows, to be changed as a test likes


def at(seconds: float) -> str:
    """That many seconds after nine."""
    return (START + timedelta(seconds=seconds)).isoformat()


def healthy() -> Doctored:
    """The journal and the tables, to be doctored."""
    return copy.deepcopy(_HEALTHY)


def as_history(doctored: Doctored, *, log: tuple[str, ...] = ('{"event": "started"}',)) -> History:
    """Those rows as a judge reads them, an hour later."""
    tables = {name: rows for name, rows in doctored.items() if name != "journal"}
    return History(journal=doctored["journal"], tables=tables, end_at=START + timedelta(hours=1), log=log)


def _update(number: int, kind: str, chat: int, seconds: float, **more: object) -> dict[str, Any]:
    known = {"message_id": None, "text": None, "tapped": None, "status": None}
    return {
        "what": "update",
        "update_id": number,
        "kind": kind,
        "fate": "confirmed",
        "at": at(seconds),
        "chat": chat,
        **known,
        **more,
        "body": {kind: {"n": number}},
    }


def _call(chat: int, seconds: float, message_id: int | None, **more: object) -> dict[str, Any]:
    usual = {"method": "sendMessage", "status": 200, "description": "", "heard": True, "fault": None}
    return {"what": "call", "at": at(seconds), "chat": chat, "message_id": message_id, **usual, **more}


def _stored(seq: int, number: int, chat: int, seconds: float) -> dict[str, Any]:
    usual = {"state": "done", "attempts": 0, "cause": None}
    return {"seq": seq, "update_id": number, "chat_id": chat, "handled_at": at(seconds), **usual}


def _post(number: int, chat: int, lane: int, seconds: float, message_id: int | None, **more: object) -> dict[str, Any]:
    usual = {"method": "sendMessage", "state": "sent", "tries": 1, "unclear": 0, "cause": None}
    times = {"created_at": at(seconds), "due_at": at(seconds), "sent_at": at(seconds)}
    who = {"chat_id": chat, "person_id": chat, "only_while_enrolled": lane == 2}
    return {"id": number, "lane": lane, "message_id": message_id, **who, **usual, **times, **more}


_HEALTHY: Doctored = {
    "journal": [
        _update(1, "message", ANA, 1, message_id=11, text=WORDS),
        _update(2, "callback_query", ANA, 2, tapped="r:7:goal:5"),
        _update(3, "message", ANA, 3, message_id=12, text="I want to die, please help"),
        _update(4, "my_chat_member", BEN, 4, status="kicked"),
        _call(ANA, 0, 10),
        _call(ANA, 1.5, 21),
        _call(ANA, 3.5, 22),
        _call(COLE, 3.6, 23),
    ],
    "inbox": [
        _stored(1, 1, ANA, 1.2),
        _stored(2, 2, ANA, 2.2),
        _stored(3, 3, ANA, 3.2),
        _stored(4, 4, BEN, 4.2),
    ],
    "outbox": [
        _post(1, ANA, 2, 0, 10),
        _post(2, ANA, 1, 1.5, 21),
        _post(3, ANA, 0, 3.5, 22),
        _post(4, COLE, 0, 3.6, 23),
    ],
    "messages": [
        {"chat_id": ANA, "message_id": 11, "version": 0},
        {"chat_id": ANA, "message_id": 12, "version": 0},
    ],
    "answers": [{"checkin_id": 7, "item_id": "goal", "rating": 5}],
    "checkins": [{"id": 7, "ended_at": None}],
    "alerts": [
        {
            "id": 9,
            "chat_id": ANA,
            "state": "acknowledged",
            "raised_at": at(3.2),
            "acknowledged_at": at(60),
            "acknowledged_by": COLE,
            "resolved_at": None,
            "resolution": None,
            "next_page_at": at(7_260),
        }
    ],
    "pages": [{"alert_id": 9, "person_id": COLE, "rung": 0, "paged_at": at(3.2)}],
    "people": [{"id": ANA, "chat_id": ANA}, {"id": BEN, "chat_id": BEN}, {"id": COLE, "chat_id": COLE}],
    "enrolments": [
        {"patient_id": ANA, "state": "active", "enrolled_at": at(-100)},
        {"patient_id": BEN, "state": "left", "enrolled_at": at(-100)},
    ],
    "consents": [
        {"id": 1, "patient_id": ANA, "decision": "given", "decided_at": at(-100)},
        {"id": 2, "patient_id": BEN, "decision": "withdrawn", "decided_at": at(3)},
    ],
}
