"""What happens to everything that is not a tap: words, pictures, voices, changed messages, unknown commands.

Ana may write at any time. What she writes is kept exactly as it is, for Dr Cole's next summary; what cannot be read
is said to be unreadable, with the way to help; nothing falls silently through.
"""

from collections.abc import Callable

import pytest

from sandbox.people import Person as OnThePhone
from sandbox.speech import Act
from tests.stories.ward import Ward, ever, madrid, texts


async def test_words_at_any_time_are_kept_and_nobody_pretends_to_read_them_now(ward: Ward) -> None:
    await ward.writes(ward.ana, "The new tablets make me dizzy in the morning.")

    assert ward.ana.last.text == _receipt(ward)
    assert "Nobody reads it right now" in ward.ana.last.text
    assert await ward.words(ward.ana) == ["The new tablets make me dizzy in the morning."]


async def test_several_messages_in_a_row_get_one_receipt(ward: Ward) -> None:
    await ward.writes(ward.ana, "First,", "then,", "and last.")

    assert texts(ward.ana).count(_receipt(ward)) == 1
    assert await ward.words(ward.ana) == ["First,", "then,", "and last."]


async def test_words_instead_of_a_tap_are_kept_and_the_question_stays_open(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    question = ward.ana.last

    await ward.writes(ward.ana, "It depends on the day")

    assert ward.ana.last.text == ward.says("message.kept_and_question_open", clinician="Dr Cole")
    assert "The question above is still open" in ward.ana.last.text
    await ward.taps(ward.ana, "4")
    assert await ward.answers() == {"goal1": 4}
    assert next(s for s in ward.ana.screen if s.message_id == question.message_id).text.startswith("Check-in, 2 of 3")


@pytest.mark.parametrize(
    ("sends", "kind"),
    [
        pytest.param(lambda ana: ana.sends_sticker(), "sticker", id="a sticker"),
        pytest.param(lambda ana: ana.sends_voice(), "voice", id="a voice message"),
        pytest.param(lambda ana: ana.sends_photo(), "photo", id="a picture"),
        pytest.param(lambda ana: ana.sends_location(), "location", id="a place"),
    ],
)
async def test_what_cannot_be_read_is_said_to_be_unreadable_with_the_way_to_help(
    ward: Ward, sends: Callable[[OnThePhone], Act], kind: str
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    question = ward.ana.last

    sends(ward.ana)
    await ward.settle()

    assert ward.ana.last.text == ward.says("message.cannot_read")
    assert "/help_now" in ward.ana.last.text
    kept = await ward.messages_of(ward.ana)
    assert [(row.kind, row.screening, row.words) for row in kept] == [(kind, "unscreened", None)]
    assert question in ward.ana.screen  # the question is untouched
    assert await ward.answers() == {}


async def test_what_cannot_be_read_is_named_in_the_digest(ward: Ward) -> None:
    ward.ana.sends_voice()
    await ward.settle()

    await ward.until(madrid(3, 3, "08:01"))

    assert ward.says("digest.unscreened", count=1) in ward.cole.last.text


async def test_a_picture_with_a_caption_is_its_caption(ward: Ward) -> None:
    ward.ana.sends_photo("My week in a picture")
    await ward.settle()

    assert ward.ana.last.text == _receipt(ward)
    assert await ward.words(ward.ana) == ["My week in a picture"]
    assert [(row.kind, row.screening) for row in await ward.messages_of(ward.ana)] == [("photo", "screened")]


async def test_forwarded_words_are_kept_like_her_own(ward: Ward) -> None:
    ward.ana.forwards("Something a friend wrote")
    await ward.settle()

    assert ward.ana.last.text == _receipt(ward)
    assert await ward.words(ward.ana) == ["Something a friend wrote"]


async def test_a_changed_message_keeps_every_version_and_nothing_is_said(ward: Ward) -> None:
    wrote = ward.ana.writes("I am angry")
    await ward.later(minutes=1)
    before = texts(ward.ana)

    ward.ana.edits(wrote.message_id, "I am a little angry")
    await ward.later(minutes=1)
    ward.ana.edits(wrote.message_id, "I was angry")
    await ward.settle()

    assert await ward.words(ward.ana) == ["I am angry", "I am a little angry", "I was angry"]
    assert texts(ward.ana) == before


async def test_two_changes_within_a_second_are_both_kept(ward: Ward) -> None:
    wrote = ward.ana.writes("one")
    await ward.later(minutes=1)

    ward.ana.edits(wrote.message_id, "two")
    ward.ana.edits(wrote.message_id, "three")
    await ward.settle()

    assert await ward.words(ward.ana) == ["one", "two", "three"]


async def test_dr_cole_sees_that_words_were_changed_later(ward: Ward) -> None:
    wrote = ward.ana.writes("I am angry")
    await ward.later(minutes=1)
    ward.ana.edits(wrote.message_id, "I was angry")

    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Words of BIRCH-07")

    assert "BIRCH-07: 1 message" in "\n".join(texts(ward.cole))
    assert ward.cole.screen[-2].text.endswith("I am angry")
    assert ward.cole.last.text.endswith("(changed later)\nI was angry")


async def test_every_character_is_kept_as_it_is(ward: Ward) -> None:
    odd = "  <b>&amp; 'quoted' \u202eright to left\u202c 👩‍👩‍👧\n\n\tzero\u200bwidth ñ n\u0303 \U0001f600 "

    await ward.writes(ward.ana, odd)

    assert await ward.words(ward.ana) == [odd]


async def test_the_longest_message_there_is_reaches_dr_cole_whole(ward: Ward) -> None:
    longest = ("A long day. " * 400)[:4096]
    await ward.writes(ward.ana, longest)

    await ward.until(madrid(3, 3, "08:01"))
    count = len(texts(ward.cole))
    await ward.taps(ward.cole, "Words of BIRCH-07")

    assert texts(ward.cole)[count:] == ["BIRCH-07, Monday 2 March at 08:00", longest.rstrip()]


@pytest.mark.parametrize("words", ["/nothing", "/feel worse than last week", "/weather tomorrow"])
async def test_an_unknown_command_is_a_message_like_any_other(ward: Ward, words: str) -> None:
    await ward.writes(ward.ana, words)

    assert await ward.words(ward.ana) == [words]
    assert ward.ana.last.text == _receipt(ward)
    assert [row.screening for row in await ward.messages_of(ward.ana)] == ["screened"]


@pytest.mark.parametrize("words", ["/help", "/PAUSE", "/resume@{bot} now"])
async def test_a_command_that_exists_is_obeyed_and_not_kept(ward: Ward, words: str) -> None:
    await ward.writes(ward.ana, words.format(bot=ward.program.clinic.bot_username))

    assert await ward.words(ward.ana) == []
    assert _receipt(ward) not in texts(ward.ana)


async def test_an_unknown_command_answers_the_last_question_as_a_sentence_does(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "5", "7")

    await ward.writes(ward.ana, "/feel worse")

    assert ward.ana.last.text.startswith(ward.says("checkin.title_done"))
    assert await ward.words(ward.ana) == ["/feel worse"]


async def test_a_coordinator_s_command_is_not_a_patient_s(ward: Ward) -> None:
    await ward.writes(ward.ana, "/cadence BIRCH-07 daily")
    await ward.writes(ward.cole, "/pause")

    assert ward.ana.last.text == ward.cole.last.text == "This command is not part of your role."
    assert (await ward.enrolment("BIRCH-07")).state == "active"


async def test_an_edited_command_is_not_given_a_second_time(ward: Ward) -> None:
    wrote = ward.ana.writes("/help")
    await ward.later(minutes=1)
    before = texts(ward.ana)

    ward.ana.edits(wrote.message_id, "/pause 14")
    await ward.settle()

    assert texts(ward.ana) == before
    assert (await ward.enrolment("BIRCH-07")).state == "active"


async def test_words_never_leave_the_chat_they_were_written_in_but_by_the_button(ward: Ward) -> None:
    await ward.writes(ward.ana, "Only for Dr Cole")

    await ward.until(madrid(3, 4, "08:01"))

    others = (ward.cole, ward.day, ward.kim, ward.ben)
    assert not any("Only for Dr Cole" in text for person in others for text in ever(ward, person))


async def test_a_changed_message_belongs_to_the_check_in_it_was_written_for(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "5", "7")
    wrote = ward.ana.writes("It was a good visit")
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "6", "5", "7")  # and now a sentence would belong to Thursday's

    ward.ana.edits(wrote.message_id, "It was not a good visit")
    await ward.settle()

    first, second = await ward.checkins()
    assert [row.checkin_id for row in await ward.messages_of(ward.ana)] == [first.id, first.id]
    assert second.remark_open


async def test_a_changed_message_of_no_check_in_stays_without_one(ward: Ward) -> None:
    wrote = ward.ana.writes("Before anything was asked")
    await ward.until(madrid(3, 2, "09:00"))

    ward.ana.edits(wrote.message_id, "Before anything was asked, I was well")
    await ward.settle()

    assert [row.checkin_id for row in await ward.messages_of(ward.ana)] == [None, None]
    assert await ward.answers() == {}


def _receipt(ward: Ward) -> str:
    return ward.says("message.kept", clinician="Dr Cole")
