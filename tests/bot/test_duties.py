"""What one worker does at a time: taken, kept, lost, given back; and a crash need not be waited out."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import update

from bot.clock import SimulatedClock
from bot.duties import LASTS, MARGIN, Alone, Duty, Shared
from bot.worker_name import is_gone, own_name
from storage import leases
from storage.database import Database
from storage.leases import ALONE
from storage.tables import LeaseRow
from storage.vault import Vault
from tests.stories.ward import POSTGRESQL

pytestmark = pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)  # where several workers can be at all
SECOND = 1.0


@pytest.fixture
def ana(database: Database, clock: SimulatedClock) -> Shared:
    return Shared(database, clock, worker="ana's")


@pytest.fixture
def ben(database: Database, clock: SimulatedClock) -> Shared:
    return Shared(database, clock, worker="ben's")


async def test_the_first_worker_has_every_duty_and_the_second_none(ana: Shared, ben: Shared) -> None:
    await ana.look()
    await ben.look()

    assert (ana.held, ben.held) == (frozenset(Duty), frozenset())
    assert ben.lease(Duty.SENDING) is None


async def test_a_worker_that_goes_gives_its_duties_to_the_next_at_once(ana: Shared, ben: Shared) -> None:
    await ana.look()

    await ana.give_back()
    await ben.look()

    assert (ana.held, ben.held) == (frozenset(), frozenset(Duty))


async def test_a_worker_that_could_not_renew_stops_by_itself_before_others_begin(
    ana: Shared, clock: SimulatedClock
) -> None:
    await ana.look()
    await clock.sleep(LASTS.total_seconds() - MARGIN - SECOND)
    shortly_before = ana.held

    await clock.sleep(SECOND)

    assert (shortly_before, ana.held) == (frozenset(Duty), frozenset())


async def test_who_renews_in_time_keeps_its_token(ana: Shared, clock: SimulatedClock) -> None:
    await ana.look()
    before = ana.lease(Duty.SENDING)
    await clock.sleep(LASTS.total_seconds() / 2)

    await ana.look()
    await clock.sleep(LASTS.total_seconds() / 2)

    assert before is not None
    assert ana.lease(Duty.SENDING) == before


async def test_a_duty_that_turned_out_to_be_anothers_is_let_go(
    ana: Shared, ben: Shared, database: Database, clock: SimulatedClock
) -> None:
    await ana.look()
    async with database.writing() as session:  # as if ana's worker had slept through the end of its lease
        held = ana.lease(Duty.TICKS)
        assert held is not None
        await leases.give_back(session, held, now=clock.now())
    await ben.look()

    await ana.look()

    assert (Duty.TICKS in ana.held, ben.held) == (False, frozenset({Duty.TICKS}))


async def test_only_the_wanted_duties_are_taken(database: Database, clock: SimulatedClock) -> None:
    worker = Shared(database, clock, worker="a", wanted=frozenset({Duty.TICKS}))

    await worker.look()

    assert worker.held == {Duty.TICKS}


async def test_the_loop_takes_renews_and_gives_back(ana: Shared, ben: Shared) -> None:
    stopping, beats = asyncio.Event(), list[int]()
    running = asyncio.create_task(ana.run(stopping, lambda: beats.append(1)))
    async with asyncio.timeout(10):
        while not beats:  # noqa: ASYNC110  # the loop sends no event
            await asyncio.sleep(0.01)
    stopping.set()
    await running

    await ben.look()

    assert ben.held == frozenset(Duty)


async def test_what_a_dead_worker_of_this_machine_held_is_taken_over_at_once(
    database: Database, clock: SimulatedClock, ben: Shared
) -> None:
    asked = "from bot.worker_name import own_name; print(own_name())"
    command = await asyncio.create_subprocess_exec(sys.executable, "-c", asked, stdout=subprocess.PIPE)
    said, _ = await command.communicate()
    dead = Shared(database, clock, worker=said.decode().strip())
    await dead.look()

    await ben.look()

    assert ben.held == frozenset(Duty)


async def test_a_worker_that_begins_while_another_stands_still_with_the_leases_in_hand_waits_for_its_turn(
    database: Database, vault: Vault, clock: SimulatedClock, ana: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines._SERVER_SETTINGS", {"lock_timeout": "100"})  # milliseconds
    impatient = Database(database.engine.url.render_as_string(hide_password=False), vault)
    ben = Shared(impatient, clock, worker="ben's")
    await ana.look()
    await ana.give_back()

    async with database.writing() as session:
        await session.execute(update(LeaseRow).values(holder="somebody who stands still"))
        refused = await ben.look_at_once()
        await session.rollback()
    afterwards = await ben.look_at_once()
    await impatient.close()

    assert (refused, afterwards, ben.held) == (False, True, frozenset(Duty))


async def test_a_worker_that_lives_or_of_another_machine_is_not_gone(ana: Shared) -> None:
    assert ana.held == frozenset()
    assert [is_gone(name) for name in (own_name(), "elsewhere boot pid:[1] 1 1", "ana's", "")] == [False] * 4


async def test_a_process_that_is_alone_holds_everything_without_asking(ana: Shared) -> None:
    assert ana.held == frozenset()
    assert [Alone().lease(duty) for duty in Duty] == [ALONE] * len(Duty)
    assert ALONE.fence is None
