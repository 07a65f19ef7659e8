"""Brings digests where they go beside their text: the picture to Telegram's outbox, the e-mail to the mail server."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.charts import Chart
from alliance.delivery import Lane, Result
from alliance.places import MailContent
from bot.clock import Clock
from bot.draughtsman import CannotDraw, Draughtsman
from bot.duties import Duties, Duty
from bot.going_round import go_round
from bot.mail_server import MailServer, hand_over, read_mail_server
from bot.settings import Settings
from storage import leases, sending
from storage.database import Database
from storage.intents import Claimed, Tried
from storage.leases import Fenced, Lease
from storage.wakeups import OUTBOX, announce
from workflows.mail_digests import letter, note_mailed, to_mail
from workflows.picture_digests import ToDraw, post_picture, to_draw
from workflows.settle_post import settle
from workflows.unit import Unit

LOOK_EVERY = 2.0  # seconds
MAILS_AT_ONCE = 4
STEP_WITHIN = 20.0  # seconds for each step of the conversation with a mail server

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class MailRoom:
    """The mail server that takes digests, and from which address they come."""

    server: MailServer
    sender: str
    step_within: float = STEP_WITHIN


def mail_room(settings: Settings) -> MailRoom | None:
    """The mail room of these settings; None where no digest goes by e-mail."""
    if settings.digest_email is MailContent.OFF:
        return None
    server = read_mail_server(settings.smtp_url.get_secret_value())
    return MailRoom(server=server, sender=settings.smtp_from.strip())


class DigestPlaces:
    """One round: draw what is wanted, then mail what is due. Nothing is drawn or sent inside a transaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        duties: Duties,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        nudge_sender: Callable[[], None],
        draughtsman: Draughtsman,
        mail_room: MailRoom | None,
    ) -> None:
        self._database, self._clock, self._duties = database, clock, duties
        self._open_unit, self._nudge_sender = open_unit, nudge_sender
        self._draughtsman, self._mail_room = draughtsman, mail_room
        self._beat: Callable[[], None] = lambda: None

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Look every two seconds until told to stop; whoever sends to Telegram does this as well."""
        self._beat = beat
        try:
            refused = "digest_places_wait_for_the_database"
            await go_round(self._look_or_let_go, every=LOOK_EVERY, stopping=stopping, beat=beat, refused=refused)
        finally:
            await self._draughtsman.go_home()

    async def look(self) -> int:
        """One round; how many pictures were queued and e-mails taken."""
        lease = self._duties.lease(Duty.SENDING)
        if lease is None:
            return 0
        done = await self._draw_pictures(lease) + await self._send_mails(lease)
        if not done:
            await self._draughtsman.go_home()
        return done

    async def _look_or_let_go(self) -> None:
        try:
            await self.look()
        except Fenced:
            self._duties.lost(Duty.SENDING)

    async def _draw_pictures(self, lease: Lease) -> int:
        async with self._database.reading() as session:
            wanted = await to_draw(self._open_unit(session, "pictures"))
        queued = 0
        for one in wanted:
            picture = await self._drawn(one.chart, about=one)
            async with self._database.writing("picture") as session:
                await leases.hold(session, lease)
                unit = self._open_unit(session, f"picture:{one.digest_id}")
                queued += await post_picture(unit, one, picture) and picture is not None
                await announce(session, OUTBOX)
            self._nudge_sender()
            self._beat()
        return queued

    async def _drawn(self, chart: Chart, *, about: ToDraw | Claimed) -> bytes | None:
        self._beat()
        try:
            return await self._draughtsman.draw(chart)
        except CannotDraw as error:
            number = about.digest_id if isinstance(about, ToDraw) else about.id
            log.error("picture_not_drawn", number=number, cause=type(error.__cause__ or error).__name__)
            return None

    async def _send_mails(self, lease: Lease) -> int:
        if self._mail_room is None:
            return 0
        async with self._database.writing("claim_mail") as session:
            await leases.hold(session, lease)
            claim = await sending.claim(
                session, now=self._clock.now(), limit=MAILS_AT_ONCE, lanes=(Lane.MAIL,), fence=lease.fence
            )
            if claim.settled:
                await settle(self._open_unit(session, "mail"), claim.settled)
        tried = [await self._mailed(row, self._mail_room) for row in claim.rows]
        if tried:
            async with self._database.writing("record_mail") as session:
                await self._record(session, claim.rows, tried, lease)
        return sum(one.result is Result.SENT for one in tried)

    async def _record(self, session: AsyncSession, rows: list[Claimed], tried: list[Tried], lease: Lease) -> None:
        settled = await sending.record(session, tried, now=self._clock.now(), fence=lease.fence)
        unit = self._open_unit(session, "mail")
        await settle(unit, settled)
        left = {one.id for one in tried if one.result in {Result.SENT, Result.AMBIGUOUS}}
        for row in rows:
            if row.id in left:
                await note_mailed(unit, _digest_of(row))

    async def _mailed(self, row: Claimed, room: MailRoom) -> Tried:
        async with self._database.reading() as session:
            wanted = await to_mail(self._open_unit(session, "mail"), _digest_of(row))
        if wanted is None:
            return Tried(id=row.id, result=Result.UNWANTED, cause="nobody_to_mail")
        pictures: Mapping[int, bytes] = {
            patient_id: picture
            for patient_id, chart in wanted.charts.items()
            if (picture := await self._drawn(chart, about=row)) is not None
        }
        async with self._database.reading() as session:
            message = await letter(self._open_unit(session, "mail"), wanted, pictures, sender=room.sender)
        result, cause = await asyncio.to_thread(hand_over, message, room.server, timeout=room.step_within)
        self._beat()
        log.log(20 if result is Result.SENT else 40, "digest_mailed", message=row.id, result=result, cause=cause)
        return Tried(id=row.id, result=result, cause=cause)


def _digest_of(row: Claimed) -> int:
    return int(str(row.body["digest"]))
