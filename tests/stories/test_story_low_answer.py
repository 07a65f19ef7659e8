"""A low answer is asked about once, gently; what is tapped reaches Dr Cole beside the number, also a wish for a call.

What can go wrong: somebody who is always low is asked every time, a slip of the thumb sets it off, a worry about a
medicine sounds like an accusation, or a wish for a call is promised and then lost.
"""

import json
from collections.abc import Mapping
from typing import Any

from alliance.digest_json import as_json, from_json
from storage import digests
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import ON_BOTH, madrid, texts

LEAVE = "checkin.nothing_to_add"


@ON_BOTH
@IN_BOTH
async def test_a_low_answer_gets_one_question_and_a_wish_and_both_reach_the_clinician(asked: Asked) -> None:
    before = asked.messages
    await asked.presses("6", "2", "7")
    assert asked.is_on("checkin.why.title")
    assert asked.says("checkin.why.task") in asked.screen
    await asked.presses("checkin.concern.side_effects")
    assert asked.is_on("checkin.wish.title")
    assert asked.says("checkin.about.side_effects", clinic="Almond House") in asked.screen
    await asked.presses("checkin.wish.call", LEAVE)

    assert asked.is_on("checkin.title_done")
    assert asked.says("checkin.wished.call") in asked.screen
    assert asked.messages == before
    await asked.ward.until(madrid(3, 3, "08:01"))
    told = "\n".join(texts(asked.ward.cole))
    said = "Treatment makes sense, 2 of 7: worried about side effects. Would like a call."
    assert f"Wants contact: 1\n• BIRCH-07, 2 March. {said}" in told
    (line,) = (await _digest(asked))["explained"]
    assert line["wish"] == "call"
    assert line["chosen"] == [{"domain": "task", "concern": "side_effects", "rating": 2, "highest": 7}]


async def test_what_was_told_is_not_told_again_the_day_after(asked: Asked) -> None:
    await asked.presses("6", "2", "7", "checkin.concern.hard_to_do", "checkin.wish.note", LEAVE)

    await asked.ward.until(madrid(3, 4, "08:01"))

    assert (await _digest(asked))["explained"] == []


@IN_BOTH
async def test_it_can_be_left_at_that_with_the_same_one_tap(asked: Asked) -> None:
    await asked.presses("2", "2", "2")
    assert asked.says("checkin.why.goal") in asked.screen

    await asked.presses(LEAVE)

    assert asked.is_on("checkin.title_done")
    await asked.ward.until(madrid(3, 3, "08:01"))
    assert (await _digest(asked))["explained"] == []


async def test_each_domain_is_asked_about_once_and_the_wish_once_for_all(asked: Asked) -> None:
    await asked.presses("2", "3", "1", "checkin.concern.goal_changed", "checkin.concern.beside_plan")
    assert asked.says("checkin.why.bond") in asked.screen

    await asked.presses("checkin.concern.not_heard")

    assert asked.says("checkin.about.beside_plan") in asked.screen  # without judgement
    await asked.presses("checkin.wish.visit")
    assert asked.is_on("checkin.title_remark")
    await asked.ward.writes(asked.person, "I take valerian in the evening")
    assert asked.says("checkin.wished.visit") in asked.screen


async def test_what_is_not_low_is_not_asked_about(asked: Asked) -> None:
    await asked.presses("4", "4", "4")

    assert asked.is_on("checkin.title_remark")


async def test_a_slip_that_is_put_right_is_not_asked_about(asked: Asked) -> None:
    await asked.presses("6", "6", "1")
    assert asked.is_on("checkin.why.title")

    await asked.presses("checkin.button.change")
    await asked.presses(asked.labels[2], "6")

    assert asked.is_on("checkin.title_remark")


async def test_a_number_that_is_usual_for_somebody_is_asked_about_until_it_is_known_to_be(asked: Asked) -> None:
    await asked.ward.writes(asked.ward.kim, "/cadence BIRCH-07")
    await asked.ward.taps(asked.ward.kim, "Every day", "Save this cadence")
    was_asked: list[bool] = []
    for day in range(2, 9):
        await asked.ward.until(madrid(3, day, "09:00"))
        await asked.presses("6", "3", "6")
        was_asked.append(asked.is_on("checkin.why.title"))
        await asked.presses(LEAVE)

    assert was_asked == [True] * 4 + [False] * 3  # four answers make a usual


async def test_a_choice_after_the_end_changes_nothing_and_says_so(asked: Asked) -> None:
    await asked.presses("6", "2", "7")
    question = asked.person.last
    await asked.presses(LEAVE)

    asked.person.taps_old(question.message_id, question.buttons[0][0].data or "")
    await asked.ward.settle()

    assert asked.person.toasts[-1] == asked.says("toast.finished_before")
    await asked.ward.until(madrid(3, 3, "08:01"))
    assert (await _digest(asked))["explained"] == []


async def _digest(asked: Asked) -> Mapping[str, Any]:  # Any: JSON
    """Dr Cole's newest digest as it is kept."""
    cole = await asked.ward.person("COLE")
    async with asked.ward.database.reading() as session:
        theirs = [kept for kept in await digests.every(session) if kept.clinician_id == cole.id]
    newest = max(theirs, key=lambda kept: kept.local_date)
    assert as_json(from_json(newest.content)) == newest.content
    return json.loads(json.dumps(newest.content))
