"""Pages by the second channel: at once while Telegram takes none, and otherwise when one has waited too long."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane, Result
from bot.clock import Clock
from bot.duties import Duties, Duty
from bot.going_round import go_round
from bot.second_channel import Notice, Reader, SecondChannel
from storage import leases, sending
from storage.database import Database
from storage.intents import Claimed, Tried
from storage.leases import Fenced
from workflows.page_elsewhere import page_elsewhere
from workflows.settle_post import settle
from workflows.unit import Unit

AT_ONCE = timedelta(0)
TOO_LONG = timedelta(seconds=30)  # that a page may wait for Telegram before it goes both ways
LOOK_EVERY = 1.0  # seconds
MOST_AT_ONCE = 5

Tell = Callable[[Mapping[str, object]], Awaitable[bool]]  # whether anybody's mail server or web address took it

log = structlog.get_logger()


def page_by(channel: SecondChannel, clock: Clock) -> Tell:
    """Tell a page to whoever is on call, by every way the second channel has."""

    async def tell(page: Mapping[str, object]) -> bool:
        notice = Notice(
            reader=Reader.ON_CALL,
            kind="page",
            subject=str(page["subject"]),
            text=str(page["text"]),
            at=clock.now(),
            details={"alert": page["alert"]},
        )
        return bool(await channel.tell_from_loop(notice))

    return tell


class Elsewhere:
    """Finds pages that Telegram does not carry, and tells them by the second channel, each at least once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        duties: Duties,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        telegram_takes_none: Callable[[], bool],
        tell: Tell,
    ) -> None:
        self._database, self._clock, self._duties = database, clock, duties
        self._open_unit, self._telegram_takes_none, self._tell = open_unit, telegram_takes_none, tell

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Look every second until told to stop; whoever sends to Telegram does this as well."""
        # while the database refuses, the last resort pages from memory
        refused = "second_channel_waits_for_the_database"
        await go_round(self._look_or_let_go, every=LOOK_EVERY, stopping=stopping, beat=beat, refused=refused)

    async def look(self) -> int:
        """One round; how many were told."""
        lease = self._duties.lease(Duty.SENDING)
        if lease is None:
            return 0
        now = self._clock.now()
        waiting = AT_ONCE if self._telegram_takes_none() else TOO_LONG
        async with self._database.writing("claim_elsewhere") as session:
            await leases.hold(session, lease)
            await page_elsewhere(self._open_unit(session, "elsewhere"), waiting_since=now - waiting)
            claim = await sending.claim(
                session, now=now, limit=MOST_AT_ONCE, lanes=(Lane.ELSEWHERE,), fence=lease.fence
            )
            if claim.settled:
                await settle(self._open_unit(session, "elsewhere"), claim.settled)
        tried = await asyncio.gather(*(self._tried(row) for row in claim.rows))
        if tried:
            async with self._database.writing("record_elsewhere") as session:
                settled = await sending.record(session, tried, now=self._clock.now(), fence=lease.fence)
                await settle(self._open_unit(session, "elsewhere"), settled)
        return sum(one.result is Result.SENT for one in tried)

    async def _look_or_let_go(self) -> None:
        try:
            await self.look()
        except Fenced:
            self._duties.lost(Duty.SENDING)

    async def _tried(self, row: Claimed) -> Tried:
        is_taken = await self._tell(row.body)
        log.log(20 if is_taken else 50, "paged_elsewhere", message=row.id, taken=is_taken)
        return Tried(id=row.id, result=Result.SENT if is_taken else Result.NOT_SENT, cause="second_channel")
