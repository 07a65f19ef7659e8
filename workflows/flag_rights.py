"""Who may act on a flag at this moment: the patient's clinician, whoever it was handed to, or the lead it went to."""

from dataclasses import replace

from alliance.access import About, Action, allowed
from alliance.acting import Held
from alliance.people import Role
from storage import acting, people
from storage.tables import Flag, FlagHolder
from workflows.unit import Unit
from workflows.who_stands_in import about as with_cover


async def holder_of(unit: Unit, flag: Flag) -> FlagHolder | None:
    """Who holds a flag beside or instead of its clinician; somebody who has left the clinic holds nothing."""
    held = await acting.holder(unit.session, flag.id)
    if held is None or held.person_id == flag.clinician_id:  # the patient has become theirs meanwhile
        return None
    actor = await people.actor(unit.session, await people.get(unit.session, held.person_id), now=unit.now)
    return held if actor.roles & {Role.CLINICIAN, Role.LEAD} else None


async def about(unit: Unit, flag: Flag) -> About:
    """What the question of who may act on this flag is about.

    Nobody stands in for a reader whom the patient has chosen: what they gave to one person is for that one.
    """
    held = await holder_of(unit, flag)
    if held is not None and held.held == Held.HANDED_OVER:  # the right has moved with it
        return About(patient_id=flag.patient_id, holders=frozenset({held.person_id}))
    own = About(patient_id=flag.patient_id, clinician_id=flag.clinician_id)
    if not flag.is_routed:
        own = await with_cover(unit, patient_id=flag.patient_id, clinician_id=flag.clinician_id)
    return own if held is None else replace(own, holders=frozenset({held.person_id}))


async def refusal(unit: Unit, flag: Flag, action: Action) -> str | None:
    """The word that says why this person may not do that about a flag; None where they may."""
    if allowed(unit.actor, action, await about(unit, flag)):
        return None
    is_own = allowed(unit.actor, action, About(patient_id=flag.patient_id, clinician_id=flag.clinician_id))
    return "acting.toast.with_colleague" if is_own else "toast.not_yours"


async def may_read_words(unit: Unit, patient_id: int, clinician_id: int | None) -> bool:
    """Whether this person may read a patient's words: as their clinician, or while a flag of theirs is handed over."""
    if allowed(unit.actor, Action.READ_WORDS, await with_cover(unit, patient_id=patient_id, clinician_id=clinician_id)):
        return True
    if unit.person is None:
        return False
    for flag in await acting.held_by(unit.session, unit.person.id):
        held = await holder_of(unit, flag)
        if flag.patient_id == patient_id and held is not None and held.held == Held.HANDED_OVER:
            return allowed(unit.actor, Action.READ_WORDS, await about(unit, flag))
    return False
