"""Units of work for the console: on the program's own database, at its own clock."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from console.rooms import OutOfReach
from storage.database import Database, new_id
from storage.trouble import Trouble
from workflows.unit import Unit


class ConsoleRooms:
    """Opens a unit for each request; what was put into the outbox is sent without waiting for the next look."""

    def __init__(
        self, database: Database, open_unit: Callable[[AsyncSession, str], Unit], nudge_sender: Callable[[], None]
    ) -> None:
        self._database = database
        self._open_unit = open_unit
        self._nudge_sender = nudge_sender

    @asynccontextmanager
    async def looking(self) -> AsyncGenerator[Unit]:
        """A look at one moment; raises OutOfReach."""
        try:
            async with self._database.reading() as session:
                yield self._open_unit(session, "console")
        except Trouble as trouble:
            raise OutOfReach from trouble

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[Unit]:
        """One transaction; raises OutOfReach when it could not be committed."""
        try:
            async with self._database.writing("console") as session:
                # no other transaction says things under the same keys
                yield self._open_unit(session, f"console:{new_id()}")
        except Trouble as trouble:
            raise OutOfReach from trouble
        self._nudge_sender()
