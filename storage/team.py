"""Questions about the team as a whole: its digests, who cares for nobody's patients any more, who was given to whom."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.enrolment import EnrolmentState
from alliance.flags import FlagState
from alliance.people import Role
from storage.tables import Checkin, Enrolment, Flag, FlagHolder, Person, Reassignment, StaffRole, TeamDigest

TAKING_PART = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.ON_HOLD)


async def latest_digest(session: AsyncSession, lead_id: int) -> TeamDigest | None:
    """The last team digest of a lead, by its date."""
    return await session.scalar(
        select(TeamDigest).where(TeamDigest.lead_id == lead_id).order_by(TeamDigest.local_date.desc()).limit(1)
    )


async def digest_on(session: AsyncSession, lead_id: int, on: date) -> TeamDigest | None:
    """The team digest that a lead was sent on that date."""
    return await session.scalar(select(TeamDigest).where(TeamDigest.lead_id == lead_id, TeamDigest.local_date == on))


async def record_digest(session: AsyncSession, digest: TeamDigest) -> TeamDigest:
    """Keep a team digest as it was arranged; a second one for the same date violates the unique key."""
    session.add(digest)
    await session.flush()
    return digest


async def without_team(session: AsyncSession, *, now: datetime) -> Sequence[Person]:
    """Patients who take part, or are held or on a break, and whose clinician is none at this moment, by code name."""
    clinicians = select(StaffRole.person_id).where(
        StaffRole.role == Role.CLINICIAN,
        StaffRole.since <= now,
        or_(StaffRole.until.is_(None), StaffRole.until > now),
    )
    rows = await session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.state.in_(TAKING_PART), Enrolment.clinician_id.not_in(clinicians))
        .order_by(Person.code_name)
    )
    return rows.all()


async def end_roles(session: AsyncSession, person_id: int, *, now: datetime) -> int:
    """Take every staff role of a person away from now on; how many there were."""
    ended = await session.scalars(
        update(StaffRole)
        .where(StaffRole.person_id == person_id, or_(StaffRole.until.is_(None), StaffRole.until > now))
        .values(until=now)
        .returning(StaffRole.id)
    )
    return len(ended.all())


async def give(session: AsyncSession, given: Reassignment, *, told_until: datetime) -> int:
    """Make somebody else the clinician of a patient; how many open flags go along.

    What is settled stays where it is, and what the patient gives to somebody they chose; whoever held a flag for the
    one before holds it no more; check-ins that are open or ended after
    ``told_until`` go along, so that the next digest can tell of them.
    """
    theirs = Enrolment.patient_id == given.patient_id
    await session.execute(update(Enrolment).where(theirs).values(clinician_id=given.to_id))
    open_flags = await session.scalars(
        update(Flag)
        .where(Flag.patient_id == given.patient_id, Flag.is_routed.is_(False), Flag.state != FlagState.RESOLVED)
        .values(clinician_id=given.to_id)
        .returning(Flag.id)
    )
    moved = list(open_flags.all())
    await session.execute(delete(FlagHolder).where(FlagHolder.flag_id.in_(moved)))
    await session.execute(
        update(Checkin)
        .where(Checkin.patient_id == given.patient_id, or_(Checkin.ended_at.is_(None), Checkin.ended_at > told_until))
        .values(clinician_id=given.to_id)
    )
    session.add(given)
    await session.flush()
    return len(moved)


async def given_to(session: AsyncSession, clinician_id: int, *, since: datetime) -> Sequence[Reassignment]:
    """Patients given to a clinician since then, and not on to somebody else, the first to come first."""
    rows = await session.scalars(
        select(Reassignment)
        .join(Enrolment, Enrolment.patient_id == Reassignment.patient_id)
        .where(Reassignment.to_id == clinician_id, Reassignment.at > since, Enrolment.clinician_id == clinician_id)
        .order_by(Reassignment.at, Reassignment.id)
    )
    return rows.all()
