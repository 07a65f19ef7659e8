"""Ana flies to Los Angeles and says nothing: the chat asks once, as a guess, whether her clock has changed."""

from storage import messages, preferences
from storage.messages import Screening, Written
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import ON_BOTH, madrid, texts

DAYS_AT_HOME = tuple(range(3, 27, 2))  # of February


async def _month_at_home(asked: Asked) -> None:
    """Twelve mornings of the weeks before, at the hour of the check-in, and nothing at any other."""
    patient = await asked.ward.person("BIRCH-07")
    async with asked.ward.database.writing() as session:
        for day in DAYS_AT_HOME:
            written = Written(
                chat_id=asked.person.user_id,
                message_id=900_000 + day,
                version=0,
                kind="text",
                words="Good morning",
                sent_at=madrid(2, day, "09:05"),
            )
            screening = Screening(disposition="screened", rules_version="of then")
            await messages.keep(session, written, screening, person_id=patient.id, checkin_id=None, now=written.sent_at)


async def _writes_at_night(asked: Asked, *days: int, month: int = 3) -> None:
    for day in days:
        await asked.ward.until(madrid(month, day, "03:30"))
        await asked.ward.writes(asked.person, "A word about the day")


def _questions(asked: Asked) -> int:
    return sum(text.startswith(asked.says("asking.zone.title")) for text in texts(asked.person))


@IN_BOTH
async def test_after_three_nights_it_is_asked_and_another_zone_can_be_chosen(asked: Asked) -> None:
    ward = asked.ward
    await _month_at_home(asked)
    await _writes_at_night(asked, 3, 4)
    assert _questions(asked) == 0
    await _writes_at_night(asked, 5)

    assert asked.is_on("asking.zone.title")
    assert asked.says("asking.zone.ask", zone="Europe, Madrid", time="03:30") in asked.screen
    assert asked.labels == (asked.says("asking.zone.keep"), asked.says("asking.zone.choose"))
    await asked.presses("asking.zone.choose")
    await ward.writes(asked.person, "Los Angeles")
    await ward.taps(asked.person, asked.labels[0])

    assert (await ward.person("BIRCH-07")).zone == "America/Los_Angeles"
    await _writes_at_night(asked, 6, 7, 8)
    assert _questions(asked) == 0  # the page has become that of the zone, and what was done before counts no more


@IN_BOTH
async def test_who_keeps_the_zone_is_not_asked_again(asked: Asked) -> None:
    ward = asked.ward
    await _month_at_home(asked)
    await _writes_at_night(asked, 3, 4, 5)
    keep = asked.person.last

    await asked.presses("asking.zone.keep")

    assert asked.says("asking.zone.kept", zone="Europe, Madrid") == asked.screen
    assert (await ward.person("BIRCH-07")).zone == "Europe/Madrid"
    asked.person.taps_old(keep.message_id, keep.buttons[0][0].data or "")  # and a second tap changes nothing
    await _writes_at_night(asked, 6, 7, 8)
    assert _questions(asked) == 0


@ON_BOTH
async def test_unanswered_it_is_asked_once_and_then_not_for_a_fortnight(asked: Asked) -> None:
    await _month_at_home(asked)
    await _writes_at_night(asked, 3, 4, 5)
    assert _questions(asked) == 1

    await asked.ward.restart()
    await _writes_at_night(asked, 6, 7, 8)

    assert _questions(asked) == 1


async def test_in_danger_nobody_is_asked_about_a_clock(asked: Asked) -> None:
    await _month_at_home(asked)
    await _writes_at_night(asked, 3, 4)
    await asked.ward.until(madrid(3, 5, "03:00"))
    await asked.ward.writes(asked.person, "I want to kill myself")

    await asked.ward.later(minutes=5)
    await asked.ward.writes(asked.person, "Good night")

    assert _questions(asked) == 0


async def test_a_sleepless_week_of_somebody_who_answers_in_the_morning_as_always_is_no_journey(asked: Asked) -> None:
    ward = asked.ward
    await _month_at_home(asked)
    for day in (3, 4, 5):
        await ward.until(madrid(3, day, "03:30"))
        await ward.writes(asked.person, "I cannot sleep")
        await ward.until(madrid(3, day, "09:10"))
        await ward.writes(asked.person, "Good morning")
        await ward.writes(asked.person, "Up at last")

    assert _questions(asked) == 0


async def test_a_fortnight_later_an_unanswered_question_is_asked_once_more(asked: Asked) -> None:
    await _month_at_home(asked)
    await _writes_at_night(asked, 3, 4, 5)
    patient = await asked.ward.person("BIRCH-07")
    async with asked.ward.database.writing() as session:
        await preferences.note_zone(session, patient.id, asked_at=madrid(2, 18, "03:00"))

    await _writes_at_night(asked, 6)

    assert _questions(asked) == 2
