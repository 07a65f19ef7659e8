"""Rows as the first version of the tables knew them, in every state that occurs; no class of ours makes them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, MetaData, RowMapping, Table, insert, select

from alliance.alerts import AlertState
from alliance.checkin import CheckinState
from alliance.delivery import Lane, OutboxState
from alliance.enrolment import EnrolmentState
from storage.inbox import InboxState
from storage.vault import Place, Vault

ANA, BEN, COLE = 41, 42, 7
WORDS = "I do not feel heard"

Row = dict[str, object]


def fill(connection: Connection, vault: Vault, now: datetime) -> None:
    """A clinic in the middle of its day: Ana takes part, Ben has left, Dr Cole is on call."""
    known = MetaData()
    known.reflect(connection)
    for table, rows in _clinic(vault, now).items():
        for row in rows:
            connection.execute(insert(known.tables[table]).values(row))


def snapshot(connection: Connection, only: Mapping[str, list[str]] | None = None) -> dict[str, list[Row]]:
    """Every row of every table, or of these tables and columns, in an order of its own."""
    known = MetaData()
    known.reflect(connection)
    columns = only or {name: list(table.columns.keys()) for name, table in known.tables.items()}
    return {
        name: sorted(
            ({column: row[column] for column in names or row} for row in _rows_of(connection, known.tables[name])),
            key=repr,
        )
        for name, names in columns.items()
        if name != "alembic_version"
    }


def _rows_of(connection: Connection, table: Table) -> Sequence[RowMapping]:
    return connection.execute(select(table)).mappings().all()


def _clinic(vault: Vault, now: datetime) -> dict[str, list[Row]]:
    day = date(2026, 3, 2)
    asked = [state for state in CheckinState if state is not CheckinState.OPEN]
    return {
        "people": [_person(vault, number, now) for number in (ANA, BEN, COLE)],
        "staff_roles": [{"person_id": COLE, "role": "clinician", "since": now}],
        "on_call": [{"person_id": COLE, "position": 1}],
        "invitations": [
            {
                "code_hash": "h",
                "person_id": ANA,
                "role": "patient",
                "created_at": now,
                "expires_at": now,
                "used_at": now,
            }
        ],
        "consents": [
            {"patient_id": ANA, "version": 1, "language": "en", "decision": "given", "decided_at": now},
            {"patient_id": BEN, "version": 1, "language": "es", "decision": "withdrawn", "decided_at": now},
        ],
        "contacts": [{"patient_id": ANA, "phone": _sealed(vault, "+34 600", "contacts", "phone", ANA, ANA)}],
        "enrolments": [_enrolment(ANA, EnrolmentState.ACTIVE, now), _enrolment(BEN, EnrolmentState.LEFT, now)],
        "visits": [{"patient_id": ANA, "clinician_id": COLE, "starts_at": now, "state": "planned"}],
        "checkins": [
            *(_checkin(day - timedelta(days=at + 1), state, now) for at, state in enumerate(asked)),
            _checkin(day, CheckinState.OPEN, now) | {"remind_at": now, "message_id": 5},
        ],
        "answers": [
            {
                "checkin_id": 1,
                "item_id": "goal",
                "domain": "goal",
                "rating": 6,
                "fraction": 5 / 6,
                "answered_at": now,
            }
        ],
        "messages": [_message(vault, number, now) for number in range(3)],
        "flags": [
            {
                "patient_id": ANA,
                "clinician_id": COLE,
                "checkin_id": 1,
                "kind": "withdrawal",
                "signal": "drop",
                "strength": 0.25,
                "since": now,
                "reason": {"baseline": 5.5, "now": 2},
                "rule": "drop/1",
                "state": "raised",
                "raised_at": now,
            }
        ],
        "flag_actions": [{"flag_id": 1, "person_id": COLE, "action": "seen", "acted_at": now}],
        "alerts": [_alert(number, state, now) for number, state in enumerate(AlertState)],
        "pages": [{"alert_id": 1, "person_id": COLE, "rung": 0, "paged_at": now}],
        "digests": [
            {"clinician_id": COLE, "local_date": day, "covers_from": now, "built_at": now, "content": {"cards": [1]}}
        ],
        "inbox": [_update(vault, number, state, now) for number, state in enumerate(InboxState)],
        "outbox": [_intent(vault, number, state, now) for number, state in enumerate(OutboxState)],
        "polling": [{"id": 1, "next_offset": 900}],
        "heartbeats": [{"loop": "sender", "beat_at": now}],
        "audit": [{"at": now, "action": "invited", "object_kind": "person", "object_id": ANA, "detail": {"role": "p"}}],
    }


def _sealed(vault: Vault, text: str, table: str, column: str, row: int | str, person: int | None) -> bytes:
    return vault.seal(text, Place(table=table, column=column, row=row, person=person)).box


def _person(vault: Vault, number: int, now: datetime) -> Row:
    return {
        "id": number,
        "code_name": f"P-{number}",
        "code_name_folded": f"p-{number}",
        "name": _sealed(vault, f"Name {number}", "people", "name", number, number),
        "chat_id": 1_000 + number,
        "language": "en",
        "zone": "Europe/Madrid",
        "blocked_at": now if number == BEN else None,
        "created_at": now,
        "next_digest_at": now + timedelta(days=1) if number == COLE else None,
    }


def _enrolment(patient: int, state: EnrolmentState, now: datetime) -> Row:
    return {
        "patient_id": patient,
        "clinician_id": COLE,
        "state": state.value,
        "step": "done",
        "rules": ["FREQ=WEEKLY;BYDAY=MO,TH"],
        "at": ["09:00"],
        "starts_on": date(2026, 1, 5),
        "next_due_at": now + timedelta(days=3),
        "enrolled_at": now,
    }


def _checkin(day: date, state: CheckinState, now: datetime) -> Row:
    return {
        "patient_id": ANA,
        "clinician_id": COLE,
        "local_date": day,
        "slot": "09:00",
        "instrument": "alliance-brief/1",
        "language": "en",
        "state": state.value,
        "remark_open": state is CheckinState.ANSWERED,
        "due_at": now,
        "expires_at": now + timedelta(hours=20),
    }


def _message(vault: Vault, number: int, now: datetime) -> Row:
    return {
        "id": 900 + number,
        "person_id": ANA,
        "checkin_id": 1,
        "chat_id": 1_000 + ANA,
        "message_id": number,
        "version": 0,
        "kind": "text",
        "words": _sealed(vault, f"{WORDS}, {number}", "messages", "words", 900 + number, ANA),
        "word_count": 5,
        "sent_at": now,
        "received_at": now,
        "screening": "screened",
        "rules_version": "1",
    }


def _alert(number: int, state: AlertState, now: datetime) -> Row:
    return {
        "patient_id": ANA,
        "chat_id": 1_000 + number,
        "cause": "suicide",
        "degree": "now",
        "why": "a rule",
        "rule": "r/1",
        "message_row": 900 + number,
        "written_at": now,
        "raised_at": now,
        "state": state.value,
        "rung": number,
        "next_page_at": now,
    }


def _update(vault: Vault, number: int, state: InboxState, now: datetime) -> Row:
    return {
        "identity": f"i{number}",
        "update_id": 800 + number,
        "received_at": now,
        "raw": _sealed(vault, '{"update_id": 1}', "inbox", "raw", f"i{number}", None),
        "state": state.value,
        "attempts": number,
        "cause": "KeyError" if state is InboxState.DEAD else None,
        "handled_at": None if state is InboxState.WAITING else now,
    }


def _intent(vault: Vault, number: int, state: OutboxState, now: datetime) -> Row:
    return {
        "key": f"k{number}",
        "lane": int(list(Lane)[number % len(Lane)]),
        "person_id": ANA,
        "chat_id": 1_000 + ANA,
        "method": "sendMessage",
        "body": _sealed(vault, '{"text": "hello"}', "outbox", "body", f"k{number}", ANA),
        "state": state.value,
        "created_at": now,
        "due_at": now,
        "only_while_enrolled": False,
        "tries": number,
        "unclear": number % 2,
        "message_id": 70 + number if state is OutboxState.SENT else None,
        "sent_at": now if state is OutboxState.SENT else None,
    }
