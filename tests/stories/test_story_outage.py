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


@ON_BOTH
async def test_a_check_in_that_ran_out_while_nobody_could_be_heard_is_no_silence_and_can_still_be_answered(
    ward: Ward,
) -> None:
    await _asked_and_then_unheard(ward)
    await ward.is_down_until(madrid(3, 3, "06:00"))  # the check-in's time was over at five
    await ward.program.outages.heard()
    assert await ward.states() == ["uncertain"]

    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    assert await ward.states() == ["answered"]
    await ward.until(madrid(3, 4, "08:01"))
    assert "without a reply" not in ward.cole.last.text


async def test_who_answers_one_item_after_it_has_an_hour_for_the_others_and_what_was_given_counts(ward: Ward) -> None:
    await _asked_and_then_unheard(ward)
    await ward.is_down_until(madrid(3, 3, "06:00"))
    await ward.program.outages.heard()

    await ward.taps(ward.ana, "6")
    await ward.later(minutes=59)
    await ward.program.outages.heard()
    open_still = await ward.states()
    await ward.later(minutes=2)

    assert (open_still, await ward.states()) == (["open"], ["expired"])
    assert await ward.answers() == {"goal1": 6}


async def test_what_nobody_tapped_meanwhile_stays_unknown(ward: Ward) -> None:
    await _asked_and_then_unheard(ward)

    await ward.is_down_until(madrid(3, 3, "06:00"))
    await ward.program.outages.heard()
    await ward.until(madrid(3, 3, "08:01"))

    assert await ward.states() == ["uncertain"]
    assert "without a reply" not in ward.cole.last.text


async def test_who_only_looks_around_in_it_afterwards_was_not_silent_either(ward: Ward) -> None:
    await _asked_and_then_unheard(ward)
    await ward.is_down_until(madrid(3, 3, "06:00"))
    await ward.program.outages.heard()

    await ward.taps(ward.ana, "Who reads this", "Back", "Later")
    await ward.until(madrid(3, 3, "08:01"))

    assert await ward.states() == ["uncertain"]
    assert "without a reply" not in ward.cole.last.text


async def test_who_skips_one_item_afterwards_has_an_hour_for_the_others_too(ward: Ward) -> None:
    await _asked_and_then_unheard(ward)
    await ward.is_down_until(madrid(3, 3, "06:00"))
    await ward.program.outages.heard()

    await ward.taps(ward.ana, "Skip this one", "5", "7", "Leave it at that")

    assert await ward.answers() == {"task1": 5, "bond1": 7}
    assert await ward.states() == ["answered"]


async def test_an_answer_that_arrives_after_the_next_check_in_was_due_is_too_late(ward: Ward) -> None:
    await _asked_and_then_unheard(ward)
    old = ward.ana.last
    await ward.is_down_until(madrid(3, 5, "09:30"))
    await ward.program.outages.heard()
    await ward.settle()

    ward.ana.taps("6", message_id=old.message_id)
    await ward.settle()

    assert await ward.answers() == {}
    assert await ward.states() == ["uncertain", "open"]


async def test_who_could_be_heard_all_the_time_and_said_nothing_was_silent(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    ward.clock.move_to(madrid(3, 3, "05:01"))
    await ward.program.outages.heard()

    await ward.looks_at_what_is_due()

    assert await ward.states() == ["expired"]


async def _asked_and_then_unheard(ward: Ward) -> None:
    """Ana has been asked at nine; from noon on nothing arrives."""
    await ward.until(madrid(3, 2, "12:00"))
    await ward.program.outages.heard()
    await ward.settle()
