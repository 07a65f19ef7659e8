"""On a bad night Telegram itself may be the trouble: the page takes the second channel, and says whom to look at.

Ana writes that she does not want to live any more. Telegram has halted the bot, or answers nothing, or nobody on call
can be reached there. A mail goes out at once; it names Ana by her code name and quotes nothing. When Telegram works
again, everything is there once.
"""

from collections.abc import Mapping

import pytest

from bot.elsewhere import Elsewhere
from sandbox import Fault, FaultKind
from tests.stories.crisis import WORDS, pages, safety
from tests.stories.ward import ON_BOTH, Ward

HALF_A_MINUTE = 31  # seconds, and one


class Mail:
    """What the second channel was given, and whether it works."""

    def __init__(self) -> None:
        self.works = True
        self.taken: list[Mapping[str, object]] = []

    async def tell(self, page: Mapping[str, object]) -> bool:
        if self.works:
            self.taken.append(page)
        return self.works


@pytest.fixture
async def mail(ward: Ward) -> Mail:
    """The clinic's second channel, from now on."""
    mail = Mail()
    await ward.restart(tell=mail.tell)
    return mail


@ON_BOTH
async def test_while_telegram_has_halted_the_bot_a_page_goes_by_mail_at_once_and_by_telegram_afterwards(
    ward: Ward, mail: Mail
) -> None:
    _telegram_halts_the_bot(ward, seconds=30)
    ward.ana.writes(WORDS)
    await _handled(ward)

    told = await _elsewhere(ward).look()
    again = await _elsewhere(ward).look()
    paged_meanwhile = pages(ward, ward.cole)
    await ward.later(seconds=40)

    assert (told, again) == (1, 0)
    (page,) = mail.taken
    assert "BIRCH-07" in str(page["subject"])
    assert "Ana" not in str(page)
    assert WORDS not in str(page)
    assert (paged_meanwhile, len(pages(ward, ward.cole))) == ([], 1)
    assert safety(ward) in [shown.text for shown in ward.ana.screen]


@ON_BOTH
async def test_a_page_that_has_waited_for_half_a_minute_goes_both_ways(ward: Ward, mail: Mail) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, chat_id=ward.cole.user_id, times=None))
    ward.ana.writes(WORDS)
    await _handled(ward)
    early = await _elsewhere(ward).look()
    await ward.clock.sleep(HALF_A_MINUTE)

    late = await _elsewhere(ward).look()
    ward.sandbox.faults.clear()
    await ward.later(seconds=10)

    assert (early, late, len(mail.taken)) == (0, 1, 1)
    assert len(pages(ward, ward.cole)) == 1


async def test_when_nobody_on_call_can_be_reached_in_telegram_the_mail_goes_out(ward: Ward, mail: Mail) -> None:
    for person in (ward.cole, ward.day, ward.kim):
        person.blocks()
    await ward.settle()

    await ward.writes(ward.ana, WORDS)
    told = len(mail.taken)
    await ward.later(minutes=2, seconds=10)

    assert (told, len(mail.taken)) == (1, 2)  # again, as pages are, until somebody has it
    assert safety(ward) in [shown.text for shown in ward.ana.screen]


async def test_a_mail_server_that_is_down_is_asked_again(ward: Ward, mail: Mail) -> None:
    _telegram_halts_the_bot(ward, seconds=3600)
    ward.ana.writes(WORDS)
    await _handled(ward)
    mail.works = False
    refused = await _elsewhere(ward).look()
    await ward.clock.sleep(HALF_A_MINUTE)
    mail.works = True

    told = await _elsewhere(ward).look()
    await ward.settle()  # Telegram takes the page after its hour
    await ward.taps(ward.cole, "I have this")  # or the mails would go on, as pages do
    await ward.later(hours=2)

    assert (refused, told, len(mail.taken)) == (0, 1, 1)


async def test_an_ordinary_page_needs_no_mail(ward: Ward, mail: Mail) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.clock.sleep(HALF_A_MINUTE)

    assert (await _elsewhere(ward).look(), mail.taken) == (0, [])
    assert len(pages(ward, ward.cole)) == 1


async def test_a_clinic_without_a_second_channel_pages_in_telegram_alone(ward: Ward) -> None:
    await ward.restart()
    await ward.writes(ward.ana, WORDS)

    assert ward.program.elsewhere is None
    assert len(pages(ward, ward.cole)) == 1


def _elsewhere(ward: Ward) -> Elsewhere:
    assert ward.program.elsewhere is not None
    return ward.program.elsewhere


def _telegram_halts_the_bot(ward: Ward, *, seconds: int) -> None:
    """Two chats refused one after the other: it is the bot that is meant."""
    for person in (ward.ben, ward.day):
        ward.program.sender.pace.hold(person.user_id, ward.clock.monotonic(), seconds)


async def _handled(ward: Ward) -> None:
    """What people have written is taken in and handled; nothing is sent yet."""
    await ward.program.intake.poll_once(wait=0)
    await ward.program.updates.handle_all()
