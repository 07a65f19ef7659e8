"""A slow answer holds nothing but its own chat, and a safety message not even there."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane, OutboxState
from bot import telegram_api
from bot.wire import BATCH, ORDINARY_AT_ONCE
from sandbox import Fault, FaultKind, Person
from storage.trouble import Unwritable
from tests.bot.ward import Ward

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers

ONCE, TWICE, NEVER = 1, 2, 0
HANGS = 0.5  # seconds of real time until a slow answer comes
MISSING_AFTER = 5.0  # seconds of real time; a slow answer is not a missing one


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_api, "ANSWER_WITHIN", MISSING_AFTER)


@pytest.mark.parametrize("slow", [Lane.SAFETY, Lane.REPLY, Lane.BULK])
async def test_a_safety_message_waits_for_no_slow_answer(sqlite_ward: Ward, slow: Lane) -> None:
    ward, ana, ben = sqlite_ward, sqlite_ward.visitor("Ana"), sqlite_ward.visitor("Ben")
    ward.sandbox.faults.add(Fault(kind=FaultKind.HANG, chat_id=ana.user_id, seconds=HANGS))
    hanging = await ward.queue(ana, "slow", lane=slow)
    async with _running(ward):
        await _until(lambda: _copies(ana, "slow") == ONCE)

        to_another = await ward.queue(ben, "safety", lane=Lane.SAFETY)
        to_the_same = await ward.queue(ana, "safety", lane=Lane.SAFETY)
        ward.program.sender.nudge()
        await _until_sent(ward, to_another, to_the_same)  # and written down, too

        assert (await ward.post(hanging)).state == OutboxState.SENDING
        await _until_sent(ward, hanging)
    assert (_copies(ana, "slow"), _copies(ana, "safety"), _copies(ben, "safety")) == (ONCE, ONCE, ONCE)


async def test_however_many_answers_are_slow_there_is_a_slot_for_a_safety_message(sqlite_ward: Ward) -> None:
    ward, ben = sqlite_ward, sqlite_ward.visitor("Ben")
    people = [ward.visitor(f"P{number}") for number in range(ORDINARY_AT_ONCE + 2)]
    ward.sandbox.faults.add(Fault(kind=FaultKind.HANG, seconds=HANGS, times=ORDINARY_AT_ONCE))
    slow = [await ward.queue(person, "slow") for person in people]
    async with _running(ward):
        await _until(lambda: sum(_copies(person, "slow") for person in people) == ORDINARY_AT_ONCE)

        safety = await ward.queue(ben, "safety", lane=Lane.SAFETY)
        ward.program.sender.nudge()
        await _until_sent(ward, safety)

        # the last two have to wait for a slot of the ordinary lanes
        assert await ward.states() == {
            OutboxState.SENT: 1,
            OutboxState.SENDING: ORDINARY_AT_ONCE,
            OutboxState.QUEUED: 2,
        }
        await _until_sent(ward, *slow)
    assert ward.sandbox.ledger.excesses == []


async def test_an_ordinary_message_waits_for_the_one_before_it_in_its_chat_and_for_no_other(sqlite_ward: Ward) -> None:
    ward, ana, ben = sqlite_ward, sqlite_ward.visitor("Ana"), sqlite_ward.visitor("Ben")
    ward.sandbox.faults.add(Fault(kind=FaultKind.HANG, chat_id=ana.user_id, seconds=HANGS))
    await ward.queue(ana, "first")
    second = await ward.queue(ana, "second")
    async with _running(ward):
        await _until(lambda: _copies(ana, "first") == ONCE)

        to_another = await ward.queue(ben, "hello")
        ward.program.sender.nudge()
        await _until_sent(ward, to_another)

        assert ((await ward.post(second)).state, _copies(ana, "second")) == (OutboxState.QUEUED, NEVER)
        await _until_sent(ward, second)


@pytest.mark.parametrize("pages", [6, BATCH + 2])
async def test_many_pages_to_one_person_do_not_delay_the_first_page_of_another(sqlite_ward: Ward, pages: int) -> None:
    ward, cole, day = sqlite_ward, sqlite_ward.visitor("Cole"), sqlite_ward.visitor("Day")
    rows = [await ward.queue(cole, f"page {number}", lane=Lane.SAFETY) for number in range(pages)]
    await ward.queue(day, "page", lane=Lane.SAFETY)
    paged_at = ward.clock.now()

    await ward.program.sender.drain()

    assert [call.at for call in ward.sandbox.ledger.calls("sendMessage", chat_id=day.user_id)] == [paged_at]
    assert [shown.text for shown in cole.screen if shown.from_bot] == [f"page {number}" for number in range(pages)]
    assert {(await ward.post(row)).tries for row in rows} == {1}  # to wait for the pace is not a try
    assert ward.sandbox.ledger.excesses == []


async def test_told_to_stop_it_finishes_what_is_on_the_wire_and_begins_nothing(sqlite_ward: Ward) -> None:
    ward, ana = sqlite_ward, sqlite_ward.visitor("Ana")
    ward.sandbox.faults.add(Fault(kind=FaultKind.HANG, seconds=HANGS))
    first, second = await ward.queue(ana, "first"), await ward.queue(ana, "second")

    async with _running(ward):
        await _until(lambda: _copies(ana, "first") == ONCE)

    assert [(await ward.post(row)).state for row in (first, second)] == [OutboxState.SENT, OutboxState.QUEUED]
    assert _copies(ana, "second") == NEVER


async def test_told_to_stop_it_does_not_wait_for_ever_and_the_next_start_knows(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward, ana = sqlite_ward, sqlite_ward.visitor("Ana")
    monkeypatch.setattr("bot.wire.FINISH_WITHIN", 0.01)
    ward.sandbox.faults.add(Fault(kind=FaultKind.HANG, seconds=60))
    row_id = await ward.queue(ana, "hello")

    async with _running(ward):
        await _until(lambda: _copies(ana, "hello") == ONCE)
    left = (await ward.post(row_id)).state
    await ward.program.sender.recover()
    await ward.until_quiet()

    row = await ward.post(row_id)
    assert left == OutboxState.SENDING
    assert (row.state, row.unclear, _copies(ana, "hello")) == (OutboxState.SENT, 1, TWICE)


async def test_when_nobody_knows_whether_a_claim_was_stored_it_is_taken_back_and_sent_once(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = ward.visitor("Ana")
    row_id = await ward.queue(ana, "hello")
    sender, writing = ward.program.sender, ward.program.database.writing

    @asynccontextmanager
    async def stores_and_fails(_what: str) -> AsyncGenerator[AsyncSession]:
        async with writing() as session:
            yield session
        raise Unwritable

    with monkeypatch.context() as broken:
        broken.setattr(ward.program.database, "writing", stores_and_fails)
        with pytest.raises(Unwritable):
            await sender.drain_once()
    during, copies_then = await ward.post(row_id), _copies(ana, "hello")
    await ward.until_quiet()

    row = await ward.post(row_id)
    assert (during.state, copies_then) == (OutboxState.SENDING, NEVER)
    assert (row.state, row.unclear, _copies(ana, "hello")) == (OutboxState.SENT, 0, ONCE)


async def test_while_one_answer_is_slow_another_that_could_not_be_written_down_is_not_sent_again(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sender.FIRST_PAUSE", 0.01)
    ana, ben = ward.visitor("Ana"), ward.visitor("Ben")
    ward.sandbox.faults.add(Fault(kind=FaultKind.HANG, chat_id=ana.user_id, seconds=HANGS))
    rows = [await ward.queue(ana, "slow"), await ward.queue(ben, "safety", lane=Lane.SAFETY)]
    refused: list[int] = []

    async def refuse(*_: object, **__: object) -> object:
        refused.append(len(refused))
        raise Unwritable

    async with _running(ward):
        with monkeypatch.context() as broken:
            broken.setattr("storage.sending.record", refuse)
            await _until(lambda: len(refused) > 1)  # Ben's answer is there and cannot be written down
            copies_meanwhile = _copies(ana, "slow"), _copies(ben, "safety")
        await _until_sent(ward, *rows)

    assert [(row.tries, row.unclear) for row in [await ward.post(row_id) for row_id in rows]] == [(1, 0), (1, 0)]
    assert copies_meanwhile == (_copies(ana, "slow"), _copies(ben, "safety")) == (ONCE, ONCE)


@asynccontextmanager
async def _running(ward: Ward) -> AsyncGenerator[None]:
    """The sender goes on by itself, and is told to stop at the end."""
    stopping = asyncio.Event()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(ward.program.sender.run(stopping, lambda: None))
        try:
            yield
        finally:
            stopping.set()


async def _until(has_happened: Callable[[], bool]) -> None:
    while not has_happened():  # noqa: ASYNC110  # people's screens do not tell
        await asyncio.sleep(0.005)


async def _until_sent(ward: Ward, *rows: int) -> None:
    while {(await ward.post(row)).state for row in rows} != {OutboxState.SENT}:  # noqa: ASYNC110  # rows do not tell
        await asyncio.sleep(0.005)


def _copies(person: Person, text: str) -> int:
    return sum(1 for shown in person.screen if shown.from_bot and shown.text == text)
