"""A digest as a page of the console, for its clinician and for whoever stands in for her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alliance.access import About, Action, allowed
from storage import people, staff_list
from storage.tables import Person
from workflows.arrange_digest import stored_or_now
from workflows.digest_page import render_page
from workflows.open_words import goals_for, phrases_for, words_for
from workflows.tell_read import tell_read
from workflows.unit import Unit
from workflows.who_stands_in import covered_by, everybody_away, stand_in_for

SHOWN_DAYS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """A clinician whose digests may be read, and the days that have one."""

    clinician: Person
    days: Sequence[date]


async def days_of(unit: Unit) -> list[Days]:
    """One's own digests, then those of colleagues who are away."""
    if unit.person is None:
        return []
    away = await everybody_away(unit, unit.now)
    colleagues = [person for person, _ in await covered_by(unit, unit.person, away, unit.now)]
    return [
        Days(clinician=person, days=await staff_list.digest_days(unit.session, person.id, limit=SHOWN_DAYS))
        for person in (unit.person, *colleagues)
        if person.digest_at is not None
    ]


async def digest_of(unit: Unit, clinician_id: int, on: date | None) -> str:
    """The page of that day, or as the digest would be now; raises LookupError alike for none and another's."""
    try:
        clinician = await people.get(unit.session, clinician_id)
    except KeyError:
        raise LookupError("no such digest") from None
    reader = await stand_in_for(unit, clinician, unit.now)
    covers = frozenset({reader.id}) if reader is not None and reader.id != clinician.id else frozenset[int]()
    may_read = allowed(unit.actor, Action.READ_DIGEST, About(clinician_id=clinician.id, covers=covers))
    if clinician.digest_at is None or unit.person is None or not may_read:
        raise LookupError("no such digest")
    content = await stored_or_now(unit, clinician, on)
    words = await words_for(unit, content)
    for patient_id in words:
        await tell_read(unit, patient_id)
    return render_page(
        content,
        words=words,
        phrases=await phrases_for(unit, content),
        goals=await goals_for(unit, content),
        wording=unit.wording(),
        clinic_name=unit.clinic.name,
    )
