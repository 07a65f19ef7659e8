"""A patient gets everything that is kept about them: one file to read, one for other programs."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

from alliance.access import About, Action, allowed
from alliance.saying import Saying
from storage import audit
from storage.everything import about
from storage.tables import Person
from workflows.record_page import Reading, Row, render_record
from workflows.speak import say, send_file
from workflows.unit import Unit
from workflows.words import clinician_name

RECORD = "record:"  # begins the keys of the files, which are forgotten once they have been sent
ONCE_IN = timedelta(minutes=10)  # a second tap means the same files


async def send_record(unit: Unit, patient: Person) -> None:
    """Send both files to the patient's own chat, at most once in ten minutes; that they were had is noted."""
    if not allowed(unit.actor, Action.HAVE_OWN_RECORD, About(patient_id=patient.id)):
        return
    wording = unit.wording()
    kept = await about(unit.session, patient)
    reading = Reading(
        kept=kept,
        instruments=unit.clinic.instruments,
        clinicians=await _clinicians(unit, kept),
        zone=patient.zone,
        wording=wording,
    )
    page = render_record(reading, clinic=unit.clinic.name, made_at=unit.now)
    key = f"{RECORD}{patient.id}:{int(unit.now.timestamp()) // int(ONCE_IN.total_seconds())}"
    name = wording("own.file.name")
    await say(unit, patient, Saying(text=wording("own.data.coming")), key=f"{key}:said")
    await send_file(unit, patient, name=f"{name}.html", text=page, key=f"{key}:html")
    await send_file(unit, patient, name=f"{name}.json", text=json.dumps(kept, indent=2), key=f"{key}:json")
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action="had_own_record",
        object_kind="patient",
        object_id=patient.id,
    )


async def _clinicians(unit: Unit, kept: Mapping[str, object]) -> dict[int, str]:
    rows = cast("Sequence[Row]", kept["checkins"])
    asked_about = {cast("int", row[whom]) for row in rows for whom in ("clinician_id", "bond_about_id") if row[whom]}
    asked_about |= {
        cast("int", row["reader_id"])
        for row in cast("Sequence[Row]", kept["audience_choices"])
        if row["reader_id"] is not None
    }
    return {clinician_id: await clinician_name(unit, clinician_id) for clinician_id in sorted(asked_about)}
