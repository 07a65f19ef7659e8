"""Somebody else has the token and asks for its updates too: each is told 409 in turn, and the operator hears of it.

What the other one takes in, it has; nobody can take that back. But between the two nothing is lost, and ours goes on
by itself when the other one is gone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.lives.caseload import caseload
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Crowd, kept_of
from benchmarks.lives.house import STARTS_WITHIN, house
from benchmarks.lives.nursery import Nursery
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from sandbox import Sandbox
from storage.database import Database
from storage.tables import Incoming
from tests.bot.receivers import web_server
from tests.crash.conftest import parent
from tests.crash.proving import HURRIED, in_a_file, proving
from tests.faults.test_the_database_refuses import Operator

__all__ = ["parent"]

pytestmark = [pytest.mark.faults, pytest.mark.long]

PATIENTS = 4
EVERY = 0.5  # seconds between two sentences
TOLD_WITHIN = 60.0  # seconds


async def test_nothing_is_lost_between_them_the_operator_is_told_and_ours_goes_on_when_the_other_is_gone(
    tmp_path: Path, parent: Nursery
) -> None:
    operator = Operator()
    with web_server(operator.takes) as alarm:
        async with (
            proving(tmp_path / "ours", parent, in_a_file, more={"CHECKIN_ALARM_WEBHOOK_URL": alarm}) as proof,
            house(tmp_path / "theirs", sandbox=proof.sandbox, nursery=parent, program=HURRIED) as theirs,
        ):
            phones = await caseload(proof.clinic, proof.database, [SystemClock().now()] * PATIENTS, slot="round 0")
            crowd = Crowd(people=phones, chance=chance_of(1, "people"))
            async with proof.clinic.lives() as ours:
                other = await theirs.begins()
                await _people_write_until_told(operator, crowd)
                assert await other.stopped() == 0
                taken = len(crowd.written)
                crowd.write(PATIENTS)
                assert await until_so(_confirmed(proof.sandbox), within=STARTS_WITHIN)
                assert await ours.ended() is None
            await proof.rests()

            assert (await kept_of(proof.database, crowd.written[taken:])).lost == 0
            stored = {one for database in (proof.database, theirs.opened()) for one in await _ids(database)}
            assert stored >= {one.update_id for one in crowd.written}


async def _people_write_until_told(operator: Operator, crowd: Crowd) -> None:
    """Traffic as always: an answered poll between two refused ones is no sign that the other one is gone."""

    async def is_told() -> bool:
        crowd.write(1)
        await asyncio.sleep(EVERY)
        return "another_poller" in operator.told

    assert await until_so(is_told, within=TOLD_WITHIN)


def _confirmed(sandbox: Sandbox) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        return sandbox.pending == 0

    return is_so


async def _ids(database: Database) -> Sequence[int]:
    try:
        async with database.reading() as session:
            return (await session.scalars(select(Incoming.update_id))).all()
    finally:
        await database.close()
