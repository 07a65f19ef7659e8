"""Workers wake each other: what one commits, another may have to handle or send."""

import asyncio
from collections.abc import Callable, Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.trouble import CannotOpen, Trouble

INBOX, OUTBOX = "checkin_inbox", "checkin_outbox"  # channels of PostgreSQL's NOTIFY
ASK_AGAIN = 20.0  # seconds between two questions whether the connection still stands


async def announce(session: AsyncSession, channel: str) -> None:
    """Wake whoever listens once this transaction is committed; on SQLite nobody else is there to wake."""
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(select(func.pg_notify(channel, "")))


async def listen(database: Database, wake: Mapping[str, Callable[[], None]], stopping: asyncio.Event) -> None:
    """Call what belongs to a channel whenever it is announced, until told to stop.

    Raises Trouble when the connection is gone. What was announced meanwhile is not heard: to be woken only
    saves waiting, and whoever waits looks by itself now and then.
    """
    async with database.connected() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None  # noqa: S101  # it was just opened; tells the type checker

        def heard(_connection: object, _process: int, channel: str, _payload: str) -> None:
            wake[channel]()

        try:
            for channel in wake:
                await driver.add_listener(channel, heard)
            while not stopping.is_set():
                try:
                    async with asyncio.timeout(ASK_AGAIN):
                        await stopping.wait()
                except TimeoutError:
                    await driver.execute("SELECT 1")
            for channel in wake:
                await driver.remove_listener(channel, heard)
        except Exception as error:  # asyncpg raises its own, which no dialect translates here
            raise CannotOpen(database.url_for_humans, because=type(error).__name__) from error


__all__ = ["INBOX", "OUTBOX", "Trouble", "announce", "listen"]
