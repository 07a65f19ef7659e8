"""A clinician acts on a flag, or reads what a patient wrote."""

from dataclasses import dataclass

from alliance.access import Action
from alliance.delivery import Lane
from alliance.digest_json import from_json
from alliance.flags import FlagAction, FlagState, Resolution, after
from alliance.places import WordsInTelegram
from alliance.presses import ActOnFlag
from alliance.saying import headed, shown_words
from storage import audit, digests, flags, goals, people
from storage.tables import Person
from workflows.flag_rights import may_read_words, refusal
from workflows.one_thought import as_one, in_thoughts
from workflows.schedule import plan_again
from workflows.show_flag import OnCard, card_of, note, rows_of, show
from workflows.sights import sight_of
from workflows.speak import WORDS_STAY, Answered, say
from workflows.tell_read import tell_flag_read, tell_read
from workflows.unit import Unit
from workflows.words import day_and_time

NEVER = WordsInTelegram.NEVER
_SEEN = (FlagState.ACKNOWLEDGED, FlagAction.REVIEWED)


async def act(unit: Unit, press: ActOnFlag, *, message_id: int) -> Answered:
    """Take note of what a clinician does about a flag, and show it on the card.

    Of two who press at once the first one counts; looking at what was looked at before is no deed of its own.
    """
    flag = await flags.get(unit.session, press.flag_id)
    if flag is None or unit.person is None:
        return Answered(said="toast.unknown")
    if refused := await refusal(unit, flag, Action.REVIEW_FLAG):
        return Answered(said=refused)
    at = OnCard(
        flag=flag,
        patient=await people.get(unit.session, flag.patient_id),
        reader=unit.person,
        digest_id=press.digest_id,
        message_id=message_id,
    )
    if flag.state == FlagState.RESOLVED or (flag.state, press.action) == _SEEN:
        await show(unit, at)
        return Answered(said="toast.flag_settled" if flag.state == FlagState.RESOLVED else "acting.toast.seen_before")
    await take_note(unit, at, press.action)
    is_none = press.action is FlagAction.NOT_A_RUPTURE
    await show(unit, at, at.pages(unit).reasons(await card_of(unit, at)) if is_none else None)
    return Answered(said=f"toast.flag_{press.action}")


async def act_on(unit: Unit, flag_id: int, action: FlagAction) -> str:
    """The same from where there is no card to be shown anew; the key of the sentence that says what it came to."""
    flag = await flags.get(unit.session, flag_id)
    if flag is None or unit.person is None:
        return "toast.unknown"
    if refused := await refusal(unit, flag, Action.REVIEW_FLAG):
        return refused
    if flag.state == FlagState.RESOLVED or (flag.state, action) == _SEEN:
        return "toast.flag_settled" if flag.state == FlagState.RESOLVED else "acting.toast.seen_before"
    patient = await people.get(unit.session, flag.patient_id)
    at = OnCard(flag=flag, patient=patient, reader=unit.person, digest_id=0, message_id=None)
    await take_note(unit, at, action)
    return f"toast.flag_{action}"


async def take_note(unit: Unit, at: OnCard, action: FlagAction) -> None:
    """Write down what somebody who may does about a flag that nobody has settled; its patient may hear of it."""
    flag = at.flag
    flag.state, flag.settled_at = after(FlagState(flag.state), action), unit.now
    if action is FlagAction.NOT_A_RUPTURE:
        flag.resolution = Resolution.NOT_A_RUPTURE
        await plan_again(unit, flag.patient_id)
    await flags.record_action(unit.session, flag.id, person_id=at.reader.id, action=action, now=unit.now)
    await tell_flag_read(unit, flag)
    await note(unit, at, f"flag_{action}")


async def show_words(unit: Unit, digest_id: int, patient_id: int) -> Answered:
    """Show what a patient wrote in the time a digest covers, in messages that are taken away again."""
    digest = await digests.get(unit.session, digest_id)
    if digest is None or unit.person is None:
        return Answered(said="toast.unknown")
    enrolment = await people.enrolment(unit.session, patient_id)
    is_chosen = await is_chosen_reader(unit, patient_id, unit.person.id)
    if not (is_chosen or await may_read_words(unit, patient_id, enrolment.clinician_id if enrolment else None)):
        return Answered(said="toast.not_yours")
    if unit.clinic.words_in_telegram is NEVER:  # a button of before the clinic decided so
        return Answered(said="toast.words_elsewhere")
    found = await say_words(unit, unit.person, digest_id, patient_id)
    if found.words:
        await tell_read(unit, patient_id)
    return Answered(said="toast.shown" if found.words or found.goals else "toast.nothing_written")


async def is_chosen_reader(unit: Unit, patient_id: int, reader_id: int) -> bool:
    """Whether the patient has given something to this reader, who is not their own clinician."""
    sight = await sight_of(unit, patient_id, reader_id)
    return sight is not None and not sight.is_own


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """Whether there was anything to show: of what the patient wrote, and of their goals."""

    words: bool
    goals: bool


async def say_words(unit: Unit, reader: Person, digest_id: int, patient_id: int, *, lane: Lane = Lane.REPLY) -> Shown:
    """Say what a patient wrote to somebody who may read it, protected and for ten minutes."""
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=reader.id,
        action="read_words",
        object_kind="patient",
        object_id=patient_id,
        detail={"digest": digest_id},
    )
    wording = unit.wording(reader.language)
    patient = await people.get(unit.session, patient_id)
    rows = await rows_of(unit, digest_id, patient_id, reader=reader)
    heard = await _heard(unit, digest_id, patient_id)
    kept = {} if await is_chosen_reader(unit, patient_id, reader.id) else await goals.of(unit.session, patient_id)
    if kept:
        title = wording("own.goals.for_staff", who=patient.code_name)
        lines = "\n".join(f"• {goal}" for goal in kept.values())
        await say(unit, reader, headed(title, lines, protected=True), lane=lane, take_away_after=WORDS_STAY)
    for told in in_thoughts(rows):
        when = day_and_time(told[0].sent_at, reader.zone, wording)
        title = wording("words.title", who=patient.code_name, when=when)
        edited = f"{wording('words.edited')}\n" if told[0].version else ""
        body, phrases = as_one(unit, told, heard)
        saying = shown_words(f"{title}\n{edited}", body if body is not None else wording("words.none"), phrases)
        await say(unit, reader, saying, lane=lane, take_away_after=WORDS_STAY)
    return Shown(words=bool(rows), goals=bool(kept))


async def _heard(unit: Unit, digest_id: int, patient_id: int) -> dict[int, list[tuple[int, int]]]:
    """Where something was heard in each message of a digest's patient."""
    digest = await digests.get(unit.session, digest_id)
    places: dict[int, list[tuple[int, int]]] = {}
    for flag in from_json(digest.content).flags if digest else ():
        for heard in flag.heard if flag.patient_id == patient_id else ():
            places.setdefault(heard.message_row, []).append((heard.first, heard.last))
    return places
