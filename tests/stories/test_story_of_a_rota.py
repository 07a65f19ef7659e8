"""Who is paged follows the rota: whoever is on shift first, then the standing order; nobody on call is said aloud."""

from datetime import datetime, timedelta

from alliance.people import SYSTEM
from tests.stories.crisis import PAGE_BUTTONS, WORDS, paged_after, pages, safety
from tests.stories.ward import ON_BOTH, Ward, ever, madrid, texts
from workflows.set_on_call import add_shift

NOBODY = "Nobody is on call"


async def on_shift(ward: Ward, code_name: str, starts_at: datetime, ends_at: datetime, *, position: int = 1) -> None:
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "oncall")
        unit.actor = SYSTEM
        await add_shift(unit, code_name, starts_at=starts_at, ends_at=ends_at, position=position)


@ON_BOTH
async def test_whoever_is_on_shift_is_paged_before_the_standing_order(ward: Ward) -> None:
    await on_shift(ward, "DAY", madrid(3, 2, "08:00"), madrid(3, 2, "20:00"))
    start = ward.clock.now()

    await ward.writes(ward.ana, WORDS)
    await ward.until(start + timedelta(minutes=5))

    assert ward.day.last.labels == PAGE_BUTTONS
    minutes = {person.name: paged_after(ward, person, start) for person in (ward.day, ward.cole, ward.kim)}
    assert minutes == {"Day": [0], "Cole": [2], "Kim": [4]}


async def test_after_the_shift_the_standing_order_is_paged(ward: Ward) -> None:
    await on_shift(ward, "DAY", madrid(3, 2, "08:00"), madrid(3, 2, "20:00"))
    await ward.until(madrid(3, 2, "20:00"))

    await ward.writes(ward.ana, WORDS)

    assert (len(pages(ward, ward.cole)), len(pages(ward, ward.day))) == (1, 0)


async def test_an_alert_that_outlasts_a_shift_goes_to_the_next_one(ward: Ward) -> None:
    await on_shift(ward, "COLE", madrid(3, 2, "08:00"), madrid(3, 2, "20:00"))
    await on_shift(ward, "DAY", madrid(3, 2, "20:00"), madrid(3, 3, "08:00"))
    await ward.until(madrid(3, 2, "19:59"))
    start = ward.clock.now()

    await ward.writes(ward.ana, WORDS)
    await ward.until(start + timedelta(minutes=3))

    assert (paged_after(ward, ward.cole, start), paged_after(ward, ward.day, start)) == ([0], [2])


@ON_BOTH
async def test_nobody_on_call_is_told_to_the_coordinator_once_and_to_the_patient_not_at_all(ward: Ward) -> None:
    await ward.set_on_call()

    await ward.writes(ward.ana, WORDS)
    await ward.later(minutes=9)

    alarms = [text for text in texts(ward.kim) if text.startswith(NOBODY)]
    assert len(alarms) == 1
    assert "BIRCH-07" in alarms[0]
    assert len(pages(ward, ward.cole)) > 1  # her clinician is paged all the same
    assert texts(ward.ana)[-1] == safety(ward)
    assert not any(NOBODY in text for person in (ward.ana, ward.cole) for text in ever(ward, person))


async def test_with_somebody_on_shift_there_is_no_such_alarm(ward: Ward) -> None:
    await ward.set_on_call()
    await on_shift(ward, "DAY", madrid(3, 2, "08:00"), madrid(3, 2, "20:00"))

    await ward.writes(ward.ana, WORDS)
    await ward.later(minutes=9)

    assert not any(text.startswith(NOBODY) for text in ever(ward, ward.kim))
