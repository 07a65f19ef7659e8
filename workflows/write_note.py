"""A clinician writes to a patient: seen before it goes, signed, kept sealed, and never to somebody who has left."""

from datetime import datetime

from alliance.access import Action
from alliance.acting import Deed
from alliance.asking import help_row
from alliance.delivery import OutboxState
from alliance.digest_words import shown
from alliance.enrolment import ENDED, EnrolmentState
from alliance.flags import FlagState
from alliance.notes import NOTE_KEY, NoteState, fits
from alliance.saying import Saying
from alliance.wording import main_language
from storage import flags, notes, outbox, people
from storage.intents import Settled
from storage.tables import NoteToPatient, Person
from workflows.flag_rights import refusal
from workflows.quiet_hours import when_welcome
from workflows.reach_patient import record_message
from workflows.show_flag import OnCard, note, record_deed, show
from workflows.speak import say
from workflows.unit import Unit


async def refusal_to_write(unit: Unit, at: OnCard) -> str | None:
    """The word that says why nothing can be written to this patient; None where it can."""
    enrolment = await people.enrolment(unit.session, at.patient.id)
    if enrolment is None or enrolment.state == EnrolmentState.INVITED or enrolment.state in ENDED:
        return "acting.toast.not_taking_part"
    if at.patient.chat_id is None or at.patient.blocked_at is not None:
        return "acting.toast.unreachable"
    return None


async def choose(unit: Unit, at: OnCard, script_id: str) -> str:
    """Show the scripted notes there are in the patient's language, or one of them as it would be read."""
    if refused := await refusal_to_write(unit, at):
        return refused
    spoken, mine = main_language(at.patient.language), main_language(at.reader.language)
    scripts = {script.id: script for script in unit.clinic.scripts if spoken in script.texts}
    if script_id not in scripts:
        await show(unit, at, at.pages(unit).scripts({each.id: each.title(mine) for each in scripts.values()}))
        return ""
    draft = await notes.draft(
        unit.session,
        at.flag,
        scripts[script_id].texts[spoken],
        digest_id=at.digest_id,
        by_id=at.reader.id,
        script=script_id,
        now=unit.now,
    )
    await show(unit, at, await preview(unit, at, draft))
    return "acting.toast.drafted"


async def draft_own(unit: Unit, at: OnCard, words: str, *, typed_in: int) -> None:
    """Show what a clinician has typed as the patient would read it, below what was typed."""
    draft = await notes.draft(
        unit.session, at.flag, words, digest_id=at.digest_id, by_id=at.reader.id, typed_in=typed_in, now=unit.now
    )
    await show(unit, at, await preview(unit, at, draft))


async def preview(unit: Unit, at: OnCard, draft: NoteToPatient) -> Saying:
    """A draft as its patient would read it, with what its author should know before it goes."""
    enrolment = await people.enrolment(unit.session, at.patient.id)
    notices: list[str] = []
    if enrolment is not None and enrolment.state == EnrolmentState.PAUSED:
        notices.append("paused")
    if await when_welcome(unit, at.patient, unit.now) > unit.now:
        notices.append("later")
    text = _as_read(unit, at.patient, at.reader, notes.words_of(unit.session, draft))
    return at.pages(unit).preview(text, notices=notices, note_id=draft.id)


async def settle_draft(unit: Unit, at: OnCard, choice: str, *, sends: bool) -> str:
    """Send a draft, once, or drop it; only its author can."""
    draft = await notes.get(unit.session, int(choice)) if choice.isascii() and choice.isdigit() else None
    if draft is None or draft.flag_id != at.flag.id or draft.by_id != at.reader.id:
        return "toast.unknown"
    if draft.state != NoteState.DRAFT:
        dropped = draft.state == NoteState.DROPPED
        return "acting.toast.dropped" if dropped else "acting.toast.sent_before"
    if sends and (refused := await refusal_to_write(unit, at)):
        return refused
    if not sends:
        draft.state = NoteState.DROPPED
        await _say_in_place(unit, at, "acting.note.dropped")
        return "acting.toast.dropped"
    due_at = await when_welcome(unit, at.patient, unit.now)
    await _send(unit, at, draft, due_at=due_at)
    await _say_in_place(unit, at, "acting.note.sent" if due_at <= unit.now else "acting.note.sent_later")
    return "acting.toast.sent"


async def _send(unit: Unit, at: OnCard, draft: NoteToPatient, *, due_at: datetime) -> None:
    draft.state, draft.sent_at = NoteState.SENT, unit.now
    words = notes.words_of(unit.session, draft)
    saying = Saying(
        text=_as_read(unit, at.patient, at.reader, words), rows=(help_row(unit.wording(at.patient.language)),)
    )
    await say(unit, at.patient, saying, key=f"{NOTE_KEY}{draft.id}", due_at=due_at)
    await record_deed(unit, at, Deed.MESSAGE)
    await note(unit, at, "note_sent", {"note": draft.id, "script": draft.script})


async def take_edit(unit: Unit, author: Person, message_id: int, words: str | None) -> bool:
    """The message in which a note was typed was changed: a draft is shown anew, what was sent stays as it was.

    False where no note was typed in that message.
    """
    draft = await notes.typed_in(unit.session, author.id, message_id)
    if draft is None:
        return False
    flag = await flags.get(unit.session, draft.flag_id) if draft.flag_id else None
    if draft.state != NoteState.DRAFT or flag is None or not words or flag.state == FlagState.RESOLVED:
        return True
    at = OnCard(
        flag=flag,
        patient=await people.get(unit.session, flag.patient_id),
        reader=author,
        digest_id=draft.digest_id,
        message_id=None,
    )
    if (
        await refusal(unit, flag, Action.WRITE_TO_PATIENT) is None
        and await refusal_to_write(unit, at) is None
        and fits(words)
    ):
        notes.say_anew(unit.session, draft, words)
        await show(unit, at, await preview(unit, at, draft))
    return True


async def settled(unit: Unit, post: Settled) -> None:
    """A note came to its end in the outbox: only one that arrived is contact, any other is told to its author."""
    found = await notes.get(unit.session, int(post.key.removeprefix(NOTE_KEY)))
    if found is None:
        return
    patient, author = await people.get(unit.session, found.patient_id), await people.get(unit.session, found.by_id)
    found.settled_at = unit.now
    if post.state is OutboxState.SENT:
        found.state = NoteState.ARRIVED
        await record_message(unit, patient, author)
        return
    await _lose(unit, found, patient, author, is_unknown=post.state is OutboxState.UNCERTAIN)


async def were_cancelled(unit: Unit, patient: Person, *, for_good: bool) -> None:
    """What waited for a patient was taken back: a break holds no note back, whoever has left gets none."""
    for found in await notes.on_their_way(unit.session, patient.id):
        key = f"{NOTE_KEY}{found.id}"
        state = await outbox.state_of(unit.session, key)
        is_unknown = state is OutboxState.UNCERTAIN
        if state is OutboxState.CANCELLED and not for_good:
            await outbox.try_again(unit.session, key, now=await when_welcome(unit, patient, unit.now))
        elif state is OutboxState.CANCELLED or is_unknown:
            author = await people.get(unit.session, found.by_id)
            await _lose(unit, found, patient, author, is_unknown=is_unknown)


async def _lose(unit: Unit, found: NoteToPatient, patient: Person, author: Person, *, is_unknown: bool) -> None:
    found.state, found.settled_at = NoteState.LOST, unit.now
    key = "acting.note.unknown" if is_unknown else "acting.note.lost"
    text = unit.wording(author.language)(key, name=shown(patient.code_name))
    await say(unit, author, Saying(text=text, protected=True), key=f"lost_{NOTE_KEY}{found.id}")


def _as_read(unit: Unit, patient: Person, author: Person, words: str) -> str:
    wording = unit.wording(patient.language)
    who = people.display_name(unit.session, author)
    return wording("acting.note.message", words=words.strip(), who=who, clinic=unit.clinic.name)


async def _say_in_place(unit: Unit, at: OnCard, key: str) -> None:
    await show(unit, at, at.pages(unit).prompt(key))
