"""Telegram's side of a webhook: posts what people wrote, and tries again until somebody says 200."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from sandbox import Sandbox

CONNECTIONS = 40  # Telegram's default
LOOK_EVERY = 0.005  # seconds
ANSWER_WITHIN = 60.0  # seconds
LONGEST_WAIT = 60.0  # seconds between two tries
_PAGE = 100_000  # all that wait


@dataclass(kw_only=True, slots=True)
class Delivery:
    """Takes updates out of the sandbox's queue and keeps each until it was taken with a 2xx."""

    sandbox: Sandbox
    address: str
    under_way: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    @property
    def pending(self) -> int:
        """How many updates nobody has taken yet."""
        return self.sandbox.pending + len(self.under_way)

    async def run(self) -> None:
        """Deliver until cancelled."""
        queue, world = self.sandbox.world.queue, self.sandbox.world
        async with httpx.AsyncClient(timeout=ANSWER_WITHIN, limits=httpx.Limits(max_connections=CONNECTIONS)) as client:
            while True:
                for body in queue.hand_out(0, _PAGE, world.now()):
                    task = asyncio.create_task(self._deliver(client, body))
                    self.under_way.add(task)
                    task.add_done_callback(self.under_way.discard)
                queue.clear()
                await asyncio.sleep(LOOK_EVERY)

    async def _deliver(self, client: httpx.AsyncClient, body: bytes) -> None:
        wait = 0.0  # the second try comes at once, then after 2, 4, 8 … seconds
        while not await self._taken(client, body):
            await asyncio.sleep(wait)
            wait = min(max(2.0, wait * 2), LONGEST_WAIT)

    async def _taken(self, client: httpx.AsyncClient, body: bytes) -> bool:
        async with self.slots:
            try:
                answer = await client.post(self.address, content=body, headers={"content-type": "application/json"})
            except httpx.TransportError:
                return False
        return answer.is_success


@asynccontextmanager
async def delivering(sandbox: Sandbox, address: str) -> AsyncGenerator[Delivery]:
    """Telegram at work on a webhook."""
    delivery = Delivery(sandbox=sandbox, address=address)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        for each in (task, *delivery.under_way):
            each.cancel()
        await asyncio.gather(task, *delivery.under_way, return_exceptions=True)
