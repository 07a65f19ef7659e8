"""The worker that has every duty is killed, or stands still; another goes on, with real leases and nothing hurried."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from benchmarks.lives.caseload import caseload
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Crowd, Kept, kept_of
from benchmarks.lives.house import PROGRAM, STARTS_WITHIN
from benchmarks.lives.nursery import Life, Nursery, nursery
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from sandbox import Person
from tests.crash.proving import Proof, on, proving
from tests.workers.test_shared_work import server

__all__ = ["server"]

pytestmark = [pytest.mark.workers, pytest.mark.long]

TAKEN_OVER_WITHIN = 30.0  # seconds: twelve of the lease, three to the next look, and the poll that then begins
PATIENTS = 4
FEW = 5  # sentences
KILLED = -9  # exit status


@pytest.fixture
async def unhurried() -> AsyncGenerator[Nursery]:
    async with nursery([PROGRAM]) as forks:
        yield forks


async def _killed(life: Life) -> None:
    await life.killed()


async def _paused(life: Life) -> None:
    life.paused()


@pytest.mark.parametrize("ends", [pytest.param(_killed, id="killed"), pytest.param(_paused, id="paused")])
async def test_within_half_a_minute_another_worker_takes_in_handles_and_answers(
    tmp_path: Path, server: str, unhurried: Nursery, ends: Callable[[Life], Awaitable[None]]
) -> None:
    async with proving(tmp_path / "clinic", unhurried, on(server, "checkin_taken"), program=PROGRAM) as proof:
        phones = await caseload(proof.clinic, proof.database, [SystemClock().now()] * PATIENTS, slot="round 0")
        newcomer = proof.sandbox.person("Newcomer")
        crowd = Crowd(people=phones, chance=chance_of(1, "people"))
        is_up = proof.clinic.is_up()
        first = await proof.clinic.begins()
        await first.until(is_up, STARTS_WITHIN)
        second = await proof.clinic.begins()
        await second.until(lambda: second.said.count('"event": "started"') == 2, STARTS_WITHIN)

        await ends(first)
        crowd.write(FEW)
        newcomer.opens()
        assert await until_so(_all_is_answered(proof, crowd, newcomer), within=TAKEN_OVER_WITHIN)
        if await first.ended() is None:
            first.goes_on()
        crowd.write(FEW)
        assert await until_so(_all_is_answered(proof, crowd, newcomer), within=TAKEN_OVER_WITHIN)
        for life in (first, second):
            assert await life.stopped() in {0, KILLED}

        assert await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
        assert await proof.harm() == []


def _all_is_answered(proof: Proof, crowd: Crowd, newcomer: Person) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        if not any(shown.from_bot for shown in newcomer.screen):
            return False
        return await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)

    return is_so
