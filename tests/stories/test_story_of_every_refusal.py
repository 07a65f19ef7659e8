"""Telegram refuses a person for good, in any of its words: the team hears of it, and nobody pours out what was missed.

Whatever the words (blocked, an account that is gone, a chat that never began, a group), it means the same: nothing
arrives there until somebody changes it. It is tried once. Ana stays enrolled, what she was due is written down as not
delivered and not as her silence, Dr Cole reads her code name in each digest until she is back, and then the next
check-in comes as always.
"""

import pytest

from alliance.enrolment import EnrolmentState
from sandbox import Fault, FaultKind
from sandbox.refusals import FORBIDDEN_WORDS
from tests.stories.crisis import WORDS, pages
from tests.stories.ward import ON_BOTH, Ward, madrid, texts

pytestmark = pytest.mark.faults

NEVER = None  # times that a fault passes by itself
REFUSALS = [
    *(pytest.param(FaultKind.FORBIDDEN, words, id=words) for words in FORBIDDEN_WORDS),
    pytest.param(FaultKind.BAD_REQUEST, "chat not found", id="chat not found"),
    pytest.param(FaultKind.BAD_REQUEST, "private chat not found", id="private chat not found"),
]


@pytest.mark.parametrize(("kind", "words"), REFUSALS)
async def test_it_is_tried_once_told_in_each_digest_and_over_when_she_is_back(
    ward: Ward, kind: FaultKind, words: str
) -> None:
    ward.sandbox.faults.add(Fault(kind=kind, description=words, chat_id=ward.ana.user_id, times=NEVER))
    seen = texts(ward.ana)
    await ward.until(madrid(3, 3, "08:01"))
    assert (await ward.person("BIRCH-07")).blocked_at is not None
    assert (await ward.enrolment("BIRCH-07")).state == EnrolmentState.ACTIVE
    assert "Cannot be reached: 1" in ward.cole.last.text
    assert "• BIRCH-07" in ward.cole.last.text
    assert "1 could not be delivered" in ward.cole.last.text
    assert "without a reply" not in ward.cole.last.text

    await ward.until(madrid(3, 6, "08:01"))  # Thursday's check-in as well
    assert await ward.states() == ["undeliverable", "undeliverable"]
    assert "Cannot be reached: 1" in ward.cole.last.text
    assert ward.sandbox.faults.hits == 1

    ward.sandbox.faults.clear()
    ward.ana.unblocks()
    await ward.until(madrid(3, 9, "08:59"))
    assert texts(ward.ana) == seen  # nothing that was missed pours out
    assert "Cannot be reached" not in ward.cole.last.text
    await ward.until(madrid(3, 9, "09:01"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert (await ward.states())[2:] == ["open"]


@ON_BOTH
async def test_a_member_of_staff_who_is_refused_is_passed_over_and_others_are_told(ward: Ward) -> None:
    words = "user is deactivated"
    ward.sandbox.faults.add(Fault(kind=FaultKind.FORBIDDEN, description=words, chat_id=ward.cole.user_id, times=NEVER))

    await ward.writes(ward.ana, WORDS)
    await ward.later(seconds=3)  # not two minutes, as for a page that arrived

    assert pages(ward, ward.cole) == []
    assert len(pages(ward, ward.kim)) == 1
    assert ward.says("staff.out_of_reach", who="COLE") in texts(ward.kim)


async def test_who_has_blocked_the_bot_and_writes_in_a_group_has_not_let_it_in_again(ward: Ward) -> None:
    ward.ana.blocks()
    group = ward.sandbox.group("Family")
    group.adds_bot(ward.ana)
    group.writes(ward.ana, "is this thing on")
    await ward.settle()

    await ward.until(madrid(3, 2, "12:00"))

    assert (await ward.person("BIRCH-07")).blocked_at is not None
    assert await ward.states() == ["undeliverable"]
    assert ward.sandbox.ledger.calls("sendMessage", chat_id=ward.ana.user_id)[-1].status == 200  # none was tried


async def test_a_group_that_puts_the_bot_out_blocks_nobody(ward: Ward) -> None:
    group = ward.sandbox.group("Family")
    group.adds_bot(ward.ana)
    await ward.settle()
    group.removes_bot(ward.ana)
    await ward.settle()

    assert (await ward.person("BIRCH-07")).blocked_at is None
    await ward.until(madrid(3, 2, "09:00"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
