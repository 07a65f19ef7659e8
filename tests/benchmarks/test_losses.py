"""The counting of losses sees a loss and a double, on either side, and says both in the contract's words."""

import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from alliance.delivery import OutboxState
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Crowd, Kept, kept_of
from benchmarks.lives.house import PROGRAM, TOKEN, House, enrolled, house
from benchmarks.lives.nursery import Nursery, nursery
from benchmarks.lives.post import post_of
from benchmarks.lives.quiet import until_quiet
from benchmarks.losses.cases import workers
from benchmarks.losses.cases.received import polled
from benchmarks.losses.counting import Bench, Count, count_of
from benchmarks.losses.page import found_in, is_green
from benchmarks.losses.run import Plan
from benchmarks.report import as_json
from bot.clock import SystemClock
from sandbox import Sandbox
from storage.inbox import InboxState
from storage.tables import Incoming, Message, Outgoing
from tests.benchmarks.broken_receiver import DOUBLES_EVERY, LOSES_EVERY

pytestmark = pytest.mark.crash

ROOT = Path(__file__).parents[2]
BROKEN = "tests.benchmarks.broken_receiver"
QUIET_WITHIN = 30.0  # seconds


@pytest.fixture
async def parent() -> AsyncGenerator[Nursery]:
    async with nursery([PROGRAM, BROKEN, workers.UNFENCED]) as running:
        yield running


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(token=TOKEN, seed=1, flood=None) as running:
        yield running


@pytest.fixture
async def clinic(parent: Nursery, sandbox: Sandbox, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(tmp_path / "clinic", sandbox=sandbox, nursery=parent) as made:
        yield made


def _count(*, ours: bool, lost: int = 0, doubled: int = 0) -> Count:
    return Count(case="a case", design="a design", ours=ours, of=10, unit="things", lost=lost, doubled=doubled)


def test_what_is_missing_and_what_is_there_too_often_are_counted() -> None:
    assert count_of(["a", "b", "c"], ["a", "c", "c", "c", "a stranger's"]) == (1, 2)
    assert count_of(["a", "b"], ["b", "a"]) == (0, 0)


async def test_a_program_that_loses_and_doubles_is_found_out(parent: Nursery, tmp_path: Path) -> None:
    bench = Bench(nursery=parent, folder=tmp_path, postgres=None, quick=True, updates=60, kills=0, seed=1)

    counted = await polled(bench, "broken", BROKEN)

    ids = range(1, 61)
    lost = sum(n % LOSES_EVERY == 0 for n in ids)
    doubled = sum(n % DOUBLES_EVERY == 0 and n % LOSES_EVERY != 0 for n in ids)
    assert (counted.of, counted.lost, counted.doubled) == (60, lost, doubled)


async def test_workers_that_sleep_past_their_lease_and_do_not_look_again_are_found_out(
    parent: Nursery, tmp_path: Path
) -> None:
    bench = Bench(nursery=parent, folder=tmp_path, postgres=None, quick=True, updates=400, kills=4, seed=1)

    counted = await workers.unfenced(bench)

    assert (counted.of, counted.lost) == (400, 0)
    assert 0 < counted.doubled <= 2 * bench.kills


async def test_nothing_is_found_where_nothing_was_lost_and_each_kind_of_harm_is_found(clinic: House) -> None:
    patients = await enrolled(clinic, 2)
    crowd = Crowd(people=[patient.person for patient in patients], chance=chance_of(1, "ward"))
    database = clinic.opened()
    async with clinic.lives() as life:
        crowd.write(6)
        assert await until_quiet(clinic, database, within=QUIET_WITHIN)
        assert await life.stopped() == 0

    assert await kept_of(database, crowd.written) == Kept(lost=0, doubled=0)
    async with database.writing() as session:
        never_stored, never_handled, without_words, twice = crowd.written[:4]
        await session.execute(delete(Incoming).where(Incoming.update_id == never_stored.update_id))
        await session.execute(
            update(Incoming)
            .where(Incoming.update_id == never_handled.update_id)
            .values(state=InboxState.WAITING, handled_at=None)
        )
        await session.execute(delete(Message).where(Message.message_id == without_words.message_id))
        await session.execute(
            update(Incoming).where(Incoming.update_id == crowd.written[4].update_id).values(update_id=twice.update_id)
        )
    assert await kept_of(database, crowd.written) == Kept(lost=4, doubled=1)  # the one renumbered is gone as well
    await database.close()


async def test_an_answer_nobody_saw_and_a_copy_nobody_admits_are_found(clinic: House, sandbox: Sandbox) -> None:
    await enrolled(clinic, 1)
    database = clinic.opened()
    honest = await post_of(database, sandbox.ledger)

    async with database.writing() as session:
        row = await session.scalar(select(Outgoing.id).limit(1))
        await session.execute(update(Outgoing).where(Outgoing.id == row).values(state=OutboxState.QUEUED))
    unfinished = await post_of(database, sandbox.ledger)
    for entry in sandbox.ledger.calls("sendMessage")[:1] * 2:
        sandbox.ledger.record(entry)  # as if it had been sent twice more
    copied = await post_of(database, sandbox.ledger)
    nobody_saw = await post_of(database, Sandbox(token=TOKEN).ledger)
    await database.close()

    assert (honest.lost, honest.extra_copies, honest.unrecorded_copies) == (0, 0, 0)
    assert honest.messages > 3
    assert unfinished.unfinished == 1
    assert (copied.extra_copies, copied.beyond_policy) == (2, 1)
    assert copied.unrecorded_copies >= 2
    assert nobody_saw.not_there == honest.messages - 1


async def test_a_killed_life_is_gone_at_once_and_another_one_takes_over(clinic: House) -> None:
    async with clinic.lives() as first:
        await first.killed()
        assert await first.ended() == -9

    async with clinic.lives() as second:  # the lock of the data directory was given back
        assert await second.ended() is None
        assert await second.stopped() == 0


def test_the_same_seed_kills_at_the_same_moments_and_another_one_does_not(tmp_path: Path) -> None:
    def moments(seed: int) -> list[float]:
        bench = Bench(nursery=None, folder=tmp_path, postgres=None, quick=True, updates=9, kills=4, seed=seed)  # type: ignore[arg-type]  # nobody lives
        return bench.moments("a case", shortest=0.1, longest=0.2)

    assert moments(1) == moments(1) != moments(2)
    assert all(0.1 <= moment <= 0.2 for moment in moments(1))


def test_only_a_loss_or_a_double_of_ours_turns_the_benchmark_red() -> None:
    assert is_green([_count(ours=True), _count(ours=False, lost=5, doubled=5)])
    assert not is_green([_count(ours=True, lost=1)])
    assert not is_green([_count(ours=True, doubled=1)])


def test_programs_read_lost_and_doubled_of_each_design() -> None:
    plan = Plan(updates=10, kills=1, seed=7, quick=True)

    told = json.loads(as_json(found_in([_count(ours=False, lost=3)], plan, at=SystemClock().now())))

    assert told.keys() >= {"machine", "commit", "at", "results", "seed"}
    assert [(r["name"], r["ours"], r["metric"], r["value"], r["of"]) for r in told["results"]] == [
        ("a design", False, "lost", 3, 10),
        ("a design", False, "doubled", 0, 10),
    ]


def test_the_command_measures_and_prints_one_object() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.losses", "--quick", "--json", "--only", "sessions"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 0, asked.stderr
    results = json.loads(asked.stdout)["results"]
    ours = [r["value"] for r in results if r["ours"] and r["metric"] in ("lost", "doubled")]
    usual = [r["value"] for r in results if not r["ours"] and r["metric"] == "lost"]
    assert ours == [0, 0, 0, 0]
    assert len(usual) == 2
    assert sum(usual) > 0


def test_a_case_that_is_not_there_is_named() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.losses", "--only", "nothing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 2
    assert "no case nothing" in asked.stderr
