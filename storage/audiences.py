"""To whom each patient sends what they say, and who at the clinic can be chosen."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarResult, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.audience import NOTHING_CHOSEN, Audience, Choice, Routing, Subject, Whom
from alliance.people import Actor, Role
from storage import people
from storage.tables import AudienceChoice, Checkin, Person, Visit

_CHOICES = (
    select(AudienceChoice)
    .where(AudienceChoice.patient_id.in_(bindparam("of", expanding=True)))
    .order_by(AudienceChoice.id)
)
READERS = (Role.LEAD, Role.CLINICIAN)  # whoever is responsible for the team comes first


async def routing_of(session: AsyncSession, patient_id: int) -> Routing:
    """Every decision of one patient."""
    return (await routings_of(session, [patient_id])).get(patient_id, NOTHING_CHOSEN)


async def routings_of(session: AsyncSession, patient_ids: Sequence[int]) -> dict[int, Routing]:
    """Every decision of these patients; one who has decided nothing is left out."""
    return _routings(await session.scalars(_CHOICES, {"of": patient_ids}))


async def routings_for(session: AsyncSession, reader_id: int, *, own: Sequence[int]) -> dict[int, Routing]:
    """The same of a reader's own patients and of everybody who has ever chosen this reader by name, or the team."""
    chosen = select(AudienceChoice.patient_id).where(_names(reader_id))
    which = or_(AudienceChoice.patient_id.in_(own), AudienceChoice.patient_id.in_(chosen))
    return _routings(await session.scalars(select(AudienceChoice).where(which).order_by(AudienceChoice.id)))


async def choose(
    session: AsyncSession, patient_id: int, subject: Subject, audience: Audience, *, now: datetime
) -> None:
    """Keep a decision, beside those of before."""
    session.add(
        AudienceChoice(
            patient_id=patient_id, subject=subject, whom=audience.whom, reader_id=audience.reader_id, since=now
        )
    )
    await session.flush()


async def chosen_by(session: AsyncSession, reader_id: int) -> Sequence[int]:
    """The patients who have ever chosen this reader by name, or the whole team."""
    rows = await session.scalars(select(AudienceChoice.patient_id).where(_names(reader_id)).distinct())
    return rows.all()


async def ever_chosen(session: AsyncSession) -> Sequence[int]:
    """Everybody whom any patient has ever chosen by name."""
    rows = await session.scalars(
        select(AudienceChoice.reader_id).where(AudienceChoice.reader_id.is_not(None)).distinct()
    )
    return [reader_id for reader_id in rows if reader_id is not None]


async def named_by(session: AsyncSession, reader_id: int) -> Sequence[int]:
    """The patients who have ever chosen this reader by name."""
    rows = await session.scalars(
        select(AudienceChoice.patient_id).where(AudienceChoice.reader_id == reader_id).distinct()
    )
    return rows.all()


async def staff(session: AsyncSession, *, now: datetime) -> dict[int, tuple[Person, Actor]]:
    """Leads and clinicians who have a chat of their own, leads first, with these roles of theirs."""
    found: dict[int, tuple[Person, Actor]] = {}
    for role, holders in (await people.in_roles(session, READERS, now=now)).items():
        for person in holders:
            if person.chat_id is not None:
                held = found[person.id][1].roles if person.id in found else frozenset[Role]()
                found[person.id] = (person, Actor(person_id=person.id, roles=held | {role}))
    return found


async def known_to(session: AsyncSession, patient_id: int) -> frozenset[int]:
    """The clinicians with whom a patient has, or had, a visit or a check-in."""
    seen: set[int] = set()
    for table in (Visit, Checkin):
        seen.update(await session.scalars(select(table.clinician_id).where(table.patient_id == patient_id).distinct()))
    return frozenset(seen)


def _names(reader_id: int) -> ColumnElement[bool]:
    return or_(AudienceChoice.reader_id == reader_id, AudienceChoice.whom == Whom.TEAM)


def _choice(row: AudienceChoice) -> Choice:
    audience = Audience(whom=Whom(row.whom), reader_id=row.reader_id)
    return Choice(subject=Subject(row.subject), audience=audience, since=row.since)


def _routings(rows: ScalarResult[AudienceChoice]) -> dict[int, Routing]:
    found: dict[int, list[Choice]] = {}
    for row in rows:
        found.setdefault(row.patient_id, []).append(_choice(row))
    return {patient_id: Routing(choices=tuple(choices)) for patient_id, choices in found.items()}
