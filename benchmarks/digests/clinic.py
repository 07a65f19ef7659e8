"""A large clinic as it stands on a Tuesday at eight: caseloads, a quarter of check-ins, flags and messages, by SQL."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from alliance import course_json
from alliance.course import course_of
from alliance.digest import Digest as Content
from alliance.digest import Numbers
from alliance.digest_json import as_json
from alliance.follow_up import Concern
from alliance.heard import Heard
from alliance.heard import as_json as heard_as_json
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.observation import Observation
from storage.database import Database
from storage.tables import (
    Answer,
    Base,
    Checkin,
    Digest,
    Enrolment,
    Flag,
    FollowUp,
    KeptCourse,
    Message,
    Person,
    StaffRole,
    Visit,
)
from storage.vault import Place, Vault

TODAY = date(2026, 3, 3)  # a Tuesday
EIGHT = datetime(2026, 3, 3, 8, tzinfo=UTC)
WEEK = timedelta(weeks=1)
BEGAN = EIGHT - timedelta(weeks=14)
INSTRUMENT = "alliance-brief/1"
WORDS = "I am not sure that this helps, and I did not say so on Thursday."
HIGHEST, SCALE = 7, 6  # seven buttons: the highest rating, and how many steps lie below it
FLAGGED_EVERY = 12  # of sixty patients five have a flag nobody has looked at
SILENT_EVERY = 5  # every fifth check-in is left unanswered
WRITES_EVERY = 6
PERSON, MESSAGE = 1_000, 10_000_000  # ids begin here

Row = dict[str, object]
Rows = dict[type[Base], list[Row]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How large the clinic is."""

    clinicians: int
    patients: int  # of each
    checkins: int = 12  # of each patient, one a week


async def fill(database: Database, vault: Vault, size: Size) -> None:
    """Write the whole clinic down, a clinician's caseload in each transaction."""
    reason = _reason()
    for number in range(size.clinicians):
        rows = _caseload(number, size, vault, reason)
        async with database.writing() as session:
            for table, found in rows.items():
                await session.execute(insert(table), found)


def _caseload(number: int, size: Size, vault: Vault, reason: Row) -> Rows:
    clinician = PERSON + number * (size.patients + 1)
    rows: Rows = {
        table: []
        for table in (Person, StaffRole, Enrolment, Checkin, Answer, FollowUp, Message, Flag, Visit, KeptCourse, Digest)
    }
    rows[Person].append(_clinician(clinician, number))
    rows[StaffRole].append({"person_id": clinician, "role": "clinician", "since": BEGAN})
    rows[Digest].append(_digest_before(clinician))
    for place in range(size.patients):
        patient = clinician + 1 + place
        rows[Person].append(_person(patient, f"PATIENT-{number:04}-{place:02}"))
        rows[Enrolment].append(_enrolment(patient, clinician))
        first = (number * size.patients + place) * size.checkins + 1
        for at, checkin_id in enumerate(range(first, first + size.checkins)):
            _add_checkin(rows, checkin_id, patient=patient, clinician=clinician, place=place, ago=size.checkins - at)
        last = first + size.checkins - 1
        if place % FLAGGED_EVERY == 0:
            rows[Flag].append(_flag(patient, clinician, last, reason))
            rows[Visit].append(_visit(patient, clinician))
            rows[KeptCourse].append({"patient_id": patient, "through_at": EIGHT, "content": reason["seen"]})
            rows[FollowUp].append(_chosen(last))
        if place % WRITES_EVERY == 0:
            rows[Message].append(_message(MESSAGE + last, patient, last, vault))
    return rows


def _person(person_id: int, code_name: str) -> Row:
    return {
        "id": person_id,
        "code_name": code_name,
        "code_name_folded": code_name.casefold(),
        "chat_id": 1_000_000 + person_id,
        "language": "en",
        "zone": "Europe/Madrid",
        "created_at": BEGAN,
        "digest_at": None,
        "working_days": None,
        "next_digest_at": None,
        "next_digest_on": None,
    }


def _clinician(person_id: int, number: int) -> Row:
    return _person(person_id, f"CLINICIAN-{number:04}") | {
        "digest_at": "08:00",
        "working_days": "MO,TU,WE,TH,FR",
        "next_digest_at": EIGHT - timedelta(hours=1),  # eight in Madrid
        "next_digest_on": TODAY,
    }


def _enrolment(patient: int, clinician: int) -> Row:
    return {
        "patient_id": patient,
        "clinician_id": clinician,
        "state": "active",
        "step": "done",
        "rules": ["FREQ=WEEKLY"],
        "at": ["09:00"],
        "starts_on": BEGAN.date(),
    }


def _add_checkin(rows: Rows, checkin_id: int, *, patient: int, clinician: int, place: int, ago: int) -> None:
    due = datetime.combine(TODAY, time(8), UTC) - timedelta(days=1) - (ago - 1) * WEEK
    is_answered = (place + ago) % SILENT_EVERY != 0
    rows[Checkin].append(
        {
            "id": checkin_id,
            "patient_id": patient,
            "clinician_id": clinician,
            "local_date": due.date(),
            "slot": "09:00",
            "instrument": INSTRUMENT,
            "language": "en",
            "state": "answered" if is_answered else "expired",
            "remark_open": False,
            "due_at": due,
            "delivered_at": due,
            "expires_at": due + timedelta(hours=20),
            "completed_at": due + timedelta(hours=1) if is_answered else None,
            "ended_at": due + timedelta(hours=20),
        }
    )
    if not is_answered:
        return
    for domain in Domain:
        rating = HIGHEST - 1 - (4 if ago == 1 and place % FLAGGED_EVERY == 0 else (place + ago) % 2)
        rows[Answer].append(
            {
                "checkin_id": checkin_id,
                "item_id": domain.value,
                "domain": domain.value,
                "rating": rating,
                "fraction": (rating - 1) / SCALE,
                "answered_at": due + timedelta(hours=1),
            }
        )


def _flag(patient: int, clinician: int, checkin: int, reason: Row) -> Row:
    heard = Heard(
        kind=RuptureKind.WITHDRAWAL,
        domain=Domain.BOND,
        rule="en.bond.not_said",
        version="1",
        why="They may not say everything.",
        message=MESSAGE + checkin,
        span=(0, 8),
        evidence=2.0,
    )
    return {
        "patient_id": patient,
        "clinician_id": clinician,
        "checkin_id": checkin,
        "kind": "withdrawal",
        "domain": "bond",
        "signal": "drop",
        "strength": 0.7,
        "since": EIGHT - timedelta(days=1),
        "reason": reason | {"heard": [heard_as_json(heard)]},
        "rule": "drop/1",
        "state": "raised",
        "raised_at": EIGHT - timedelta(hours=20),
    }


def _reason() -> Row:
    """What a flag was raised for, with the whole course that was looked at, as the rules keep it."""
    told = [Observation(at=BEGAN + week * WEEK, ratings=dict.fromkeys(Domain, 0.8), replied=True) for week in range(12)]
    return {
        "rating": 1 / 6,
        "usual": 0.8,
        "usual_low": 0.7,
        "usual_high": 0.9,
        "usual_count": 11,
        "unanswered": 0,
        "lowest": 1,
        "highest": HIGHEST,
        "points": HIGHEST,
        "also": ["goal"],
        "evidence": 8.0,
        "because": {},
        "replied": None,
        "is_quiet": False,
        "limit": 4.0,
        "seen": course_json.as_json(course_of(told)),
        "heard": [],
    }


def _visit(patient: int, clinician: int) -> Row:
    return {"patient_id": patient, "clinician_id": clinician, "starts_at": EIGHT - 3 * WEEK, "state": "done"}


def _chosen(checkin: int) -> Row:
    return {
        "checkin_id": checkin,
        "domain": "bond",
        "item_id": "bond",
        "offered_at": EIGHT - timedelta(hours=20),
        "concern": Concern.NOT_HEARD.value,
        "chosen_at": EIGHT - timedelta(hours=20),
    }


def _message(row_id: int, patient: int, checkin: int, vault: Vault) -> Row:
    return {
        "id": row_id,
        "person_id": patient,
        "checkin_id": checkin,
        "chat_id": 1_000_000 + patient,
        "message_id": 1,
        "version": 0,
        "kind": "text",
        "words": vault.seal(WORDS, Place(table="messages", column="words", row=row_id, person=patient)),
        "word_count": 14,
        "sent_at": EIGHT - timedelta(hours=20),
        "received_at": EIGHT - timedelta(hours=20),
        "screening": "screened",
        "rules_version": "1",
    }


def _digest_before(clinician: int) -> Row:
    """Monday's, so that Tuesday's covers one day."""
    nothing = Numbers(asked=0, answered=0, partly=0, still_open=0, unanswered=0, undeliverable=0, uncertain=0, missed=0)
    yesterday = EIGHT - timedelta(days=1, hours=1)
    content = Content(
        clinician="",
        on=yesterday.date(),
        zone="Europe/Madrid",
        covers_from=yesterday - timedelta(days=1),
        caseload=0,
        alerts=(),
        flags=(),
        wrote=(),
        undeliverable=(),
        left=(),
        numbers=nothing,
        rules_approved=False,
    )
    return {
        "clinician_id": clinician,
        "local_date": yesterday.date(),
        "covers_from": content.covers_from,
        "built_at": yesterday,
        "content": as_json(content),
    }
