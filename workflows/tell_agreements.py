"""For the digest: which agreements patients have said yes to since the last one, and which wait for an answer."""

from collections.abc import Mapping
from datetime import datetime

from alliance.agreement import AgreementLine, AgreementState
from alliance.local_time import local_day
from storage import agreements
from storage.tables import Person
from workflows.unit import Unit


async def agreement_lines(
    unit: Unit, patients: Mapping[int, Person], *, since: datetime, zone: str
) -> tuple[AgreementLine, ...]:
    """A line for each; what was sent on this very day is not waited for yet."""
    today = local_day(unit.now, zone)
    lines: list[AgreementLine] = []
    for row in await agreements.lately(unit.session, list(patients), since=since):
        is_agreed = row.state == AgreementState.AGREED
        on = local_day(row.answered_at if is_agreed and row.answered_at else row.sent_at, zone)
        if is_agreed or on < today:
            name = patients[row.patient_id].code_name
            lines.append(AgreementLine(patient_id=row.patient_id, code_name=name, state=row.state, since_on=on))
    return tuple(lines)
