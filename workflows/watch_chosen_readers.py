"""What patients gave to one person alone is not read: staff hear that, never what or whose; patients can choose anew.

It goes to nobody whom the patient has not chosen, however long it waits.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from alliance.acting import USUAL_WEEK, whole_working_days_between, works_on
from alliance.audience import Subject, Whom
from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState
from alliance.local_time import local_day, local_time
from alliance.names_on_display import shown
from alliance.own_menu import menu_row
from alliance.saying import Saying
from storage import acting, audiences, outbox, people
from storage.tables import Person
from workflows.quiet_hours import when_welcome
from workflows.speak import say
from workflows.unit import Unit
from workflows.who_looks_after import coordinators_and_leads


async def warn(unit: Unit) -> int:
    """Tell staff of chosen readers who do not look or are not there any more, and patients of the latter; how many."""
    if local_time(unit.now, unit.clinic.zone) < unit.clinic.digest_at:
        return 0
    here = await audiences.staff(unit.session, now=unit.now)
    return await _of_unread(unit, here.keys()) + await _of_gone(unit, here.keys())


async def _of_unread(unit: Unit, here: Iterable[int]) -> int:
    """The longest wait with each reader, after as many working days of theirs as any flag may wait, and again."""
    if not works_on(local_day(unit.now, unit.clinic.zone), USUAL_WEEK):
        return 0
    before = unit.now - timedelta(days=unit.clinic.untouched_after)
    waits = await acting.untouched_by_the_chosen(unit.session, before=before)
    told = 0
    for reader_id in sorted(waits.keys() & set(here)):
        reader = await people.get(unit.session, reader_id)
        today = local_day(unit.now, reader.zone)
        days = max(
            _waited(local_day(raised_at, reader.zone), until, today, reader) for raised_at, until in waits[reader_id]
        )
        oldest = min(raised_at for raised_at, _ in waits[reader_id])
        rounds = days // unit.clinic.untouched_after
        if rounds:
            told += await _tell_staff(
                unit, "readers.watch.unread", reader, count=days, key=f"unread:{oldest:%Y-%m-%d}:{rounds}"
            )
    return told


def _waited(raised_on: date, put_off_until: date | None, today: date, reader: Person) -> int:
    since = max(filter(None, (raised_on, put_off_until)))
    return whole_working_days_between(since, today, working_days=reader.working_days)


async def _of_gone(unit: Unit, here: Iterable[int]) -> int:
    """Whoever was chosen and is at the clinic no more: staff hear of it once, and each patient is asked once."""
    gone = set(await audiences.ever_chosen(unit.session)) - set(here)
    told = 0
    for reader_id in sorted(gone):
        reader = await people.get(unit.session, reader_id)
        patients = await _who_choose(unit, reader_id)
        if not patients:
            continue
        key = f"gone:{len(patients)}"
        told += await _tell_staff(unit, "readers.watch.gone", reader, count=len(patients), key=key)
        for patient in patients:
            told += await _ask(unit, patient, reader)
    return told


async def _who_choose(unit: Unit, reader_id: int) -> list[Person]:
    """The patients whose answers or words go to this person at the moment, where that is not their own clinician."""
    found: list[Person] = []
    for patient_id in sorted(await audiences.named_by(unit.session, reader_id)):
        enrolment = await people.enrolment(unit.session, patient_id)
        if enrolment is None or enrolment.state != EnrolmentState.ACTIVE or enrolment.clinician_id == reader_id:
            continue
        routing = await audiences.routing_of(unit.session, patient_id)
        now = [routing.audience(subject, at=unit.now) for subject in Subject]
        if any(one.whom is Whom.PERSON and one.reader_id == reader_id for one in now):
            found.append(await people.get(unit.session, patient_id))
    return found


async def _ask(unit: Unit, patient: Person, reader: Person) -> int:
    key = f"choose_anew:{patient.id}:{reader.id}"
    if await outbox.is_known(unit.session, key):
        return 0
    wording = unit.wording(patient.language)
    name = people.display_name(unit.session, reader)
    saying = Saying(text=wording("readers.watch.choose", reader=name), rows=(menu_row(wording),))
    at = await when_welcome(unit, patient, unit.now)
    await say(unit, patient, saying, lane=Lane.BULK, key=key, due_at=at, only_while_enrolled=True)
    return 1


async def _tell_staff(unit: Unit, sentence: str, reader: Person, *, count: int, key: str) -> int:
    told = 0
    for other in await coordinators_and_leads(unit):
        whole_key = f"chosen_reader:{reader.id}:{key}:{other.id}"
        if other.id == reader.id or other.chat_id is None or await outbox.is_known(unit.session, whole_key):
            continue
        text = unit.wording(other.language)(sentence, who=shown(reader.code_name), count=count)
        await say(unit, other, Saying(text=text), lane=Lane.DIGEST, key=whole_key)
        told += 1
    return told
