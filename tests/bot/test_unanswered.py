"""While Telegram answers nothing, nothing more is sent into it: one asks something harmless until it is back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from alliance.delivery import Lane, OutboxState, Result
from bot import unanswered
from bot.findings import Symptom
from bot.unanswered import TOO_MANY, Unanswered
from sandbox import Fault, FaultKind
from tests.bot.ward import Ward

MANY = 40


@asynccontextmanager
async def _sending(ward: Ward) -> AsyncGenerator[None]:
    stopping = asyncio.Event()
    running = asyncio.create_task(ward.program.sender.run(stopping, lambda: None))
    try:
        yield
    finally:
        stopping.set()
        await running


def test_a_few_sends_without_an_answer_are_too_many_and_one_answer_ends_it(ward: Ward) -> None:
    heard = Unanswered(ward.program.bot, lambda _symptom, _is_there: None)

    for result in (Result.AMBIGUOUS, Result.NOT_SENT, Result.AMBIGUOUS):
        assert not heard.are_too_many
        heard.note(result)
    lasted = heard.are_too_many
    heard.note(Result.BLOCKED)  # a refusal is an answer

    assert (lasted, heard.are_too_many) == (True, False)


async def test_what_waits_meanwhile_is_not_sent_into_it_and_arrives_once_afterwards(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "ASK_EVERY", 0.05)
    people = [sqlite_ward.visitor(f"P{number}") for number in range(MANY)]
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER, times=None))
    for person in people:
        await sqlite_ward.queue(person, "hello", lane=Lane.DIGEST)

    async with _sending(sqlite_ward):
        await _until(lambda: sqlite_ward.program.sender.telegram_takes_none)
        await asyncio.sleep(0.5)
        sent_into_it = len(sqlite_ward.sandbox.ledger.calls("sendMessage"))
        asked = len(sqlite_ward.sandbox.ledger.calls("getMe"))
        sqlite_ward.sandbox.faults.clear()
        await _until(lambda: not sqlite_ward.program.sender.telegram_takes_none)

    await sqlite_ward.until_quiet(at_most=200)
    states = await sqlite_ward.states()
    assert TOO_MANY <= sent_into_it < MANY
    assert asked > 1
    assert states == {OutboxState.SENT: MANY}
    copies = [len([shown for shown in person.screen if shown.text == "hello"]) for person in people]
    assert set(copies) <= {1, 2}
    assert copies.count(2) <= sent_into_it


async def test_it_is_complained_about_and_its_end_told(sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unanswered, "ASK_EVERY", 0.01)
    said: list[tuple[Symptom, bool]] = []
    heard = Unanswered(sqlite_ward.program.bot, lambda symptom, is_there: said.append((symptom, is_there)))
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="getMe", times=1))

    await heard.ask(asyncio.Event())
    await heard.ask(asyncio.Event())

    unreachable = Symptom.TELEGRAM_UNREACHABLE
    assert said == [(unreachable, True), (unreachable, True), (unreachable, False)]


async def _until(is_so: object) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # type: ignore[operator]  # noqa: ASYNC110  # the loop sends no event
            await asyncio.sleep(0.01)
