"""Messages sent in a row are one thought: one receipt, one reading, one place in the digest; danger never waits."""

import pytest

from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import ON_BOTH, madrid, texts

SPLIT = {"en": ("I want to", "die"), "es": ("Me quiero", "matar")}
HARMLESS = {"en": ("I want to", "sleep"), "es": ("Me quiero", "dormir")}
COMPLAINT = {"en": ("I did not feel", "heard by you at all"), "es": ("No me sentí", "escuchada por usted")}


@pytest.fixture
async def done(asked: Asked) -> Asked:
    """Monday's check-in is finished; what is written now is free text."""
    await asked.presses("6", "6", "6", "checkin.nothing_to_add")
    await asked.ward.later(minutes=20)
    return asked


async def _writes(asked: Asked, *sentences: str, pause: int = 20) -> None:
    """Write them so many seconds apart, each after the last was dealt with."""
    for place, text in enumerate(sentences):
        if place:
            await asked.ward.later(seconds=pause)
        await asked.ward.writes(asked.person, text)


@IN_BOTH
async def test_one_thought_gets_one_receipt_also_after_a_restart_and_over_the_full_ten_minutes(done: Asked) -> None:
    ward = done.ward
    await ward.until(madrid(3, 2, "09:29"))
    before = done.messages
    await ward.later(seconds=30)
    await ward.writes(done.person, "One")
    await ward.restart()
    await ward.later(seconds=80)  # another of the stretches in which several thoughts share a receipt
    await ward.writes(done.person, "two")
    await ward.later(seconds=80)
    await ward.writes(done.person, "three")

    assert done.messages == before + 1
    assert done.says("message.kept") == done.screen
    assert await ward.words(done.person) == ["One", "two", "three"]  # each is kept by itself
    rows = await ward.messages_of(done.person)
    assert [row.thought for row in rows] == [rows[0].id] * 3
    assert {row.screening for row in rows} == {"screened"}


@IN_BOTH
async def test_after_a_pause_it_is_another_thought_and_later_another_receipt(done: Asked) -> None:
    before = done.messages
    await _writes(done, "One", "two", "three", pause=700)

    assert done.messages == before + 3
    rows = await done.ward.messages_of(done.person)
    assert [row.thought for row in rows] == [row.id for row in rows]


@IN_BOTH
async def test_a_sentence_after_the_last_one_is_thanked_for_once(asked: Asked) -> None:
    await asked.presses("6", "6", "6")
    before = asked.messages

    await _writes(asked, "It was a hard week", "but the walks help")

    assert asked.messages == before  # the thanks stand in the message of the check-in; a receipt would say it again
    assert asked.is_on("checkin.title_done")


@ON_BOTH
@IN_BOTH
async def test_danger_split_over_messages_is_told_at_once_and_once(done: Asked) -> None:
    ward = done.ward
    await _writes(done, *SPLIT[done.language])

    (alert,) = await ward.alerts()
    assert alert.cause == "suicide"
    assert ward.clock.now() == alert.raised_at
    assert done.screen.startswith(done.says("safety.opening"))
    pages = len(texts(ward.cole))
    await ward.taps(ward.cole, "I have this", "Show words")
    assert "\n".join(SPLIT[done.language]) in ward.cole.last.text  # and not its last word alone

    await _writes(done, "…", "so", "yes", pause=5)

    assert len(await ward.alerts()) == 1  # what was told is not found again in the messages after it
    assert len(texts(ward.cole)) <= pages + 1  # the words that were shown
    assert [row.screening for row in await ward.messages_of(done.person)] == ["screened", "flagged", *["screened"] * 3]


@IN_BOTH
async def test_danger_in_one_message_does_not_wait_for_the_next(done: Asked) -> None:
    await _writes(done, " ".join(SPLIT[done.language]))

    assert [alert.cause for alert in await done.ward.alerts()] == ["suicide"]


@IN_BOTH
async def test_the_same_words_far_apart_or_about_something_else_are_no_danger(done: Asked) -> None:
    await _writes(done, *SPLIT[done.language], pause=91)
    await _writes(done, *HARMLESS[done.language])

    assert await done.ward.alerts() == []


async def test_danger_that_a_changed_message_makes_with_the_next_is_told(done: Asked) -> None:
    await _writes(done, "I want to sleep, not", "die")
    first = next(shown for shown in done.person.screen if shown.text == "I want to sleep, not")
    assert await done.ward.alerts() == []

    done.person.edits(first.message_id, "I want to")
    await done.ward.settle()

    assert [alert.cause for alert in await done.ward.alerts()] == ["suicide"]


@IN_BOTH
async def test_staff_read_one_thought_in_one_piece_and_the_rules_read_it_once(done: Asked) -> None:
    ward = done.ward
    await _writes(done, *COMPLAINT[done.language])
    rows = await ward.messages_of(done.person)
    assert rows[1].heard
    assert rows[1].heard["heard"]

    await ward.until(madrid(3, 3, "08:01"))
    assert "BIRCH-07: 1 message" in "\n".join(texts(ward.cole)[-2:])
    await ward.taps(ward.cole, "Words of BIRCH-07")

    assert texts(ward.cole)[-1].endswith("\n".join(COMPLAINT[done.language]))
    assert sum(COMPLAINT[done.language][0] in text for text in texts(ward.cole)) == 1


async def test_two_thoughts_are_two_for_staff(done: Asked) -> None:
    await _writes(done, "The first", "The second", pause=200)

    await done.ward.until(madrid(3, 3, "08:01"))

    assert "BIRCH-07: 2 messages" in done.ward.cole.last.text
    await done.ward.taps(done.ward.cole, "Words of BIRCH-07")
    assert [text.splitlines()[-1] for text in texts(done.ward.cole)[-2:]] == ["The first", "The second"]


async def test_a_number_taken_as_an_answer_belongs_to_no_thought(asked: Asked) -> None:
    await _writes(asked, "6", "It was a hard week")

    assert asked.says("message.kept_and_question_open") == asked.screen
    rows = await asked.ward.messages_of(asked.person)
    assert [row.kind for row in rows] == ["number", "text"]
    assert rows[1].thought == rows[1].id
