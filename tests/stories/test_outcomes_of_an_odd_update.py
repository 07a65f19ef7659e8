"""Updates of a kind nobody knows, malformed ones, and groups: nobody is delayed, and somebody is told.

Telegram grows new kinds of updates every few months, and anybody may put the bot into a group. What the program has
never heard of changes nothing; what it cannot read is set aside, and a coordinator is told.
"""

import pytest

from tests.stories.ward import Ward, texts


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

    assert [(row.kind, row.screening) for row in await ward.messages_of(ward.ana)] == [("other", "unscreened")]
    assert ward.ana.last.text == ward.says("message.cannot_read")


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

    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Cole")
    assert ward.kim.last.text.startswith("An incoming message (number ")
    assert "Nothing else is held up." in ward.kim.last.text


async def test_a_crisis_in_a_malformed_update_is_not_overlooked(ward: Ward) -> None:
    ward.dead_letters = 1

    ward.sandbox.inject({"message": {"text": "I want to kill myself", "from": ward.ana.user, "date": "soon"}})
    await ward.settle()

    assert ward.ana.last.text.startswith(ward.says("safety.opening"))
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
