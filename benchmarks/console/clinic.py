"""A clinic of thousands, written into the tables at once: patients, four weeks of check-ins, answers and flags."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.people import Role
from storage import people
from storage.database import Database, new_id
from storage.tables import Answer, Base, Checkin, ConsentGiven, Enrolment, Flag, Person

NOW = datetime(2026, 3, 16, 10, tzinfo=UTC)
CLINICIANS = 100
CHECKINS = 12  # of each patient: three a week for four weeks
FLAGGED = 20  # one patient in so many
AT_ONCE = 2_000  # rows in one statement


async def fill(database: Database, patients: int) -> dict[str, int]:
    """Write it all down; the ids of a coordinator, of a clinician, and of one of her patients."""
    async with database.writing() as session:
        kim = await _staff(session, "KIM", Role.COORDINATOR)
        clinicians = [await _staff(session, f"CLINICIAN-{n:03}", Role.CLINICIAN) for n in range(CLINICIANS)]
        ids = [new_id() for _ in range(patients)]
        cares = {patient_id: clinicians[number % CLINICIANS] for number, patient_id in enumerate(ids)}
        await _all(session, Person, (_person(patient_id, n) for n, patient_id in enumerate(ids)))
        await _all(session, Enrolment, (_enrolment(one, cares[one], n) for n, one in enumerate(ids)))
        await _all(session, ConsentGiven, (_consent(patient_id) for patient_id in ids))
        rounds = [
            (number * CHECKINS + place + 1, patient_id, place)
            for number, patient_id in enumerate(ids)
            for place in range(CHECKINS)
        ]
        await _all(session, Checkin, (_checkin(row, one, cares[one], place) for row, one, place in rounds))
        answers = (answer for row, one, place in rounds for answer in _answers(row, cares[one], place))
        await _all(session, Answer, answers)
        await _all(session, Flag, (_flag(one, cares[one]) for one in ids[::FLAGGED]))
    return {"coordinator": kim, "clinician": clinicians[0], "patient": ids[0]}


async def _staff(session: AsyncSession, code_name: str, role: Role) -> int:
    long_ago = NOW - timedelta(days=60)
    zone = "Europe/Madrid"
    person = await people.add(session, code_name=code_name, name=None, language="en", zone=zone, now=long_ago)
    person.digest_at = "08:00" if role is Role.CLINICIAN else None
    await people.give_role(session, person.id, role, now=long_ago)
    return person.id


async def _all(session: AsyncSession, table: type[Base], rows: Iterable[dict[str, object]]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        await session.execute(insert(table), some)


def _person(patient_id: int, number: int) -> dict[str, object]:
    code_name = f"PATIENT-{number:05}"
    return {
        "id": patient_id,
        "code_name": code_name,
        "code_name_folded": code_name.casefold(),
        "chat_id": 1_000 + number,
        "language": "en",
        "zone": "Europe/Madrid",
        "created_at": NOW - timedelta(days=60),
    }


def _enrolment(patient_id: int, clinician_id: int, number: int) -> dict[str, object]:
    due_at = NOW + timedelta(minutes=number % 4_000)
    return {
        "patient_id": patient_id,
        "clinician_id": clinician_id,
        "state": "active",
        "step": "done",
        "rules": ["FREQ=WEEKLY;BYDAY=MO,WE,FR"],
        "at": ["18:00"],
        "starts_on": (NOW - timedelta(days=60)).date(),
        "next_due_at": due_at,
        "next_due_on": due_at.date(),
        "next_slot": "18:00",
    }


def _consent(patient_id: int) -> dict[str, object]:
    decided_at = NOW - timedelta(days=60)
    return {"patient_id": patient_id, "version": 1, "language": "en", "decision": "given", "decided_at": decided_at}


def _checkin(row: int, patient_id: int, clinician_id: int, place: int) -> dict[str, object]:
    due_at = NOW - timedelta(days=2 * place, hours=1)
    return {
        "id": row,
        "patient_id": patient_id,
        "clinician_id": clinician_id,
        "local_date": due_at.date(),
        "slot": "18:00",
        "instrument": "alliance-brief/1",
        "language": "en",
        "state": "expired" if place % 5 == 4 else "answered",  # noqa: PLR2004  # one of five without a reply
        "remark_open": False,
        "due_at": due_at,
        "delivered_at": due_at,
        "expires_at": due_at + timedelta(days=1),
        "ended_at": due_at + timedelta(hours=1),
    }


def _answers(row: int, clinician_id: int, place: int) -> list[dict[str, object]]:
    if place % 5 == 4:  # noqa: PLR2004  # as above
        return []
    given = {
        "checkin_id": row,
        "rating": 5,
        "fraction": 4 / 6,
        "answered_at": NOW - timedelta(days=2 * place),
        "is_typed": False,
    }
    about = {"goal": None, "task": None, "bond": clinician_id}
    return [{**given, "item_id": f"{domain}1", "domain": domain, "about_id": whom} for domain, whom in about.items()]


def _flag(patient_id: int, clinician_id: int) -> dict[str, object]:
    return {
        "patient_id": patient_id,
        "clinician_id": clinician_id,
        "is_routed": False,
        "kind": "withdrawal",
        "domain": "bond",
        "signal": "drop",
        "strength": 0.7,
        "since": NOW - timedelta(days=3),
        "reason": {"rating": 0.3, "usual": 0.8, "usual_low": 0.7, "usual_high": 0.9, "lowest": 1, "highest": 7},
        "rule": "drop/3",
        "state": "raised",
        "raised_at": NOW - timedelta(days=2),
    }
