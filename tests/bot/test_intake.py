"""Telegram is told that we have an update only when we have it, and each is stored once."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import intake
from bot.findings import Symptom
from bot.intake import TokenRefused
from bot.telegram_api import get_updates, make_bot
from sandbox import Fault, FaultKind, Sandbox
from storage import inbox
from storage.database import Database
from storage.trouble import Unwritable
from tests.bot.ward import TOKEN, Ward

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers


async def test_the_next_question_confirms_what_was_stored_and_not_more(ward: Ward) -> None:
    ana = ward.visitor("Ana")
    ids = [ana.writes(f"{number}").update_id for number in range(3)]

    await ward.program.intake.poll_once(wait=0)
    unconfirmed, offset = ward.sandbox.pending, await _offset(ward.program.database)
    await ward.program.intake.poll_once(wait=0)

    assert (unconfirmed, offset, ward.sandbox.pending) == (3, ids[-1] + 1, 0)
    assert [row.update_id for row in await ward.inbox()] == ids


async def test_more_than_one_answer_holds_is_taken_in_several(ward: Ward) -> None:
    ana = ward.visitor("Ana")
    ids = [ana.writes(f"{number}").update_id for number in range(230)]

    taken = [await ward.program.intake.poll_once(wait=0) for _ in range(4)]

    assert taken == [100, 100, 30, 0]
    assert [row.update_id for row in await ward.inbox()] == ids


async def test_an_update_delivered_again_is_stored_once(ward: Ward) -> None:
    ana = ward.visitor("Ana")
    sent = ana.writes("hello")
    await ward.program.intake.poll_once(wait=0)
    ward.sandbox.redeliver(sent.update_id)

    new = await ward.program.intake.poll_once(wait=0)

    assert (new, len(await ward.inbox())) == (0, 1)


@pytest.mark.parametrize("restart_at", [5, 1_999_999_999], ids=["much lower", "much higher"])
async def test_after_a_reset_of_the_ids_nothing_loops_and_nothing_is_lost(ward: Ward, restart_at: int) -> None:
    ana = ward.visitor("Ana")
    ana.writes("before")
    await ward.program.intake.poll_once(wait=0)
    ward.sandbox.restart_update_ids(restart_at)
    ana.writes("after")

    taken = [await ward.program.intake.poll_once(wait=0) for _ in range(4)]

    assert taken == [1, 0, 0, 0]
    assert (ward.sandbox.pending, len(await ward.inbox())) == (0, 2)


async def test_an_id_that_comes_back_with_another_message_is_another_update(ward: Ward) -> None:
    ana = ward.visitor("Ana")
    first, *_later = [ana.writes("before").update_id for _ in range(20)]
    await ward.program.intake.poll_once(wait=0)
    ward.clock.move_to(ward.clock.now() + timedelta(days=8))
    ward.sandbox.restart_update_ids(first)
    again = ana.writes("after").update_id

    new = await ward.program.intake.poll_once(wait=0)

    assert (first, new) == (again, 1)


async def test_what_the_database_refused_is_not_confirmed_and_stored_later(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = ward.visitor("Ana")
    ana.writes("hello")
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.remember_offset", _refuse)  # after the rows, before the commit
        for _ in range(3):
            with pytest.raises(Unwritable):
                await ward.program.intake.poll_once(wait=0)
    during = len(await ward.inbox()), ward.sandbox.pending

    await ward.program.intake.poll_once(wait=0)
    await ward.program.intake.poll_once(wait=0)

    assert during == (0, 1)
    assert (len(await ward.inbox()), ward.sandbox.pending) == (1, 0)


async def test_while_the_database_cannot_even_be_read_danger_is_answered_and_nothing_is_confirmed(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = ward.visitor("Ana")
    ana.writes("I want to kill myself")
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.next_offset", _refuse)
        broken.setattr("storage.inbox.store", _refuse)
        for _ in range(2):
            with pytest.raises(Unwritable):
                await ward.program.intake.poll_once(wait=0)

    assert "112" in ana.last.text
    assert len([shown for shown in ana.screen if shown.from_bot]) == 1
    assert (len(await ward.inbox()), ward.sandbox.pending) == (0, 1)


async def test_an_answer_cut_short_confirms_nothing_and_quotes_nothing(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    ana.writes("only for the clinic")
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.CUT_JSON, method="getUpdates"))

    with capture_logs() as said:
        await _looped(sqlite_ward, pause=0.01, until=1)

    assert len(await sqlite_ward.inbox()) == 1
    assert said[0]["event"] == "poll_failed"
    assert "only for the clinic" not in str(said)


async def test_another_poller_is_reported_and_costs_no_update(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    second = make_bot(TOKEN, sqlite_ward.sandbox.url)  # as another process would have it
    await second.initialize()
    with capture_logs() as said:
        ours = asyncio.create_task(sqlite_ward.program.intake.run(asyncio.Event(), lambda: None))
        await _parked(sqlite_ward.sandbox)
        await get_updates(second, offset=None, wait=1, kinds=("message",))
        ana.writes("hello")
        await _stored(sqlite_ward, 1)
        ours.cancel()
        await asyncio.gather(ours, return_exceptions=True)
    await second.shutdown()

    assert "another_poller" in [line["event"] for line in said]
    assert len(await sqlite_ward.inbox()) == 1


async def test_a_refused_token_is_told_and_stops_with_one_sentence(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "TOLD_WITHIN", 0.01)
    said: list[tuple[Symptom, bool]] = []
    sqlite_ward.program.intake._complain = lambda symptom, is_there: said.append((symptom, is_there))
    port = int(sqlite_ward.sandbox.url.rpartition(":")[2])
    await sqlite_ward.sandbox.stop()
    async with asyncio.timeout(5):
        stricter = Sandbox(token="123456:another", clock=sqlite_ward.clock)
        await stricter.start(port)

        with pytest.raises(TokenRefused, match="@BotFather") as refused:
            await sqlite_ward.program.intake.run(asyncio.Event(), lambda: None)

    await stricter.stop()
    assert "123456" not in str(refused.value)
    assert said == [(Symptom.TOKEN_REFUSED, True)]


async def test_an_unreachable_telegram_is_waited_out(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    ana.writes("hello")
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.STATUS, status=502, method="getUpdates", times=2))

    with capture_logs() as said:
        await _looped(sqlite_ward, pause=0.01, until=1)

    assert [line["event"] for line in said][:2] == ["poll_failed", "poll_failed"]


async def _looped(ward: Ward, *, pause: float, until: int) -> None:
    """Let the loop run with short pauses until so many updates are stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.intake.FIRST_PAUSE", pause)
        running = asyncio.create_task(ward.program.intake.run(asyncio.Event(), lambda: None))
        await _stored(ward, until)
        running.cancel()  # as the program does: the poll it waits in may last half a minute
        await asyncio.gather(running, return_exceptions=True)


async def _stored(ward: Ward, number: int) -> None:
    async with asyncio.timeout(10):
        while len(await ward.inbox()) < number:  # noqa: ASYNC110  # the database sends no event
            await asyncio.sleep(0.01)


async def _parked(sandbox: Sandbox) -> None:
    async with asyncio.timeout(5):
        while sandbox.world.parked is None:  # noqa: ASYNC110  # a few turns of the loop
            await asyncio.sleep(0.01)


async def _offset(database: Database) -> int | None:
    async with database.reading() as session:
        return await inbox.next_offset(session)


async def _refuse(*_: object, **__: object) -> object:
    raise Unwritable
