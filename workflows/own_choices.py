"""A patient chooses the hour, the zone, the language or the quiet hours; it counts at once, and is said."""

from alliance.clock_page import KEEP
from alliance.enrolment import EnrolmentState
from alliance.local_time import known_zone
from alliance.own_hours import in_words, leave_room, read_quiet, read_time
from alliance.own_menu import OFF, done
from alliance.welcoming import zone_in_words
from alliance.wording import Wording
from storage import audit, checkins, preferences
from storage.tables import Enrolment, Person
from workflows.page import turn
from workflows.propose_zone import keep_zone
from workflows.quiet_hours import out_of_own
from workflows.schedule import plan_anew, plan_around
from workflows.show_checkin import show_where_it_stands
from workflows.show_commands import show_commands
from workflows.tell_read import tell_nothing_queued
from workflows.unit import Unit
from workflows.words import day_and_time


async def choose_time(unit: Unit, patient: Person, enrolment: Enrolment, words: str, *, message_id: int | None) -> bool:
    """Take the hour at which a check-in is welcome; False for words that are no time of day."""
    wording, chosen = unit.wording(), read_time(words)
    if len(enrolment.at) > 1:  # which of them is meant, nobody could say
        await turn(unit, patient, done(wording, wording("own.time.by_clinic")), message_id=message_id)
        return True
    if chosen is None:
        return False
    enrolment.at, enrolment.keeps_own_time = [chosen], True  # before an hour that a programme names
    await plan_anew(unit, patient, enrolment)
    await _note(unit, patient, "time_chosen", {"at": chosen})
    text = wording("own.time.kept", time=chosen, coming=await coming(unit, patient, enrolment, wording))
    await turn(unit, patient, done(wording, text), message_id=message_id)
    return True


async def choose_zone(unit: Unit, patient: Person, enrolment: Enrolment, zone: str, *, message_id: int | None) -> bool:
    """Follow the clock of another zone, or keep this one; the hour on the wall stays. False for what is no zone."""
    if zone == KEEP:
        return await keep_zone(unit, patient, message_id=message_id)
    if not known_zone(zone):
        return False
    wording = unit.wording()
    patient.zone = zone
    await preferences.note_new_zone(unit.session, patient.id, now=unit.now)
    await tell_nothing_queued(unit, patient.id)  # its hour was one of the zone before
    await plan_anew(unit, patient, enrolment)
    await _note(unit, patient, "zone_chosen", {"zone": zone})
    text = wording("own.zone.kept", zone=zone_in_words(zone), coming=await coming(unit, patient, enrolment, wording))
    await turn(unit, patient, done(wording, text), message_id=message_id)
    return True


async def choose_language(unit: Unit, patient: Person, language: str, *, message_id: int | None) -> bool:
    """Speak another language from now on, in open check-ins too; False for one there is no wording in."""
    if language not in unit.clinic.wordings.languages:
        return False
    patient.language = language
    if language in unit.clinic.instrument.languages:
        for checkin in (
            *await checkins.still_open(unit.session, patient.id),
            *await checkins.waiting_for_a_remark(unit.session, patient.id),
        ):
            if checkin.language == language:
                continue  # it says just that already, and Telegram refuses what changes nothing
            checkin.language = language
            await show_where_it_stands(unit, patient, checkin, message_id=None)  # a tap is on words that stand there
    await _note(unit, patient, "language_chosen", {"language": language})
    await show_commands(unit, patient, unit.actor.roles, anew=True)
    wording = unit.wording()
    await turn(unit, patient, done(wording, wording("own.language.kept")), message_id=message_id)
    return True


async def choose_quiet(
    unit: Unit, patient: Person, enrolment: Enrolment, words: str, *, message_id: int | None
) -> bool:
    """Keep own quiet hours, or none; False for words that are neither."""
    wording, quiet = unit.wording(), read_quiet(words)
    if quiet is None and words != OFF:
        return False
    if quiet is not None and not leave_room((unit.clinic.quiet, quiet)):
        await turn(unit, patient, done(wording, wording("own.quiet.too_long")), message_id=message_id)
        return True
    await preferences.set_own_quiet(unit.session, patient.id, quiet)
    await plan_around(unit, patient, enrolment)
    await tell_nothing_queued(unit, patient.id)  # its hour may be a quiet one now
    await _note(unit, patient, "quiet_hours_chosen", {"hours": in_words(quiet) if quiet else OFF})
    next_one = await coming(unit, patient, enrolment, wording)
    if quiet is None:
        text = wording("own.quiet.dropped", coming=next_one)
    else:
        text = wording("own.quiet.kept", hours=in_words(quiet), coming=next_one)
    await turn(unit, patient, done(wording, text), message_id=message_id)
    return True


async def coming(unit: Unit, patient: Person, enrolment: Enrolment, wording: Wording) -> str:
    """When the next check-in reaches this patient, in one sentence."""
    if enrolment.state == EnrolmentState.PAUSED:
        return wording("own.coming.paused")
    if enrolment.next_due_at is None:
        return wording("own.coming.none")
    arrives_at = await out_of_own(unit, patient, enrolment.next_due_at)
    return wording("own.coming.at", when=day_and_time(arrives_at, patient.zone, wording))


async def _note(unit: Unit, patient: Person, action: str, detail: dict[str, object]) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action=action,
        object_kind="patient",
        object_id=patient.id,
        detail=detail,
    )
