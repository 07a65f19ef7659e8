"""A sandbox for each test, somebody in it, and a bot that calls it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox import Person, Sandbox
from tests.sandbox.doorstep import Doorstep
from tests.sandbox.hands import TOKEN, Caller, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def sandbox(clock: HandClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(token=TOKEN, clock=clock) as running:
        yield running


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield Caller(client=client, root=sandbox.url)


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    """Has pressed Start; nothing waits for the bot any more."""
    person = sandbox.person("Ana")
    person.opens()
    sandbox.world.queue.clear()
    return person


@pytest.fixture
async def door() -> AsyncIterator[Doorstep]:
    async with Doorstep() as listening:
        yield listening
