"""Ticks that ask the tables what is due; nothing is scheduled for a person, so nothing can be lost with a job."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]  # it ships none
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.duties import Alone, Duties, Duty
from storage import agreements, alerts, audit_inspection, checkins, digests, halts, holds, inbox, leases, outbox, visits
from storage.database import Database
from storage.leases import Fenced
from storage.next_moments import NextMoments, Place
from storage.wakeups import OUTBOX, announce
from workflows import (
    answer_agreement,
    escalate_flags,
    hold_checkins,
    page_staff,
    pre_visit_brief,
    send_checkins,
    send_digests,
    warn_of_contacts,
    watch_chosen_readers,
    watch_cover,
    watch_teams,
    weekly_figures,
)
from workflows.plan_digest import begin_for_leads
from workflows.unit import Unit

MOST_TURNS = 1_000  # of one tick in a row; what is left then is asked for again at its next interval
KEEP_RAW = timedelta(hours=48)  # Telegram's own memory is 24 hours; then an update id may come back

log = structlog.get_logger()


class BeatOf(Protocol):
    """Gives each tick its heartbeat."""

    def __call__(self, loop: str, *, every: timedelta) -> Callable[[], None]:
        """What the tick calls each time it has been asked."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """A question asked every so often, and where the moments stand at which it has something to do next.

    It is asked again at once while its answer counts a whole ``batch``: then more may be due. Where the counts leave
    out what could not be dealt with, that is one of anything.
    """

    name: str
    every: timedelta
    ask: Callable[[Unit], Awaitable[Mapping[str, int]]]
    waits_for: Sequence[Place] = ()
    batch: int = 1


async def _checkins(unit: Unit) -> Mapping[str, int]:
    resumed = await send_checkins.resume_paused(unit)
    closed = await send_checkins.close_due(unit)  # before new ones: never two open check-ins
    reminded = await send_checkins.remind(unit)
    sent = await send_checkins.send_due(unit)
    return {
        "looked_at": max(closed.looked_at, reminded.looked_at, sent.looked_at),
        "sent": sent.sent,
        "missed": sent.missed,
        "held": sent.held,
        "undeliverable": sent.undeliverable,
        "reminded": reminded.reminded,
        "closed": closed.closed,
        "resumed": resumed.resumed,
    }


async def _digests(unit: Unit) -> Mapping[str, int]:
    return {
        "digests": await send_digests.send_due(unit),
        "weekly_figures": await weekly_figures.send_due(unit),
        "flags_escalated": await escalate_flags.send_due(unit),
    }


async def _visits(unit: Unit) -> Mapping[str, int]:
    return {"briefs": await pre_visit_brief.send_due(unit), "agreements": await answer_agreement.follow_up(unit)}


async def _alerts(unit: Unit) -> Mapping[str, int]:
    return {"alerts": await page_staff.page_again(unit)}


async def _calendars(unit: Unit) -> Mapping[str, int]:
    return {
        "holds": await hold_checkins.begin_and_end(unit),
        "leads_begun": await begin_for_leads(unit),
        "told_of_cover": await watch_cover.warn(unit),
        "told_of_teams": await watch_teams.warn(unit),
        "told_of_readers": await watch_chosen_readers.warn(unit),
    }


async def _contacts(unit: Unit) -> Mapping[str, int]:
    return {"told_of_contacts": await warn_of_contacts.warn(unit)}


async def _empty(unit: Unit) -> Mapping[str, int]:
    end = await audit_inspection.end_of(unit.session)
    log.info("audit_head", head=str(end))  # whoever keeps the log has a head that is not in the database
    before = unit.now - KEEP_RAW
    return {
        "inbox_emptied": await inbox.empty_old(unit.session, before=before),
        "outbox_emptied": await outbox.empty_old(unit.session, before=before),
        "halts_forgotten": await halts.forget_old(unit.session, before=before),
    }


TICKS = (
    Tick(name="alerts", every=timedelta(seconds=2), ask=_alerts, waits_for=(alerts.NEXT_PAGE,), batch=page_staff.BATCH),
    Tick(
        name="calendars",
        every=timedelta(minutes=1),
        ask=_calendars,
        waits_for=(holds.NEXT, digests.NEXT),  # at the hour of a digest coordinators hear what is amiss
    ),
    Tick(
        name="checkins",
        every=timedelta(seconds=5),
        ask=_checkins,
        waits_for=(checkins.NEXT_DUE, checkins.NEXT_REMINDER, checkins.NEXT_END),
        batch=send_checkins.BATCH,
    ),
    Tick(
        name="digests",
        every=timedelta(seconds=10),
        ask=_digests,
        waits_for=(digests.NEXT,),
        batch=send_digests.BATCH,
    ),
    Tick(
        name="visits",
        every=timedelta(seconds=20),
        ask=_visits,
        waits_for=(visits.NEXT_BRIEF, agreements.NEXT_REMINDER, agreements.NEXT_END),
    ),
    Tick(name="contacts", every=timedelta(minutes=10), ask=_contacts),
    Tick(name="empty_old_rows", every=timedelta(hours=1), ask=_empty),
)

NEXT_MOMENTS = NextMoments({tick.name: tick.waits_for for tick in TICKS if tick.waits_for})


class Timers:
    """Runs the ticks, in real time or one at a time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        nudge_sender: Callable[[], None],
        duties: Duties | None = None,
    ) -> None:
        self._database, self._clock, self._duties = database, clock, duties or Alone()
        self._open_unit, self._nudge_sender = open_unit, nudge_sender

    async def run(self, stopping: asyncio.Event, beat_of: BeatOf) -> None:
        """Ask every question at its interval until told to stop; each has a heartbeat of its own."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for tick in TICKS:
            beat = beat_of(tick.name, every=tick.every)
            scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]  # see above
                self._guarded,
                "interval",
                seconds=tick.every.total_seconds(),
                args=(tick, beat),
                misfire_grace_time=None,  # a late tick still asks
                coalesce=True,
                max_instances=1,
            )
            await self._guarded(tick, beat)  # what fell due while we were away
        scheduler.start()
        await stopping.wait()
        scheduler.shutdown(wait=False)

    async def _guarded(self, tick: Tick, beat: Callable[[], None]) -> None:
        if self._duties.lease(Duty.TICKS) is None:
            beat()  # another worker asks
            return
        try:
            await self.ask(tick)
            beat()
        except Fenced:
            self._duties.lost(Duty.TICKS)
        except Exception as error:  # noqa: BLE001  # a tick that fails is reported, and the next one asks again
            log.error("tick_failed", tick=tick.name, cause=type(error).__name__)

    async def ask(self, tick: Tick) -> None:
        """Ask one question until nothing more is due, a few people to a transaction; others write in between.

        Raises Fenced when another worker has begun to ask.
        """
        for turn in range(MOST_TURNS):
            if not await self._ask_once(tick, turn):
                return

    async def _ask_once(self, tick: Tick, turn: int) -> bool:
        lease = self._duties.lease(Duty.TICKS)
        async with self._database.writing(f"tick:{tick.name}") as session:
            if lease is not None:
                await leases.hold(session, lease)
            now = self._clock.now()
            unit = self._open_unit(session, f"tick:{tick.name}:{now.timestamp():.6f}:{turn}")
            counts = await tick.ask(unit)
            has_done = any(counts.values())
            if has_done:
                await announce(session, OUTBOX)
        if has_done:
            self._nudge_sender()
            log.info("tick", tick=tick.name, **counts)
        else:
            log.debug("tick", tick=tick.name)
        return max(counts.values(), default=0) >= tick.batch

    async def next_moments(self) -> dict[str, datetime]:
        """When each tick has something to do next, for a clock that jumps."""
        async with self._database.reading() as session:
            moments = await NEXT_MOMENTS.ask(session)
            waiting = await outbox.next_due_at(session, now=self._clock.now())
        if waiting is not None:
            moments["outbox"] = waiting
        return moments
