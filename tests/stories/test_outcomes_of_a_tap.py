"""What a tap does when it comes at an odd moment: twice, late, on an old message, on a copy, from somebody else.

A phone in a lift sends a tap minutes later; a thumb lands twice; a message of last week is scrolled to and pressed.
Each of these has one decided outcome, the person always learns it in a word, and nothing is counted that was not
meant.
"""

import pytest

from sandbox import Fault, FaultKind
from sandbox.ledger import Shown
from tests.stories.ward import Ward, calls, madrid, texts

NINE = madrid(3, 2, "09:00")


async def test_the_same_number_twice_counts_once(ward: Ward) -> None:
    await ward.until(NINE)
    question = ward.ana.last

    ward.ana.taps("6")
    ward.ana.taps("6")
    await ward.settle()
    _tap(ward, question, "6")
    await ward.settle()

    assert await ward.answers() == {"goal1": 6}
    assert ward.ana.last.text.startswith("Check-in, 2 of 3")
    assert ward.ana.toasts[-2:] == (ward.says("toast.kept_before"), ward.says("toast.kept_before"))


async def test_another_number_while_the_check_in_is_open_is_a_change_of_mind(ward: Ward) -> None:
    await ward.until(NINE)
    question = ward.ana.last

    ward.ana.taps("6")
    _tap(ward, question, "4")
    await ward.settle()

    assert await ward.answers() == {"goal1": 4}
    assert ward.ana.last.text.startswith("Check-in, 2 of 3")
    assert ward.ana.toasts[-2:] == (ward.says("toast.kept"),) * 2


async def test_another_number_once_it_is_finished_changes_nothing(ward: Ward) -> None:
    await ward.until(NINE)
    question = ward.ana.last
    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    _tap(ward, question, "1")
    await ward.settle()

    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    assert ward.ana.last.text.startswith("Check-in, finished")


async def test_another_number_on_the_last_question_is_a_change_of_mind_until_it_is_finished(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5")
    last = ward.ana.last

    await ward.taps(ward.ana, "7")
    _tap(ward, last, "4")
    await ward.settle()
    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 4}
    assert ward.ana.toasts[-1] == ward.says("toast.kept")
    assert ward.ana.last.text.startswith(ward.says("checkin.title_remark"))
    await ward.taps(ward.ana, "Leave it at that")
    _tap(ward, last, "1")
    await ward.settle()

    assert (await ward.answers())["bond1"] == 4
    assert ward.ana.toasts[-1] == ward.says("toast.kept_before")


async def test_a_slip_of_the_thumb_that_is_put_right_leaves_no_flag(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5")
    last = ward.ana.last

    await ward.taps(ward.ana, "1")
    _tap(ward, last, "7")
    await ward.settle()
    await ward.until(madrid(3, 3, "08:01"))

    assert not any("possible" in text for text in texts(ward.cole))


async def test_a_second_thought_that_is_lower_is_told_with_the_number_that_stands(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5")
    last = ward.ana.last

    await ward.taps(ward.ana, "3")
    _tap(ward, last, "1")
    await ward.settle()
    await ward.until(madrid(3, 3, "08:01"))

    (card,) = [text for text in texts(ward.cole) if text.startswith("BIRCH-07: possible")]
    assert "Relationship 1 of 7" in card


async def test_a_tap_after_it_has_closed_is_told_so_kindly_and_not_counted(ward: Ward) -> None:
    await ward.until(NINE)
    question = ward.ana.last
    await ward.until(madrid(3, 3, "12:00"))

    _tap(ward, _shown(ward, question), "6", before=question)
    await ward.settle()

    assert await ward.answers() == {}
    assert ward.ana.toasts[-1] == ward.says("toast.too_late")
    assert await ward.states() == ["expired"]


async def test_a_press_on_last_weeks_button_changes_nothing_of_this_week(ward: Ward) -> None:
    await ward.until(NINE)
    old = ward.ana.last
    await ward.until(madrid(3, 9, "09:00"))
    new = ward.ana.last

    _tap(ward, old, "1")
    await ward.settle()

    assert await ward.answers() == {}
    assert ward.ana.last == new
    assert await ward.states() == ["expired", "expired", "open"]


async def test_a_tap_on_an_old_message_of_an_answered_check_in_is_told_it_is_kept(ward: Ward) -> None:
    await ward.until(NINE)
    question = ward.ana.last
    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")
    await ward.until(madrid(3, 9, "10:00"))

    _tap(ward, question, "2")
    await ward.settle()

    assert ward.ana.toasts[-1] == ward.says("toast.kept_before")
    assert (await ward.answers())["goal1"] == 6


async def test_leave_it_at_that_twice_is_once(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5", "7")

    ward.ana.taps("Leave it at that")
    ward.ana.taps("Leave it at that")
    await ward.settle()

    assert ward.ana.toasts[-1] == ward.says("toast.finished_before")
    assert ward.ana.last.text.startswith("Check-in, finished")


async def test_both_copies_of_a_question_drive_the_same_check_in(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", chat_id=ward.ana.user_id))
    await ward.until(NINE)
    first = ward.ana.last
    await ward.until(madrid(3, 2, "09:11"))
    second = ward.ana.last
    assert first.message_id != second.message_id
    assert first.text == second.text  # nobody was told the first one's id, so it stays as it is

    await ward.taps(ward.ana, "6")
    _tap(ward, first, "6")
    await ward.settle()
    _tap(ward, first, "4")
    await ward.settle()

    assert await ward.answers() == {"goal1": 4}
    assert len(await ward.checkins()) == 1
    assert calls(ward, ward.ana, "sendMessage") == 6  # four of the enrolment, and the question twice


async def test_a_number_that_is_typed_counts_as_a_tap(ward: Ward) -> None:
    await ward.until(NINE)
    before = len(texts(ward.ana))

    await ward.writes(ward.ana, "6", " 5 ")

    assert await ward.answers() == {"goal1": 6, "task1": 5}
    assert ward.ana.last.text.startswith("Check-in, 3 of 3")
    assert len(texts(ward.ana)) == before


async def test_a_number_typed_before_the_question_has_arrived_is_no_answer_to_it(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=ward.ana.user_id, retry_after=60))
    await ward.until(NINE)
    assert await ward.states() == ["queued"]

    await ward.writes(ward.ana, "6")
    await ward.later(minutes=3)

    assert await ward.answers() == {}
    assert [(row.word_count, row.checkin_id) for row in await ward.messages_of(ward.ana)] == [(1, None)]
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


@pytest.mark.parametrize("typed", ["0", "8", "66", "6/7", "six", "٥"])
async def test_what_is_no_number_of_the_scale_is_words(ward: Ward, typed: str) -> None:
    await ward.until(NINE)

    await ward.writes(ward.ana, typed)

    assert await ward.answers() == {}
    assert await ward.words(ward.ana) == [typed]


FORGED = [
    pytest.param("", id="nothing"),
    pytest.param("r:1:goal1:9", id="a number that was not offered"),
    pytest.param("r:1:mood1:5", id="an item that was not asked"),
    pytest.param("r:999:goal1:5", id="a check-in that does not exist"),
    pytest.param("r:99999999999999999999999:goal1:5", id="a number no database holds"),
    pytest.param("r:-1:goal1:5", id="a negative number"),
    pytest.param("r:1:goal1", id="half of it"),
    pytest.param("r:1:goal1:5:5", id="more than all"),
    pytest.param("r:1:goal1:٥", id="digits of another script"),
    pytest.param("d:77", id="nothing to add to nothing"),
    pytest.param("c:1:y", id="a consent given long ago"),
    pytest.param("z:y", id="a zone confirmed long ago"),
    pytest.param("zone:Europe/Lisbon", id="a zone nobody asked for"),
    pytest.param("zone:../../etc", id="no zone at all"),
    pytest.param("t:03:00", id="an hour nobody asked for"),
    pytest.param("f:1:1:not", id="a flag"),
    pytest.param("w:1:1", id="somebody's words"),
    pytest.param("w:99999999999999999999:1", id="the words of no digest a database holds"),
    pytest.param("a:1:have", id="an alert"),
    pytest.param("k:1:daily:y", id="a cadence"),
    pytest.param("x" * 64, id="noise"),
    pytest.param("\N{PILE OF POO}" * 16, id="noise in many bytes"),
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_press_changes_nothing_and_is_answered(ward: Ward, data: str) -> None:
    await ward.until(NINE)
    before = (texts(ward.ana), await ward.enrolment("BIRCH-07"))

    ward.ana.taps_old(ward.ana.last.message_id, data)
    await ward.settle()

    after = (texts(ward.ana), await ward.enrolment("BIRCH-07"))
    assert after[0] == before[0]
    assert (after[1].state, after[1].at, after[1].rules) == (before[1].state, before[1].at, before[1].rules)
    assert (await ward.person("BIRCH-07")).zone == "Europe/Madrid"
    assert await ward.answers() == {}


async def test_the_numbers_of_another_patient_are_not_hers_to_press(ward: Ward) -> None:
    await ward.writes(ward.ben, "/resume")
    await ward.until(NINE)
    hers = ward.ana.last

    _tap(ward, hers, "1", by="ben")
    ward.cy.taps_old(1, hers.buttons[0][0].data or "")
    ward.cole.taps_old(1, hers.buttons[0][0].data or "")
    await ward.settle()

    assert await ward.answers() == {}
    assert ward.ana.last == hers
    assert ward.ben.toasts[-1] == ward.cy.toasts[-1] == ward.says("toast.unknown")
    assert ward.cole.toasts[-1] == ward.says("toast.not_yours")


def _tap(ward: Ward, shown: Shown, number: str, *, before: Shown | None = None, by: str = "ana") -> None:
    """Press a number as it stood on that message, whatever stands there now."""
    buttons = (before or shown).buttons[0]
    data = next(button.data for button in buttons if button.label == number)
    {"ana": ward.ana, "ben": ward.ben}[by].taps_old(shown.message_id, data or "")


def _shown(ward: Ward, message: Shown) -> Shown:
    return next(shown for shown in ward.ana.screen if shown.message_id == message.message_id)
