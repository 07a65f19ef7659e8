"""When somebody who never stirs at night does so for days, they are asked whether their clock has changed."""

from alliance.clock_page import clock_question
from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState
from alliance.own_menu import done
from alliance.welcoming import zone_in_words
from alliance.zone_hint import BEFORE, LATELY, clock_may_have_changed, is_night, may_ask
from storage import acts, alerts, audit, people, preferences
from storage.tables import Person
from workflows.page import turn
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import clock_time


async def ask_about_the_clock(unit: Unit, patient: Person) -> bool:
    """Ask, if what this patient has just done makes another zone likely; whether it was asked.

    Only somebody who is awake is asked: it follows what they did. Never while an alert of theirs is open.
    """
    if not is_night(unit.now, patient.zone):
        return False
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or enrolment.state != EnrolmentState.ACTIVE or patient.chat_id is None:
        return False
    asked = await preferences.zone_asked(unit.session, patient.id)
    if not may_ask(asked_at=asked.asked_at, kept_at=asked.kept_at, now=unit.now):
        return False
    if await alerts.live(unit.session, patient.chat_id) is not None:
        return False
    since = max(filter(None, (asked.set_at, unit.now - LATELY - BEFORE)))
    done_at = await acts.of(unit.session, patient.id, since=since)
    if not clock_may_have_changed(done_at, zone=patient.zone, now=unit.now):
        return False
    await preferences.note_zone(unit.session, patient.id, asked_at=unit.now)
    question = clock_question(unit.wording(), zone=patient.zone, time_there=clock_time(unit.now, patient.zone))
    await say(unit, patient, question, lane=Lane.REPLY)
    return True


async def keep_zone(unit: Unit, patient: Person, *, message_id: int | None) -> bool:
    """The clock is right: it is not asked about again until the patient chooses another zone."""
    await preferences.note_zone(unit.session, patient.id, kept_at=unit.now)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action="zone_kept",
        object_kind="patient",
        object_id=patient.id,
    )
    text = unit.wording()("asking.zone.kept", zone=zone_in_words(patient.zone))
    await turn(unit, patient, done(unit.wording(), text), message_id=message_id)
    return True
