"""Several real workers behind a webhook on one PostgreSQL: killed, paused past their leases, with skewed clocks."""

import asyncio
import itertools
from pathlib import Path

import pytest

from benchmarks.lives.caseload import caseload
from benchmarks.lives.chance import chance_of
from benchmarks.lives.house import STARTS_WITHIN
from benchmarks.lives.nursery import Life, Nursery
from benchmarks.soak.loop import Story
from benchmarks.soak.proof import look
from benchmarks.soak.talkers import Talkers
from bot.clock import SystemClock
from tests.bot.receivers import free_port
from tests.crash.hurried import SHORT_LEASE, SKEW
from tests.crash.proving import Proof, on, proving

pytestmark = pytest.mark.workers

LEASE = 2.0  # seconds; twelve in a clinic
PAUSE = 3.5  # seconds: longer than the lease
SKEWS = ("0", "90", "-90")  # seconds
ROUNDS = 4
UPDATES_IN_A_ROUND = 60
PATIENTS = 12
STOPS_WITHIN = 10.0  # seconds


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    """Not async, so that no loop runs yet when it is started."""
    return request.getfixturevalue("postgres_server")


async def test_workers_killed_and_paused_past_their_leases_lose_nothing_and_do_nothing_twice(
    tmp_path: Path, server: str, parent: Nursery
) -> None:
    async with proving(tmp_path / "clinic", parent, on(server, "checkin_workers"), webhook=True) as proof:
        phones = await caseload(proof.clinic, proof.database, [SystemClock().now()] * PATIENTS, slot="round 0")
        story = Story(talkers=Talkers(people=phones, chance=chance_of(1, "people")), slots=["round 0"])
        web = await _begins(proof, "web", skew="0", address=True)
        await web.until(proof.clinic.is_up(), STARTS_WITHIN)
        workers = [await _begins(proof, "worker", skew=skew) for skew in SKEWS]

        for number, skew in zip(range(ROUNDS), itertools.cycle(SKEWS), strict=False):
            killed, paused, *_ = workers[number % len(workers) :] + workers[: number % len(workers)]
            paused.paused()
            await _talk(story.talkers, within=PAUSE)
            await killed.killed()
            story.kills += 1
            paused.goes_on()
            workers[workers.index(killed)] = await _begins(proof, "worker", skew=skew)
        await asyncio.sleep(PAUSE)  # a process that has not begun yet has nobody who hears a wish to stop
        for life in (*workers, web):
            await _stops_in_time(life)

        await proof.rests()
        assert (await look(proof.database, proof.sandbox.ledger, story)).wrong == {}
        assert await proof.harm() == []
        assert story.talkers.done == ROUNDS * UPDATES_IN_A_ROUND


async def _begins(proof: Proof, role: str, *, skew: str, address: bool = False) -> Life:
    own = {} if address else {"CHECKIN_WEB_ADDRESS": f"127.0.0.1:{free_port()}"}
    return await proof.clinic.begins("run", "--role", role, **{SHORT_LEASE: str(LEASE), SKEW: skew, **own})


async def _talk(talkers: Talkers, *, within: float) -> None:
    for _ in range(UPDATES_IN_A_ROUND):
        talkers.act()
        await asyncio.sleep(within / UPDATES_IN_A_ROUND)


async def _stops_in_time(life: Life) -> None:
    async with asyncio.timeout(STOPS_WITHIN):
        assert await life.stopped() == 0, life.said[-2000:]
