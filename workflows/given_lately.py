"""Patients who became a clinician's since her last digest: what the one before had not been told goes along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import team
from storage.tables import Person
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Some patients of a caseload, and since when their clinician has not been told of them."""

    patients: dict[int, Person]
    since: datetime


async def given_lately(unit: Unit, clinician: Person, *, since: datetime) -> dict[int, datetime]:
    """The patients given to her since then, each with the moment up to which the one before was told."""
    rows = await team.given_to(unit.session, clinician.id, since=since)
    return {row.patient_id: min(row.untold_since, since) for row in rows}


def parts_of(patients: Mapping[int, Person], *, since: datetime, given: Mapping[int, datetime]) -> Sequence[Part]:
    """The caseload by since when there is something to tell; those who have been hers all along come first."""
    hers = {patient_id: patient for patient_id, patient in patients.items() if patient_id not in given}
    return (
        Part(patients=hers, since=since),
        *(
            Part(patients={patient_id: patients[patient_id]}, since=untold)
            for patient_id, untold in given.items()
            if patient_id in patients
        ),
    )
