"""Patients' own words in Telegram: behind a button, with the digest, or never, as the clinic chooses."""

from collections.abc import Sequence
from dataclasses import replace

from alliance.access import About, Action, allowed
from alliance.buttons import decode
from alliance.delivery import Lane
from alliance.digest import Digest as Content
from alliance.places import WordsInTelegram
from alliance.presses import ShowWords
from alliance.saying import Saying
from storage import people
from storage.tables import Digest, Person
from workflows.review_flags import is_chosen_reader, say_words
from workflows.unit import Unit


def as_the_clinic_chose(unit: Unit, sayings: Sequence[Saying]) -> tuple[Saying, ...]:
    """The messages of a digest; without the buttons that show words where words are never shown in Telegram."""
    if unit.clinic.words_in_telegram is WordsInTelegram.NEVER:
        return tuple(_without_words_buttons(saying) for saying in sayings)
    return tuple(sayings)


async def say_words_with(unit: Unit, digest: Digest, content: Content, clinician: Person) -> None:
    """Say what patients wrote right after the digest, where the clinic wants that; the buttons show it again later."""
    if unit.clinic.words_in_telegram is not WordsInTelegram.WITH_DIGEST:
        return
    await unit.session.refresh(digest)  # as it reads from the database, in plain values
    actor = await people.actor(unit.session, clinician, now=unit.now)
    named = [line.patient_id for line in (*content.flags, *content.wrote)]
    writing = {line.patient_id for line in content.wrote} | {flag.patient_id for flag in content.flags if flag.heard}
    for patient_id in dict.fromkeys(named):
        enrolment = await people.enrolment(unit.session, patient_id)
        about = About(patient_id=patient_id, clinician_id=enrolment.clinician_id if enrolment else None)
        may_read = allowed(actor, Action.READ_WORDS, about) or await is_chosen_reader(unit, patient_id, clinician.id)
        if patient_id in writing and may_read:
            await say_words(unit, clinician, digest.id, patient_id, lane=Lane.DIGEST)


def _without_words_buttons(saying: Saying) -> Saying:
    rows = (tuple(b for b in row if not isinstance(decode(b.press), ShowWords)) for row in saying.rows)
    return replace(saying, rows=tuple(row for row in rows if row))
