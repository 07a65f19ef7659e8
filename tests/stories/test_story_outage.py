"""The program was away, or Telegram was: people hear of it once, with the times, and nobody is reassured falsely.

An hour: what patients wrote arrives by itself, and staff are told that it came late. A day and more: Telegram has
thrown away what it kept for us, so patients are asked to write again what still matters, in the morning and not at
night, and staff are told what may be missing.
"""

from datetime import timedelta

from alliance.enrolment import EnrolmentState
from tests.stories.ward import ON_BOTH, Ward, madrid, texts


async def _away_for(ward: Ward, **much: float) -> None:
    await ward.program.outages.heard()
    await ward.settle()
    ward.clock.move_to(ward.clock.now() + timedelta(**much))
    await ward.restart()


@ON_BOTH
async def test_after_an_hour_staff_hear_of_it_and_patients_do_not(ward: Ward) -> None:
    before = texts(ward.ana)
    await _away_for(ward, hours=1, minutes=5)

    told = await ward.program.outages.heard()
    await ward.settle()

    assert told == 3
    for person in (ward.cole, ward.day, ward.kim):
        assert ward.says("outage.staff_late") in person.last.text
    assert texts(ward.ana) == before


@ON_BOTH
async def test_after_a_day_patients_are_asked_to_write_again_with_both_times_and_the_way_to_help(ward: Ward) -> None:
    await _away_for(ward, hours=26)

    await ward.program.outages.heard()
    await ward.settle()

    assert "Monday 2 March" in ward.ana.last.text
    assert "Tuesday 3 March" in ward.ana.last.text
    assert ward.ana.last.labels == ("I need help now",)
    assert "Tuesday 3 March" in ward.ben.last.text  # who has paused may have written all the same
    assert ward.says("outage.staff_lost") in ward.cole.last.text


async def test_it_is_told_once_however_often_the_program_starts(ward: Ward) -> None:
    await _away_for(ward, hours=26)
    first = await ward.program.outages.heard()
    await ward.restart()

    again = await ward.program.outages.heard()
    await ward.settle()

    assert (first, again) == (5, 0)
    assert len([text for text in texts(ward.ana) if "could not receive" in text]) == 1


async def test_nobody_is_woken_for_it(ward: Ward) -> None:
    await _away_for(ward, hours=46)  # Wednesday, six in the morning

    await ward.program.outages.heard()
    await ward.settle()
    at_night = len([text for text in texts(ward.ana) if "could not receive" in text])
    await ward.until(madrid(3, 4, "08:01"))

    assert at_night == 0
    assert len([text for text in texts(ward.ana) if "could not receive" in text]) == 1


async def test_who_no_longer_takes_part_hears_nothing(ward: Ward) -> None:
    await _away_for(ward, hours=46)
    await ward.program.outages.heard()
    await ward.staff_say("BIRCH-07", EnrolmentState.DECEASED)
    await ward.until(madrid(3, 4, "08:01"))

    assert not [text for text in texts(ward.ana) if "could not receive" in text]


async def test_a_short_silence_is_not_worth_a_word(ward: Ward) -> None:
    await _away_for(ward, minutes=59)

    assert await ward.program.outages.heard() == 0


async def test_the_first_start_ever_has_nothing_to_tell(ward: Ward) -> None:
    assert await ward.program.outages.heard() == 0
