"""Whoever knows the time is asked; a step is told at once, followed when it lasts, and what it put off is made good."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from alliance.alerts import AlertState
from alliance.delivery import Lane, OutboxState
from bot import clock, timekeeper
from bot.clock import FOLLOWED_AFTER, SteadyClock
from bot.findings import Symptom, to_nobody
from bot.timekeeper import Timekeeper
from storage import leases, outbox
from storage.database import Database
from storage.intents import Intent
from storage.tables import Alert, Outgoing

DAY = timedelta(days=1)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds since boot, to be moved by the test."""
    seconds = [1_000.0]
    monkeypatch.setattr(clock, "_seconds_since_boot", lambda: seconds[0])
    return seconds


async def test_a_step_is_complained_about_at_once_and_followed_when_it_lasts(
    database: Database, moment: datetime, passed: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, complaints = [moment], list[bool]()

    async def asked(_database: Database) -> datetime:
        return known[0]

    monkeypatch.setattr(timekeeper, "server_time", asked)
    steady = SteadyClock(moment)
    keeper = Timekeeper(database, steady, lambda _symptom, is_there: complaints.append(is_there))

    await keeper.look()
    known[0] = moment + DAY
    await keeper.look()
    before = steady.now()
    passed[0] += FOLLOWED_AFTER
    known[0] += timedelta(seconds=FOLLOWED_AFTER)
    await keeper.look()

    assert complaints == [False, True, False]
    assert (before, steady.now()) == (moment, moment + DAY + timedelta(seconds=FOLLOWED_AFTER))
    assert Symptom.CLOCK_STEPPED.patience == timedelta(0)


async def test_what_was_put_off_by_a_clock_that_was_ahead_happens_when_it_is_back(
    database: Database, moment: datetime, passed: list[float]
) -> None:
    ahead = moment + DAY
    async with database.writing() as session:
        await outbox.add(session, _hello("late", at=ahead), now=ahead)
        await outbox.add(session, _hello("planned", at=ahead), now=moment)  # for tomorrow on purpose
        session.add(_alert(moment, next_page_at=ahead + timedelta(hours=3)))
        await leases.take(session, "sending", holder="a", lasts=DAY * 3650, now=moment)

    await Timekeeper(database, SteadyClock(moment), to_nobody)._put_right()

    async with database.reading() as session:
        due = {row.key: row.due_at for row in await session.scalars(select(Outgoing))}
        (alert,) = (await session.scalars(select(Alert))).all()
        held = await leases.holders(session, now=moment)
    assert due == {"late": moment, "planned": ahead}
    assert alert.next_page_at == moment
    assert held == {}
    assert passed == [1_000.0]


async def test_with_a_clock_that_was_always_right_nothing_is_touched(
    database: Database, moment: datetime, passed: list[float]
) -> None:
    in_two_hours = moment + timedelta(hours=2)
    async with database.writing() as session:
        await outbox.add(session, _hello("now", at=moment), now=moment)
        session.add(_alert(moment, next_page_at=in_two_hours))

    await Timekeeper(database, SteadyClock(moment), to_nobody)._put_right()

    async with database.reading() as session:
        (row,) = (await session.scalars(select(Outgoing))).all()
        (alert,) = (await session.scalars(select(Alert))).all()
    assert (row.due_at, row.state, alert.next_page_at) == (moment, OutboxState.QUEUED, in_two_hours)
    assert passed == [1_000.0]


def _hello(key: str, *, at: datetime) -> Intent:
    body = {"chat_id": 7, "text": "hello"}
    return Intent(key=key, lane=Lane.REPLY, chat_id=7, person_id=None, method="sendMessage", body=body, due_at=at)


def _alert(moment: datetime, *, next_page_at: datetime) -> Alert:
    return Alert(
        chat_id=7,
        cause="suicide",
        degree="now",
        why="",
        rule="en.x",
        written_at=moment,
        raised_at=moment,
        state=AlertState.RAISED,
        rung=0,
        next_page_at=next_page_at,
    )
