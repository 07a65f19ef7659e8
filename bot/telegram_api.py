"""The one way to Telegram: python-telegram-bot's client, told to keep quiet about what passes through it."""

import base64
import json
import warnings
from typing import Any, cast

from telegram import InputFile
from telegram.error import EndPointNotFound, InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

CONNECTIONS = 64  # one for each message that may be on the wire at once, and some for answers to buttons
ANSWER_WITHIN = 10.0  # seconds; after that nobody knows whether it was sent
CONNECT_WITHIN = 5.0
POLL_GRACE = 5.0  # seconds beyond the time a long poll may take

Answer = dict[str, Any]  # Any: Telegram's JSON; each reader checks what it takes out of it


class QuietRequest(HTTPXRequest):
    """An HTTP client that does not print the body of an answer that was cut short: it holds patients' words."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> Answer:
        """Read an answer; raises TelegramError without quoting it."""
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except ValueError as error:
            raise TelegramError("Invalid server response") from error


def make_bot(token: str, api_url: str) -> ExtBot[None]:
    """A bot at that address; nothing is sent yet."""
    # raw updates are stored before they are parsed, so the parsed methods are of no use here
    warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)
    return ExtBot(
        token=token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=_request(CONNECTIONS),
        get_updates_request=_request(1),
    )


async def call(bot: ExtBot[None], method: str, body: Answer) -> Answer | bool:
    """Call a method with ready-made parameters; raises what python-telegram-bot makes of errors.

    A document is given as its file name and its text, a photo as its file name and its bytes in base64; both go
    out as files.
    """
    return await _ask(bot, method, _with_file(body), read_timeout=ANSWER_WITHIN)


async def get_updates(bot: ExtBot[None], *, offset: int | None, wait: int, kinds: tuple[str, ...]) -> list[Answer]:
    """One round of long polling; the updates as they came, unparsed."""
    body: Answer = {"timeout": wait, "limit": 100, "allowed_updates": list(kinds)}
    if offset is not None:
        body["offset"] = offset
    answer = await _ask(bot, "getUpdates", body, read_timeout=wait + POLL_GRACE)
    return cast("list[Answer]", answer) if isinstance(answer, list) else []  # the library types it as one object


async def _ask(bot: ExtBot[None], method: str, body: Answer, *, read_timeout: float) -> Answer | bool:
    try:
        return await bot.do_api_request(method, api_kwargs=body, read_timeout=read_timeout)
    except EndPointNotFound as error:
        # the library takes a refused token for a method that does not exist; all of ours do
        raise InvalidToken("Telegram refuses the token") from error


def _with_file(body: Answer) -> Answer:
    for kind in ("document", "photo"):
        given = body.get(kind)
        if isinstance(given, dict):
            named = cast("dict[str, str]", given)  # put together by workflows.speak
            return {**body, kind: InputFile(_content(named), filename=named["name"])}
    return body


def _content(named: dict[str, str]) -> bytes:
    if "base64" in named:
        return base64.b64decode(named["base64"])
    return named["text"].encode("utf-8", errors="replace")  # half a surrogate pair cannot be put into a file


def _request(connections: int) -> QuietRequest:
    return QuietRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_WITHIN,
        read_timeout=ANSWER_WITHIN,
        write_timeout=ANSWER_WITHIN,
        pool_timeout=ANSWER_WITHIN,
    )
