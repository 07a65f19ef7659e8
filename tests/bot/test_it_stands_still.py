"""The real program stands still: its event loop is held, or the whole process is; somebody hears of it in time."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from benchmarks.lives.caseload import caseload
from benchmarks.lives.nursery import Nursery
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from tests.bot.receivers import web_server
from tests.crash.conftest import parent
from tests.crash.hurried import WEDGED_FOR
from tests.crash.proving import in_a_file, proving
from tests.faults.test_the_database_refuses import ACCEPTED, Operator

__all__ = ["parent"]

pytestmark = [pytest.mark.faults, pytest.mark.long]

NOTICED_WITHIN = 90.0  # seconds
HELD_FOR = "25"  # seconds; ten are a finding
GOES_ON_WITHIN = 30.0  # seconds
WRONG = 1  # exit status


async def test_an_event_loop_that_is_held_is_told_by_the_second_channel_while_it_is_held_and_when_it_is_over(
    tmp_path: Path, parent: Nursery
) -> None:
    operator = Operator()
    with web_server(operator.takes) as alarm:
        async with proving(tmp_path / "clinic", parent, in_a_file, more={"CHECKIN_ALARM_WEBHOOK_URL": alarm}) as proof:
            (ana,) = await caseload(proof.clinic, proof.database, [SystemClock().now()], slot="round 0")
            async with proof.clinic.lives(**{WEDGED_FOR: HELD_FOR}) as life:
                os.kill(life.pid, signal.SIGUSR1)
                ana.writes("hello")

                async def is_told() -> bool:
                    return "event_loop_wedged" in operator.told

                assert await until_so(is_told, within=NOTICED_WITHIN)
                waited = proof.sandbox.pending

                async def goes_on() -> bool:
                    return proof.sandbox.pending == 0

                assert await until_so(goes_on, within=GOES_ON_WITHIN)
                assert await life.stopped() == 0
            assert waited == 1


async def test_of_a_process_that_is_stopped_the_pings_end_and_the_check_says_so(
    tmp_path: Path, parent: Nursery
) -> None:
    pings: list[float] = []
    watch = SystemClock()

    def heard(_method: str, _said: object) -> int:
        pings.append(watch.monotonic())
        return ACCEPTED

    with web_server(heard) as address:
        more = {"CHECKIN_DEAD_MANS_PING_URL": address}
        async with proving(tmp_path / "clinic", parent, in_a_file, more=more) as proof:
            await caseload(proof.clinic, proof.database, [], slot="none")
            async with proof.clinic.lives() as life:

                async def is_heard() -> bool:
                    return bool(pings)

                assert await until_so(is_heard, within=GOES_ON_WITHIN)
                life.paused()
                number = len(pings)
                await asyncio.sleep(NOTICED_WITHIN)
                asked = await proof.clinic.begins("check", "--running")
                status = await asked.over()
                life.goes_on()

                assert (len(pings), status) == (number, WRONG)
                # stopped in the middle of a transaction it holds the file as well
                assert "not heard of for too long" in asked.said or "cannot be written" in asked.said
