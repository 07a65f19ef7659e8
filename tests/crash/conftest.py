"""Both kinds of ground for a clinic that is to be killed, and the parent of its lives."""

from collections.abc import AsyncGenerator

import pytest

from benchmarks.lives.nursery import Nursery, nursery
from tests.crash.proving import HURRIED, Opening, in_a_file, on

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def opening(request: pytest.FixtureRequest) -> Opening:
    """How its database is made. Not async, so that no loop runs yet when the server is started."""
    if request.param == SQLITE:
        return in_a_file
    return on(request.getfixturevalue("postgres_server"), "checkin_proof")


@pytest.fixture
async def parent() -> AsyncGenerator[Nursery]:
    """Forks the lives."""
    async with nursery([HURRIED]) as forks:
        yield forks
