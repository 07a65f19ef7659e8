"""What happens to everything that is not a tap: words, pictures, voices, changed messages, unknown kinds, groups.

Ana may write at any time. What she writes is kept exactly as it is, for Dr Cole's next summary; what cannot be read
is said to be unreadable, with the way to help; nothing falls silently through. What the program has never heard of
delays nobody, and somebody is told.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from sandbox.people import Person as OnThePhone
from sandbox.speech import Act
from storage.tables import Message
from tests.stories.ward import Ward, ever, madrid, texts

KEPT = (
    "Thank you. I have kept this for Dr Cole, who sees it with the next daily summary. Nobody reads it right now; "
    "if you need help soon, press /help_now."
)
CANNOT_READ = "I cannot read this: I only understand text."


async def test_words_at_any_time_are_kept_and_nobody_pretends_to_read_them_now(ward: Ward) -> None:
    await ward.writes(ward.ana, "The new tablets make me dizzy in the morning.")

    assert ward.ana.last.text == KEPT
    assert await ward.words(ward.ana) == ["The new tablets make me dizzy in the morning."]


async def test_several_messages_in_a_row_get_one_receipt(ward: Ward) -> None:
    await ward.writes(ward.ana, "First,", "then,", "and last.")

    assert texts(ward.ana).count(KEPT) == 1
    assert await ward.words(ward.ana) == ["First,", "then,", "and last."]


async def test_words_instead_of_a_tap_are_kept_and_the_question_stays_open(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    question = ward.ana.last

    await ward.writes(ward.ana, "It depends on the day")

    assert ward.ana.last.text == f"{KEPT} The question above is still open: a tap on a number is enough."
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

    assert ward.ana.last.text.startswith(CANNOT_READ)
    assert "/help_now" in ward.ana.last.text
    assert [(row.kind, row.screening, row.words) for row in await _kept(ward)] == [(kind, "unscreened", None)]
    assert question in ward.ana.screen  # the question is untouched
    assert await ward.answers() == {}


async def test_what_cannot_be_read_is_named_in_the_digest(ward: Ward) -> None:
    ward.ana.sends_voice()
    await ward.settle()

    await ward.until(madrid(3, 3, "08:01"))

    assert "could not be screened (a voice message or picture): please look at it yourself" in ward.cole.last.text


async def test_a_picture_with_a_caption_is_its_caption(ward: Ward) -> None:
    ward.ana.sends_photo("My week in a picture")
    await ward.settle()

    assert ward.ana.last.text == KEPT
    assert await ward.words(ward.ana) == ["My week in a picture"]
    assert [(row.kind, row.screening) for row in await _kept(ward)] == [("photo", "screened")]


async def test_forwarded_words_are_kept_like_her_own(ward: Ward) -> None:
    ward.ana.forwards("Something a friend wrote")
    await ward.settle()

    assert ward.ana.last.text == KEPT
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


async def test_an_unknown_command_is_answered_with_what_there_is(ward: Ward) -> None:
    await ward.writes(ward.ana, "/weather tomorrow")

    assert ward.ana.last.text.startswith("Every now and then I ask you three short questions")
    assert "nobody is watching this chat live" in ward.ana.last.text


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


async def test_a_reaction_a_poll_answer_and_an_unknown_kind_change_nothing(ward: Ward) -> None:
    user, chat = ward.ana.user, ward.ana.chat.wire
    before = {person.name: texts(person) for person in ward.sandbox.people}

    reaction = {"type": "emoji", "emoji": "\N{THUMBS UP SIGN}"}
    moment = int(ward.clock.now().timestamp())
    ward.sandbox.inject(
        {
            "message_reaction": {
                "chat": chat,
                "message_id": 1,
                "user": user,
                "date": moment,
                "old_reaction": [],
                "new_reaction": [reaction],
            }
        }
    )
    ward.sandbox.inject({"poll_answer": {"poll_id": "1", "user": user, "option_ids": [0], "option_persistent_ids": []}})
    ward.sandbox.inject({"telepathy": {"from": user, "thought": "none of your business"}})
    await ward.settle()

    assert {person.name: texts(person) for person in ward.sandbox.people} == before


async def test_a_message_of_a_kind_nobody_knows_yet_is_answered_and_noted(ward: Ward) -> None:
    moment = int(ward.clock.now().timestamp())
    ward.sandbox.inject(
        {
            "message": {
                "message_id": 90_001,
                "date": moment,
                "chat": ward.ana.chat.wire,
                "from": ward.ana.user,
                "hologram": {"file_id": "x"},
            }
        }
    )
    await ward.settle()

    assert [(row.kind, row.screening) for row in await _kept(ward)] == [("other", "unscreened")]
    assert ward.ana.last.text.startswith(CANNOT_READ)


@pytest.mark.parametrize(
    "update",
    [
        pytest.param({"message": {"message_id": 5}}, id="no chat and no date"),
        pytest.param({"message": "a string"}, id="a string for a message"),
        pytest.param({"message": {"message_id": "x", "date": "today", "chat": []}}, id="wrong types"),
        pytest.param({"callback_query": {"id": 5, "data": {}}}, id="half a tap"),
    ],
)
async def test_a_malformed_update_is_set_aside_told_and_delays_nobody(ward: Ward, update: dict[str, object]) -> None:
    ward.dead_letters = 1

    ward.sandbox.inject(update)
    ward.ana.writes("I am here as well")
    await ward.settle()

    assert ward.ana.last.text == KEPT
    assert ward.kim.last.text.startswith("An incoming message (number ")
    assert "Nothing else is held up." in ward.kim.last.text


async def test_a_crisis_in_a_malformed_update_is_not_overlooked(ward: Ward) -> None:
    ward.dead_letters = 1

    ward.sandbox.inject({"message": {"text": "I want to kill myself", "from": ward.ana.user, "date": "soon"}})
    await ward.settle()

    assert ward.ana.last.text.startswith("What you wrote sounds serious")
    assert ward.cole.last.text.startswith("Possible crisis: BIRCH-07")


async def test_in_a_group_the_bot_leaves_and_says_nothing(ward: Ward) -> None:
    group = ward.sandbox.group("Family")

    group.adds_bot(ward.ana)
    await ward.settle()

    assert group.screen == ()
    assert len(ward.sandbox.ledger.calls("leaveChat", chat_id=group.chat_id)) == 1


async def test_what_is_written_in_a_group_before_it_has_left_is_not_kept(ward: Ward) -> None:
    group = ward.sandbox.group("Family")
    before = texts(ward.ana)

    group.adds_bot(ward.ana)
    group.writes(ward.ana, "I want to kill myself")
    group.writes(ward.ana, "/pause")
    await ward.settle()

    assert not any(shown.from_bot for shown in group.screen)
    assert texts(ward.ana) == before
    assert await ward.words(ward.ana) == []
    assert (await ward.enrolment("BIRCH-07")).state == "active"


async def test_put_out_of_a_group_it_does_not_knock_again(ward: Ward) -> None:
    group = ward.sandbox.group("Family")
    group.adds_bot(ward.ana)
    group.removes_bot(ward.ana)

    await ward.settle()

    assert not any(shown.from_bot for shown in group.screen)


async def test_words_never_leave_the_chat_they_were_written_in_but_by_the_button(ward: Ward) -> None:
    await ward.writes(ward.ana, "Only for Dr Cole")

    await ward.until(madrid(3, 4, "08:01"))

    others = (ward.cole, ward.day, ward.kim, ward.ben)
    assert not any("Only for Dr Cole" in text for person in others for text in ever(ward, person))


async def _kept(ward: Ward) -> list[Message]:
    async with ward.database.reading() as session:
        return list(await session.scalars(select(Message).where(Message.chat_id == ward.ana.user_id)))
