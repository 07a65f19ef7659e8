"""Telegram asks for a pause, and the process that was asked is gone before it is over.

The next one keeps the pause: it runs into it no more than the first would have, for one chat or for the whole bot,
and the pages go the other way meanwhile. After it the safety lane is first, as ever.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest

from bot.application import make_application
from bot.duties import Shared
from bot.program import Program
from bot.telegram_api import make_bot
from bot.wiring import wire
from sandbox import Fault, FaultKind
from sandbox.ledger import Entry
from sandbox.people import Person as OnThePhone
from tests.faults.small_clinic import Killed, interrupted
from tests.stories.crisis import WORDS, pages, safety
from tests.stories.test_story_second_channel import Mail
from tests.stories.ward import ON_BOTH, Ward

PAUSE = 300  # seconds
TOO_MANY = 429


@ON_BOTH
async def test_the_pause_of_a_chat_is_kept_by_the_next_process(ward: Ward) -> None:
    over = await telegram_holds(ward, ward.cole)

    await ward.restart()
    await ward.writes(ward.ben, WORDS)
    await ward.later(seconds=PAUSE + 10)

    assert refusals(ward, ward.cole) == 1
    assert calls_to(ward, ward.cole, since=over - timedelta(seconds=PAUSE - 1))[0].at >= over


async def test_the_pause_of_a_chat_delays_no_other_after_a_restart(ward: Ward) -> None:
    await telegram_holds(ward, ward.cole)
    began = ward.clock.now()

    await ward.restart()
    ward.ben.writes("/help")
    await handled(ward)
    await ward.program.sender.drain_once()

    assert ward.clock.now() == began
    assert ward.ben.last.from_bot


@ON_BOTH
async def test_the_pause_of_the_whole_bot_is_kept_and_the_page_goes_the_other_way_at_once(ward: Ward) -> None:
    ward.excesses = 1  # the second of two that went out together, and so told that the bot was meant
    mail = Mail()
    await ward.restart(tell=mail.tell)
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, retry_after=PAUSE))
    over = ward.clock.now() + timedelta(seconds=PAUSE)
    ward.day.writes("/help")
    ward.kim.writes("/help")
    await handled(ward)
    await ward.program.sender.drain_once()

    await ward.restart(tell=mail.tell)
    ward.ana.writes(WORDS)
    await handled(ward)
    assert ward.program.elsewhere is not None
    told = await ward.program.elsewhere.look()
    await ward.later(seconds=PAUSE + 10)

    assert (told, len(mail.taken)) == (1, 1)
    since_then = [
        call for call in ward.sandbox.ledger.calls("sendMessage") if call.at > over - timedelta(seconds=PAUSE)
    ]
    assert since_then[0].at >= over
    assert {call.status for call in since_then} == {200}
    # those in danger and those on call; the commands that two others gave were there before them
    assert {call.chat_id for call in since_then[:2]} == {ward.ana.user_id, ward.cole.user_id}
    assert (len(pages(ward, ward.cole)), safety(ward) in [shown.text for shown in ward.ana.screen]) == (1, True)


async def test_a_pause_that_is_over_holds_nobody_back(ward: Ward) -> None:
    over = await telegram_holds(ward, ward.cole)
    ward.clock.move_to(over + timedelta(seconds=1))

    await ward.restart()
    now = ward.clock.now()
    await ward.program.sender.drain_once()

    assert (len(pages(ward, ward.cole)), ward.clock.now()) == (1, now)


async def test_a_token_that_was_refused_is_no_pause_to_keep(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.STATUS, status=401, chat_id=ward.cole.user_id, method="sendMessage"))
    ward.ana.writes(WORDS)
    await handled(ward)
    await ward.program.sender.drain_once()
    waited = ward.program.sender.pace.wait_for_chat(ward.cole.user_id, ward.clock.monotonic())

    await ward.restart()

    assert waited > 0
    assert ward.program.sender.pace.wait_for_chat(ward.cole.user_id, ward.clock.monotonic()) == 0.0


@ON_BOTH
@pytest.mark.parametrize("place", ["before:record", "after:record", "before:recover", "after:recover"])
async def test_wherever_it_dies_the_page_arrives_and_only_what_nobody_could_note_is_forgotten(
    ward: Ward, place: str
) -> None:
    ward.excesses = int(place == "before:record")  # what it was told then, it could tell nobody
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, chat_id=ward.cole.user_id, retry_after=PAUSE))
    ward.ana.writes(WORDS)
    ward.ben.writes(WORDS)
    await handled(ward)

    with interrupted(place, nth=1, by=Killed), suppress(Killed):
        await ward.program.sender.drain_once()
        await ward.restart()
    await ward.restart()
    await ward.later(seconds=PAUSE + 20)

    assert refusals(ward, ward.cole) == 1 + ward.excesses
    assert {alert.first_paged_at is not None for alert in await ward.alerts()} == {True}
    assert len([shown for shown in ward.cole.screen if "BIRCH-07" in shown.text and "MAPLE-02" in shown.text]) == 1


@ON_BOTH
async def test_the_worker_that_takes_over_keeps_the_pause_of_the_one_before(ward: Ward) -> None:
    async with worker(ward, "first") as (first, firsts_duties), worker(ward, "second") as (second, seconds_duties):
        await firsts_duties.look()
        await seconds_duties.look()
        ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, chat_id=ward.cole.user_id, retry_after=PAUSE))
        over = ward.clock.now() + timedelta(seconds=PAUSE)
        ward.ana.writes(WORDS)
        await handled(ward)
        await first.sender.drain_once()
        await firsts_duties.give_back()
        await seconds_duties.look()
        ward.ben.writes(WORDS)
        await handled(ward)

        stopping = asyncio.Event()
        sending = asyncio.create_task(second.sender.run(stopping, lambda: None))
        await until(lambda: safety(ward) in [shown.text for shown in ward.ben.screen])
        meanwhile = refusals(ward, ward.cole)
        ward.clock.move_to(over)
        await seconds_duties.look()
        second.sender.nudge()
        await until(lambda: "Possible crises: 2" in ward.cole.last.text)
        stopping.set()
        await sending

        assert (meanwhile, refusals(ward, ward.cole)) == (1, 1)


async def telegram_holds(ward: Ward, person: OnThePhone) -> datetime:
    """Ana is in danger, and the page to that person meets a pause; when it is over."""
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, chat_id=person.user_id, retry_after=PAUSE))
    over = ward.clock.now() + timedelta(seconds=PAUSE)
    ward.ana.writes(WORDS)
    await handled(ward)
    await ward.program.sender.drain_once()
    assert refusals(ward, person) == 1
    return over


async def handled(ward: Ward) -> None:
    """What people have written is taken in and handled; nothing is sent yet."""
    await ward.program.intake.poll_once(wait=0)
    await ward.program.updates.handle_all()


@asynccontextmanager
async def worker(ward: Ward, name: str) -> AsyncGenerator[tuple[Program, Shared]]:
    """One of several on the same database."""
    bot = make_bot(ward.settings.bot_token.get_secret_value(), ward.settings.telegram_api_url)
    application = make_application(bot)
    await application.initialize()
    duties = Shared(ward.database, ward.clock, worker=name)
    yield wire(ward.settings, ward.clock, ward.database, bot, application, duties=duties), duties
    await application.shutdown()


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loops go round until that is so."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  # a screen has no event
            await asyncio.sleep(0.01)


def calls_to(ward: Ward, person: OnThePhone, *, since: datetime) -> list[Entry]:
    """What a person's chat was sent from a moment on."""
    return [call for call in ward.sandbox.ledger.calls("sendMessage", chat_id=person.user_id) if call.at >= since]


def refusals(ward: Ward, person: OnThePhone) -> int:
    """How often a person's chat was asked to wait."""
    return sum(call.status == TOO_MANY for call in ward.sandbox.ledger.calls(chat_id=person.user_id))
