"""Ana takes a break, comes back, leaves for good, or blocks the bot; each counts at once and is said once.

A patient decides. A pause stops what is queued as well; it ends by itself on the day that was said, or with
/resume. After /leave nothing is sent any more, not even an edit of yesterday's question. Who blocks the bot is not
an error line: Dr Cole reads it in the next digest, and what was due in the meantime does not pour out afterwards.
"""

import pytest

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

    assert await ward.states() == ["cancelled"]
    assert await ward.answers() == {"goal1": 6}
    assert ward.ana.toasts[-1] == "This check-in has closed"
    assert not any("still open" in text for text in texts(ward.ana))  # no reminder either


async def test_pausing_twice_and_resuming_what_goes_on_change_nothing(ward: Ward) -> None:
    await ward.writes(ward.ana, "/resume")
    assert ward.ana.last.text == "Your check-ins are not paused."
    await ward.writes(ward.ana, "/pause", "/pause 14")

    assert ward.ana.last.text == "There is nothing to pause at the moment."
    assert (await ward.enrolment("BIRCH-07")).paused_until is None


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
    assert await ward.states() == ["cancelled"]
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

    assert ward.ana.last.text == (
        "You no longer take part here, so nobody will read this. Please contact Almond House directly. If you need "
        "help now, press /help_now."
    )
    assert await ward.words(ward.ana) == []
    await ward.writes(ward.ana, "/pause", "/leave")
    await ward.taps(ward.ana, "Yes, stop")
    assert ward.ana.last.text == "You are not taking part at the moment."


async def test_who_blocks_the_bot_is_named_in_the_digest_and_gets_nothing_late(ward: Ward) -> None:
    ward.ana.blocks()
    await ward.until(madrid(3, 3, "08:01"))
    assert "Cannot be reached: 1" in ward.cole.last.text
    assert "• BIRCH-07" in ward.cole.last.text
    assert "1 could not be delivered" in ward.cole.last.text
    assert await ward.states() == ["undeliverable"]
    before = texts(ward.ana)

    ward.ana.unblocks()
    await ward.until(madrid(3, 4, "12:00"))
    assert texts(ward.ana) == before
    await ward.until(madrid(3, 5, "09:00"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert "Cannot be reached" not in ward.cole.last.text


async def test_an_account_that_is_gone_is_noticed_at_the_first_message(ward: Ward) -> None:
    ward.ana.deactivates()

    await ward.until(madrid(3, 6, "12:00"))

    assert await ward.states() == ["undeliverable", "undeliverable"]
    assert (await ward.person("BIRCH-07")).blocked_at is not None
    sends = ward.sandbox.ledger.calls("sendMessage", chat_id=ward.ana.user_id)
    assert [entry.status for entry in sends].count(403) == 1


async def test_blocking_in_the_middle_of_a_check_in_is_no_silence(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6")

    ward.ana.blocks()
    await ward.until(madrid(3, 4, "12:00"))

    assert await ward.states() == ["undeliverable"]
    assert await ward.answers() == {"goal1": 6}


@pytest.mark.parametrize("state", ["on_hold", "discharged", "transferred", "deceased"])
async def test_what_staff_have_ended_is_not_asked_about(ward: Ward, state: str) -> None:
    spoken = calls(ward, ward.ana)

    await ward.set_state("BIRCH-07", state)
    await ward.until(madrid(3, 6, "12:00"))

    assert calls(ward, ward.ana) == spoken


async def test_a_coordinator_changes_how_often_ana_is_asked_and_sees_the_dates_first(ward: Ward) -> None:
    await ward.writes(ward.kim, "/cadence birch-99")
    assert ward.kim.last.text == "There is no patient called birch-99."
    await ward.writes(ward.kim, "/cadence BIRCH-07")
    assert "weekly on Monday and Thursday at 09:00" in ward.kim.last.text

    await ward.taps(ward.kim, "Every day")
    assert "• Tuesday 3 March at 09:00" in ward.kim.last.text
    assert "Nothing is saved yet." in ward.kim.last.text
    assert (await ward.enrolment("BIRCH-07")).rules == ["FREQ=WEEKLY;BYDAY=MO,TH"]
    await ward.taps(ward.kim, "Save this cadence")

    assert ward.kim.last.text.endswith("Saved.")
    assert (await ward.enrolment("BIRCH-07")).rules == ["FREQ=DAILY"]
