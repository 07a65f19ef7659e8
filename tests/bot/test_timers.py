"""Ticks ask the tables what is due; one that fails is reported and stops no other."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot import timers
from bot.timers import TICKS, Tick
from storage.intents import Intent
from storage.tables import Enrolment
from storage.trouble import Unwritable
from tests.bot.ward import Ward
from workflows.unit import Unit

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers


async def test_every_tick_asks_once_at_the_start_for_what_fell_due_while_we_were_away(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(timers, "TICKS", tuple(_counted(tick.name, asked) for tick in TICKS))

    beats = await _run_for_a_moment(sqlite_ward)

    assert asked == [tick.name for tick in TICKS]
    assert beats == len(TICKS)


@pytest.mark.parametrize("failure", [Unwritable(), RuntimeError("x"), KeyError("x")])
async def test_a_tick_that_fails_is_reported_and_the_others_go_on(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    asked: list[str] = []

    async def fails(_unit: Unit) -> dict[str, int]:
        raise failure

    bad = Tick(name="bad", every=timedelta(hours=1), ask=fails)
    monkeypatch.setattr(timers, "TICKS", (bad, _counted("good", asked)))

    with capture_logs() as said:
        beats = await _run_for_a_moment(sqlite_ward)

    assert (asked, beats) == (["good"], 1)
    assert [(line["event"], line.get("tick")) for line in said if line["log_level"] == "error"] == [
        ("tick_failed", "bad")
    ]


async def test_a_tick_that_fails_leaves_nothing_behind(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")

    async def says_and_fails(unit: Unit) -> dict[str, int]:
        await timers.outbox.add(unit.session, _hello(ana.user_id, unit.now), now=unit.now)
        raise RuntimeError("x")

    with pytest.raises(RuntimeError):
        await sqlite_ward.program.timers.ask(Tick(name="bad", every=timedelta(hours=1), ask=says_and_fails))

    assert await sqlite_ward.states() == {}


async def test_the_next_moment_of_check_ins_is_when_the_first_falls_due(ward: Ward) -> None:
    before = await ward.program.timers.next_moments()
    await ward.enrolled()

    after = await ward.program.timers.next_moments()

    async with ward.program.database.reading() as session:
        first = await session.scalar(select(func.min(Enrolment.next_due_at)))
    assert "checkins" not in before
    assert after["checkins"] == first
    assert "outbox" not in after  # all is said


async def test_a_check_in_goes_out_when_the_tick_after_its_moment_asks_and_not_before(ward: Ward) -> None:
    ana = await ward.enrolled()
    due_at = (await ward.program.timers.next_moments())["checkins"]
    tick = next(tick for tick in TICKS if tick.name == "checkins")
    ward.clock.move_to(due_at - timedelta(seconds=1))
    await ward.program.timers.ask(tick)
    await ward.simulation.settle()
    early = len(ana.screen)

    ward.clock.move_to(due_at + timedelta(seconds=1))
    for _ in range(3):  # asked again, it sends nothing again
        await ward.program.timers.ask(tick)
        await ward.simulation.settle()

    assert len(ana.screen) == early + 1
    assert len(ana.last.labels) > 1


async def test_a_tick_with_much_to_do_lets_others_write_in_between(sqlite_ward: Ward) -> None:
    left, written = [3, 2, 1], list[str]()

    async def does_a_little(_unit: Unit) -> dict[str, int]:
        written.append("tick")
        return {"done": left.pop() if left else 0}

    async def stores() -> None:
        async with sqlite_ward.program.database.writing("intake"):
            written.append("intake")

    tick = Tick(name="much", every=timedelta(hours=1), ask=does_a_little)
    await asyncio.gather(sqlite_ward.program.timers.ask(tick), stores())

    assert written == ["tick", "intake", "tick", "tick", "tick"]  # the last of them found nothing


async def test_a_tick_that_never_comes_to_an_end_is_left_until_it_is_asked_again(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "MOST_TURNS", 5)
    asked: list[int] = []

    async def always_finds_more(_unit: Unit) -> dict[str, int]:
        asked.append(1)
        return {"done": 1}

    await sqlite_ward.program.timers.ask(Tick(name="endless", every=timedelta(hours=1), ask=always_finds_more))

    assert len(asked) == 5


def test_paging_is_asked_often_enough_for_a_page_within_five_seconds() -> None:
    every = {tick.name: tick.every for tick in TICKS}

    assert every["alerts"] <= timedelta(seconds=5)


def _counted(name: str, asked: list[str]) -> Tick:
    async def ask(_unit: Unit) -> dict[str, int]:
        asked.append(name)
        return {}

    return Tick(name=name, every=timedelta(hours=1), ask=ask)


async def _run_for_a_moment(ward: Ward) -> int:
    stopping, beats = asyncio.Event(), list[int]()
    stopping.set()  # the ticks of the start are asked all the same
    await ward.program.timers.run(stopping, lambda loop, every: lambda: beats.append(1))  # noqa: ARG005  # by their names
    return len(beats)


def _hello(chat_id: int, now: datetime) -> Intent:
    return Intent(
        key="hello",
        lane=timers.outbox.Lane.REPLY,
        chat_id=chat_id,
        person_id=None,
        method="sendMessage",
        body={"chat_id": chat_id, "text": "hello"},
        due_at=now,
    )
