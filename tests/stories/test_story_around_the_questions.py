"""The message of a check-in gives way: who reads it, a later time, another answer, one question left out.

All of it happens in the one message, in the language of the patient, and leads back to where they stopped. Nothing
they did is lost when the program restarts, nothing is asked twice, and an old button changes nothing that was not
meant.
"""

from datetime import datetime

from alliance.observation import Observation
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import ON_BOTH, Ward, calls, madrid, texts
from workflows.follow_course import observed

WHO, HELP = "checkin.button.who", "safety.button"


@IN_BOTH
async def test_who_reads_it_is_one_tap_away_on_every_page_and_so_is_the_way_back(asked: Asked) -> None:
    first, before = asked.screen, asked.messages
    for answer in ("6", "5", "7", "checkin.nothing_to_add"):
        here = asked.screen
        assert asked.labels[-2:] == (asked.says(WHO), asked.says(HELP))
        await asked.presses(WHO)
        assert asked.is_on("checkin.who.title")
        assert asked.says("checkin.who.text", clinic="Almond House") in asked.screen
        choices = (asked.says("readers.bond.button"), asked.says("readers.remarks.button"))
        assert asked.labels == (*choices, asked.says("checkin.button.back"), asked.says(HELP))
        await asked.presses("checkin.button.back")
        assert asked.screen == here
        await asked.presses(answer)

    assert asked.is_on("checkin.title_done")
    assert first != asked.screen
    assert asked.messages == before
    assert await asked.ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}


@IN_BOTH
async def test_a_question_left_out_costs_nothing_and_is_remembered(asked: Asked) -> None:
    await asked.presses("6", "5", "checkin.button.skip")

    assert asked.person.toasts[-1] == asked.says("checkin.toast.skipped")
    assert asked.is_on("checkin.title_remark")
    topic = asked.says("checkin.topic.bond")
    assert asked.says("checkin.given.skipped", number=3, topic=topic) in asked.screen
    await asked.presses("checkin.nothing_to_add")
    assert asked.is_on("checkin.title_done")
    assert await asked.ward.answers() == {"goal1": 6, "task1": 5}
    assert await asked.ward.states() == ["answered"]
    assert [(seen.replied, seen.skipped_bond) for seen in await _seen(asked.ward)] == [(True, True)]


async def test_who_leaves_all_three_out_has_replied_all_the_same(asked: Asked) -> None:
    await asked.presses("checkin.button.skip", "checkin.button.skip", "checkin.button.skip")

    assert asked.says("checkin.remark_skipped.text") in asked.screen
    await asked.presses("checkin.nothing_to_add")
    assert "You skipped these questions" in asked.screen
    assert [(seen.replied, seen.skipped_bond) for seen in await _seen(asked.ward)] == [(True, None)]


async def test_a_late_skip_takes_no_answer_away(asked: Asked) -> None:
    question = asked.person.last
    skip = next(b.data for row in question.buttons for b in row if b.label == "Skip this one")
    await asked.presses("6")

    asked.person.taps_old(question.message_id, skip or "")
    await asked.ward.settle()

    assert await asked.ward.answers() == {"goal1": 6}
    assert asked.is_at(2)
    assert asked.person.toasts[-1] == asked.says("toast.kept_before")


@ON_BOTH
@IN_BOTH
async def test_it_comes_back_in_an_hour_where_the_person_stopped_also_after_a_restart(asked: Asked) -> None:
    before = asked.messages
    await asked.presses("6", "checkin.button.later")
    assert asked.labels == (
        asked.says("checkin.later.hour"),
        asked.says("checkin.later.evening", time="19:00"),
        asked.says("checkin.later.tomorrow", time="09:00"),
        asked.says("checkin.button.back"),
        asked.says(HELP),
    )
    await asked.presses("checkin.later.hour")
    assert "10:00" in asked.screen
    assert asked.messages == before

    await asked.ward.restart()
    await asked.ward.until(madrid(3, 2, "09:59"))
    assert asked.messages == before
    await asked.ward.until(madrid(3, 2, "10:01"))
    assert asked.messages == before + 1
    assert asked.is_at(2)
    assert asked.says("checkin.later.again") in asked.screen
    await asked.presses("5", "7", "checkin.nothing_to_add")
    await asked.ward.until(madrid(3, 2, "23:00"))

    assert await asked.ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    assert await asked.ward.states() == ["answered"]
    assert asked.messages == before + 1  # no reminder after what was asked for


@IN_BOTH
async def test_tomorrow_comes_with_time_of_its_own_and_then_it_is_over(asked: Asked) -> None:
    before = asked.messages
    await asked.presses("6", "checkin.button.later")
    tomorrow = next(label for label in asked.labels if label == asked.says("checkin.later.tomorrow", time="09:00"))
    await asked.ward.taps(asked.person, tomorrow)

    await asked.ward.restart()
    await asked.ward.until(madrid(3, 3, "08:59"))
    assert asked.messages == before  # five in the morning has passed, and no reminder has come
    assert await asked.ward.states() == ["open"]
    await asked.ward.until(madrid(3, 3, "09:01"))
    assert asked.messages == before + 1
    assert asked.is_at(2)
    await asked.presses("5")
    await asked.ward.until(madrid(3, 3, "17:01"))

    assert await asked.ward.states() == ["expired"]
    assert await asked.ward.answers() == {"goal1": 6, "task1": 5}
    assert [(seen.replied, seen.at) for seen in await _seen(asked.ward)] == [(True, madrid(3, 2, "09:00"))]


async def test_without_a_wish_for_tomorrow_the_window_stays_as_it_was(asked: Asked) -> None:
    await asked.presses("checkin.button.later", "checkin.later.hour")

    await asked.ward.until(madrid(3, 3, "05:01"))

    assert await asked.ward.states() == ["expired"]


async def test_whoever_has_time_after_all_goes_on_at_once(asked: Asked) -> None:
    await asked.presses("checkin.button.later", "checkin.later.hour", "checkin.button.go_on")
    assert asked.is_at(1)

    await asked.presses("6", "5", "7", "checkin.nothing_to_add")
    before = asked.messages
    await asked.ward.until(madrid(3, 2, "12:00"))

    assert asked.messages == before


async def test_a_time_that_has_passed_is_not_set_and_the_times_left_are_shown(asked: Asked) -> None:
    await asked.presses("checkin.button.later")
    offered = asked.person.last
    evening = next(b.data for row in offered.buttons for b in row if "19:00" in b.label)
    await asked.ward.until(madrid(3, 2, "19:30"))  # the reminder has come meanwhile
    before = asked.messages

    asked.person.taps_old(offered.message_id, evening or "")
    await asked.ward.settle()

    assert asked.person.toasts[-1] == asked.says("checkin.toast.no_longer")
    assert await _put_off(asked.ward) == [None]
    await asked.ward.until(madrid(3, 2, "21:30"))
    assert asked.messages == before


@IN_BOTH
async def test_an_answer_can_be_changed_before_and_after_the_end(asked: Asked) -> None:
    await asked.presses("6", "checkin.button.change")
    goals = asked.says("checkin.given.rated", number=1, topic=asked.says("checkin.topic.goal"), rating=6)
    assert asked.is_on("checkin.change.title")
    assert goals in asked.labels

    await asked.presses(goals)
    assert asked.is_on("checkin.again.title", number=1, total=3)
    assert asked.says("checkin.again.rated", rating=6) in asked.screen
    assert asked.labels[:7] == ("1", "2", "3", "4", "5", "✓ 6", "7")
    await asked.presses("5")
    assert asked.is_at(2)
    await asked.presses("5", "7", "checkin.nothing_to_add", "checkin.button.change_finished")
    await asked.presses(asked.labels[2], "4")

    assert asked.is_on("checkin.title_done")
    assert await asked.ward.answers() == {"goal1": 5, "task1": 5, "bond1": 4}
    assert await asked.ward.states() == ["answered"]


async def test_what_is_left_as_it_is_stays_so(asked: Asked) -> None:
    await asked.presses("6", "checkin.button.change")
    await asked.presses(asked.labels[0])
    edits = calls(asked.ward, asked.person, "editMessageText")

    await asked.presses("checkin.button.keep")

    assert asked.is_at(2)
    assert await asked.ward.answers() == {"goal1": 6}
    assert calls(asked.ward, asked.person, "editMessageText") == edits + 1


async def test_once_its_time_is_over_nothing_is_changed_any_more(asked: Asked) -> None:
    await asked.presses("6", "5", "7", "checkin.nothing_to_add")
    await asked.ward.until(madrid(3, 3, "05:01"))

    await asked.presses("checkin.button.change_finished")

    assert asked.person.toasts[-1] == asked.says("toast.too_late")
    assert asked.labels == (asked.says(WHO), asked.says(HELP))
    assert await asked.ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}


async def test_a_number_typed_below_a_question_shown_again_is_for_that_one(asked: Asked) -> None:
    await asked.presses("6", "checkin.button.change")
    await asked.presses(asked.labels[0])

    await asked.ward.writes(asked.person, "4")

    assert await asked.ward.answers() == {"goal1": 4}
    assert asked.is_at(2)


async def test_a_number_typed_before_the_next_question_was_seen_is_no_answer_to_it(asked: Asked) -> None:
    asked.person.taps("6")
    asked.person.writes("2")  # the screen still shows the first question
    await asked.ward.settle()

    assert await asked.ward.answers() == {"goal1": 6}
    assert "2 of 3" in next(shown.text for shown in asked.person.screen if "2 of 3" in shown.text)
    assert await asked.ward.words(asked.person) == ["2"]


async def test_a_number_that_was_taken_as_an_answer_is_no_message_to_the_clinician_and_a_sentence_is(
    asked: Asked,
) -> None:
    await asked.ward.writes(asked.person, "6", "5", "7", "Slept badly")
    assert await asked.ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}

    await asked.ward.until(madrid(3, 3, "08:01"))
    await asked.ward.taps(asked.ward.cole, "Words of BIRCH-07")

    told = "\n".join(texts(asked.ward.cole))
    assert "1 message" in told
    assert "Slept badly" in told
    assert "\n7" not in told


async def _seen(ward: Ward) -> list[Observation]:
    patient = await ward.person("BIRCH-07")
    async with ward.database.reading() as session:
        return await observed(ward.program.unit(session, "test"), patient.id, limit=9)


async def _put_off(ward: Ward) -> list[datetime | None]:
    return [checkin.later_at for checkin in await ward.checkins()]
