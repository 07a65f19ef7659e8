"""Carries waiting updates to the webhook while the sandbox runs. Only addresses of this machine are ever called."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from sandbox.ledger import NO_ANSWER, Delivery
from sandbox.outgoing import Outgoing, Parcel
from sandbox.refusals import Refused
from sandbox.updates import Fate, Update
from sandbox.webhook import MOST_CONNECTIONS, Webhook
from sandbox.wire import Request, read_request
from sandbox.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of the header
NEVER_BY_ANSWER = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
LONG_QUIET = 3_600.0  # seconds; so long before it started nothing had succeeded
_TOO_FAR = "Connection refused: this sandbox calls nobody but this machine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How long the sandbox lets its own waits take: a test that cannot wait two minutes lets them pass faster."""

    hurry: float = 1.0  # waits pass so many times faster than Telegram's
    answer_within: float = 60.0  # seconds, by the real clock, that the webhook has for its answer


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    status: int
    error: str = ""
    retry_after: int = 0
    hung_up: bool = False
    content_type: str = ""
    body: bytes = b""


class Courier:
    """One task that loads, sends and waits; each exchange is a task of its own."""

    def __init__(
        self, world: World, *, chance: random.Random, pace: Pace, perform: Callable[[Request], object]
    ) -> None:
        self._world, self._chance, self._pace, self._perform = world, chance, pace, perform
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        world.wake_courier = self._news.set

    def start(self) -> None:
        self._news = asyncio.Event()
        self._world.wake_courier = self._news.set
        self._news.set()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let go of every connection; what was on its way is delivered anew after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            webhook = self._world.webhook
            if webhook is not None:
                await self._serve(webhook)
            await self._news.wait()
            self._news.clear()

    async def _serve(self, webhook: Webhook) -> None:
        """Deliver to this webhook until another is set or none."""
        now = self._now()
        outgoing = Outgoing(webhook.max_connections, self._chance, now - LONG_QUIET)
        on_the_way: set[asyncio.Task[None]] = set()
        # an environment's proxy would carry updates off this machine
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=MOST_CONNECTIONS)
        async with httpx.AsyncClient(trust_env=False, timeout=self._pace.answer_within, limits=limits) as client:
            try:
                while self._world.webhook is webhook:
                    self._news.clear()
                    self._load(outgoing)
                    while (parcel := outgoing.next(self._now())) is not None:
                        task = asyncio.create_task(self._deliver(client, webhook, outgoing, parcel))
                        on_the_way.add(task)
                        task.add_done_callback(on_the_way.discard)
                    await self._pause(outgoing)
            finally:
                for task in on_the_way:
                    task.cancel()
                await asyncio.gather(*on_the_way, return_exceptions=True)

    def _load(self, outgoing: Outgoing) -> None:
        queue, now = self._world.queue, self._now()
        while outgoing.room > 0 and (echo := queue.next_echo()) is not None:
            outgoing.load(echo, now, lasts=self._kept_for(echo), echo=True)
        if outgoing.room > 0:
            for update in queue.first(outgoing.room, self._world.now(), without=outgoing.update_ids):
                outgoing.load(update, now, lasts=self._kept_for(update))

    async def _pause(self, outgoing: Outgoing) -> None:
        due = outgoing.next_at()
        # what is due already waits for a connection, and a connection that comes free is news
        wait = None if due is None or due <= self._now() else (due - self._now()) / self._pace.hurry
        try:
            async with asyncio.timeout(wait):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _deliver(self, client: httpx.AsyncClient, webhook: Webhook, outgoing: Outgoing, parcel: Parcel) -> None:
        update = parcel.update
        self._world.queue.seen(update.update_id)
        answer = await _exchange(client, webhook, update)
        now = self._now()
        if answer.error:
            webhook.fails(answer.error, self._world.now())
            retry_in = outgoing.failed(
                parcel,
                now,
                status=answer.status,
                lasts=self._lasts(parcel, now),
                retry_after=answer.retry_after,
                hung_up=answer.hung_up,
            )
        else:
            outgoing.delivered(parcel, now)
            retry_in = None
        if retry_in is None and not parcel.echo:
            self._world.queue.remove(update.update_id, Fate.GIVEN_UP if answer.error else Fate.DELIVERED)
        self._world.ledger.record_delivery(
            Delivery(
                at=self._world.now(),
                update_id=update.update_id,
                attempt=parcel.tries,
                status=answer.status,
                error=answer.error,
                retry_in=retry_in,
            )
        )
        if not answer.error:
            self._obey(answer)
        elif outgoing.is_gone(now) and self._world.webhook is webhook:
            self._world.webhook = None
        self._news.set()

    def _obey(self, answer: _Answer) -> None:
        """Carry out the method an answer names; how it ends, nobody is told."""
        request = _asked_by(answer)
        if request is not None:
            self._perform(request)

    def _lasts(self, parcel: Parcel, now: float) -> float:
        """How many seconds the update is kept yet; hurried time counts as much as the clock's."""
        return min(self._kept_for(parcel.update), parcel.lasts - (now - parcel.loaded_at))

    def _kept_for(self, update: Update) -> float:
        return (update.expires_at - self._world.now()).total_seconds()

    def _now(self) -> float:
        return asyncio.get_running_loop().time() * self._pace.hurry


async def _exchange(client: httpx.AsyncClient, webhook: Webhook, update: Update) -> _Answer:
    if not webhook.is_near:
        return _Answer(status=NO_ANSWER, error=_TOO_FAR)
    headers = {"content-type": "application/json"}
    if webhook.secret_token:
        headers[SECRET_HEADER] = webhook.secret_token
    try:
        answer = await client.post(webhook.url, content=update.body, headers=headers)
    except httpx.TimeoutException:
        return _Answer(status=NO_ANSWER, error="Read timeout expired")
    except httpx.ConnectError:
        return _Answer(status=NO_ANSWER, error="Connection refused")
    except httpx.HTTPError:
        return _Answer(status=NO_ANSWER, error="Webhook connection closed")
    taken = answer.is_success
    return _Answer(
        status=answer.status_code,
        error="" if taken else f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}",
        retry_after=_seconds(answer.headers.get("retry-after", "")),
        hung_up=answer.headers.get("connection", "").lower() == "close",
        content_type=answer.headers.get("content-type", ""),
        body=answer.content,
    )


def _seconds(header: str) -> int:
    return int(header) if header.isascii() and header.isdigit() else 0


def _asked_by(answer: _Answer) -> Request | None:
    """Return the call an answer asks for, None when it asks for none that may be asked so."""
    try:
        asked = read_request("", query=b"", content_type=answer.content_type, body=answer.body)
    except (Refused, ValueError):
        return None
    name = str(asked.values.pop("method", ""))
    if not name or name.lower() in NEVER_BY_ANSWER or name.lower().startswith("get"):
        return None
    return Request(name, asked.values, asked.files)
