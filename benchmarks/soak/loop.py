"""The loop: lives of the real program, each ended by SIGKILL at a random moment, and now and then a rest."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.lives.caseload import caseload, make_due
from benchmarks.lives.chance import chance_of
from benchmarks.lives.house import House
from benchmarks.lives.nursery import DiedAtStart, Life
from benchmarks.lives.quiet import hasten, until_quiet
from benchmarks.soak.talkers import Talkers
from bot.clock import SystemClock
from storage.database import Database

PATIENTS = 40
KILLS_IN_A_ROW = 10  # after so many the program may finish what it has to do
LONGEST_LIFE = 1.5  # seconds from the fork; the start takes some of it, and is interrupted as well
QUIET_WITHIN = 120.0  # seconds
A_MINUTE = 60.0  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How much is written and tapped, how often the program is killed, and when to stop at the latest."""

    updates: int
    kills: int
    seed: int
    minutes: float | None = None
    patients: int = PATIENTS
    kills_in_a_row: int = KILLS_IN_A_ROW
    longest_life: float = LONGEST_LIFE


@dataclass(kw_only=True, slots=True)
class Story:
    """What happened in a run; the database and the sandbox's ledger tell the rest."""

    talkers: Talkers
    kills: int = 0
    rests: int = 0
    slots: list[str] = field(default_factory=list[str])  # one check-in of everybody in each
    never_quiet: int = 0  # rests at whose end something was still to be done
    bad_ends: int = 0  # polite stops that were not clean, and lives that ended by themselves
    seconds: float = 0.0


async def soak(
    clinic: House, database: Database, plan: Plan, progress: Callable[[Story], None] = lambda _: None
) -> Story:
    """Let people talk to a program that is killed again and again; at the end it has come to rest.

    The clinic's database is migrated and empty. Same seed, same people and same moments; what falls on which side
    of a kill is the machine's doing. What is to be made of it says ``proof.look``.
    """
    watch = SystemClock()
    started = watch.monotonic()
    people = await caseload(clinic, database, [watch.now()] * plan.patients, slot=_slot(0))
    story = Story(talkers=Talkers(people=people, chance=chance_of(plan.seed, "people")), slots=[_slot(0)])
    kills = chance_of(plan.seed, "kills")
    while story.kills < plan.kills and not _is_late(plan, watch.monotonic() - started):
        for _ in range(min(plan.kills_in_a_row, plan.kills - story.kills)):
            await _live_and_die(clinic, story, plan, after=kills.uniform(0.0, plan.longest_life))
            progress(story)
        rests = await _come_to_rest(clinic, database, story)
        story.rests += 1
        # every second time, so that there is something to tap between; what is still under way is not asked over
        if rests and story.rests % 2 == 0:
            await _ask_anew(database, story)
    await _come_to_rest(clinic, database, story)
    story.seconds = watch.monotonic() - started
    return story


def _slot(number: int) -> str:
    return f"round {number}"


def _is_late(plan: Plan, seconds: float) -> bool:
    return plan.minutes is not None and seconds >= plan.minutes * A_MINUTE


async def _live_and_die(clinic: House, story: Story, plan: Plan, *, after: float) -> None:
    """One life, with people talking all the time, and what they still had to say when it was over."""
    to_do = plan.updates * (story.kills + 1) // plan.kills - story.talkers.done
    life = await clinic.begins()
    talking = asyncio.create_task(_talk(story.talkers, to_do, within=after))
    await asyncio.sleep(after)
    story.bad_ends += await life.ended() is not None
    await life.killed()
    story.kills += 1
    await talking


async def _talk(talkers: Talkers, number: int, *, within: float) -> None:
    for left in range(number, 0, -1):
        talkers.act()
        await asyncio.sleep(within / number if left > 1 else 0)


async def _come_to_rest(clinic: House, database: Database, story: Story) -> bool:
    """Let the program do all it still has to do, and say whether it has; rests before second copies are passed over."""
    is_quiet = False
    try:
        async with clinic.lives() as life:
            is_quiet = await until_quiet(clinic, database, within=QUIET_WITHIN)
            while is_quiet and await hasten(database):
                is_quiet = await until_quiet(clinic, database, within=QUIET_WITHIN)
            story.never_quiet += not is_quiet
            story.bad_ends += await _is_badly_stopped(life)
    except DiedAtStart:
        story.bad_ends += 1
    return is_quiet


async def _is_badly_stopped(life: Life) -> bool:
    try:
        return await life.stopped() != 0
    except TimeoutError:
        return True


async def _ask_anew(database: Database, story: Story) -> None:
    story.talkers.turn_the_page()
    story.slots.append(_slot(len(story.slots)))
    await make_due(database, slot=story.slots[-1])
