"""A clinician acts on a flag, or reads what a patient wrote."""

from alliance.access import About, Action, allowed
from alliance.digest_json import from_json
from alliance.digest_messages import flag_card
from alliance.flags import FlagAction, FlagState, Resolution, after
from alliance.local_time import local_day
from alliance.presses import ActOnFlag
from alliance.saying import headed, shown_words
from storage import audit, digests, flags, goals, messages, people
from storage.tables import Flag, Message, Person
from workflows.flag_line import flag_line
from workflows.one_thought import as_one, in_thoughts
from workflows.speak import WORDS_STAY, Answered, change, say
from workflows.unit import Unit
from workflows.words import day_and_time


async def act(unit: Unit, press: ActOnFlag, *, message_id: int) -> Answered:
    """Take note of what a clinician does about a flag, and show it on the card."""
    flag = await flags.get(unit.session, press.flag_id)
    if flag is None or unit.person is None:
        return Answered(said="toast.unknown")
    about = About(patient_id=flag.patient_id, clinician_id=flag.clinician_id)
    if not allowed(unit.actor, Action.REVIEW_FLAG, about):
        return Answered(said="toast.not_yours")
    if flag.state == FlagState.RESOLVED:
        await _show(unit, flag, unit.person, press.digest_id, message_id)
        return Answered(said="toast.flag_settled")
    flag.state, flag.settled_at = after(FlagState(flag.state), press.action), unit.now
    if press.action is FlagAction.NOT_A_RUPTURE:
        flag.resolution = Resolution.NOT_A_RUPTURE
    await flags.record_action(unit.session, flag.id, person_id=unit.person.id, action=press.action, now=unit.now)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.person.id,
        action=f"flag_{press.action}",
        object_kind="flag",
        object_id=flag.id,
    )
    await _show(unit, flag, unit.person, press.digest_id, message_id)
    return Answered(said=f"toast.flag_{press.action}")


async def _show(unit: Unit, flag: Flag, clinician: Person, digest_id: int, message_id: int) -> None:
    patient = await people.get(unit.session, flag.patient_id)
    line = await flag_line(unit, flag, patient, since=unit.now, language=clinician.language, reader=clinician)
    card = flag_card(
        line,
        digest_id=digest_id,
        on=local_day(unit.now, clinician.zone),
        zone=clinician.zone,
        wrote=bool(await _rows(unit, digest_id, patient.id)),
        wording=unit.wording(clinician.language),
    )
    last = line.acted.action if line.acted else ""
    await change(unit, clinician, message_id, card, key=f"flag:{flag.id}:{flag.state}:{last}")


async def show_words(unit: Unit, digest_id: int, patient_id: int) -> Answered:
    """Show what a patient wrote in the time a digest covers, in messages that are taken away again."""
    digest = await digests.get(unit.session, digest_id)
    if digest is None or unit.person is None:
        return Answered(said="toast.unknown")
    enrolment = await people.enrolment(unit.session, patient_id)
    about = About(patient_id=patient_id, clinician_id=enrolment.clinician_id if enrolment else None)
    if not allowed(unit.actor, Action.READ_WORDS, about):
        return Answered(said="toast.not_yours")
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.person.id,
        action="read_words",
        object_kind="patient",
        object_id=patient_id,
        detail={"digest": digest_id},
    )
    wording = unit.wording()
    patient = await people.get(unit.session, patient_id)
    rows = await _rows(unit, digest_id, patient_id)
    heard = await _heard(unit, digest_id, patient_id)
    kept = await goals.of(unit.session, patient_id)
    if kept:
        title = wording("own.goals.for_staff", who=patient.code_name)
        lines = "\n".join(f"• {goal}" for goal in kept.values())
        await say(unit, unit.person, headed(title, lines, protected=True), take_away_after=WORDS_STAY)
    for told in in_thoughts(rows):
        when = day_and_time(told[0].sent_at, unit.person.zone, wording)
        title = wording("words.title", who=patient.code_name, when=when)
        edited = f"{wording('words.edited')}\n" if told[0].version else ""
        body, phrases = as_one(unit, told, heard)
        saying = shown_words(f"{title}\n{edited}", body if body is not None else wording("words.none"), phrases)
        await say(unit, unit.person, saying, take_away_after=WORDS_STAY)
    return Answered(said="toast.shown" if rows or kept else "toast.nothing_written")


async def _rows(unit: Unit, digest_id: int, patient_id: int) -> list[Message]:
    digest = await digests.get(unit.session, digest_id)
    if digest is None:
        return []
    content = from_json(digest.content)
    ids = [row for wrote in content.wrote if wrote.patient_id == patient_id for row in wrote.message_rows]
    ids += [heard.message_row for flag in content.flags if flag.patient_id == patient_id for heard in flag.heard]
    rows = [await messages.get(unit.session, row) for row in dict.fromkeys(ids)]
    theirs = [row for row in rows if row is not None and row.person_id == patient_id]
    return sorted(theirs, key=lambda row: (row.received_at, row.message_id, row.version))


async def _heard(unit: Unit, digest_id: int, patient_id: int) -> dict[int, list[tuple[int, int]]]:
    """Where something was heard in each message of a digest's patient."""
    digest = await digests.get(unit.session, digest_id)
    places: dict[int, list[tuple[int, int]]] = {}
    for flag in from_json(digest.content).flags if digest else ():
        for heard in flag.heard if flag.patient_id == patient_id else ():
            places.setdefault(heard.message_row, []).append((heard.first, heard.last))
    return places
