"""A clinic of ten thousand patients, by rows and not by taps: names sealed, each with an open check-in and a phone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.asking import question
from alliance.checkin import CheckinState
from alliance.enrolment import EnrolmentState
from alliance.people import Role
from benchmarks.lives.house import House
from bot.clinic import read_clinic
from bot.clock import SystemClock
from sandbox import Person, Sandbox
from sandbox.chats import Standing
from sandbox.messages import Message
from storage.database import Database, new_id, vault_of
from storage.tables import Base, Checkin, ConsentGiven, Enrolment, StaffRole
from storage.tables import Person as Somebody
from storage.vault import Place
from workflows.speak import body_of
from workflows.unit import Clinic

CASELOAD = 20  # patients of one clinician
AT_ONCE = 2_000  # rows of one statement
ASKED_AGO = timedelta(hours=1)
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
A_DAY = timedelta(days=1)

Row = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """A patient's phone, the open check-in on it, and what it asks."""

    phone: Person
    checkin_id: int
    message_id: int  # of the message that carries the check-in
    items: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class FullHouse:
    """Everybody in a clinic, staff by the chat they are paged in."""

    patients: Sequence[Patient]
    staff: Sequence[Person]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """Somebody's phone and the id the clinic will know them by."""

    phone: Person
    id: int


def phones(sandbox: Sandbox, number: int, *, who: str) -> list[Person]:
    """So many people who have pressed Start some time ago."""
    made = [sandbox.person(f"{who} {n}") for n in range(number)]
    for phone in made:
        phone.chat.standing = Standing.WELCOME
    return made


async def fill(
    house: House, database: Database, *, patients: int, digests_at: Sequence[datetime], of_each: int
) -> FullHouse:
    """Write everybody into the clinic's empty database; that many clinicians' digests fall due at each moment.

    Nobody's next check-in falls due today, and the rest of the digests tomorrow.
    """
    clinic = read_clinic(house.settings, bot_username=house.sandbox.username)
    now = SystemClock().now()
    staff = [_Known(phone=phone, id=new_id()) for phone in phones(house.sandbox, -(-patients // CASELOAD), who="Dr")]
    cared_for = [_Known(phone=phone, id=new_id()) for phone in phones(house.sandbox, patients, who="Patient")]
    due = [moment for moment in digests_at for _ in range(of_each)]
    async with database.writing() as session:
        await _insert(session, Somebody, list(_people(session, staff, cared_for, due, now)))
        await _insert(session, StaffRole, [_role(one, now) for one in staff])
        await _insert(session, ConsentGiven, [_consent(one, now) for one in cared_for])
        await _insert(session, Enrolment, list(_enrolments(staff, cared_for, now)))
        shown = [
            _ask(house.sandbox, clinic, one, checkin_id=n, clinician=f"Dr {n // CASELOAD}")
            for n, one in enumerate(cared_for, start=1)
        ]
        await _insert(session, Checkin, list(_checkins(clinic, staff, cared_for, shown, now)))
    return FullHouse(patients=shown, staff=[one.phone for one in staff])


async def _insert(session: AsyncSession, table: type[Base], rows: Sequence[Row]) -> None:
    for first in range(0, len(rows), AT_ONCE):
        await session.execute(insert(table), rows[first : first + AT_ONCE])


def _people(
    session: AsyncSession, staff: Sequence[_Known], patients: Sequence[_Known], due: Sequence[datetime], now: datetime
) -> Iterator[Row]:
    vault = vault_of(session)
    for word, known in (("CLINICIAN", staff), ("PATIENT", patients)):
        for number, one in enumerate(known):
            row: Row = {
                "id": one.id,
                "code_name": f"{word}-{number}",
                "name": vault.seal(one.phone.name, Place(table="people", column="name", row=one.id, person=one.id)),
                "chat_id": one.phone.user_id,
                "language": "en",
                "zone": "UTC",
                "created_at": now,
            }
            if word == "CLINICIAN":
                moment = due[number] if number < len(due) else now + A_DAY
                row |= {"digest_at": f"{moment:%H:%M}", "working_days": EVERY_DAY}
                row |= {"next_digest_at": moment, "next_digest_on": moment.date()}
            yield row | {name: row.get(name) for name in _OF_CLINICIANS}


_OF_CLINICIANS = ("digest_at", "working_days", "next_digest_at", "next_digest_on")


def _role(one: _Known, now: datetime) -> Row:
    return {"person_id": one.id, "role": Role.CLINICIAN, "since": now}


def _consent(one: _Known, now: datetime) -> Row:
    return {"patient_id": one.id, "version": 1, "language": "en", "decision": "given", "decided_at": now}


def _enrolments(staff: Sequence[_Known], patients: Sequence[_Known], now: datetime) -> Iterator[Row]:
    for number, one in enumerate(patients):
        yield {
            "patient_id": one.id,
            "clinician_id": staff[number // CASELOAD].id,
            "state": EnrolmentState.ACTIVE,
            "step": "done",
            "rules": ["FREQ=DAILY"],
            "at": [f"{now:%H:%M}"],
            "starts_on": now.date(),
            "next_due_at": now + A_DAY,
            "next_due_on": (now + A_DAY).date(),
            "next_slot": "tomorrow",
            "enrolled_at": now,
        }


def _ask(sandbox: Sandbox, clinic: Clinic, one: _Known, *, checkin_id: int, clinician: str) -> Patient:
    """Show the first question on the phone, as the sender has once sent it."""
    instrument, world = clinic.instrument, sandbox.world
    saying = question(
        clinic.wordings.in_language("en"),
        instrument,
        instrument.items[0],
        checkin_id=checkin_id,
        clinician=clinician,
    )
    body = body_of(saying, chat_id=one.phone.user_id)
    keyboard = body["reply_markup"]
    message = Message(
        message_id=world.next_message_id(),
        sender=world.bot,
        from_bot=True,
        sent_at=world.now() - ASKED_AGO,
        text=saying.text,
        keyboard=keyboard if isinstance(keyboard, dict) else None,  # pyright: ignore[reportUnknownArgumentType]  # JSON
    )
    world.put(one.phone.chat, message)
    items = [item.id for item in instrument.items]
    return Patient(phone=one.phone, checkin_id=checkin_id, message_id=message.message_id, items=items)


def _checkins(
    clinic: Clinic, staff: Sequence[_Known], patients: Sequence[_Known], shown: Sequence[Patient], now: datetime
) -> Iterator[Row]:
    for number, (one, asked) in enumerate(zip(patients, shown, strict=True)):
        yield {
            "id": asked.checkin_id,
            "patient_id": one.id,
            "clinician_id": staff[number // CASELOAD].id,
            "local_date": now.date(),
            "slot": "today",
            "instrument": clinic.instrument.name,
            "language": "en",
            "state": CheckinState.OPEN,
            "remark_open": False,
            "due_at": now - ASKED_AGO,
            "delivered_at": now - ASKED_AGO,
            "expires_at": now + A_DAY,
            "message_id": asked.message_id,
        }
