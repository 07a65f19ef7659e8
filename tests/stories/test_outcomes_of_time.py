"""Mornings, nights, changed clocks and days on which the program was down, for Ana in Madrid.

She is asked at nine by the clock on her wall, once a day at most. If she has not answered by the afternoon she is
reminded once, and at the end of its time the question closes without reproach. When our side failed, she is not
blamed: what was never asked is written down as missed by us, and no pile of questions greets her.
"""

from datetime import timedelta
from urllib.parse import urlparse

from sandbox import Fault, FaultKind
from storage import answers, people
from tests.stories.ward import Ward, calls, madrid, texts
from workflows.schedule import plan_next

NINE = madrid(3, 2, "09:00")
STILL_OPEN = "This is still open, in case you have half a minute. If not, that is all right too."


async def test_she_is_reminded_once_in_a_new_message_and_the_old_one_says_so(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6")
    first = ward.ana.last

    await ward.until(madrid(3, 2, "14:01"))
    reminder = ward.ana.last
    assert reminder.message_id != first.message_id
    assert STILL_OPEN in reminder.text
    assert reminder.text.startswith("Check-in, 2 of 3")
    assert _text(ward, first.message_id) == "This check-in goes on further down."
    await ward.until(madrid(3, 2, "23:00"))
    assert sum(STILL_OPEN in text for text in texts(ward.ana)) == 1

    await ward.taps(ward.ana, "5", "7", "Leave it at that")
    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    assert ward.ana.last.message_id == reminder.message_id


async def test_who_has_answered_is_not_reminded(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    await ward.until(madrid(3, 2, "23:00"))

    assert not any(STILL_OPEN in text for text in texts(ward.ana))


async def test_a_check_in_without_an_answer_closes_kindly(ward: Ward) -> None:
    await ward.until(NINE)

    await ward.until(madrid(3, 3, "05:01"))

    assert ward.ana.last.text == (
        "This check-in has closed, and that is all right. Your next check-in comes on Thursday 5 March at 09:00."
    )
    assert ward.ana.last.labels == ("I need help now",)
    assert await ward.states() == ["expired"]


async def test_one_answered_in_part_keeps_what_was_given(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6")

    await ward.until(madrid(3, 3, "05:01"))

    assert "What you answered is kept." in ward.ana.last.text
    assert await ward.answers() == {"goal1": 6}


async def test_the_thanks_come_by_themselves_when_nobody_adds_a_sentence(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5", "7")

    await ward.until(madrid(3, 3, "05:01"))

    assert ward.ana.last.text.startswith("Check-in, finished")
    assert await ward.states() == ["answered"]


async def test_there_are_never_two_open_check_ins(ward: Ward) -> None:
    await _set(ward, rules=["FREQ=DAILY"], at=["09:00", "12:00"])
    await ward.until(NINE)
    first = ward.ana.last

    await ward.until(madrid(3, 2, "12:00"))

    assert await ward.states() == ["expired", "open"]
    assert _text(ward, first.message_id).startswith("This check-in has closed, and that is all right.")
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_nine_stays_nine_when_the_clocks_change(ward: Ward) -> None:
    await _set(ward, rules=["FREQ=DAILY"], at=["09:00"])
    await ward.is_down_until(madrid(3, 27, "20:00"))

    await ward.until(madrid(3, 30, "12:00"))

    due = [checkin.due_at.isoformat() for checkin in await ward.checkins()][-3:]
    assert due == ["2026-03-28T08:00:00+00:00", "2026-03-29T07:00:00+00:00", "2026-03-30T07:00:00+00:00"]
    assert [checkin.slot for checkin in await ward.checkins()][-3:] == ["09:00"] * 3


async def test_after_three_days_down_one_late_check_in_and_no_blame(ward: Ward) -> None:
    await _set(ward, rules=["FREQ=DAILY"], at=["09:00"])
    before = len(texts(ward.ana))

    await ward.is_down_until(madrid(3, 5, "11:00"))
    assert len(texts(ward.ana)) == before + 1
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert await ward.states() == ["missed", "missed", "missed", "open"]
    await ward.until(madrid(3, 6, "08:01"))

    assert "3 not asked in time, by our own fault" in "\n".join(texts(ward.cole))
    async with ward.database.reading() as session:
        patient = await ward.person("BIRCH-07")
        delivered = await answers.delivered(session, patient.id, limit=10)
    assert len(delivered) == 1  # what the rupture rules see


async def test_after_downtime_a_check_in_whose_time_is_over_is_not_sent(ward: Ward) -> None:
    before = texts(ward.ana)

    await ward.is_down_until(madrid(3, 3, "04:30"))  # half an hour before it would close

    assert texts(ward.ana) == before
    assert await ward.states() == ["missed"]


async def test_a_late_one_keeps_out_of_the_night(ward: Ward) -> None:
    await _set(ward, rules=["FREQ=DAILY"], at=["18:00"])
    before = texts(ward.ana)

    await ward.is_down_until(madrid(3, 2, "22:30"))
    assert texts(ward.ana) == before
    await ward.until(madrid(3, 3, "07:59"))
    assert texts(ward.ana) == before
    await ward.until(madrid(3, 3, "08:01"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert await ward.states() == ["open"]


async def test_a_reminder_keeps_out_of_the_night(ward: Ward) -> None:
    await _set(ward, rules=["FREQ=DAILY"], at=["18:00"])

    await ward.until(madrid(3, 3, "07:59"))
    assert not any(STILL_OPEN in text for text in texts(ward.ana))
    await ward.until(madrid(3, 3, "08:01"))

    assert STILL_OPEN in ward.ana.last.text


async def test_discharge_while_it_is_queued_stops_it(ward: Ward) -> None:
    await _set(ward, rules=["FREQ=DAILY"], at=["18:00"])
    await ward.is_down_until(madrid(3, 2, "22:30"))
    before = texts(ward.ana)

    await ward.set_state("BIRCH-07", "discharged")
    await ward.until(madrid(3, 3, "12:00"))

    assert texts(ward.ana) == before
    assert await ward.states() == ["cancelled"]


async def test_a_send_of_unknown_fate_waits_ten_minutes_and_a_tap_proves_that_it_arrived(ward: Ward) -> None:
    _loses_answers(ward, times=1)
    await ward.until(NINE)
    sent = calls(ward, ward.ana, "sendMessage")

    await ward.later(minutes=5)
    await ward.taps(ward.ana, "6")
    await ward.later(minutes=30)

    assert calls(ward, ward.ana, "sendMessage") == sent
    assert await ward.answers() == {"goal1": 6}
    assert await ward.states() == ["open"]


async def test_without_a_tap_it_is_sent_once_more_and_never_a_third_time(ward: Ward) -> None:
    _loses_answers(ward, times=None)
    await ward.until(NINE)
    sent = calls(ward, ward.ana, "sendMessage")

    await ward.later(minutes=9)
    assert calls(ward, ward.ana, "sendMessage") == sent
    await ward.until(madrid(3, 2, "23:00"))
    assert calls(ward, ward.ana, "sendMessage") == sent + 1
    assert await ward.states() == ["uncertain"]
    await ward.until(madrid(3, 3, "08:01"))

    assert "1 may or may not have arrived" in ward.cole.last.text
    assert "without a reply" not in ward.cole.last.text  # it is not her silence


async def test_an_uncertain_one_that_is_answered_after_all_counts(ward: Ward) -> None:
    _loses_answers(ward, times=2)
    await ward.until(NINE)
    await ward.until(madrid(3, 2, "12:00"))

    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    assert await ward.states() == ["answered"]


async def test_a_pause_that_telegram_asks_for_is_kept(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=ward.ana.user_id, retry_after=30))
    await ward.until(NINE)
    refused = calls(ward, ward.ana, "sendMessage")
    assert "Check-in" not in ward.ana.last.text

    await ward.later(seconds=29)
    assert calls(ward, ward.ana, "sendMessage") == refused
    await ward.later(seconds=5)

    assert calls(ward, ward.ana, "sendMessage") == refused + 1
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_what_is_said_to_one_person_keeps_its_order(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="sendMessage", chat_id=ward.ana.user_id))
    before = len(texts(ward.ana))

    await ward.writes(ward.ana, "/pause", "/resume", "/help")
    await ward.later(minutes=1)

    said = texts(ward.ana)[before:]
    assert [text[:10] for text in said] == ["All right.", "The check-", "Every now "]


async def test_other_chats_do_not_wait_for_one_that_is_held(ward: Ward) -> None:
    ward.sandbox.faults.add(
        Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=ward.ben.user_id, retry_after=600)
    )
    await ward.writes(ward.ben, "/help")

    await ward.writes(ward.ana, "/help")

    assert ward.ana.last.text.startswith("Every now and then")


async def test_a_telegram_that_cannot_be_reached_for_an_hour_loses_nothing(ward: Ward) -> None:
    port = urlparse(ward.sandbox.url).port or 0
    await ward.sandbox.stop()
    await ward.until(NINE + timedelta(minutes=58))
    assert await ward.states() == ["queued"]

    await ward.sandbox.start(port)
    await ward.until(NINE + timedelta(hours=1))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert sum("Check-in, 1 of 3" in text for text in texts(ward.ana)) == 1
    assert await ward.states() == ["open"]


def _loses_answers(ward: Ward, *, times: int | None) -> None:
    ward.sandbox.faults.add(
        Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", chat_id=ward.ana.user_id, times=times)
    )


async def _set(ward: Ward, *, rules: list[str], at: list[str]) -> None:
    async with ward.database.writing() as session:
        patient = await people.by_code_name(session, "BIRCH-07")
        assert patient is not None
        enrolment = await people.enrolment(session, patient.id)
        assert enrolment is not None
        enrolment.rules, enrolment.at = rules, at
        unit = ward.program.unit(session, "cadence")
        await plan_next(unit, patient, enrolment, after=unit.now)


def _text(ward: Ward, message_id: int) -> str:
    return next(shown.text for shown in ward.ana.screen if shown.message_id == message_id)
