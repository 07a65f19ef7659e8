"""Updates that Telegram brings by itself: stored and committed before it is told that we have them."""

import asyncio
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.findings import Complain, Symptom, to_nobody
from bot.intake import KINDS, Receipt
from bot.outages import Outages
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.telegram_api import Answer, call
from storage.trouble import Trouble

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
LARGEST = 2**20  # bytes of a body; Telegram's own limit for one update is 512 KiB
MOST_AT_ONCE = 100  # updates in one commit
TRY_AGAIN = 5  # seconds that Telegram is asked to wait when nothing can be stored
LOOK_EVERY = 60.0  # seconds between two looks whether Telegram still brings its updates here

TAKEN, NO_SUCH_THING, TOO_LARGE, CANNOT_NOW = 200, 403, 413, 503

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Arrived:
    update: Answer
    stored: asyncio.Future[bool]


class Webhook:
    """Where Telegram brings updates; those that arrive together are committed together."""

    def __init__(self, receipt: Receipt, *, secret: str) -> None:
        self._receipt, self._secret = receipt, secret.encode()
        self._arrived: asyncio.Queue[_Arrived] = asyncio.Queue()

    @property
    def route(self) -> Route:
        """The address below which it listens."""
        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """One update: 200 with an empty body once it is committed, 503 when it cannot be.

        Whoever does not know the secret learns nothing but that; what is no JSON object, or too large, is refused.
        """
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not self._secret or not hmac.compare_digest(given, self._secret):
            log.warning("webhook_refused")
            return Response(status_code=NO_SUCH_THING)
        body = await _read(request)
        if body is None:
            return Response(status_code=TOO_LARGE)
        update = _parsed(body)
        if update is None:
            log.error("webhook_unreadable")  # with the right secret: it would come again for a day
            return Response(status_code=TAKEN)
        if await self.keep(update):
            return Response(status_code=TAKEN)
        return Response(status_code=CANNOT_NOW, headers={"Retry-After": str(TRY_AGAIN)})

    async def keep(self, update: Answer) -> bool:
        """Store it with whatever else has arrived; whether it is committed."""
        arrived = _Arrived(update=update, stored=asyncio.get_running_loop().create_future())
        self._arrived.put_nowait(arrived)
        return await asyncio.shield(arrived.stored)

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Commit what has gathered, again and again, until told to stop and nothing is left."""
        while not (stopping.is_set() and self._arrived.empty()):
            beat()
            try:
                async with asyncio.timeout(1.0):
                    batch = [await self._arrived.get()]
            except TimeoutError:
                continue
            while len(batch) < MOST_AT_ONCE and not self._arrived.empty():
                batch.append(self._arrived.get_nowait())
            is_stored = await self._stored([one.update for one in batch])
            for one in batch:
                one.stored.set_result(is_stored)

    async def _stored(self, updates: list[Answer]) -> bool:
        try:
            await self._receipt.keep(updates)
            await self._receipt.look_up_staff()
        except Trouble as error:
            log.error("webhook_not_stored", updates=len(updates), cause=type(error).__name__)
            return False
        return True


class Signpost:
    """Keeps Telegram pointed at our address, and notices when somebody else points it elsewhere."""

    def __init__(
        self, bot: ExtBot[None], outages: Outages, *, url: str, secret: str, complain: Complain = to_nobody
    ) -> None:
        self._bot, self._outages = bot, outages
        self._url, self._secret, self._complain = url, secret, complain

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Look every minute until told to stop."""
        rest = FIRST_PAUSE
        while not stopping.is_set():
            try:
                await self.look()
                await self._outages.heard()
                beat()
                self._complain(Symptom.TELEGRAM_UNREACHABLE, False)
                rest = FIRST_PAUSE
                await pause(stopping, LOOK_EVERY)
            except TelegramError as error:
                log.warning("webhook_not_looked_at", cause=type(error).__name__)
                self._complain(Symptom.TELEGRAM_UNREACHABLE, True)
                await pause(stopping, rest)
                rest = longer(rest)

    async def look(self) -> None:
        """Point Telegram here unless it is; a foreign address is complained about."""
        known = await call(self._bot, "getWebhookInfo", {})
        address = str(known.get("url", "")) if isinstance(known, dict) else ""
        self._complain(Symptom.FOREIGN_WEBHOOK, address not in {"", self._url})
        if address == self._url:
            return
        body: Answer = {"url": self._url, "secret_token": self._secret, "allowed_updates": list(KINDS)}
        await call(self._bot, "setWebhook", body)
        log.info("webhook_set", was_elsewhere=bool(address))


async def _read(request: Request) -> bytes | None:
    """The body, or None as soon as it is too large."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _parsed(body: bytes) -> Answer | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("Answer", update) if isinstance(update, dict) else None  # JSON's keys are always strings
