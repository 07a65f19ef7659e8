"""From Telegram's message to ours: which kind, which version, which words."""

from collections.abc import Iterator

from telegram import Message, MessageEntity

from alliance import commands
from workflows.keep_message import Written

UNREADABLE = (
    "voice",
    "video",
    "video_note",
    "audio",
    "photo",
    "sticker",
    "animation",
    "document",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "paid_media",
    "checklist",
    "game",
)


def written(message: Message) -> Written:
    """What a message is to us; a picture with a caption is its caption."""
    words = message.text if message.text is not None else message.caption
    return Written(
        chat_id=message.chat.id,
        message_id=message.message_id,
        version=int(message.edit_date.timestamp()) if message.edit_date else 0,
        kind=kind_of(message),
        words=words,
        sent_at=message.edit_date or message.date,
        beside="\n".join(filter(None, _beside(message))) or None,
    )


def _beside(message: Message) -> Iterator[str | None]:
    """What a person may have written into something that is no text; quotes and links are others' words."""
    if message.poll:
        yield message.poll.question
        yield from (option.text for option in message.poll.options)
        yield message.poll.explanation
    if message.contact:
        yield " ".join(filter(None, (message.contact.first_name, message.contact.last_name)))
    if message.checklist:
        yield message.checklist.title
        yield from (task.text for task in message.checklist.tasks)
    if message.venue:
        yield message.venue.title
        yield message.venue.address


def kind_of(message: Message) -> str:
    """The kind of a message in one word; ``other`` for what this program has never heard of."""
    if message.text is not None:
        return "text"
    return next((kind for kind in UNREADABLE if getattr(message, kind, None)), "other")


def is_command(message: Message) -> bool:
    """Whether a message begins with a command that exists; "/feel worse" is a sentence like any other."""
    first = message.entities[0] if message.entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return False
    return (message.text or "")[1 : first.length].partition("@")[0].lower() in commands.ALL


def is_service(message: Message) -> bool:
    """Whether Telegram itself speaks here (a changed picture, a pinned message) and not the person."""
    is_bare = kind_of(message) == "other" and not message.effective_attachment
    return is_bare and not message.api_kwargs  # what the library does not know yet may be something a person sent
