"""Dr Cole goes on leave: Dr Day reads in her place for exactly that time, and nothing is lost at either seam.

What nobody would read is told to Kim, who coordinates, at once and every day.
"""

from sandbox.ledger import Shown
from storage import people
from tests.stories.ward import ON_BOTH, Ward, ever, madrid, texts

NOT_YOURS = "This button is for somebody else"


@ON_BOTH
async def test_the_cover_reads_and_acts_for_exactly_that_time_and_the_rest_comes_back(ward: Ward) -> None:
    await _is_away_from_tomorrow_until_friday(ward, "DAY")
    assert ward.cole.last.text == ward.says("away.saved", start="Tuesday 3 March", back="Friday 6 March", cover="DAY")
    told = ward.says("away.cover_named", who="COLE", start="Tuesday 3 March", back="Friday 6 March")
    assert ward.day.last.text == told
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1", "Leave it at that")  # between her last digest and her leave
    await ward.writes(ward.ana, "I am not sure any of this helps")

    await ward.until(madrid(3, 3, "08:01"))
    in_place = [text for text in texts(ward.day) if text.startswith("For COLE, who is away. Digest, Tuesday")]
    assert len(in_place) == 1
    assert ward.says("cover.until", who="COLE", day="6 March") in in_place[0]
    assert any(text.startswith("Digest, Tuesday") and "BIRCH" not in text for text in texts(ward.day))  # her own
    assert not any(text.startswith("Digest, Tuesday") for text in texts(ward.cole))
    card = ward.day.last
    assert card.text.startswith("BIRCH-07: possible")
    await ward.taps(ward.day, "Words of BIRCH-07")
    assert "I am not sure any of this helps" in ward.day.last.text
    _press(ward, card, "Reviewed")
    await ward.settle()
    assert [flag.state for flag in await ward.flags()] == ["acknowledged"]

    await ward.writes(ward.ana, "Something from the middle of it")
    await ward.until(madrid(3, 4, "08:01"))
    middle = next(text for text in texts(ward.day) if text.startswith("For COLE, who is away. Digest, Wednesday"))
    assert ward.says("digest.messages", count=1) in middle

    await ward.until(madrid(3, 6, "08:01"))
    hers = [text for text in texts(ward.cole) if text.startswith("Digest, Friday")]
    assert len(hers) == 1
    assert ward.says("digest.messages", count=2) in hers[0]  # all of her leave
    assert ward.cole.last.text.startswith("BIRCH-07: possible")
    assert "Reviewed by DAY" in ward.cole.last.text
    assert not any(text.startswith("For COLE, who is away. Digest, Friday") for text in texts(ward.day))
    _press(ward, card, "Will raise it")
    await ward.settle()
    assert ward.day.toasts[-1] == NOT_YOURS


async def test_the_patient_is_told_who_reads_meanwhile_and_only_then(ward: Ward) -> None:
    await _is_away_from_tomorrow_until_friday(ward, "DAY")
    await ward.writes(ward.ana, "/who")
    assert "is away" not in ward.ana.last.text  # not before the leave begins
    who, cover = [await _known_as(ward, name) for name in ("COLE", "DAY")]
    note = f"{who} is away until Friday 6 March. Meanwhile {cover} reads what is meant for {who}."

    await ward.until(madrid(3, 3, "09:00"))
    await ward.writes(ward.ana, "/who")
    assert note in ward.ana.last.text
    await ward.writes(ward.ana, "I slept badly")
    assert ward.ana.last.text == f"{ward.says('message.kept', clinician=cover)}\n\n{note}"

    await ward.until(madrid(3, 5, "09:00"))
    asked = ward.ana.last
    await ward.taps(ward.ana, "Who reads this")
    assert note in ward.ana.last.text
    await ward.taps(ward.ana, "Back", "6", "6", "6", "Leave it at that")
    thanks = next(shown for shown in ward.ana.screen if shown.message_id == asked.message_id)
    assert "Thank you. Your answers are kept. Your next check-in" in thanks.text
    assert note in thanks.text

    await ward.until(madrid(3, 6, "09:00"))
    await ward.writes(ward.ana, "It is better now")
    assert ward.ana.last.text == ward.says("message.kept", clinician=who)


async def test_the_patient_is_told_that_nobody_was_named_and_that_nobody_stands_in_for_a_chosen_one(
    ward: Ward,
) -> None:
    who, chosen = [await _known_as(ward, name) for name in ("COLE", "DAY")]
    await ward.writes(ward.cole, "/away")
    await ward.taps(ward.cole, "From today", "Not known yet", "Nobody yet")
    nobody = f"{who} is away at the moment. {ward.says('readers.away.nobody')}"
    await ward.writes(ward.ana, "I slept badly")
    assert ward.ana.last.text == f"{ward.says('readers.away.kept')}\n\n{nobody}"

    await ward.writes(ward.ana, "/who")
    await ward.taps(ward.ana, "What you write", chosen)
    await ward.later(minutes=11)
    await ward.writes(ward.ana, "This is for Dr Day")
    assert ward.ana.last.text == ward.says("message.kept", clinician=chosen)  # who is there
    await ward.writes(ward.day, "/away")
    await ward.taps(ward.day, "From today", "Not known yet", "COLE")
    await ward.later(minutes=11)
    await ward.writes(ward.ana, "And this too")
    alone = f"{chosen} is away at the moment. {ward.says('readers.away.chosen')}"
    assert ward.ana.last.text == f"{ward.says('readers.away.kept')}\n\n{alone}"
    await ward.writes(ward.ana, "/who")
    assert f"{nobody}\n\n{alone}" in ward.ana.last.text


async def _known_as(ward: Ward, code_name: str) -> str:
    async with ward.database.reading() as session:
        return people.display_name(session, await ward.person(code_name))


async def test_before_the_leave_begins_the_cover_has_no_right_at_all(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1", "Leave it at that")
    await _is_away_from_tomorrow_until_friday(ward, "DAY")
    (flag,) = await ward.flags()

    ward.day.taps_old(1, f"f:{flag.id}:1:reviewed")
    await ward.settle()

    assert ward.day.toasts[-1] == NOT_YOURS
    assert [flag.state for flag in await ward.flags()] == ["raised"]


async def test_where_nobody_reads_it_is_told_at_once_and_daily_until_somebody_is_named(ward: Ward) -> None:
    await ward.writes(ward.cole, "/away")
    await ward.taps(ward.cole, "From today", "Not known yet", "Nobody yet")
    assert ward.says("away.reads_nothing") in ward.cole.last.text
    assert ward.says("away.why.nobody_named", cover="-", reader="-") in ward.kim.last.text
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1", "Leave it at that")

    await ward.until(madrid(3, 4, "08:01"))
    warnings = [text for text in texts(ward.kim) if "Nobody was named to read" in text]
    assert len(warnings) == 3  # Monday, Tuesday, Wednesday
    assert ward.says("away.waits", count=1, who="COLE") in warnings[-1]
    assert not any(text.startswith("Digest, ") for text in texts(ward.cole))
    assert not any("BIRCH-07" in text for text in ever(ward, ward.day))

    await ward.writes(ward.kim, "/away COLE")
    await ward.taps(ward.kim, "Somebody else reads", "DAY")
    await ward.until(madrid(3, 5, "08:01"))
    assert ward.day.last.text.startswith("BIRCH-07: possible")  # what arose on Monday was not lost
    assert len([text for text in texts(ward.kim) if "Nobody was named to read" in text]) == 3


async def test_a_cover_who_is_away_too_is_followed_and_those_who_name_each_other_are_nobody(ward: Ward) -> None:
    await _is_away_from_tomorrow_until_friday(ward, "DAY")

    await ward.writes(ward.day, "/away")
    await ward.taps(ward.day, "From tomorrow", "Back on Thursday 5 March", "COLE")

    assert ward.says("away.why.circle", cover="COLE", reader="-") in ward.kim.last.text
    await ward.until(madrid(3, 3, "08:01"))
    assert not any(text.startswith("For ") for text in (*texts(ward.day), *texts(ward.cole)))
    assert sum("read for each other" in text for text in texts(ward.kim)) == 3  # when it was set, and of each today
    await ward.until(madrid(3, 5, "08:01"))  # Dr Day is back, and reads for Dr Cole
    assert any(text.startswith("For COLE, who is away. Digest, Thursday") for text in texts(ward.day))


async def test_a_cover_without_telegram_reads_nothing_and_that_is_told(ward: Ward) -> None:
    await _is_away_from_tomorrow_until_friday(ward, "DAY")
    ward.day.blocks()

    await ward.until(madrid(3, 3, "08:30"))

    assert ward.says("away.why.out_of_reach", cover="DAY", reader="-") in ward.kim.last.text


async def test_she_comes_back_early_with_one_press_and_another_cannot_end_it_for_her(ward: Ward) -> None:
    await _is_away_from_tomorrow_until_friday(ward, "DAY")
    await ward.until(madrid(3, 3, "12:00"))
    await ward.writes(ward.cole, "/away")
    end = next(button for row in ward.cole.last.buttons for button in row if button.label.startswith("End"))
    ward.day.taps_old(1, end.data or "")
    await ward.settle()
    assert ward.day.toasts[-1] == NOT_YOURS

    await ward.taps(ward.cole, end.label)

    assert ward.cole.last.text == ward.says("away.ended", who="COLE")
    assert ward.day.last.text.startswith("COLE is not away any more")
    await ward.until(madrid(3, 4, "08:01"))
    assert any(text.startswith("Digest, Wednesday") for text in texts(ward.cole))
    assert not any(text.startswith("For COLE, who is away. Digest, Wednesday") for text in texts(ward.day))


async def test_a_page_goes_to_whoever_stands_in_before_it_goes_to_coordinators(ward: Ward) -> None:
    await ward.set_on_call()
    await _is_away_from_tomorrow_until_friday(ward, "DAY")
    await ward.until(madrid(3, 3, "12:00"))

    await ward.writes(ward.ana, "I want to kill myself")

    assert ward.day.last.labels[0] == "I have this"
    assert "I have this" not in ward.cole.last.labels


async def _is_away_from_tomorrow_until_friday(ward: Ward, cover: str) -> None:
    await ward.writes(ward.cole, "/away")
    await ward.taps(ward.cole, "From tomorrow", "Back on Friday 6 March", cover)


def _press(ward: Ward, card: Shown, label: str) -> None:
    """Dr Day presses a button of an earlier message, as it stood there."""
    (button,) = (button for row in card.buttons for button in row if button.label == label)
    ward.day.taps_old(card.message_id, button.data or "")
