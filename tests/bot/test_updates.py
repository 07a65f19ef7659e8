"""Updates are handled in order of arrival, committed together, and a bad one delays nobody."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from alliance.delivery import OutboxState
from alliance.people import Role
from bot.updates import HANDLE_FOR
from sandbox import Fault, FaultKind, Person
from storage import inbox
from storage.inbox import MOST_ATTEMPTS, Waiting
from storage.raw_updates import InboxState
from storage.trouble import Unwritable
from tests.bot.ward import Ward
from workflows.unit import Toast

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers

MALFORMED: dict[str, dict[str, object]] = {
    "a message without a date": {"message": {"message_id": 1, "chat": {"id": 5, "type": "private"}}},
    "a chat that is a number": {"message": {"message_id": 1, "date": 1, "chat": 5, "text": "x"}},
    "a text that is a number": {
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": 5, "type": "private"},
            "from": {"id": 5, "is_bot": False, "first_name": "A"},
            "text": 5,
        }
    },
}
HARMLESS: dict[str, dict[str, object]] = {
    "a press without its person": {"callback_query": {"id": "1", "chat_instance": "1", "data": "x"}},
    "a kind nobody knows": {"telepathy": {"thought": "hm"}},
    "nothing at all": {},
}


async def test_what_has_gathered_is_handled_in_one_commit(ward: Ward) -> None:
    cy, dee = ward.visitor("Cy"), ward.visitor("Dee")
    for number in range(5):
        cy.writes(f"{number}")
        dee.writes(f"{number}")
    await ward.program.intake.poll_once(wait=0)

    handled = await ward.program.updates.handle_batch()

    rows = await ward.inbox()
    assert handled == 10
    assert [row.state for row in rows] == [InboxState.DONE] * 10
    assert (await ward.states()) == {OutboxState.QUEUED: 10}


async def test_on_a_slow_machine_a_commit_holds_fewer_so_that_nobody_waits_long_for_the_database(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    cy, handle = ward.visitor("Cy"), ward.program.updates._handle

    async def slowly(session: AsyncSession, row: Waiting) -> list[Toast]:
        await ward.clock.sleep(HANDLE_FOR * 0.6)
        return await handle(session, row)

    monkeypatch.setattr(ward.program.updates, "_handle", slowly)
    for number in range(5):
        cy.writes(f"{number}")
    await ward.program.intake.poll_once(wait=0)

    numbers = [await ward.program.updates.handle_batch() for _ in range(4)]

    assert numbers == [2, 2, 1, 0]
    assert [row.state for row in await ward.inbox()] == [InboxState.DONE] * 5


async def test_when_the_commit_fails_nothing_of_the_batch_has_happened(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    cy = ward.visitor("Cy")
    cy.writes("hello")
    cy.writes("hello again")
    await ward.program.intake.poll_once(wait=0)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.done", _refused_at_the_second(inbox.done))
        with pytest.raises(Unwritable):
            await ward.program.updates.handle_batch()
    during = await ward.states(), [(row.state, row.attempts) for row in await ward.inbox()]

    await ward.program.updates.handle_all()

    assert during == ({}, [(InboxState.WAITING, 0)] * 2)
    assert (await ward.states()) == {OutboxState.QUEUED: 2}


async def test_a_full_disk_never_makes_a_dead_letter_of_an_update(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    cy = ward.visitor("Cy")
    cy.writes("hello")
    await ward.program.intake.poll_once(wait=0)
    with monkeypatch.context() as broken:
        broken.setattr("storage.outbox.add", _disk_full)
        for _ in range(MOST_ATTEMPTS + 1):
            with pytest.raises(Unwritable):
                await ward.program.updates.handle_batch()

    await ward.program.updates.handle_all()

    assert [(row.state, row.attempts) for row in await ward.inbox()] == [(InboxState.DONE, 0)]


async def test_while_the_database_refuses_the_loop_waits_and_then_goes_on(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    cy = ward.visitor("Cy")
    cy.writes("hello")
    await ward.program.intake.poll_once(wait=0)
    stopping = asyncio.Event()
    monkeypatch.setattr("bot.updates.FIRST_PAUSE", 0.01)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.waiting", _refuse)
        running = asyncio.create_task(ward.program.updates.run(stopping, lambda: None))
        await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        while (await ward.inbox())[0].state != InboxState.DONE:  # noqa: ASYNC110  # the database sends no event
            await asyncio.sleep(0.01)
    stopping.set()
    await running

    assert (await ward.states()) == {OutboxState.QUEUED: 1}


@pytest.mark.parametrize("update", list(MALFORMED.values()), ids=list(MALFORMED))
async def test_a_malformed_update_is_tried_three_times_and_set_aside_and_delays_nobody(
    sqlite_ward: Ward, update: dict[str, object]
) -> None:
    cy = sqlite_ward.visitor("Cy")
    cy.writes("before")
    sqlite_ward.sandbox.inject(update)
    cy.writes("after")
    await sqlite_ward.program.intake.poll_once(wait=0)

    first_round = await sqlite_ward.program.updates.handle_batch()
    states = [row.state for row in await sqlite_ward.inbox()]
    await sqlite_ward.program.updates.handle_all()

    bad = (await sqlite_ward.inbox())[1]
    assert (first_round, states) == (3, [InboxState.DONE, InboxState.WAITING, InboxState.DONE])
    assert (bad.state, bad.attempts) == (InboxState.DEAD, MOST_ATTEMPTS)


@pytest.mark.parametrize("update", list(HARMLESS.values()), ids=list(HARMLESS))
async def test_an_unknown_kind_is_noted_as_handled(sqlite_ward: Ward, update: dict[str, object]) -> None:
    sqlite_ward.sandbox.inject(update)
    await sqlite_ward.program.intake.poll_once(wait=0)

    await sqlite_ward.program.updates.handle_all()

    assert [row.state for row in await sqlite_ward.inbox()] == [InboxState.DONE]


async def test_a_dead_letter_is_told_to_a_coordinator_and_the_log_quotes_nothing(sqlite_ward: Ward) -> None:
    kim = sqlite_ward.sandbox.person("Kim")
    kim.opens(await sqlite_ward.invited(Role.COORDINATOR, "KIM"))
    await sqlite_ward.simulation.settle()
    broken: dict[str, object] = {"message": {"message_id": 1, "text": "nobody should read this in a log"}}

    with capture_logs() as said:
        sqlite_ward.sandbox.inject(broken)
        await sqlite_ward.simulation.settle()

    rows = await sqlite_ward.inbox()
    assert str(rows[-1].seq) in kim.last.text
    assert "nobody should read this" not in str(said)
    assert [line["dead"] for line in said if line["event"] == "update_failed"] == [False, False, True]


async def test_a_dead_letter_that_cannot_be_told_stops_nobody_else(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    cy = sqlite_ward.visitor("Cy")
    sqlite_ward.sandbox.inject(MALFORMED["a message without a date"])
    cy.writes("hello")
    monkeypatch.setattr("bot.updates.report", _fails)

    with capture_logs() as said:
        await sqlite_ward.simulation.settle()

    assert [row.state for row in await sqlite_ward.inbox()] == [InboxState.DEAD, InboxState.DONE]
    assert "dead_letter_not_told" in [line["event"] for line in said]


async def test_danger_in_a_dead_letter_is_still_paged(sqlite_ward: Ward) -> None:
    ana = await sqlite_ward.enrolled()
    sender = {"id": ana.user_id, "is_bot": False, "first_name": "Ana"}
    in_danger: dict[str, object] = {"from": sender, "text": "I want to kill myself"}
    sqlite_ward.sandbox.inject({"message": in_danger})

    await sqlite_ward.simulation.settle()

    cole = sqlite_ward.sandbox.people[0]
    assert "112" in ana.last.text
    assert "I have this" in cole.last.labels


async def test_a_press_is_answered_after_its_commit(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = await _asked_for_consent(ward)
    ana.taps("Yes, I want to take part")
    await ward.program.intake.poll_once(wait=0)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.done", _refuse)
        with pytest.raises(Unwritable):
            await ward.program.updates.handle_batch()
        await ward.program.updates.finish_toasts()
    unanswered = len(ana.spinning)

    await ward.program.updates.handle_all()

    assert (unanswered, len(ana.spinning)) == (1, 0)


async def test_an_answer_to_a_press_that_is_lost_costs_nothing_else(sqlite_ward: Ward) -> None:
    ana = await _asked_for_consent(sqlite_ward)
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="answerCallbackQuery"))

    ana.taps("Yes, I want to take part")
    await sqlite_ward.simulation.settle()

    assert len(ana.spinning) == 1
    assert "Yes" in ana.last.labels  # the next question has come


async def test_each_update_takes_effect_once_however_often_it_is_delivered(ward: Ward) -> None:
    cy = ward.visitor("Cy")
    sent = [cy.writes(f"{number}").update_id for number in range(4)]
    for update_id in sent * 3:
        ward.sandbox.redeliver(update_id)

    await ward.simulation.settle()

    assert len(await ward.inbox()) == 4
    assert (await ward.states()) == {OutboxState.SENT: 4}


async def _asked_for_consent(ward: Ward) -> Person:
    cole, ana = ward.sandbox.person("Cole"), ward.sandbox.person("Ana")
    cole.opens(await ward.invited(Role.CLINICIAN, "COLE"))
    ana.opens(await ward.invited(Role.PATIENT, "BIRCH-07", clinician="COLE"))
    await ward.simulation.settle()
    return ana


def _refused_at_the_second(done):  # noqa: ANN001, ANN202  # stands in for whatever it is given
    calls: list[int] = []

    async def refuse_once_in_a_while(*given: object, **named: object) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise Unwritable
        await done(*given, **named)

    return refuse_once_in_a_while


class _Full(Exception):
    """As SQLite's driver raises it."""

    sqlite_errorname = "SQLITE_FULL"


async def _disk_full(*_: object, **__: object) -> None:
    raise OperationalError("INSERT", {}, _Full())


async def _fails(*_: object, **__: object) -> None:
    raise RuntimeError("nobody thought of this")


async def _refuse(*_: object, **__: object) -> None:
    raise Unwritable
