"""A flag goes to a colleague of the team, with the right to act; the colleague may give it back."""

from datetime import datetime

from alliance.acting import MOST_COLLEAGUES, Deed, Held
from alliance.audience import Subject
from alliance.digest_words import shown
from alliance.people import Role
from alliance.saying import Saying
from alliance.sight import Sight
from storage import acting, people
from storage.tables import Person
from workflows.flag_rights import holder_of
from workflows.in_reach import can_be_reached
from workflows.show_flag import OnCard, note, record_deed, show
from workflows.sights import sights_of
from workflows.speak import say
from workflows.unit import Unit


async def hand_over(unit: Unit, at: OnCard, choice: str) -> str:
    """Show who could take a flag on, or hand it to one of them."""
    if not choice:
        could = await _colleagues(unit, at)
        first = {who.id: who.code_name for who in could[:MOST_COLLEAGUES]}
        await show(unit, at, at.pages(unit).colleagues(first, are_all=len(could) <= MOST_COLLEAGUES))
        return ""
    if choice == str(at.reader.id):
        return "acting.toast.to_yourself"
    colleague = next((who for who in await _colleagues(unit, at) if str(who.id) == choice), None)
    if colleague is None:
        return "acting.toast.has_left"
    await _hand_to(unit, at, colleague)
    return "acting.toast.handed_over"


async def hand_to_named(unit: Unit, at: OnCard, code_name: str) -> bool:
    """Hand a flag to whoever has that code name; False for oneself and for anybody who could not take it on."""
    found = await people.by_code_name(unit.session, code_name)
    could = {who.id for who in await _colleagues(unit, at)}
    if found is None or found.id not in could:
        return False
    await _hand_to(unit, at, found)
    return True


async def give_back(unit: Unit, at: OnCard) -> str:
    """Let the patient's own clinician have it again, and say so to her."""
    held = await holder_of(unit, at.flag)
    if held is None or held.held != Held.HANDED_OVER or held.person_id != at.reader.id:
        return "toast.unknown"
    await acting.give_back(unit.session, at.flag.id)
    await record_deed(unit, at, Deed.GIVEN_BACK, settles=False)
    owner = await people.get(unit.session, at.flag.clinician_id)
    wording = unit.wording(owner.language)
    text = wording("acting.hand.returned", who=shown(at.reader.code_name), name=shown(at.patient.code_name))
    await say(unit, owner, Saying(text=text, protected=True))
    await show(unit, OnCard(flag=at.flag, patient=at.patient, reader=owner, digest_id=at.digest_id, message_id=None))
    mine = unit.wording(at.reader.language)
    done = mine("acting.hand.done", name=shown(at.patient.code_name), who=shown(owner.code_name))
    await show(unit, at, Saying(text=done, protected=True))
    return "acting.toast.given_back"


async def _hand_to(unit: Unit, at: OnCard, colleague: Person) -> None:
    if colleague.id == at.flag.clinician_id:
        await acting.give_back(unit.session, at.flag.id)
    else:
        await acting.hand_to(
            unit.session,
            at.flag.id,
            person_id=colleague.id,
            held=Held.HANDED_OVER,
            by_id=at.reader.id,
            now=unit.now,
        )
    await record_deed(unit, at, Deed.HANDED_OVER, settles=False)
    await note(unit, at, "flag_with", {"person": colleague.id})
    theirs = OnCard(flag=at.flag, patient=at.patient, reader=colleague, digest_id=at.digest_id, message_id=None)
    await show(unit, theirs)
    wording = unit.wording(at.reader.language)
    done = wording("acting.hand.done", name=shown(at.patient.code_name), who=shown(colleague.code_name))
    await show(unit, at, Saying(text=done, protected=True))


async def _colleagues(unit: Unit, at: OnCard) -> list[Person]:
    """Clinicians who can be reached, by code name; not oneself, and not the patient.

    What a patient has given to somebody they chose goes to nobody to whom they have not given it as well.
    """
    others = await people.in_role(unit.session, Role.CLINICIAN, now=unit.now)
    could = [who for who in others if can_be_reached(who) and who.id not in {at.reader.id, at.patient.id}]
    if at.flag.is_routed:
        sights = {sight.reader_id: sight for sight in await sights_of(unit, at.patient.id)}
        could = [who for who in could if who.id in sights and _sees_all(sights[who.id], at=at.flag.since)]
    return sorted(could, key=lambda who: who.code_name)


def _sees_all(sight: Sight, *, at: datetime) -> bool:
    return all(sight.sees(subject, at=at) for subject in Subject)
