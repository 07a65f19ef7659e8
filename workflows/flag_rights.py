"""Who may act on a flag at this moment: the patient's clinician, whoever it was handed to, or the lead it went to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alliance.access import About, Action, allowed
from alliance.acting import Held
from alliance.people import Role
from storage import acting, people
from storage.tables import Flag, FlagHolder
from workflows.unit import Unit
from workflows.who_stands_in import about as with_cover
from workflows.who_stands_in import covers_of


async def holder_of(unit: Unit, flag: Flag) -> FlagHolder | None:
    """Who holds a flag beside or instead of its clinician; somebody who has left the clinic holds nothing."""
    return (await holders_of(unit, [flag])).get(flag.id)


async def holders_of(unit: Unit, found: Sequence[Flag]) -> dict[int, FlagHolder]:
    """The same of several flags, by flag."""
    held = await acting.holders(unit.session, [flag.id for flag in found])
    if not held:
        return {}
    roles = await people.roles_of(unit.session, {one.person_id for one in held.values()}, now=unit.now)
    return {
        flag.id: held[flag.id]
        for flag in found
        if flag.id in held
        and held[flag.id].person_id != flag.clinician_id  # else the patient has become theirs meanwhile
        and roles[held[flag.id].person_id] & {Role.CLINICIAN, Role.LEAD}
    }


async def about(unit: Unit, flag: Flag) -> About:
    """What the question of who may act on this flag is about."""
    return (await about_each(unit, [flag]))[flag.id]


async def about_each(unit: Unit, found: Sequence[Flag]) -> dict[int, About]:
    """The same of several flags, by flag, from facts that are asked once for all of them.

    Nobody stands in for a reader whom the patient has chosen: what they gave to one person is for that one.
    """
    held = await holders_of(unit, found)
    covers = await covers_of(unit, {flag.clinician_id for flag in found if not flag.is_routed})
    return {flag.id: _about(flag, held.get(flag.id), covers) for flag in found}


def _about(flag: Flag, held: FlagHolder | None, covers: Mapping[int, frozenset[int]]) -> About:
    if held is not None and held.held == Held.HANDED_OVER:  # the right has moved with it
        return About(patient_id=flag.patient_id, holders=frozenset({held.person_id}))
    meanwhile = frozenset[int]() if flag.is_routed else covers[flag.clinician_id]
    own = About(patient_id=flag.patient_id, clinician_id=flag.clinician_id, covers=meanwhile)
    return own if held is None else replace(own, holders=frozenset({held.person_id}))


async def those_for(unit: Unit, found: Sequence[Flag], action: Action) -> list[Flag]:
    """Those of these flags about which this person may do that, in their order."""
    each = await about_each(unit, found)
    return [flag for flag in found if allowed(unit.actor, action, each[flag.id])]


async def refusal(unit: Unit, flag: Flag, action: Action) -> str | None:
    """The word that says why this person may not do that about a flag; None where they may."""
    if await those_for(unit, [flag], action):
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
