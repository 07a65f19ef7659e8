"""Patients who are enrolled already, by rows and not by taps: many of them, and due when a benchmark says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from benchmarks.lives.house import House
from bot.clock import SystemClock
from sandbox import Person
from storage import people
from storage.database import Database
from storage.tables import Enrolment
from storage.tables import Person as Somebody

AS_OFTEN_AS_ASKED = 1_000_000  # a day, as no clinic would


async def caseload(clinic: House, database: Database, due_at: Sequence[datetime], *, slot: str) -> list[Person]:
    """One clinician's patients, each with a phone, whose next check-in falls due at these moments."""
    now = SystemClock().now()
    phones: list[Person] = []
    async with database.writing() as session:
        cole = await _person(session, "COLE", now)
        await people.give_role(session, cole.id, Role.CLINICIAN, now=now)
        for number, moment in enumerate(due_at):
            phone = clinic.sandbox.person(f"Patient {number}")
            phone.opens()
            patient = await _person(session, f"PATIENT-{number}", now)
            patient.chat_id = phone.user_id
            session.add(
                Enrolment(
                    patient_id=patient.id,
                    clinician_id=cole.id,
                    state=EnrolmentState.ACTIVE,
                    step="done",
                    rules=["FREQ=DAILY"],
                    at=[_half_a_day_after(now)],
                    starts_on=moment.date(),
                    next_due_at=moment,
                    next_due_on=moment.date(),
                    next_slot=slot,
                    most_a_day=AS_OFTEN_AS_ASKED,
                    enrolled_at=now,
                )
            )
            phones.append(phone)
    clinic.sandbox.world.queue.clear()
    return phones


async def make_due(database: Database, *, slot: str) -> None:
    """Let everybody's next check-in fall due now, under another slot; the one after it is half a day away."""
    now = SystemClock().now()
    async with database.writing() as session:
        await session.execute(
            update(Enrolment).values(
                at=[_half_a_day_after(now)], next_due_at=now, next_due_on=now.date(), next_slot=slot
            )
        )


async def _person(session: AsyncSession, code_name: str, now: datetime) -> Somebody:
    return await people.add(session, code_name=code_name, name=None, language="en", zone="UTC", now=now)


def _half_a_day_after(now: datetime) -> str:
    return f"{now + timedelta(hours=12):%H:%M}"
