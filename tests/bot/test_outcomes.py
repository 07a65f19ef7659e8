"""What an error means is decided by its cause: sent, not sent, or nobody can know."""

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from alliance.delivery import Result
from bot import outcomes
from bot.telegram_api import Answer
from storage.intents import Tried

ROW = 7


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


NEVER_LEFT = {
    "connection refused": _caused(NetworkError("x"), httpx.ConnectError("x")),
    "nobody answered the phone": _caused(TimedOut("x"), httpx.ConnectTimeout("x")),
    "no connection free": _caused(TimedOut("x"), httpx.PoolTimeout("x")),
    "not an address": _caused(NetworkError("x"), httpx.UnsupportedProtocol("x")),
}
NOBODY_KNOWS = {
    "no answer in time": _caused(TimedOut("x"), httpx.ReadTimeout("x")),
    "connection broke while reading": _caused(NetworkError("x"), httpx.ReadError("x")),
    "connection broke while writing": _caused(NetworkError("x"), httpx.WriteError("x")),
    "too slow in writing": _caused(TimedOut("x"), httpx.WriteTimeout("x")),
    "hung up without a word": _caused(NetworkError("x"), httpx.RemoteProtocolError("x")),
    "500 while it restarts": NetworkError("Internal Server Error: restart"),
    "502": NetworkError("Bad Gateway"),
    "cut JSON": TelegramError("Invalid server response"),
    "an answer without its result": KeyError("result"),
    "an answer of another shape": TypeError("x"),
    "something nobody thought of": RuntimeError("x"),
}
CANNOT_BE_REACHED = {
    "blocked": Forbidden("Forbidden: bot was blocked by the user"),
    "deactivated": Forbidden("Forbidden: user is deactivated"),
    "never started": Forbidden("Forbidden: bot can't initiate conversation with a user"),
    "no such chat": BadRequest("Chat not found"),
    "private chat gone": BadRequest("Private chat not found"),
}
OUR_FAULT = {
    "too long": BadRequest("Message is too long"),
    "empty": BadRequest("Message text is empty"),
    "entities": BadRequest("Can't parse entities: character '_' is reserved"),
    "button": BadRequest("Button_data_invalid"),
    "migrated": ChatMigrated(-100),
    "half a surrogate pair": _caused(NetworkError("x"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x")),
}
TABLE = [
    *((name, error, Result.NOT_SENT) for name, error in NEVER_LEFT.items()),
    *((name, error, Result.AMBIGUOUS) for name, error in NOBODY_KNOWS.items()),
    *((name, error, Result.BLOCKED) for name, error in CANNOT_BE_REACHED.items()),
    *((name, error, Result.REJECTED) for name, error in OUR_FAULT.items()),
    ("not modified", BadRequest("Message is not modified: specified new message content"), Result.SENT),
    ("deleted already", BadRequest("Message to delete not found"), Result.SENT),
    ("asked to wait", RetryAfter(timedelta(seconds=9)), Result.HELD),
    ("token refused", InvalidToken("Unauthorized"), Result.HELD),
]


@pytest.mark.parametrize(("error", "result"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_an_error_means(error: Exception, result: Result) -> None:
    tried = outcomes.failed(ROW, error)

    assert (tried.id, tried.result) == (ROW, result)


@pytest.mark.parametrize("error", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_cause_that_is_written_down_is_a_class_or_a_code_and_quotes_nothing(error: Exception) -> None:
    tried = outcomes.failed(ROW, error)

    assert tried.cause is not None
    assert tried.cause.isidentifier()


def test_a_pause_lasts_as_long_as_telegram_asked_for() -> None:
    assert outcomes.failed(ROW, RetryAfter(timedelta(seconds=9))).hold == timedelta(seconds=9)


def test_a_refused_token_waits_for_a_person_and_gives_up_nothing() -> None:
    tried = outcomes.failed(ROW, InvalidToken("Unauthorized"))

    assert tried.result is Result.HELD
    assert tried.hold > timedelta(0)


def test_a_method_the_library_does_not_find_is_not_taken_for_a_refused_token_here() -> None:
    # bot.telegram_api has translated those that are; what is left is unclear, as everything unknown is
    assert outcomes.failed(ROW, EndPointNotFound("x")).result is Result.AMBIGUOUS


@pytest.mark.parametrize(
    ("answer", "tried"),
    [
        ({"message_id": 5, "date": 0}, Tried(id=ROW, result=Result.SENT, message_id=5)),
        (True, Tried(id=ROW, result=Result.SENT)),
        ({"date": 0}, Tried(id=ROW, result=Result.AMBIGUOUS, cause="unreadable_answer")),
        ({"message_id": "5"}, Tried(id=ROW, result=Result.AMBIGUOUS, cause="unreadable_answer")),
        (False, Tried(id=ROW, result=Result.AMBIGUOUS, cause="unreadable_answer")),
    ],
    ids=["a message", "a deletion", "no id", "an id that is none", "not even true"],
)
def test_only_a_well_formed_answer_says_sent(answer: Answer | bool, tried: Tried) -> None:
    assert outcomes.sent(ROW, answer) == tried
