"""People of the ward for the tests of storage, as rows: Ana is enrolled unless a test says otherwise."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from alliance.checkin import CheckinState
from alliance.enrolment import EnrolmentState
from storage.database import Database, new_id
from storage.tables import Answer, Checkin, Enrolment, Person

SINCE = datetime(2026, 1, 5, 9, tzinfo=UTC)

AddPatient = Callable[..., Awaitable[int]]
AddCheckin = Callable[..., Awaitable[int]]


@pytest.fixture
def add_patient(database: Database) -> AddPatient:
    """Makes a patient with an enrolment, and gives back the person's id."""

    async def add(*, state: EnrolmentState = EnrolmentState.ACTIVE, blocked_at: datetime | None = None) -> int:
        person_id = new_id()
        async with database.writing() as session:
            session.add(
                Person(
                    id=person_id,
                    code_name=f"P-{person_id}",
                    language="en",
                    zone="Europe/Madrid",
                    blocked_at=blocked_at,
                    created_at=SINCE,
                )
            )
            await session.flush()
            session.add(
                Enrolment(
                    patient_id=person_id,
                    clinician_id=person_id,
                    state=state,
                    step="done",
                    rules=[],
                    at=[],
                    starts_on=date(2026, 1, 5),
                )
            )
        return person_id

    return add


@pytest.fixture
def add_checkin(database: Database, moment: datetime) -> AddCheckin:
    """Makes a check-in of a patient, answered or not, and gives back its id."""

    async def add(patient_id: int, *, state: CheckinState = CheckinState.QUEUED, answered: bool = False) -> int:
        async with database.writing() as session:
            row = Checkin(
                patient_id=patient_id,
                clinician_id=patient_id,
                local_date=date(2026, 3, 2),
                slot="09:00",
                instrument="alliance-brief/1",
                language="en",
                state=state,
                remark_open=False,
                due_at=moment,
                expires_at=moment + timedelta(hours=20),
            )
            session.add(row)
            await session.flush()
            if answered:
                answer = {"item_id": "goal", "domain": "goal", "rating": 6, "fraction": 5 / 6}
                session.add(Answer(checkin_id=row.id, answered_at=moment, **answer))
        return row.id

    return add
