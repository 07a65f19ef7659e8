"""Edits, deletions, and answers to taps."""

import pytest

from sandbox import Person, Sandbox
from tests.sandbox.hands import Caller, HandClock, Json

KEYS = {"inline_keyboard": [[{"text": "4", "callback_data": "r:4"}]]}
UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def asked(call: Caller, ana: Person) -> Json:
    """Where the question is that Ana sees."""
    await call.ok("sendMessage", chat_id=ana.user_id, text="How was it?", reply_markup=KEYS)
    return {"chat_id": ana.user_id, "message_id": ana.last.message_id}


async def test_an_edit_changes_what_is_seen_and_drops_the_keyboard(
    sandbox: Sandbox, call: Caller, ana: Person, asked: Json, clock: HandClock
) -> None:
    clock.forward(minutes=1)

    await call.ok("editMessageText", **asked, text="Thank you.")

    assert (ana.last.text, ana.last.buttons, ana.last.edited_at) == ("Thank you.", (), clock.now())
    assert [shown.text for shown in sandbox.ledger.ever_shown(ana.user_id)][-2:] == [
        "How was it?",
        "Thank you.",
    ]


async def test_taking_the_keyboard_away_leaves_the_words(call: Caller, ana: Person, asked: Json) -> None:
    await call.ok("editMessageReplyMarkup", **asked)

    assert (ana.last.text, ana.last.buttons, ana.last.edited_at) == ("How was it?", (), None)


async def test_an_edit_that_changes_nothing_is_refused(call: Caller, asked: Json) -> None:
    words = await call.refused("editMessageText", **asked, text="How was it? ", reply_markup=KEYS)
    keys = await call.refused("editMessageReplyMarkup", **asked, reply_markup=KEYS)

    assert words == keys == (400, UNCHANGED)


async def test_the_same_words_with_other_keys_are_a_change(call: Caller, ana: Person, asked: Json) -> None:
    other = {"inline_keyboard": [[{"text": "4 ✓", "callback_data": "r:4"}]]}

    await call.ok("editMessageText", **asked, text="How was it?", reply_markup=other)

    assert ana.last.labels == ("4 ✓",)


@pytest.mark.parametrize(
    ("method", "description"),
    [
        ("editMessageText", "Bad Request: message to edit not found"),
        ("deleteMessage", "Bad Request: message to delete not found"),
    ],
)
async def test_an_unknown_message_is_not_found(call: Caller, ana: Person, method: str, description: str) -> None:
    refusal = await call.refused(method, chat_id=ana.user_id, message_id=99, text="?")

    assert refusal == (400, description)


async def test_a_persons_own_words_cannot_be_edited(call: Caller, ana: Person) -> None:
    written = ana.writes("mine")

    refusal = await call.refused("editMessageText", chat_id=ana.user_id, message_id=written.message_id, text="!")

    assert refusal == (400, "Bad Request: message can't be edited")


async def test_a_deleted_message_is_gone_from_the_screen(call: Caller, ana: Person, asked: Json) -> None:
    await call.ok("deleteMessage", **asked)

    assert [shown.text for shown in ana.screen] == ["/start"]


@pytest.mark.parametrize(("hours", "status"), [(48, 200), (48.1, 400)])
async def test_a_message_can_be_deleted_for_two_days(
    call: Caller, asked: Json, clock: HandClock, hours: float, status: int
) -> None:
    clock.forward(hours=hours)

    answer, _ = await call("deleteMessage", **asked)

    assert answer == status


@pytest.mark.usefixtures("asked")
async def test_an_answered_tap_shows_its_words_and_stops_spinning(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    tap = ana.taps("4")
    waiting = ana.spinning

    await call.ok("answerCallbackQuery", callback_query_id=tap.query_id, text="Noted")

    assert (waiting, ana.spinning, ana.toasts) == (("r:4",), (), ("Noted",))
    assert sandbox.ledger.calls("answerCallbackQuery", chat_id=ana.user_id)[0].status == 200


@pytest.mark.parametrize(("seconds", "status"), [(15, 200), (16, 400)])
@pytest.mark.usefixtures("asked")
async def test_a_tap_can_be_answered_for_fifteen_seconds(
    call: Caller, ana: Person, clock: HandClock, seconds: float, status: int
) -> None:
    tap = ana.taps("4")
    clock.forward(seconds=seconds)

    answer, body = await call("answerCallbackQuery", callback_query_id=tap.query_id)

    assert answer == status
    assert body.get("description", TOO_OLD) == TOO_OLD


@pytest.mark.usefixtures("asked")
async def test_a_tap_is_answered_once_and_a_made_up_one_never(call: Caller, ana: Person) -> None:
    tap = ana.taps("4")
    await call.ok("answerCallbackQuery", callback_query_id=tap.query_id)

    again = await call.refused("answerCallbackQuery", callback_query_id=tap.query_id)
    unknown = await call.refused("answerCallbackQuery", callback_query_id="1")

    assert again == unknown == (400, TOO_OLD)


@pytest.mark.parametrize(("length", "status"), [(200, 200), (201, 400)])
@pytest.mark.usefixtures("asked")
async def test_what_pops_up_is_at_most_200_long(call: Caller, ana: Person, length: int, status: int) -> None:
    tap = ana.taps("4")

    answer, _ = await call("answerCallbackQuery", callback_query_id=tap.query_id, text="x" * length)

    assert answer == status
