"""The library the product speaks through understands every answer, and maps every refusal."""

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from sandbox import Fault, FaultKind, Person, Sandbox

DOT = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("4", callback_data="r:4")]])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot("123:abc", base_url=f"{sandbox.url}/bot") as bot:
        yield bot


async def test_a_whole_conversation(sandbox: Sandbox, bot: telegram.Bot, ana: Person) -> None:
    sent = await bot.send_message(
        ana.user_id,
        "How was it?",
        reply_markup=KEYS,
        protect_content=True,
        entities=[MessageEntity("bold", 0, 3)],
    )
    ana.taps("4")
    (update,) = await bot.get_updates(allowed_updates=["message", "callback_query"])
    query = update.callback_query
    assert query is not None
    await query.answer("Noted")
    edited = await sent.edit_text("Thank you.")

    assert bot.username == "alliance_checkin_bot"
    assert sent.has_protected_content
    assert (query.data, query.from_user.id) == ("r:4", ana.user_id)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, ana.last.text, ana.toasts) == ("Thank you.", "Thank you.", ("Noted",))
    assert sandbox.ledger.violations() == ()


async def test_everything_a_person_can_do_is_understood(sandbox: Sandbox, bot: telegram.Bot, ana: Person) -> None:
    written = ana.writes("/stop")
    ana.edits(written.message_id, "no")
    ana.sends_sticker()
    ana.sends_photo("look")
    ana.sends_voice()
    ana.sends_location()
    ana.forwards("somebody else's words")
    ana.taps_old(999, "late")
    ana.blocks()
    ana.unblocks()
    ward = sandbox.group("Ward 3")
    ward.adds_bot(ana)
    ward.removes_bot(ana)

    updates = await bot.get_updates()

    assert len(updates) == 12
    assert [update for update in updates if update.api_kwargs] == []
    assert updates[0].message is not None
    assert updates[0].message.parse_entities(["bot_command"])


async def test_files_and_the_rest_of_the_methods(sandbox: Sandbox, bot: telegram.Bot, ana: Person) -> None:
    photo = await bot.send_photo(ana.user_id, DOT, caption="Your code")
    document = await bot.send_document(ana.user_id, b"<p>digest</p>", filename="digest.html")
    again = await bot.send_photo(ana.user_id, photo.photo[0].file_id)
    await bot.send_chat_action(ana.user_id, "typing")
    await bot.set_my_commands([BotCommand("stop", "Leave")])
    await bot.edit_message_reply_markup(ana.user_id, photo.message_id, reply_markup=KEYS)
    await bot.delete_message(ana.user_id, again.message_id)

    assert ana.last.document is not None
    assert document.document is not None
    assert (ana.last.document.content, document.document.file_name) == (b"<p>digest</p>", "digest.html")
    assert [command.command for command in await bot.get_my_commands()] == ["stop"]
    assert (await bot.get_chat(ana.user_id)).first_name == "Ana"
    assert (await bot.get_webhook_info()).pending_update_count == 0
    assert sandbox.ledger.violations() == ()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind=FaultKind.BAD_REQUEST), BadRequest),
        (Fault(kind=FaultKind.FORBIDDEN), Forbidden),
        (Fault(kind=FaultKind.FLOOD, retry_after=3), RetryAfter),
        (Fault(kind=FaultKind.STATUS), NetworkError),
        (Fault(kind=FaultKind.DROP_BEFORE), NetworkError),
        (Fault(kind=FaultKind.DROP_AFTER), NetworkError),
        (Fault(kind=FaultKind.CUT_JSON), TelegramError),
    ],
)
async def test_each_fault_becomes_the_librarys_error(
    sandbox: Sandbox, bot: telegram.Bot, ana: Person, fault: Fault, error: type[TelegramError]
) -> None:
    sandbox.faults.add(fault)

    with pytest.raises(error):
        await bot.send_message(ana.user_id, "hello")


async def test_a_wrong_token_and_a_webhook_are_told_apart(sandbox: Sandbox, bot: telegram.Bot) -> None:
    stranger = telegram.Bot("123:wrong", base_url=f"{sandbox.url}/bot")
    await bot.set_webhook("https://clinic.example/hook")

    with pytest.raises(InvalidToken):
        await stranger.initialize()
    with pytest.raises(Conflict):
        await bot.get_updates()
    await stranger.shutdown()
