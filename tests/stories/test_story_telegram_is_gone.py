"""For an hour and a half Telegram answers nothing, and every loop of the program runs on.

A stranger asked for help shortly before and nobody has taken that on: the pages go by mail. Ben writes in the middle
of it that he does not want to live any more; that reaches us when Telegram is back, and the page says when it was
written and when it came. Ana's check-in and Dr Cole's digest fell due meanwhile: each comes late, and once.

The program runs as it always does, all its loops at once; only the clock is moved by hand, a minute at a time, and
the pauses between two tries are cut short.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alliance.delivery import OutboxState
from bot import elsewhere, intake, outages, pausing, sender, telegram_api, timers, unanswered
from bot.unanswered import TOO_MANY
from sandbox.server import Outage
from tests.stories.crisis import WORDS, pages, safety
from tests.stories.ward import Ward, ever, madrid, texts

pytestmark = pytest.mark.faults

SOON = 0.02  # seconds between two tries of a loop
GIVES_UP_AFTER = 0.1  # seconds without an answer
NONE, MINUTE = timedelta(0), timedelta(minutes=1)
AT_WORK = ("alerts", "checkins", "digests", "elsewhere", "sender")  # loops that go round whatever Telegram does
GONE_AT, BACK_AT = madrid(3, 5, "07:45"), madrid(3, 5, "09:15")
BY_MAIL_WITHIN = 6 * MINUTE  # two to the next page, and a page without an answer is on the wire for some of these
PATIENT = 20.0  # seconds, on a machine that has other things to do


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "TICKS", tuple(replace(t, every=timedelta(seconds=SOON * 2)) for t in timers.TICKS))
    monkeypatch.setattr(telegram_api, "ANSWER_WITHIN", GIVES_UP_AFTER)
    monkeypatch.setattr(pausing, "LONGEST_PAUSE", SOON)
    monkeypatch.setattr(intake, "FIRST_PAUSE", SOON)
    monkeypatch.setattr(sender, "LONGEST_NAP", SOON)
    monkeypatch.setattr(elsewhere, "LOOK_EVERY", SOON)
    monkeypatch.setattr(unanswered, "ASK_EVERY", SOON)
    monkeypatch.setattr(outages, "WRITTEN_EVERY", timedelta(0))


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize("how", [Outage.REFUSING, pytest.param(Outage.HANGING, marks=pytest.mark.long)])
async def test_everything_comes_once_and_late_and_says_so(ward: Ward, how: Outage) -> None:
    mail: list[tuple[datetime, str]] = []

    async def tell(page: Mapping[str, object]) -> bool:
        mail.append((ward.clock.now(), str(page["subject"])))
        return True

    await ward.until(GONE_AT - MINUTE)
    await ward.restart(tell=tell)
    async with _running(ward):
        ward.cy.writes(WORDS)
        await _until_so(lambda: len(pages(ward, ward.kim)) == 1)
        assert mail == []
        await ward.sandbox.goes_away(how)
        await _time_passes(ward, until=GONE_AT + 10 * MINUTE)
        await _time_passes(ward, until=madrid(3, 5, "08:30"), step=5 * MINUTE)
        ward.ben.writes(WORDS)
        await _time_passes(ward, until=BACK_AT, step=5 * MINUTE)
        paged_by_mail, seen = list(mail), texts(ward.ana)

        await ward.sandbox.comes_back()
        await _until_so(lambda: ward.sandbox.pending == 0 and safety(ward) in texts(ward.ben))
        await _until_all_is_sent(ward)

    assert paged_by_mail
    assert paged_by_mail[0][0] - GONE_AT <= BY_MAIL_WITHIN
    assert ever(ward, ward.ben).count(safety(ward)) == 1
    late = next(text for text in texts(ward.cole) if text.startswith("Possible crisis: MAPLE-02"))
    assert "08:30" in late
    assert ward.says("alert.late", at="09:15") in late
    assert len([text for text in ever(ward, ward.cole) if text.startswith("Digest")]) == 3
    assert await ward.states() == ["expired", "open"]
    assert len(texts(ward.ana)) == len(seen) + 1
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert len([text for text in ever(ward, ward.cole) if ward.says("outage.staff_late") in text]) == 1
    ended = await ward.outbox()
    assert ended.keys() <= {OutboxState.SENT, OutboxState.UNCERTAIN}
    assert ended.get(OutboxState.UNCERTAIN, 0) <= TOO_MANY  # pages that went into the void before it was noticed


@asynccontextmanager
async def _running(ward: Ward) -> AsyncGenerator[None]:
    stopping = asyncio.Event()
    running = asyncio.create_task(ward.program.run(stopping))
    try:
        await _until_so(lambda: ward.sandbox.world.parked is not None)
        yield
    finally:
        stopping.set()
        await running


async def _time_passes(ward: Ward, *, until: datetime, step: timedelta = MINUTE) -> None:
    """Step by step; in each every loop goes round at least once."""
    while ward.clock.now() < until:
        ward.clock.move_to(min(until, ward.clock.now() + step))
        await _until_so(lambda: all(ward.program.heartbeats.beats.pulses()[loop].age == NONE for loop in AT_WORK))


async def _until_all_is_sent(ward: Ward) -> None:
    """Second by second, since what could not be sent rests up to a minute before the next try."""
    async with asyncio.timeout(PATIENT):
        while await _something_waits(ward):
            ward.clock.move_to(ward.clock.now() + timedelta(seconds=1))
            await asyncio.sleep(SOON)


async def _something_waits(ward: Ward) -> bool:
    outbox = await ward.outbox()
    return bool(outbox.get(OutboxState.QUEUED) or outbox.get(OutboxState.SENDING))


async def _until_so(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENT):
        while not is_so():  # noqa: ASYNC110  # it happens in loops that send no event
            await asyncio.sleep(SOON)
