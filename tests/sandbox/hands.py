"""What the sandbox's tests hold in their hands: a clock to move, and a bot that speaks plain HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx

from sandbox import Sandbox

TOKEN = "123:abc"
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

Json: TypeAlias = dict[str, Any]  # Any: JSON that a test looks into
Page: TypeAlias = Callable[..., Awaitable[httpx.Response]]
State: TypeAlias = Callable[..., Awaitable[Json]]


class HandClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """A bot without a library: calls a method and returns status and body."""

    client: httpx.AsyncClient
    root: str

    async def __call__(self, method: str, **parameters: object) -> tuple[int, Json]:
        # written by hand: httpx cannot write half a surrogate pair, and JSON can
        body, headers = json.dumps(parameters), {"content-type": "application/json"}
        answer = await self.client.post(f"{self.root}/bot{TOKEN}/{method}", content=body, headers=headers)
        return answer.status_code, answer.json()

    async def ok(self, method: str, **parameters: object) -> Any:  # Any: whatever the method's result is
        status, body = await self(method, **parameters)
        assert status == 200, body
        return body["result"]

    async def refused(self, method: str, **parameters: object) -> tuple[int, str]:
        status, body = await self(method, **parameters)
        assert (body["ok"], body["error_code"]) == (False, status)
        return status, body["description"]


async def until(condition: Callable[[], bool], *, within: float = 5.0) -> None:
    """Wait until that is so; TimeoutError when it is not in that many seconds."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  any condition, so there is no event to wait for
            await asyncio.sleep(0.001)


async def parked(sandbox: Sandbox) -> None:
    """Wait until a poll waits."""
    while sandbox.world.parked is None:  # noqa: ASYNC110  a turn of the loop or two is all
        await asyncio.sleep(0)


async def deserted(sandbox: Sandbox) -> None:
    """Wait until nobody is connected."""
    while sandbox._state.connections:  # noqa: ASYNC110  as above
        await asyncio.sleep(0)
