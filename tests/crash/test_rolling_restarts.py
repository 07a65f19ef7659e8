"""The program is restarted again and again while much waits to be handled, as an upgrade of many machines would."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import pytest

from benchmarks.lives.caseload import caseload
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Crowd, Kept, Written, kept_of
from benchmarks.lives.house import STARTS_WITHIN
from benchmarks.lives.nursery import Nursery
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from storage import inbox
from storage.raw_updates import RawUpdate, identity_of
from tests.crash.proving import Proof, in_a_file, proving

pytestmark = pytest.mark.crash

PATIENTS = 40
AT_ONCE = 500  # rows in one transaction
NEW = 2  # sentences in each life
LIVES_FOR = 0.3  # seconds after it is ready
READY_WITHIN, STOPS_WITHIN = 5.0, 10.0  # seconds
ALL_HANDLED_WITHIN = 10_800.0  # seconds; a hundred thousand take that long at ten a second


@dataclass(kw_only=True, slots=True)
class Took:
    """How many seconds each start and each stop took."""

    starts: list[float] = field(default_factory=list[float])
    stops: list[float] = field(default_factory=list[float])


@pytest.mark.parametrize(
    ("restarts", "rows"),
    [pytest.param(5, 500, id="a few"), pytest.param(100, 100_000, id="a hundred", marks=pytest.mark.long)],
)
async def test_however_much_waits_it_stops_in_time_is_ready_in_time_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, parent: Nursery, restarts: int, rows: int
) -> None:
    async with proving(tmp_path / "clinic", parent, in_a_file) as proof:
        phones = await caseload(proof.clinic, proof.database, [SystemClock().now()] * PATIENTS, slot="round 0")
        crowd = Crowd(people=phones, chance=chance_of(1, "people"))
        for _ in range(0, rows, AT_ONCE):
            await _waits_in_the_inbox(proof, crowd, AT_ONCE)

        took = Took()
        for _ in range(restarts):
            await _lives_once(proof, crowd, took)
        async with proof.clinic.lives() as life:
            assert await until_so(_nothing_waits(proof), within=ALL_HANDLED_WITHIN)
            assert await life.stopped() == 0

        assert await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
        assert len(crowd.written) == rows + NEW * restarts
        assert max(took.stops) <= STOPS_WITHIN
        assert median(took.starts) <= READY_WITHIN  # a machine with other things to do may hold up some of them


async def _waits_in_the_inbox(proof: Proof, crowd: Crowd, number: int) -> None:
    """Stored by an earlier life, and not handled yet."""
    raw: list[RawUpdate] = []
    for _ in range(number):
        person = crowd.chance.choice(crowd.people)
        words = f"{person.name} says sentence number {len(crowd.written)}"
        act = person.writes(words)
        update = {"update_id": act.update_id, **act.update}
        raw.append(
            RawUpdate(
                update_id=act.update_id,
                identity=identity_of(update),
                raw=json.dumps(update).encode(),
                chat_id=person.user_id,
            )
        )
        crowd.written.append(
            Written(update_id=act.update_id, chat_id=person.user_id, message_id=act.message_id, words=words)
        )
    proof.sandbox.world.queue.clear()
    async with proof.database.writing() as session:
        assert await inbox.store(session, raw, now=SystemClock().now()) == number


async def _lives_once(proof: Proof, crowd: Crowd, took: Took) -> None:
    watch = SystemClock()
    is_up, began = proof.clinic.is_up(), watch.monotonic()
    life = await proof.clinic.begins()
    await life.until(is_up, STARTS_WITHIN)
    took.starts.append(watch.monotonic() - began)
    crowd.write(NEW)
    await asyncio.sleep(LIVES_FOR)
    ends = watch.monotonic()
    assert await life.stopped() == 0, life.said[-2000:]
    took.stops.append(watch.monotonic() - ends)


def _nothing_waits(proof: Proof) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        async with proof.database.reading() as session:
            return proof.sandbox.pending == 0 and await inbox.count_waiting(session) == 0

    return is_so
