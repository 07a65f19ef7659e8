"""Ana takes a break, comes back, or leaves for good; each counts at once and is said once.

A patient decides. A pause stops what is queued as well; it ends by itself on the day that was said, or with
/resume. After /leave nothing is sent any more, not even an edit of yesterday's question. What was given before
counts.
"""

from datetime import date

import pytest

from alliance.enrolment import EnrolmentState
from sandbox import Fault, FaultKind
from tests.stories.ward import Ward, calls, madrid, texts


async def test_pause_lasts_until_resume(ward: Ward) -> None:
    await ward.writes(ward.ana, "/pause")
    assert ward.ana.last.text == "All right. Nothing will be asked until you write /resume."
    before = texts(ward.ana)

    await ward.until(madrid(3, 11, "12:00"))
    assert texts(ward.ana) == before
    assert await ward.checkins() == []
    await ward.writes(ward.ana, "/resume")
    assert ward.ana.last.text == (
        "The check-ins go on. The next one comes on Thursday 12 March at 09:00. /pause stops them again."
    )
    await ward.until(madrid(3, 12, "09:00"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_a_pause_of_fourteen_days_ends_by_itself_and_says_so(ward: Ward) -> None:
    await ward.writes(ward.ana, "/pause 14")
    assert ward.ana.last.text.startswith("All right. Nothing will be asked until Monday 16 March;")
    before = texts(ward.ana)

    for moment in (madrid(3, 15, "23:59"), madrid(3, 16, "07:59")):
        await ward.until(moment)
        await ward.looks_at_what_is_due()
        assert texts(ward.ana) == before  # nobody is woken by it
    await ward.until(madrid(3, 16, "08:00"))
    await ward.looks_at_what_is_due()
    await ward.until(madrid(3, 16, "09:00"))

    assert texts(ward.ana)[-2].startswith("The check-ins go on. The next one comes on Monday 16 March at 09:00.")
    assert texts(ward.ana)[-1].startswith("Check-in, 1 of 3")


@pytest.mark.parametrize("words", ["0", "366", "soon", "-3", "1.5", "14 days please"])
async def test_a_pause_nobody_understands_is_explained_and_changes_nothing(ward: Ward, words: str) -> None:
    await ward.writes(ward.ana, f"/pause {words}")

    assert ward.ana.last.text.startswith("Write /pause for a break without an end, or /pause 14")
    assert (await ward.enrolment("BIRCH-07")).state == "active"


async def test_pause_in_the_middle_of_a_check_in_stops_it_and_keeps_what_was_given(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6")
    question = ward.ana.last

    await ward.writes(ward.ana, "/pause")
    ward.ana.taps_old(question.message_id, question.buttons[0][0].data or "")
    await ward.until(madrid(3, 4, "12:00"))

    assert await ward.states() == ["expired"]
    assert await ward.answers() == {"goal1": 6}
    assert ward.ana.toasts[-1] == ward.says("toast.too_late")
    assert not any("still open" in text for text in texts(ward.ana))  # no reminder either


async def test_what_was_given_before_a_pause_may_be_a_sign_like_any_other(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1")

    await ward.writes(ward.ana, "/pause")
    await ward.until(madrid(3, 3, "08:01"))

    assert [(flag.domain, flag.state) for flag in await ward.flags()] == [("goal", "raised")]
    assert any(text.startswith("BIRCH-07: possible") for text in texts(ward.cole))


async def test_a_pause_before_the_first_answer_is_no_silence(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))

    await ward.writes(ward.ana, "/pause")
    await ward.until(madrid(3, 3, "08:01"))

    assert await ward.states() == ["cancelled"]
    assert ward.says("digest.numbers.none") in ward.cole.last.text


async def test_resuming_what_goes_on_changes_nothing(ward: Ward) -> None:
    before = await ward.enrolment("BIRCH-07")

    await ward.writes(ward.ana, "/resume")

    after = await ward.enrolment("BIRCH-07")
    assert ward.ana.last.text == "Your check-ins are not paused."
    assert (after.state, after.paused_until, after.next_due_at) == ("active", None, before.next_due_at)


async def test_pausing_twice_moves_the_end_and_pauses_once(ward: Ward) -> None:
    await ward.writes(ward.ana, "/pause", "/pause 14")
    assert ward.ana.last.text.startswith("All right. Nothing will be asked until Monday 16 March;")
    assert (await ward.enrolment("BIRCH-07")).paused_until == date(2026, 3, 16)

    await ward.writes(ward.ana, "/pause")

    assert "You have a break until Monday 16 March." in ward.ana.last.text  # asked without a day, it stays
    assert (await ward.enrolment("BIRCH-07")).paused_until == date(2026, 3, 16)


async def test_what_staff_hold_cannot_be_paused_as_well(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.ON_HOLD)

    await ward.writes(ward.ana, "/pause 14")

    assert ward.ana.last.text == "There is nothing to pause at the moment."
    enrolment = await ward.enrolment("BIRCH-07")
    assert (enrolment.state, enrolment.paused_until) == ("on_hold", None)


async def test_leave_asks_once_and_a_no_keeps_everything(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    assert ward.ana.last.labels == ("Yes, stop", "No, go on")

    await ward.taps(ward.ana, "No, go on")
    await ward.until(madrid(3, 2, "09:00"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_after_leaving_nothing_is_sent_any_more(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "5")

    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")
    assert ward.ana.last.text.startswith("Done. Nothing more will be asked here, and your care stays the same.")
    spoken = calls(ward, ward.ana)
    await ward.until(madrid(3, 13, "12:00"))

    assert calls(ward, ward.ana) == spoken
    assert await ward.states() == ["expired"]
    assert (await ward.enrolment("BIRCH-07")).state == "left"
    assert [decision for *_, decision in await ward.consents()][-1] == "withdrawn"
    assert any("Stopped taking part: 1" in text for text in texts(ward.cole))


async def test_leaving_before_the_last_sentence_leaves_no_thanks_for_the_night(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "5", "7")

    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")
    spoken = calls(ward, ward.ana)
    await ward.until(madrid(3, 4, "12:00"))

    assert calls(ward, ward.ana) == spoken
    assert await ward.states() == ["answered"]


async def test_what_was_queued_for_somebody_who_leaves_is_cancelled(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=ward.ana.user_id, retry_after=60))
    await ward.until(madrid(3, 2, "09:00"))
    before = texts(ward.ana)

    ward.ana.writes("/leave")
    ward.ana.taps_old(1, "l:y")
    await ward.program.intake.poll_once(wait=0)
    await ward.program.updates.handle_all()
    await ward.until(madrid(3, 2, "12:00"))

    assert not any("Check-in, 1 of 3" in text for text in texts(ward.ana)[len(before) :])
    assert await ward.states() == ["cancelled"]


async def test_who_has_left_is_told_that_nobody_reads(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")

    await ward.writes(ward.ana, "One more thing")

    assert ward.ana.last.text == _nobody_reads(ward)
    assert "nobody will read this" in ward.ana.last.text
    assert await ward.words(ward.ana) == []
    await ward.writes(ward.ana, "/pause", "/leave")
    await ward.taps(ward.ana, "Yes, stop")
    assert ward.ana.last.text == ward.says("leave.already")


async def test_who_has_left_is_told_so_once_for_several_messages_in_a_row(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")

    await ward.writes(ward.ana, "One more thing", "and another", "/feel worse")
    ward.ana.sends_voice()
    await ward.settle()
    assert texts(ward.ana).count(_nobody_reads(ward)) == 1
    await ward.later(minutes=15)
    await ward.writes(ward.ana, "Is anybody there?")

    assert texts(ward.ana).count(_nobody_reads(ward)) == 2
    assert await ward.messages_of(ward.ana) == []


async def test_help_for_somebody_who_has_left_does_not_say_that_somebody_reads(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")

    await ward.writes(ward.ana, "/help")

    assert ward.ana.last.text == _nobody_reads(ward)


@pytest.mark.parametrize("state", ["on_hold", "discharged", "transferred", "deceased"])
async def test_what_staff_have_ended_is_not_asked_about(ward: Ward, state: str) -> None:
    spoken = calls(ward, ward.ana)

    await ward.set_state("BIRCH-07", state)
    await ward.until(madrid(3, 6, "12:00"))

    assert calls(ward, ward.ana) == spoken


def _nobody_reads(ward: Ward) -> str:
    return ward.says("message.no_longer_taking_part", clinic="Almond House")
