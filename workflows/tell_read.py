"""A patient hears that the care team has read what they sent: one sentence, once a day, never by whom or what of."""

from datetime import timedelta

from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState
from alliance.local_time import local_day
from alliance.marker import Signal
from alliance.own_menu import menu_row
from alliance.read_note import when_told
from alliance.saying import Saying
from storage import outbox, people, preferences
from storage.tables import Flag
from workflows.speak import say
from workflows.unit import Unit

NOTE = "was_read:"  # begins the keys of these notes
STALE_AFTER = timedelta(minutes=30)  # later it would come in the evening, in quiet hours, or answer something else
WITHOUT_AN_ANSWER = frozenset({Signal.SILENCE, Signal.FADING})  # nothing was sent that could have been read


async def tell_flag_read(unit: Unit, flag: Flag) -> None:
    """Somebody has acted on a flag; where it is about answers, these were read."""
    if flag.signal not in WITHOUT_AN_ANSWER:
        await tell_read(unit, flag.patient_id)


async def tell_nothing_queued(unit: Unit, patient_id: int) -> None:
    """What was to be said is not: the patient does not want it, or the hour for it is another one now."""
    await outbox.call_off(unit.session, beginning=f"{NOTE}{patient_id}:")


async def tell_read(unit: Unit, patient_id: int) -> None:
    """Something a patient sent was read: say so at the next hour for it, at most once on that patient's day.

    Nobody is told who has paused or stopped, now or by then, or who does not want it.
    """
    patient, enrolment = await people.get(unit.session, patient_id), await people.enrolment(unit.session, patient_id)
    if enrolment is None or enrolment.state != EnrolmentState.ACTIVE:
        return
    if not await preferences.hears_of_reading(unit.session, patient_id):
        return
    own = await preferences.own_quiet(unit.session, patient_id)
    at = when_told(unit.now, zone=patient.zone, quiet=(unit.clinic.quiet, own) if own else (unit.clinic.quiet,))
    if at is None:
        return
    wording = unit.wording(patient.language)
    await say(
        unit,
        patient,
        Saying(text=wording("reading.told"), rows=(menu_row(wording),)),
        lane=Lane.BULK,
        key=f"{NOTE}{patient_id}:{local_day(at, patient.zone)}",
        due_at=at,
        expires_at=at + STALE_AFTER,
        only_while_enrolled=True,
    )
