"""Ana hears that her care team has read what she sent: once a day at an hour of its own, and nothing about a flag.

What can go wrong: the note comes at the minute somebody reads, as if she were watched; it comes twice, at night, in a
break, or after she has left; it tells who saw what; silence is thanked for; or the next check-in gives the flag away.
"""

from datetime import datetime

import pytest

from alliance.enrolment import EnrolmentState
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import Ward, madrid, texts

LEAVE = "checkin.nothing_to_add"
TOLD_AT = madrid(3, 3, "17:30")


@IN_BOTH
async def test_after_a_review_she_hears_it_once_that_day_and_the_next_check_in_opens_gently(asked: Asked) -> None:
    ward, note = asked.ward, asked.says("reading.told")
    assert asked.says("reading.opening") not in asked.screen
    await asked.presses("6", "6", "1", LEAVE)
    await ward.writes(asked.person, "I slept badly")
    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Reviewed", "Words of BIRCH-07", "Will raise it")
    await ward.until(madrid(3, 3, "17:29"))
    assert note not in texts(asked.person)

    await ward.restart()
    await ward.until(TOLD_AT)
    assert texts(asked.person).count(note) == 1
    assert not any(word in note for word in ("Cole", "flag", "low", "now"))

    await ward.until(madrid(3, 5, "09:00"))
    assert asked.is_at(1)
    assert asked.says("reading.opening") in asked.screen
    await asked.presses("6")
    assert asked.says("reading.opening") not in asked.screen
    await asked.presses("6", "6", LEAVE)
    await ward.until(madrid(3, 9, "09:00"))
    assert asked.is_at(1)
    assert asked.says("reading.opening") not in asked.screen  # once
    assert texts(asked.person).count(note) == 1


async def test_nothing_is_said_where_nobody_has_acted_or_read(asked: Asked) -> None:
    await asked.presses("6", "6", "1", LEAVE)
    await asked.ward.until(madrid(3, 5, "09:00"))

    assert asked.says("reading.told") not in texts(asked.person)
    assert asked.says("reading.opening") not in asked.screen


async def test_silence_was_not_sent_and_is_not_thanked_for(ward: Ward) -> None:
    await ward.until(madrid(3, 20, "08:01"))
    assert [flag.signal for flag in await ward.flags()] == ["silence"]

    await ward.taps(ward.cole, "Reviewed")

    await ward.until(madrid(3, 23, "09:00"))
    assert ward.says("reading.told") not in texts(ward.ana)
    assert ward.says("reading.opening") in ward.ana.last.text  # gently all the same


@pytest.mark.parametrize(
    ("state", "is_before"),
    [
        pytest.param(EnrolmentState.PAUSED, False, id="a break begins before it is said"),
        pytest.param(EnrolmentState.LEFT, False, id="she leaves before it is said"),
        pytest.param(EnrolmentState.DISCHARGED, True, id="she was discharged before it was read"),
    ],
)
async def test_nobody_hears_it_in_a_break_or_after_the_end(
    asked: Asked, state: EnrolmentState, is_before: bool
) -> None:
    ward = asked.ward
    await asked.presses("6", "6", "1", LEAVE)
    await ward.until(madrid(3, 3, "08:01"))
    if is_before:
        await ward.set_state("BIRCH-07", state)
    await ward.taps(ward.cole, "Reviewed")
    await ward.set_state("BIRCH-07", state)

    await ward.until(madrid(3, 4, "20:00"))

    assert asked.says("reading.told") not in texts(asked.person)


@IN_BOTH
async def test_it_can_be_switched_off_and_on_again(asked: Asked) -> None:
    ward = asked.ward
    await asked.presses("6", "6", "1", LEAVE)
    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Reviewed")
    await ward.writes(asked.person, "/menu")
    await asked.presses("own.button.who", "own.button.reading")
    assert asked.says("reading.on") in asked.screen
    await asked.presses("reading.turn_off")
    assert asked.says("reading.off") in asked.screen
    await ward.until(madrid(3, 4, "08:01"))
    assert asked.says("reading.told") not in texts(asked.person)  # what was queued is not said either
    await ward.taps(ward.cole, "Will raise it")

    await ward.until(madrid(3, 5, "09:00"))
    assert asked.says("reading.told") not in texts(asked.person)
    await asked.presses("6", "6", "1", LEAVE)
    await ward.writes(asked.person, "/menu")
    await asked.presses("own.button.who", "own.button.reading", "reading.turn_on")
    await ward.taps(ward.cole, "Not a rupture")
    await ward.until(madrid(3, 5, "17:30"))

    assert asked.says("reading.told") in texts(asked.person)


@pytest.mark.parametrize(
    ("quiet", "told_at"),
    [
        pytest.param("17:00-19:00", madrid(3, 3, "19:00"), id="an afternoon of rest"),
        pytest.param("16:00-08:30", madrid(3, 3, "09:00"), id="from four on until morning"),
        pytest.param("21:00-09:30", TOLD_AT, id="a night like any other"),
    ],
)
async def test_own_quiet_hours_move_it_into_waking_ones(asked: Asked, quiet: str, told_at: datetime) -> None:
    ward, note = asked.ward, asked.says("reading.told")
    await asked.presses("6", "6", "1", LEAVE)
    await ward.writes(asked.person, f"/quiet {quiet}")
    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Reviewed")

    await ward.until(madrid(3, 5, "08:00"))

    assert [shown.sent_at.replace(microsecond=0) for shown in asked.person.screen if shown.text == note] == [told_at]
