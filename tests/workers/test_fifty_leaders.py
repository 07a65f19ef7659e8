"""Three workers want the same duties; whoever has them is killed or stands still, fifty times over."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.lives.caseload import caseload
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Crowd, Kept, kept_of
from benchmarks.lives.nursery import Life, Nursery
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from bot.duties import Duty
from storage import leases
from tests.crash.hurried import SHORT_LEASE
from tests.crash.proving import Proof, on, proving
from tests.workers.test_shared_work import server

__all__ = ["server"]

pytestmark = [pytest.mark.workers, pytest.mark.long]

LEADERS = 50
CANDIDATES = 3
LEASE = "2"  # seconds
TAKEN_OVER_WITHIN = 30.0  # seconds
PATIENTS = 4
FEW = 4  # sentences
KILLED = -9  # exit status


async def test_fifty_times_another_takes_over_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, server: str, parent: Nursery
) -> None:
    async with proving(tmp_path / "clinic", parent, on(server, "checkin_leaders")) as proof:
        phones = await caseload(proof.clinic, proof.database, [SystemClock().now()] * PATIENTS, slot="round 0")
        crowd = Crowd(people=phones, chance=chance_of(1, "people"))
        lives = [await proof.clinic.begins(**{SHORT_LEASE: LEASE}) for _ in range(CANDIDATES)]
        leader = await _leader(proof, lives, other_than=None)
        for number in range(LEADERS):
            stands_still = number % 2 == 1
            await _ends(leader, stands_still=stands_still)
            crowd.write(FEW)
            following = await _leader(proof, lives, other_than=leader)
            assert await until_so(lambda: _all_is_kept(proof, crowd), within=TAKEN_OVER_WITHIN), number
            if stands_still:
                leader.goes_on()  # and believes that it still has everything
            else:
                lives[lives.index(leader)] = await proof.clinic.begins(**{SHORT_LEASE: LEASE})
            leader = following
        await asyncio.sleep(float(LEASE))  # a process that has not begun yet has nobody who hears a wish to stop
        for life in lives:
            assert await life.stopped() in {0, KILLED}
        await proof.rests()

        assert await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
        assert await proof.harm() == []


async def _ends(leader: Life, *, stands_still: bool) -> None:
    if stands_still:
        leader.paused()
    else:
        await leader.killed()


async def _leader(proof: Proof, lives: list[Life], *, other_than: Life | None) -> Life:
    """Who polls by now, once that is somebody else."""
    numbers = {str(life.pid): life for life in lives if life is not other_than}
    found: list[Life] = []

    async def is_there() -> bool:
        async with proof.database.reading() as session:
            holders = await leases.holders(session, now=SystemClock().now())
        number = holders.get(Duty.POLLING, "- -").split(" ")[-2]
        found[:] = [numbers[number]] if number in numbers else []
        return bool(found)

    assert await until_so(is_there, within=TAKEN_OVER_WITHIN)
    return found[0]


async def _all_is_kept(proof: Proof, crowd: Crowd) -> bool:
    return await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
