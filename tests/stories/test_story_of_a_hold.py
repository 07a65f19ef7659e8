"""Ana is in hospital: nothing is asked, nobody takes that for silence, and the chat never says why.

Public holidays do the same for a day, where a clinic has named its country.
"""

from alliance.cadence import PRESETS
from alliance.people import SYSTEM
from bot.settings import Settings
from tests.stories.ward import ON_BOTH, Ward, ever, madrid, texts
from workflows import set_cadence

BEGINS = "Nothing will be asked here until Monday 16 March."


@ON_BOTH
async def test_a_hold_asks_nothing_is_no_silence_and_ends_by_itself_with_the_next_check_in(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.writes(ward.kim, "/hold BIRCH-07")
    await ward.taps(ward.kim, "Hospital stay", "Goes on Monday 9 March")
    assert ward.says("hold.standing_until", day="Monday 9 March", why="hospital stay") in ward.kim.last.text
    await ward.writes(ward.kim, "/hold BIRCH-07, hospital, 16 March")  # it takes longer
    assert ward.ana.last.text.startswith(BEGINS)

    await ward.until(madrid(3, 13, "08:01"))
    assert await ward.states() == ["cancelled"]
    assert (await ward.enrolment("BIRCH-07")).state == "on_hold"
    digest = next(text for text in reversed(texts(ward.cole)) if text.startswith("Digest, "))
    assert ward.says("cover.held_until", who="BIRCH-07", day="16 March") in digest
    assert "hospital" not in digest  # in Telegram the minimum
    assert await ward.flags() == []

    await ward.until(madrid(3, 16, "09:01"))
    assert await ward.states() == ["cancelled", "open"]
    assert any(text.startswith("The check-ins go on.") for text in texts(ward.ana))
    assert not any("hospital" in text.lower() for text in ever(ward, ward.ana))
    monday = next(text for text in texts(ward.cole) if text.startswith("Digest, Monday 16"))
    assert "Not asked for now" not in monday
    await ward.writes(ward.ana, "/mydata")
    page = next(shown.document.content.decode() for shown in ward.ana.screen if shown.document)
    assert "from Monday 2 March until Monday 16 March." in page  # what is kept about her is hers to know
    assert "Reason noted by staff: hospital stay." in page


async def test_she_is_told_once_and_without_the_reason_outside_quiet_hours(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "22:00"))
    before = len(texts(ward.ana))

    await ward.writes(ward.cole, "/hold BIRCH-07, bereavement, 16 March")
    await ward.later(hours=1)
    assert len(texts(ward.ana)) == before
    await ward.until(madrid(3, 3, "08:01"))

    assert [text[: len(BEGINS)] for text in texts(ward.ana)[before:]] == [BEGINS]


async def test_a_break_of_ones_own_goes_on_after_a_hold(ward: Ward) -> None:
    await ward.writes(ward.kim, "/hold MAPLE-02, other, 9 March")
    assert (await ward.enrolment("MAPLE-02")).state == "on_hold"

    await ward.until(madrid(3, 9, "12:00"))

    assert (await ward.enrolment("MAPLE-02")).state == "paused"
    assert ward.ben.last.text == ward.says("hold.over_break")
    assert await ward.states("MAPLE-02") == []


async def test_a_hold_is_lifted_with_a_press_and_only_by_who_may(ward: Ward) -> None:
    await ward.writes(ward.day, "/hold BIRCH-07")
    assert ward.day.last.text == ward.says("refused.hold.not_yours")
    await ward.writes(ward.ana, "/hold BIRCH-07")
    assert ward.ana.last.text == ward.says("staff.not_for_you")
    await ward.writes(ward.kim, "/hold BIRCH-07")
    await ward.taps(ward.kim, "Another reason", "Until I say so")
    lift = next(button for row in ward.kim.last.buttons for button in row if button.label == "Let check-ins go on")
    ward.day.taps_old(1, lift.data or "")
    await ward.settle()
    assert ward.day.toasts[-1] == ward.says("toast.not_yours")
    assert (await ward.enrolment("BIRCH-07")).state == "on_hold"

    await ward.taps(ward.kim, lift.label)
    await ward.until(madrid(3, 2, "09:01"))

    assert await ward.states() == ["open"]
    await ward.writes(ward.kim, "/hold BIRCH-07, hospital, 1 March 2026")
    assert ward.kim.last.text == ward.says("refused.hold.ends_before")


async def test_a_public_holiday_is_held_told_as_such_and_the_next_one_comes_as_planned(ward: Ward) -> None:
    await _observes(ward, "VU")  # Thursday 5 March is a holiday there
    await ward.until(madrid(3, 2, "09:01"))
    await ward.taps(ward.ana, "7", "7", "7", "Leave it at that")

    await ward.until(madrid(3, 6, "08:01"))

    assert await ward.states() == ["answered", "held"]
    assert ward.says("digest.numbers.held", count=1) in ward.cole.last.text
    await ward.until(madrid(3, 9, "09:01"))
    assert await ward.states() == ["answered", "held", "open"]
    assert await ward.flags() == []


async def test_without_a_country_a_holiday_is_a_day_like_any_other(ward: Ward) -> None:
    await ward.until(madrid(3, 5, "09:01"))

    assert await ward.states() == ["expired", "open"]


async def test_another_hour_or_more_times_bring_no_more_than_a_day_takes(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:01"))
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "cadence")
        unit.actor = SYSTEM
        ana = await set_cadence.find_patient(unit, "BIRCH-07")
        seen = await set_cadence.preview(unit, ana, rules=PRESETS["twice_a_week"], at="09:00,13:00,17:00")
        await set_cadence.save(unit, seen)
        await set_cadence.set_most_a_day(unit, ana, 2)

    await ward.until(madrid(3, 2, "18:00"))

    assert [(checkin.slot, checkin.state) for checkin in await ward.checkins()] == [
        ("09:00", "expired"),
        ("13:00", "expired"),
        ("17:00", "held"),
    ]


async def _observes(ward: Ward, country: str) -> None:
    """The clinic sets the country of its holidays and starts the program again."""
    ward.settings = Settings.model_validate({**ward.settings.model_dump(), "public_holidays": country})
    await ward.restart()
