"""Words of a crisis count wherever they stand and whoever writes them.

It may be said in a caption, in an edit, behind a command, by somebody who has paused or left, by a stranger, or with
a button instead of words. Each of them reads at once where help is, and a person at the clinic is paged.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from tests.stories.crisis import PAGE_BUTTONS, WORDS, safety
from tests.stories.ward import ON_BOTH, YES, Ward, madrid, texts


async def _has_paused(ward: Ward) -> None:
    await ward.writes(ward.ana, "/pause")


async def _has_left(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")


async def _is_discharged(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)


async def _is_on_hold(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.ON_HOLD)


async def _is_being_asked(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))


@pytest.mark.parametrize(
    "stands",
    [
        pytest.param(_has_paused, id="paused"),
        pytest.param(_has_left, id="left"),
        pytest.param(_is_discharged, id="discharged"),
        pytest.param(_is_on_hold, id="on hold"),
        pytest.param(_is_being_asked, id="being asked"),
    ],
)
async def test_wherever_a_patient_stands(ward: Ward, stands: Callable[[Ward], Awaitable[None]]) -> None:
    await stands(ward)

    await ward.writes(ward.ana, WORDS)

    assert ward.ana.last.text == safety(ward)
    assert ward.cole.last.labels == PAGE_BUTTONS
    await ward.taps(ward.cole, "Show words")
    assert WORDS in ward.cole.last.text


async def test_somebody_who_was_invited_and_has_not_said_yes(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()

    await clinic.writes(clinic.ana, WORDS)

    assert clinic.ana.last.text == safety(clinic)
    assert clinic.cole.last.text.startswith("Possible crisis: BIRCH-07\n")
    await clinic.taps(clinic.ana, YES)  # the question is still there for later
    assert clinic.ana.last.labels == ("Yes", "No")


@ON_BOTH
async def test_a_stranger_is_told_where_help_is_and_the_coordinator_is_told_of_them(clinic: Ward) -> None:
    await clinic.writes(clinic.cy, WORDS)

    assert texts(clinic.cy) == [safety(clinic)]
    assert clinic.kim.last.text.startswith("Possible crisis: somebody who is not enrolled\n")
    await clinic.taps(clinic.kim, "I have this", "How to reach them")
    assert "This person is not enrolled" in clinic.kim.last.text


async def test_who_takes_a_stranger_s_crisis_reads_the_words(clinic: Ward) -> None:
    await clinic.writes(clinic.cy, WORDS)

    await clinic.later(minutes=3)
    await clinic.taps(clinic.cole, "Show words")

    assert WORDS in clinic.cole.last.text


@ON_BOTH
async def test_words_that_were_changed_into_a_crisis(ward: Ward) -> None:
    wrote = ward.ana.writes("I am tired today")
    await ward.settle()

    await ward.later(minutes=1)
    ward.ana.edits(wrote.message_id, WORDS)
    await ward.settle()

    assert ward.ana.last.text == safety(ward)
    assert ward.cole.last.labels == PAGE_BUTTONS
    assert await ward.words(ward.ana) == ["I am tired today", WORDS]


async def test_the_caption_of_a_picture(ward: Ward) -> None:
    ward.ana.sends_photo(WORDS)
    await ward.settle()

    assert ward.ana.last.text == safety(ward)
    assert ward.cole.last.labels == PAGE_BUTTONS


async def test_words_behind_a_command(ward: Ward) -> None:
    await ward.writes(ward.ana, f"/pause {WORDS}")

    assert ward.ana.last.text == safety(ward)
    assert (await ward.enrolment("BIRCH-07")).state == "active"  # nothing else happens in that update


@pytest.mark.parametrize("how", ["the button", "the command"])
async def test_i_need_help_now_is_always_there(ward: Ward, how: str) -> None:
    await ward.until(madrid(3, 2, "09:00"))

    if how == "the button":
        await ward.taps(ward.ana, "I need help now")
    else:
        await ward.writes(ward.ana, "/help_now")

    assert "call 112" in ward.ana.last.text
    assert "Why: the person asked for help now." in ward.cole.last.text
    assert not ward.ana.last.text.startswith("What you wrote")  # she has written nothing


async def test_what_arrived_late_says_so(ward: Ward) -> None:
    ward.ana.writes(WORDS)

    ward.clock.move_to(ward.clock.now() + timedelta(minutes=40))
    await ward.settle()

    assert "Written Monday 2 March at 08:00.\nIt reached us only at 08:40." in ward.cole.last.text
