"""What an answer or an error of Telegram means: sent, not sent, or nobody can know."""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from alliance.delivery import Result
from bot.telegram_api import Answer
from storage.intents import Tried

# The request never left, or the connection never stood.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
CHAT_IS_GONE = ("chat not found", "user not found", "have no rights", "peer_id_invalid", "chat_id_invalid")
NOTHING_TO_DO = ("message is not modified", "message to delete not found")
TOKEN_REFUSED_REST = timedelta(seconds=30)  # a person has to look; meanwhile nothing is lost


def sent(row_id: int, answer: Answer | bool) -> Tried:
    """A well-formed answer; for a message it must carry the message's id, or nobody knows what happened."""
    if answer is True:
        return Tried(id=row_id, result=Result.SENT)
    message_id = answer.get("message_id") if isinstance(answer, dict) else None
    if isinstance(message_id, int):
        return Tried(id=row_id, result=Result.SENT, message_id=message_id)
    return Tried(id=row_id, result=Result.AMBIGUOUS, cause="unreadable_answer")


def failed(row_id: int, error: Exception) -> Tried:
    """What an error means, by its cause and not by its name."""
    cause = type(error).__name__
    match error:
        case RetryAfter():
            wait = error.retry_after
            hold = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            return Tried(id=row_id, result=Result.HELD, cause=cause, hold=hold)
        case Forbidden():
            return Tried(id=row_id, result=Result.BLOCKED, cause=cause)
        case BadRequest() if any(words in error.message.lower() for words in NOTHING_TO_DO):
            return Tried(id=row_id, result=Result.SENT, cause="nothing_to_do")
        case BadRequest() if any(words in error.message.lower() for words in CHAT_IS_GONE):
            return Tried(id=row_id, result=Result.BLOCKED, cause="chat_is_gone")
        case BadRequest() | ChatMigrated():
            # the clinic's chats are private ones, which never migrate; a group's new id is of no use here
            return Tried(id=row_id, result=Result.REJECTED, cause=cause)
        case InvalidToken():
            return Tried(id=row_id, result=Result.HELD, cause=cause, hold=TOKEN_REFUSED_REST)
        case NetworkError() if isinstance(error.__cause__, NEVER_LEFT):
            return Tried(id=row_id, result=Result.NOT_SENT, cause=type(error.__cause__).__name__)
        case NetworkError() if isinstance(error.__cause__, UnicodeError):
            # half a surrogate pair cannot be put on the wire, today or tomorrow
            return Tried(id=row_id, result=Result.REJECTED, cause=type(error.__cause__).__name__)
        case _:  # whatever it is, it must not stop the messages beside this one
            return Tried(id=row_id, result=Result.AMBIGUOUS, cause=cause)
