"""Whoever looks at a patient in the console leaves a line in the audit: who, at whom, when; never what was seen."""

from storage import audit
from workflows.unit import Unit


async def note_look(unit: Unit, person_id: int, *, action: str, kind: str, about: int | None) -> None:
    """Note one look, in a transaction of its own, before what was looked at leaves the house."""
    await audit.record(unit.session, at=unit.now, actor_id=person_id, action=action, object_kind=kind, object_id=about)
