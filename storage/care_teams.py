"""Questions about the clinicians who care for a patient beside the primary one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.enrolment import ENDED
from alliance.people import Role
from storage.statements import insert_into
from storage.tables import Enrolment, PatientClinician, Person, StaffRole

_COLLEAGUES = (
    select(PatientClinician.clinician_id)
    .join(Enrolment, Enrolment.patient_id == PatientClinician.patient_id)
    .where(PatientClinician.patient_id == bindparam("of"), PatientClinician.clinician_id != Enrolment.clinician_id)
)


async def beside(session: AsyncSession, patient_id: int, *, now: datetime) -> tuple[int, ...]:
    """The ids of the others who care for a patient at this moment and are clinicians, in the order they came."""
    is_clinician = (
        select(StaffRole.id)
        .where(
            StaffRole.person_id == PatientClinician.clinician_id,
            StaffRole.role == Role.CLINICIAN,
            StaffRole.since <= now,
            or_(StaffRole.until.is_(None), StaffRole.until > now),
        )
        .exists()
    )
    rows = await session.scalars(
        select(PatientClinician.clinician_id)
        .join(Enrolment, Enrolment.patient_id == PatientClinician.patient_id)
        .where(
            PatientClinician.patient_id == patient_id,
            PatientClinician.until.is_(None),
            PatientClinician.clinician_id != Enrolment.clinician_id,
            is_clinician,
        )
        .order_by(PatientClinician.since, PatientClinician.clinician_id)
    )
    return tuple(rows)


async def colleagues(session: AsyncSession, patient_id: int) -> frozenset[int]:
    """Everybody who ever cared for a patient beside the primary clinician, without who is that one now.

    Somebody who was the primary clinician before is none of them: that bond goes along with the patient.
    """
    return frozenset(await session.scalars(_COLLEAGUES, {"of": patient_id}))


async def shared_with(session: AsyncSession, clinician_id: int) -> Sequence[Person]:
    """Patients of colleagues for whom this clinician cares too, as long as they take part, by code name."""
    rows = await session.scalars(
        select(Person)
        .join(PatientClinician, PatientClinician.patient_id == Person.id)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(
            PatientClinician.clinician_id == clinician_id,
            PatientClinician.until.is_(None),
            Enrolment.clinician_id != clinician_id,
            Enrolment.state.not_in(ENDED),
        )
        .order_by(Person.code_name)
    )
    return rows.all()


async def add(session: AsyncSession, patient_id: int, clinician_id: int, *, now: datetime) -> None:
    """From now on this clinician cares for the patient too; somebody who does already has done so since before."""
    known = await session.get(PatientClinician, (patient_id, clinician_id))
    if known is None:
        session.add(PatientClinician(patient_id=patient_id, clinician_id=clinician_id, since=now))
    elif known.until is not None:
        known.since, known.until = now, None
    await session.flush()


async def remove(session: AsyncSession, patient_id: int, clinician_id: int, *, now: datetime) -> bool:
    """From now on no more; False for somebody who did not."""
    known = await session.get(PatientClinician, (patient_id, clinician_id))
    if known is None or known.until is not None:
        return False
    known.until = now
    await session.flush()
    return True


async def hand_over(session: AsyncSession, *, from_id: int, to_id: int) -> None:
    """Somebody turned out to be another person we knew already: what was written of the one is the other's."""
    rows = await session.execute(select(PatientClinician).where(PatientClinician.clinician_id == from_id))
    for row in rows.scalars().all():
        if await session.get(PatientClinician, (row.patient_id, to_id)) is None:
            values = {"patient_id": row.patient_id, "clinician_id": to_id, "since": row.since, "until": row.until}
            await session.execute(insert_into(session, PatientClinician).values(values))
        await session.delete(row)
    await session.flush()
