"""A coordinator changes how often and when Ana is asked.

She sees the next dates before anything is saved, and saving loses nothing: what has fallen due before is asked, or
written down as missed by us.
"""

from alliance.enrolment import EnrolmentState
from tests.stories.ward import Ward, madrid, texts


async def test_a_coordinator_changes_how_often_ana_is_asked_and_sees_the_dates_first(ward: Ward) -> None:
    await ward.writes(ward.kim, "/cadence birch-99")
    assert ward.kim.last.text == ward.says("cadence.refused.no_patient", who="birch-99")
    await ward.writes(ward.kim, "/cadence BIRCH-07")
    assert "weekly on Monday and Thursday at 09:00" in ward.kim.last.text

    await ward.taps(ward.kim, "Every day")
    assert "• Tuesday 3 March at 09:00" in ward.kim.last.text
    assert "Nothing is saved yet." in ward.kim.last.text
    assert (await ward.enrolment("BIRCH-07")).rules == ["FREQ=WEEKLY;BYDAY=MO,TH"]
    await ward.taps(ward.kim, "Save this cadence")

    assert ward.kim.last.text.endswith("Saved.")
    assert (await ward.enrolment("BIRCH-07")).rules == ["FREQ=DAILY"]


async def test_a_cadence_saved_while_a_check_in_is_overdue_loses_nothing(ward: Ward) -> None:
    ward.clock.move_to(madrid(3, 2, "09:05"))  # and no tick has asked yet

    await _every_day(ward)

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert [str(checkin.local_date) for checkin in await ward.checkins()] == ["2026-03-02"]
    await ward.until(madrid(3, 3, "09:00"))
    assert [str(checkin.local_date) for checkin in await ward.checkins()] == ["2026-03-02", "2026-03-03"]


async def test_one_saved_after_days_of_standing_still_says_what_was_missed(ward: Ward) -> None:
    ward.clock.move_to(madrid(3, 6, "12:00"))  # Monday's and Thursday's have fallen due

    await _every_day(ward)

    assert await ward.states() == ["missed", "missed"]
    assert [str(checkin.local_date) for checkin in await ward.checkins()] == ["2026-03-02", "2026-03-05"]


async def test_one_saved_before_anything_is_due_asks_nothing_early(ward: Ward) -> None:
    await _every_day(ward)

    assert await ward.checkins() == []
    await ward.until(madrid(3, 2, "09:00"))
    assert await ward.states() == ["open"]


async def test_one_saved_for_somebody_on_hold_asks_nothing_at_all(ward: Ward) -> None:
    before = texts(ward.ana)
    await ward.staff_say("BIRCH-07", EnrolmentState.ON_HOLD)
    ward.clock.move_to(madrid(3, 2, "09:05"))

    await _every_day(ward)
    await ward.until(madrid(3, 4, "12:00"))

    assert texts(ward.ana) == before
    assert await ward.checkins() == []


async def _every_day(ward: Ward) -> None:
    await ward.writes(ward.kim, "/cadence BIRCH-07")
    await ward.taps(ward.kim, "Every day", "Save this cadence")
