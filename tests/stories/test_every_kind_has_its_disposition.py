"""Whatever a person sends gets exactly one disposition and an answer; words in it are screened wherever they stand."""

from collections import Counter

import pytest
from sqlalchemy import update

from sandbox.kinds import every_kind
from sandbox.strange import strange_updates
from sandbox.wire import JsonObject, as_object
from storage import inbox
from storage.tables import Person
from tests.stories.crisis import PAGE_BUTTONS, WORDS, safety
from tests.stories.ward import Ward, texts

OF_TELEGRAM_ITSELF = (
    *("pinned_message", "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo"),
    *("delete_chat_photo", "group_chat_created", "message_auto_delete_timer_changed", "users_shared", "chat_shared"),
    *("write_access_allowed", "web_app_data", "video_chat_started", "video_chat_ended", "boost_added"),
    *("chat_background_set", "successful_payment"),
)
# the sandbox has neither such a channel to leave nor such a button to answer, and calls it a violation to try
IN_NOBODYS_CHAT = ("channel_post", "edited_channel_post", "callback_query")


def messages_of(ward: Ward) -> dict[str, JsonObject]:
    """One message of each kind that a person can send, by name."""
    found: dict[str, JsonObject] = {}
    for name, one in every_kind(ward.ana.user, ward.ana.chat.wire, ward.clock.now()):
        message = as_object(one.get("message"))
        if message is not None and name.removeprefix("message: ") not in OF_TELEGRAM_ITSELF:
            found[name.removeprefix("message: ")] = message
    return found


async def test_each_kind_of_message_gets_one_disposition_under_the_rules_of_that_day(ward: Ward) -> None:
    sent = messages_of(ward)
    for message in sent.values():
        ward.sandbox.inject({"message": message})
    await ward.settle()

    rows = await ward.messages_of(ward.ana)
    by_message = {row.message_id: row.screening for row in rows}
    expected = {
        message["message_id"]: "screened" if "text" in message or "caption" in message else "unscreened"
        for message in sent.values()
    }
    assert by_message == expected
    assert len(rows) == len(sent)
    assert {row.rules_version for row in rows} == {ward.program.clinic.crisis_rules.version}


async def test_each_kind_that_cannot_be_read_is_answered_at_once_and_counted(ward: Ward) -> None:
    unreadable = [message for message in messages_of(ward).values() if not {"text", "caption"} & message.keys()]
    for message in unreadable:
        ward.sandbox.inject({"message": message})
    await ward.settle()

    answers = Counter(texts(ward.ana))[ward.says("message.cannot_read")]
    assert answers == len(unreadable) > 10
    assert ward.ana.last.labels == ("I need help now",)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # of how the library reads a payment
async def test_no_kind_of_update_is_a_dead_letter(ward: Ward) -> None:
    for name, one in every_kind(ward.ben.user, ward.ben.chat.wire, ward.clock.now()):
        if not name.startswith(IN_NOBODYS_CHAT):
            ward.sandbox.inject(one)
    await ward.settle()

    async with ward.database.reading() as session:
        assert (await inbox.count_waiting(session), await inbox.dead(session)) == (0, 0)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_nothing_strange_is_left_waiting_and_danger_beside_it_is_answered(ward: Ward) -> None:
    ward.may_be_refused = True
    odd = strange_updates(40, seed=3, sender=ward.cy.user, chat=ward.cy.chat.wire, at=ward.clock.now())
    for _, one in odd:
        ward.sandbox.inject(one)
    await ward.writes(ward.ana, WORDS)

    ward.dead_letters = await ward.count_dead()  # malformed ones are set aside, and a person is told
    async with ward.database.reading() as session:
        assert await inbox.count_waiting(session) == 0
    assert ward.ana.last.text == safety(ward)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"poll": {"question": WORDS, "options": []}}, id="the question of a poll"),
        pytest.param(
            {"poll": {"question": "What now?", "options": [{"text": WORDS, "voter_count": 0, "persistent_id": "0"}]}},
            id="an answer of a poll",
        ),
        pytest.param({"contact": {"phone_number": "1", "first_name": WORDS}}, id="the name on a contact card"),
        pytest.param({"checklist": {"title": "Today", "tasks": [{"id": 1, "text": WORDS}]}}, id="a checklist"),
        pytest.param({"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": WORDS}),
        pytest.param({"text": WORDS, "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "S"}}),
    ],
)
async def test_words_are_screened_wherever_a_person_puts_them(ward: Ward, content: JsonObject) -> None:
    poll = as_object(content.get("poll"))
    if poll is not None:
        whole = as_object(messages_of(ward)["poll"]["poll"]) or {}
        content = {"poll": {**whole, **poll}}

    ward.sandbox.inject({"message": {**_blank(ward), **content}})
    await ward.settle()

    assert ward.ana.last.text == safety(ward)
    assert ward.cole.last.labels == PAGE_BUTTONS
    await ward.taps(ward.cole, "Show words")
    assert WORDS in ward.cole.last.text


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"quote": {"text": WORDS, "position": 0}}, id="a quote"),
        pytest.param(
            {"external_reply": {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": WORDS}}},
            id="what is replied to",
        ),
    ],
)
async def test_the_words_of_others_beside_her_own_are_not_hers(ward: Ward, others: JsonObject) -> None:
    ward.sandbox.inject({"message": {**_blank(ward), "text": "I read that today", **others}})
    await ward.settle()

    assert await ward.alerts() == []
    assert [row.screening for row in await ward.messages_of(ward.ana)] == ["screened"]


async def test_a_language_without_rules_is_unscreened_and_its_writer_is_told(ward: Ward) -> None:
    async with ward.database.writing() as session:
        await session.execute(update(Person).where(Person.code_name == "BIRCH-07").values(language="fr"))

    await ward.writes(ward.ana, "Je suis content")

    assert [row.screening for row in await ward.messages_of(ward.ana)] == ["unscreened"]
    assert ward.ana.last.text.endswith(ward.says("message.only_people"))


async def test_in_a_language_with_rules_nothing_is_said_of_that(ward: Ward) -> None:
    await ward.writes(ward.ana, "I am content")

    assert ward.says("message.only_people") not in ward.ana.last.text


def _blank(ward: Ward) -> JsonObject:
    date = int(ward.clock.now().timestamp())
    return {"message_id": 800_001, "date": date, "chat": ward.ana.chat.wire, "from": ward.ana.user}
