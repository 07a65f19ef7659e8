"""Questions about people: who is behind a chat, what they may do, who cares for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import and_, bindparam, delete, exists, literal, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.enrolment import EnrolmentState
from alliance.people import Actor, Role
from alliance.visits import VisitState
from storage.database import new_id, vault_of
from storage.tables import Answer, Checkin, Enrolment, Flag, OnCall, Person, StaffRole, Visit
from storage.vault import Place

_HOLDS_NOW = and_(
    StaffRole.person_id == Person.id,
    StaffRole.since <= bindparam("now"),
    or_(StaffRole.until.is_(None), StaffRole.until > bindparam("now")),
)
_KNOWN_BY_CHAT = (
    select(Person, Enrolment, StaffRole.role)
    .outerjoin(Enrolment, Enrolment.patient_id == Person.id)
    .outerjoin(StaffRole, _HOLDS_NOW)
    .where(Person.chat_id == bindparam("chat"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Somebody who writes to us: who it is, how they take part if they are a patient, and what they may do."""

    person: Person
    enrolment: Enrolment | None
    actor: Actor


async def add(
    session: AsyncSession, *, code_name: str, name: str | None, language: str, zone: str, now: datetime
) -> Person:
    """Write down a new person; the name, if any, is sealed. The code name must be free."""
    person = Person(
        id=new_id(),
        code_name=code_name,
        name=None,
        language=language,
        zone=zone,
        created_at=now,
    )
    if name:
        person.name = vault_of(session).seal(name, name_place(person.id))
    session.add(person)
    await session.flush()
    return person


async def get(session: AsyncSession, person_id: int) -> Person:
    """The person of that id; raises KeyError when there is none."""
    person = await session.get(Person, person_id)
    if person is None:
        raise KeyError(person_id)
    return person


async def some(session: AsyncSession, person_ids: Sequence[int]) -> list[Person]:
    """These people, each once and in this order; raises KeyError when one of them does not exist."""
    wanted = dict.fromkeys(person_ids)
    rows = await session.scalars(select(Person).where(Person.id.in_(list(wanted))))
    found = {person.id: person for person in rows}
    return [found[person_id] for person_id in wanted]


async def by_chat(session: AsyncSession, chat_id: int) -> Person | None:
    """The person who writes from that private chat, or None for a stranger."""
    return await session.scalar(select(Person).where(Person.chat_id == chat_id))


async def by_code_name(session: AsyncSession, code_name: str) -> Person | None:
    """The person of that code name, whatever the case it is written in."""
    return await session.scalar(select(Person).where(Person.code_name_folded == " ".join(code_name.split()).casefold()))


async def code_names(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """The code names of those of these ids that are people's, by id."""
    rows = await session.execute(select(Person.id, Person.code_name).where(Person.id.in_(ids)))
    return {person_id: code_name for person_id, code_name in rows}  # noqa: C416  # rows are tuples only to a checker


def display_name(session: AsyncSession, person: Person) -> str:
    """The name as the clinic wrote it, or the code name where it wrote none."""
    if person.name is None:
        return person.code_name
    return vault_of(session).open(person.name, name_place(person.id))


async def known_by_chat(session: AsyncSession, chat_id: int, *, now: datetime) -> Known | None:
    """Who writes from that private chat, read anew for every update and in one look; None for a stranger."""
    rows = await session.execute(_KNOWN_BY_CHAT, {"chat": chat_id, "now": now})
    # SQLAlchemy's types do not know that an outer join may find none
    found = cast("Sequence[tuple[Person, Enrolment | None, str | None]]", rows.all())
    if not found:
        return None
    person, enrolment, _ = found[0]
    roles = {Role(role) for _, _, role in found if role is not None}
    if enrolment is not None:
        roles.add(Role.PATIENT)
    return Known(person=person, enrolment=enrolment, actor=Actor(person_id=person.id, roles=frozenset(roles)))


async def actor(session: AsyncSession, person: Person, *, now: datetime) -> Actor:
    """The roles a person has at this moment."""
    as_staff = select(StaffRole.role).where(
        StaffRole.person_id == person.id,
        StaffRole.since <= now,
        or_(StaffRole.until.is_(None), StaffRole.until > now),
    )
    as_patient = select(literal(Role.PATIENT.value)).where(exists().where(Enrolment.patient_id == person.id))
    held = await session.scalars(union_all(as_staff, as_patient))
    return Actor(person_id=person.id, roles=frozenset(map(Role, held)))


async def roles_of(session: AsyncSession, person_ids: Collection[int], *, now: datetime) -> dict[int, frozenset[Role]]:
    """The roles among the staff that each of these people has at this moment."""
    rows = await session.execute(
        select(StaffRole.person_id, StaffRole.role).where(
            StaffRole.person_id.in_(person_ids),
            StaffRole.since <= now,
            or_(StaffRole.until.is_(None), StaffRole.until > now),
        )
    )
    found: dict[int, set[Role]] = {person_id: set() for person_id in person_ids}
    for person_id, role in rows:
        found[person_id].add(Role(role))
    return {person_id: frozenset(roles) for person_id, roles in found.items()}


async def give_role(session: AsyncSession, person_id: int, role: Role, *, now: datetime) -> None:
    """Give a staff role from now on; giving it twice changes nothing."""
    held = await session.scalar(
        select(StaffRole.id).where(StaffRole.person_id == person_id, StaffRole.role == role, StaffRole.until.is_(None))
    )
    if held is None:
        session.add(StaffRole(person_id=person_id, role=role, since=now))
        await session.flush()


async def in_role(session: AsyncSession, role: Role, *, now: datetime) -> Sequence[Person]:
    """Everybody who has a staff role at this moment, in the order in which it was given."""
    return (await in_roles(session, [role], now=now))[role]


async def in_roles(session: AsyncSession, roles: Sequence[Role], *, now: datetime) -> dict[Role, list[Person]]:
    """The same of several roles, in their order; whoever has two of them is among both."""
    rows = await session.execute(
        select(StaffRole.role, Person)
        .join(Person, StaffRole.person_id == Person.id)
        .where(
            StaffRole.role.in_(roles),
            StaffRole.since <= now,
            or_(StaffRole.until.is_(None), StaffRole.until > now),
        )
        .order_by(StaffRole.since, StaffRole.id)
    )
    found: dict[Role, list[Person]] = {role: [] for role in roles}
    for role, person in rows:
        found[Role(role)].append(person)
    return found


async def has_left(session: AsyncSession, person_id: int, *, now: datetime) -> bool:
    """Whether somebody has had a staff role, and has none any more."""
    ends = (await session.scalars(select(StaffRole.until).where(StaffRole.person_id == person_id))).all()
    return bool(ends) and all(until is not None and until <= now for until in ends)


async def enrolment(session: AsyncSession, patient_id: int) -> Enrolment | None:
    """The enrolment of a patient, or None for anybody else."""
    return await session.get(Enrolment, patient_id)


async def enrolments(session: AsyncSession, patient_ids: Collection[int]) -> dict[int, Enrolment]:
    """The enrolments of these patients; anybody else is left out."""
    rows = await session.scalars(select(Enrolment).where(Enrolment.patient_id.in_(patient_ids)))
    return {row.patient_id: row for row in rows}


async def caseload(session: AsyncSession, clinician_id: int) -> Sequence[tuple[Person, Enrolment]]:
    """A clinician's patients with their enrolments, by code name, the invited and the ended included."""
    rows = await session.execute(
        select(Person, Enrolment)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.clinician_id == clinician_id)
        .order_by(Person.code_name)
    )
    return [(person, enrolment) for person, enrolment in rows]


async def taking_part(session: AsyncSession) -> Sequence[tuple[Person, Enrolment]]:
    """Patients who are asked, or have paused only: those who may write expecting to be read."""
    rows = await session.execute(
        select(Person, Enrolment)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.state.in_((EnrolmentState.ACTIVE, EnrolmentState.PAUSED)))
        .order_by(Person.id)
    )
    return [(person, enrolment) for person, enrolment in rows]


def set_name(session: AsyncSession, person: Person, name: str) -> None:
    """Keep another name for a person, sealed."""
    person.name = vault_of(session).seal(name, name_place(person.id))


async def hand_over(session: AsyncSession, *, from_id: int, to_id: int) -> None:
    """Make somebody else the primary clinician of all patients of one clinician, with what they have answered.

    Visits that are still to come go along; those that took place were with whom they were.
    """
    for table in (Enrolment, Checkin, Flag):
        await session.execute(update(table).where(table.clinician_id == from_id).values(clinician_id=to_id))
    await session.execute(update(Checkin).where(Checkin.bond_about_id == from_id).values(bond_about_id=to_id))
    await session.execute(update(Answer).where(Answer.about_id == from_id).values(about_id=to_id))
    planned = (Visit.clinician_id == from_id, Visit.state == VisitState.PLANNED)
    await session.execute(update(Visit).where(*planned).values(clinician_id=to_id))


async def set_on_call(session: AsyncSession, order: Sequence[int]) -> None:
    """Replace the order in which people are paged."""
    await session.execute(delete(OnCall))
    session.add_all(OnCall(person_id=person, position=place) for place, person in enumerate(order))
    await session.flush()


async def on_call(session: AsyncSession) -> tuple[int, ...]:
    """The ids of the people to page, in order; empty where the clinic has set none."""
    return tuple(await session.scalars(select(OnCall.person_id).order_by(OnCall.position)))


async def mark_blocked(session: AsyncSession, person_id: int, *, at: datetime | None) -> None:
    """Remember since when nothing can be delivered to a person, or that it can again (None)."""
    person = await get(session, person_id)
    if at is None or person.blocked_at is None:
        person.blocked_at = at
    await session.flush()


async def paused_with_an_end(session: AsyncSession) -> Sequence[tuple[Person, Enrolment]]:
    """Patients whose pause has a date on which it ends."""
    rows = await session.execute(
        select(Person, Enrolment)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.state == EnrolmentState.PAUSED, Enrolment.paused_until.is_not(None))
        .with_for_update(skip_locked=True)
    )
    return [(person, enrolment) for person, enrolment in rows]


def name_place(person_id: int) -> Place:
    """Where somebody's sealed name belongs."""
    return Place(table="people", column="name", row=person_id, person=person_id)
