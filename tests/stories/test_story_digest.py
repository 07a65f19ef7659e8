"""What Dr Cole reads once a day holds everything exactly once, whatever happens around eight o'clock.

A digest that nobody received is told again with the next one; a message that arrives in the very moment is in one of
the two; an outage of ours is not a quiet day; and whoever has left, was discharged or has died is not talked about.
"""

from datetime import datetime, timedelta

import pytest

from alliance.enrolment import EnrolmentState
from storage.messages import Written
from tests.stories.ward import ON_BOTH, Ward, madrid, texts
from workflows.keep_message import keep
from workflows.recognise import recognise

ONE_MESSAGE = "BIRCH-07: 1 message"


async def test_after_an_outage_nobody_is_wished_a_good_day(ward: Ward) -> None:
    await ward.is_down_until(madrid(3, 3, "04:30"))  # Monday's check-in was never asked

    await ward.until(madrid(3, 3, "08:01"))

    assert "1 not asked in time, by our own fault" in ward.cole.last.text
    assert ward.says("digest.nothing") not in ward.cole.last.text


async def test_when_everything_was_asked_and_nothing_stands_out_it_says_so(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "6", "Leave it at that")

    await ward.until(madrid(3, 3, "08:01"))

    assert ward.says("digest.nothing") in ward.cole.last.text


@pytest.mark.parametrize(
    ("does", "numbers"),
    [
        pytest.param("skips", "1 answered in part", id="only a skip"),
        pytest.param("writes", "1 answered in part", id="only a sentence"),
        pytest.param("nothing", "1 without a reply", id="nothing at all"),
    ],
)
async def test_whoever_replied_in_any_way_is_not_counted_as_silent(ward: Ward, does: str, numbers: str) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    if does == "skips":
        await ward.taps(ward.ana, "Skip this one")
    elif does == "writes":
        await ward.writes(ward.ana, "Not today, please")

    await ward.until(madrid(3, 3, "08:01"))

    assert await ward.states() == ["expired"]
    assert numbers in "\n".join(texts(ward.cole)[-2:])


@ON_BOTH
async def test_what_a_digest_said_that_ended_blocked_is_told_in_the_next(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "1")
    await ward.writes(ward.ana, "Something I would like to talk about")
    ward.cole.blocks()
    await ward.until(madrid(3, 3, "12:00"))
    assert not any(text.startswith("Digest") for text in texts(ward.cole))

    ward.cole.unblocks()
    await ward.until(madrid(3, 4, "08:01"))

    summary, card = ward.cole.screen[-2:]
    assert ONE_MESSAGE in summary.text
    assert "1 of 1 check-in answered" in summary.text
    assert card.text.endswith(ward.says("digest.standing.new"))


async def test_what_a_digest_said_that_arrived_is_not_told_again(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "6")
    await ward.writes(ward.ana, "Something I would like to talk about")
    await ward.until(madrid(3, 3, "08:01"))
    assert ONE_MESSAGE in ward.cole.last.text

    await ward.until(madrid(3, 4, "08:01"))

    assert "BIRCH-07" not in ward.cole.last.text
    assert ward.says("digest.numbers.none") in ward.cole.last.text


@ON_BOTH
async def test_a_message_committed_while_the_digest_is_arranged_is_in_the_next_exactly_once(ward: Ward) -> None:
    await ward.until(madrid(3, 3, "08:01"))
    assert ONE_MESSAGE not in ward.cole.last.text

    await _committed_late(ward, received_at=madrid(3, 3, "07:59"))
    told = [await _digest_of(ward, day) for day in (4, 5, 6)]

    assert [ONE_MESSAGE in text for text in told] == [True, False, False]


@pytest.mark.parametrize("at", ["07:49", "07:51", "07:59"])
async def test_a_message_just_before_the_digest_is_told_once(ward: Ward, at: str) -> None:
    await ward.until(madrid(3, 3, at))
    await ward.writes(ward.ana, "Good morning")

    told = [await _digest_of(ward, day) for day in (3, 4)]

    assert [ONE_MESSAGE in text for text in told] == [True, False]


@pytest.mark.parametrize(
    "state", [EnrolmentState.DISCHARGED, EnrolmentState.TRANSFERRED, EnrolmentState.DECEASED], ids=str
)
async def test_who_is_no_longer_a_patient_is_not_in_the_digest(ward: Ward, state: EnrolmentState) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1", "Leave it at that")
    ward.ana.blocks()
    await ward.settle()

    await ward.staff_say("BIRCH-07", state)
    await ward.until(madrid(3, 3, "08:01"))

    assert [flag.state for flag in await ward.flags()] == ["raised"]
    assert not any("BIRCH-07" in text for text in texts(ward.cole))
    assert ward.says("digest.unreachable", count=1) not in ward.cole.last.text
    assert ward.says("digest.caseload", count=0) in ward.cole.last.text


async def test_who_is_on_hold_is_still_in_it(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1", "Leave it at that")
    ward.ana.blocks()
    await ward.settle()

    await ward.staff_say("BIRCH-07", EnrolmentState.ON_HOLD)
    await ward.until(madrid(3, 3, "08:01"))

    assert any(text.startswith("BIRCH-07: possible") for text in texts(ward.cole))
    assert ward.says("digest.unreachable", count=1) in texts(ward.cole)[-2]


async def test_what_somebody_wrote_before_a_discharge_is_still_told(ward: Ward) -> None:
    await ward.writes(ward.ana, "There is something I did not dare to say")

    await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)
    await ward.until(madrid(3, 3, "08:01"))

    assert ONE_MESSAGE in ward.cole.last.text


async def _committed_late(ward: Ward, *, received_at: datetime) -> None:
    """A message of Ana's that another worker took in at that moment, and whose transaction ends only now."""
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "late")
        unit.now = received_at
        await recognise(unit, chat_id=ward.ana.user_id)
        written = Written(
            chat_id=ward.ana.user_id, message_id=90_001, version=0, kind="text", words="In between", sent_at=received_at
        )
        kept = await keep(unit, written)
        assert kept.message is not None


async def _digest_of(ward: Ward, day: int) -> str:
    """Everything Dr Cole is told at eight on that day of March."""
    before = len(texts(ward.cole))
    await ward.until(madrid(3, day, "08:00") + timedelta(minutes=1))
    return "\n".join(texts(ward.cole)[before:])
