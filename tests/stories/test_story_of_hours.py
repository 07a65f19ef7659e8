"""Dr Cole sets when her digest comes: the next one comes by it, and no date brings two."""

from datetime import timedelta

from alliance.people import SYSTEM
from tests.stories.ward import Ward, madrid, texts
from workflows.set_hours import set_hours


async def test_another_hour_and_another_week_count_from_the_next_digest_on(ward: Ward) -> None:
    await ward.until(madrid(3, 3, "08:01"))
    await ward.writes(ward.cole, "/hours")
    assert "Monday, Tuesday, Wednesday, Thursday and Friday" in ward.cole.last.text

    await ward.taps(ward.cole, "12:00", "Wednesday: yes", "Saturday: no")

    assert "at 12:00" in ward.cole.last.text
    assert "Monday, Tuesday, Thursday, Friday and Saturday" in ward.cole.last.text
    await ward.until(madrid(3, 9, "12:01"))
    assert _days(ward) == ["Tuesday", "Thursday", "Friday", "Saturday", "Monday"]  # Tuesday brought no second one


async def test_an_hour_that_has_passed_today_brings_todays_digest_at_once(ward: Ward) -> None:
    await ward.until(madrid(3, 3, "07:40"))

    await ward.writes(ward.cole, "/hours 7:30")
    await ward.later(minutes=1)

    assert _days(ward) == ["Tuesday"]
    await ward.until(madrid(3, 4, "07:31"))
    assert _days(ward) == ["Tuesday", "Wednesday"]


async def test_she_travels_and_the_digest_follows_the_clock_on_her_wall(ward: Ward) -> None:
    await ward.until(madrid(3, 3, "08:01"))
    await ward.writes(ward.cole, "/hours New York")
    await ward.taps(ward.cole, "America, New York")

    await ward.until(madrid(3, 4, "13:59"))
    assert _days(ward) == ["Tuesday"]
    await ward.later(minutes=2)  # eight o'clock there

    assert _days(ward) == ["Tuesday", "Wednesday"]


async def test_what_is_no_hour_and_who_may_not_change_nothing(ward: Ward) -> None:
    await ward.writes(ward.cole, "/hours Nowhereatall")
    assert ward.cole.last.text == ward.says("hours.none_found")
    await ward.writes(ward.ana, "/hours 7:30")
    await ward.writes(ward.kim, "/hours 7:30")
    assert ward.ana.last.text == ward.kim.last.text == ward.says("staff.not_for_you")
    await ward.writes(ward.cole, "/hours")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        await ward.taps(ward.cole, f"{day}: yes")

    await ward.taps(ward.cole, "Friday: yes")

    assert ward.cole.last.text == ward.says("refused.hours.days")
    assert (await ward.person("COLE")).working_days == "FR"
    assert (await ward.person("COLE")).digest_at == "08:00"


async def test_the_shell_changes_it_as_well_and_a_digest_missed_in_a_downtime_still_comes_once(ward: Ward) -> None:
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "staff")
        unit.actor = SYSTEM
        cole = await session.merge(await ward.person("COLE"))
        await set_hours(unit, cole, at="06:00", zone="Europe/Lisbon")

    await ward.is_down_until(madrid(3, 3, "10:00"))
    await ward.later(hours=1)

    assert _days(ward) == ["Tuesday"]
    assert ward.clock.now() - madrid(3, 3, "11:00") < timedelta(minutes=1)


def _days(ward: Ward) -> list[str]:
    """The weekdays of the digests Dr Cole has had."""
    found = [text.splitlines()[0] for text in texts(ward.cole) if text.startswith("Digest, ")]
    return [line.removeprefix("Digest, ").split()[0] for line in found]
