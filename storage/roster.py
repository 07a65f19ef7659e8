"""Questions about the clinic's own ids: who is meant by one, and what the last import said of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Sealed
from storage.database import vault_of
from storage.tables import Enrolment, Person, RosterEntry, StaffRole
from storage.vault import Place

MOST_AT_ONCE = 5_000  # ids in one question; both databases take more
_PURPOSE = "clinic id"  # of the mark


def folded(clinic_id: str) -> str:
    """A clinic's id as it is compared: capitals and spaces make no other patient."""
    return " ".join(clinic_id.split()).casefold()


async def by_clinic_id(session: AsyncSession, clinic_id: str) -> Person | None:
    """The patient whom the clinic calls so; None for an id that nobody has."""
    return (await by_clinic_ids(session, [clinic_id])).get(folded(clinic_id))


async def by_clinic_ids(session: AsyncSession, clinic_ids: Iterable[str]) -> dict[str, Person]:
    """The patients whom the clinic calls so, by the folded id."""
    wanted = _marks(session, clinic_ids)
    rows = await session.execute(
        select(RosterEntry.mark, Person)
        .join(Person, Person.id == RosterEntry.patient_id)
        .where(RosterEntry.mark.in_(wanted))
    )
    return {wanted[mark]: person for mark, person in rows}


async def entries(session: AsyncSession, clinic_ids: Iterable[str]) -> dict[str, RosterEntry]:
    """What was imported last of these patients, by the folded id."""
    wanted = _marks(session, clinic_ids)
    rows = await session.scalars(select(RosterEntry).where(RosterEntry.mark.in_(wanted)))
    return {wanted[row.mark]: row for row in rows}


async def entries_of(session: AsyncSession, patient_ids: Iterable[int]) -> dict[int, RosterEntry]:
    """The same by the patients' ids."""
    wanted = list(patient_ids)
    found: dict[int, RosterEntry] = {}
    for start in range(0, len(wanted), MOST_AT_ONCE):
        some = wanted[start : start + MOST_AT_ONCE]
        rows = await session.scalars(select(RosterEntry).where(RosterEntry.patient_id.in_(some)))
        found |= {row.patient_id: row for row in rows}
    return found


async def clinic_ids(session: AsyncSession, patient_ids: Iterable[int]) -> dict[int, str]:
    """What the clinic calls these patients; one that no roster has named is left out."""
    found = await entries_of(session, patient_ids)
    return {patient_id: clinic_id_of(session, row) for patient_id, row in found.items()}


async def people_called(session: AsyncSession, code_names: Iterable[str]) -> dict[str, tuple[Person, Enrolment | None]]:
    """The people of these code names with their enrolments, by the folded code name."""
    wanted = {" ".join(name.split()).casefold() for name in code_names}
    return await _with_enrolments(session, Person.code_name_folded.in_(wanted))


async def patients(session: AsyncSession, patient_ids: Iterable[int]) -> dict[int, tuple[Person, Enrolment | None]]:
    """These people with their enrolments, by id."""
    found = await _with_enrolments(session, Person.id.in_(list(patient_ids)))
    return {person.id: (person, enrolment) for person, enrolment in found.values()}


async def everybody_of_staff(session: AsyncSession) -> Sequence[Person]:
    """Everybody who has or had a role, or whose patients there are."""
    in_role, primary = select(StaffRole.person_id), select(Enrolment.clinician_id)
    rows = await session.scalars(select(Person).where(Person.id.in_(in_role) | Person.id.in_(primary)))
    return rows.all()


def keep(
    session: AsyncSession, patient_id: int, *, clinic_id: str, cells: Mapping[str, str], now: datetime
) -> RosterEntry:
    """Write down what an import said of a patient, for the first time; it is stored with the next flush."""
    entry = RosterEntry(
        patient_id=patient_id,
        mark=vault_of(session).marks(folded(clinic_id), purpose=_PURPOSE)[0],
        clinic_id=vault_of(session).seal(clinic_id, _place("clinic_id", patient_id)),
        cells=_sealed(session, patient_id, cells),
        changed_at=now,
    )
    session.add(entry)
    return entry


def change(session: AsyncSession, entry: RosterEntry, *, cells: Mapping[str, str], now: datetime) -> None:
    """Write down what an import says of a patient by now."""
    entry.cells, entry.changed_at = _sealed(session, entry.patient_id, cells), now


def clinic_id_of(session: AsyncSession, entry: RosterEntry) -> str:
    """The clinic's own id, as the clinic wrote it."""
    return vault_of(session).open(entry.clinic_id, _place("clinic_id", entry.patient_id))


def cells_of(session: AsyncSession, entry: RosterEntry) -> dict[str, str]:
    """The cells of the row that was imported last, by column; the empty ones are left out."""
    opened = vault_of(session).open(entry.cells, _place("cells", entry.patient_id))
    return cast("dict[str, str]", json.loads(opened))  # written by ``_sealed`` alone: the box opens nothing else


def _sealed(session: AsyncSession, patient_id: int, cells: Mapping[str, str]) -> Sealed:
    return vault_of(session).seal(json.dumps(dict(cells), ensure_ascii=False), _place("cells", patient_id))


def _marks(session: AsyncSession, clinic_ids: Iterable[str]) -> dict[str, str]:
    """Every mark that one of these ids may be kept under, with the folded id it stands for."""
    vault = vault_of(session)
    wanted = {folded(clinic_id) for clinic_id in clinic_ids}
    return {mark: one for one in wanted for mark in vault.marks(one, purpose=_PURPOSE)}


async def _with_enrolments(
    session: AsyncSession, which: ColumnElement[bool]
) -> dict[str, tuple[Person, Enrolment | None]]:
    rows = await session.execute(
        select(Person, Enrolment).outerjoin(Enrolment, Enrolment.patient_id == Person.id).where(which)
    )
    # SQLAlchemy's types do not know that an outer join may find none
    found = cast("Sequence[tuple[Person, Enrolment | None]]", rows.all())
    return {person.code_name_folded: (person, enrolment) for person, enrolment in found}


def _place(column: str, patient_id: int) -> Place:
    return Place(table="roster_entries", column=column, row=patient_id, person=patient_id)
