"""A patient's own goals: kept in their words, and named on the screen only where they want that."""

from alliance.access import About, Action, allowed
from alliance.agreement import about, from_words
from alliance.goals import MOST_GOALS, NOTHING_BESIDE, Beside, as_goal
from alliance.items import Domain, Item
from alliance.local_time import local_day
from alliance.own_menu import ADD, HIDE, REMOVE, SHOW, done, goals_page
from alliance.presses import Place
from storage import agreements, audit, goals, people, preferences
from storage.tables import Person
from workflows.page import turn
from workflows.unit import Unit
from workflows.words import day_in_words


async def to_name(unit: Unit, patient_id: int, item: Item) -> Beside:
    """What to name beside an item, if the patient wants that: their goals, and what was agreed about it."""
    is_named = item.domain in {Domain.GOAL, Domain.TASK}
    if not is_named or not await preferences.goals_on_screen(unit.session, patient_id):
        return NOTHING_BESIDE
    kept = await goals.of(unit.session, patient_id) if item.domain is Domain.GOAL else {}
    row = await agreements.agreed(unit.session, patient_id)
    if row is None:
        return Beside(goals=tuple(kept.values()))
    patient = await people.get(unit.session, patient_id)
    on = local_day(row.answered_at or row.sent_at, patient.zone)
    return Beside(
        goals=tuple(kept.values()),
        agreed_on=day_in_words(on, unit.wording(patient.language)),
        agreed=about(from_words(agreements.words_of(unit.session, row)), item.domain),
    )


async def show(unit: Unit, patient: Person, *, message_id: int | None) -> None:
    """The goals that are kept, and what can be done about them."""
    kept = await goals.of(unit.session, patient.id)
    on_screen = await preferences.goals_on_screen(unit.session, patient.id)
    has_agreed = await agreements.agreed(unit.session, patient.id) is not None
    page = goals_page(unit.wording(), kept, on_screen=on_screen, has_agreed=has_agreed)
    await turn(unit, patient, page, message_id=message_id)


async def decide(unit: Unit, patient: Person, choice: str, *, message_id: int | None) -> bool:
    """A button below the goals; False for one that says nothing any more."""
    match choice:
        case _ if choice == ADD:
            return await _ask(unit, patient, message_id=message_id)
        case _ if choice in {SHOW, HIDE}:
            await preferences.show_goals(unit.session, patient.id, on_screen=choice == SHOW)
        case _ if choice.startswith(REMOVE) and choice.removeprefix(REMOVE).isdecimal():
            if not await goals.remove(unit.session, patient.id, int(choice.removeprefix(REMOVE))):
                return False
            await _note(unit, patient, "goal_removed")
        case _:
            return False
    await show(unit, patient, message_id=message_id)
    return True


async def _ask(unit: Unit, patient: Person, *, message_id: int | None) -> bool:
    if len(await goals.of(unit.session, patient.id)) >= MOST_GOALS:
        await turn(unit, patient, done(unit.wording(), unit.wording()("own.goals.full")), message_id=message_id)
        return True
    await preferences.wait_for(unit.session, patient.id, Place.GOALS, now=unit.now)
    await turn(unit, patient, done(unit.wording(), unit.wording()("own.goals.ask")), message_id=message_id)
    return True


async def keep(unit: Unit, patient: Person, words: str) -> bool:
    """Keep a goal as it was written; False when it is too long or there is no room, and that is said."""
    wording = unit.wording()
    goal = as_goal(words)
    is_full = len(await goals.of(unit.session, patient.id)) >= MOST_GOALS
    if goal is None or is_full or not allowed(unit.actor, Action.DECIDE_FOR_ONESELF, About(patient_id=patient.id)):
        key = "own.goals.full" if is_full else "own.goals.too_long"
        await turn(unit, patient, done(wording, wording(key)), message_id=None)
        return False
    await goals.add(unit.session, patient.id, goal, now=unit.now)
    await _note(unit, patient, "goal_set")
    await turn(unit, patient, done(wording, wording("own.goals.kept")), message_id=None)
    return True


async def _note(unit: Unit, patient: Person, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action=action,
        object_kind="patient",
        object_id=patient.id,
    )
