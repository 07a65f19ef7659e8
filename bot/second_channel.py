"""A second way to reach a person, by mail or by a webhook, for when Telegram or this program itself fails."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from time import monotonic

import httpx
import structlog

from bot.mail_server import MailServer, deliver, read_mail_server
from bot.settings import Settings

WITHIN = 10.0  # seconds; who stands still for 75 s is told of within 90
MOST_HANGING = 8  # threads that wait for one dead server before no further one is started

log = structlog.get_logger()


class Way(StrEnum):
    """By what a person is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Reader(StrEnum):
    """Whom a notice is for."""

    OPERATOR = "operator"  # who runs the program
    ON_CALL = "on_call"  # who would have got a page in Telegram


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What is told: no names, no words of patients, nothing that points to one of them."""

    reader: Reader
    kind: str  # for programs, such as alarm, over or page
    subject: str  # one line
    text: str
    at: datetime
    details: Mapping[str, object] = field(default_factory=dict[str, object])  # for the webhook; our own words


class CannotTell(Exception):
    """A server did not take a notice."""


class SecondChannel:
    """Tells a person by every way that is set; it never raises and never takes longer than its time limit.

    Nothing here needs the event loop or the database: a thread may use it while either stands still.
    """

    def __init__(
        self,
        *,
        mail_server: MailServer | None = None,
        mail_from: str = "",
        mail_to: Mapping[Reader, tuple[str, ...]] | None = None,
        webhook_url: str = "",
        within: float = WITHIN,
    ) -> None:
        self._server, self._from, self._to = mail_server, mail_from, dict(mail_to or {})
        self._webhook_url, self._within = webhook_url, within
        self._slots = {way: threading.BoundedSemaphore(MOST_HANGING) for way in Way}

    def ways(self, reader: Reader) -> frozenset[Way]:
        """By what this reader can be told at all; empty where nothing is set."""
        by_mail = {Way.MAIL} if self._server and self._to.get(reader) else set[Way]()
        return frozenset(by_mail | ({Way.WEBHOOK} if self._webhook_url else set()))

    def tell(self, notice: Notice) -> frozenset[Way]:
        """Tell it by every way at once, and say which of them took it; waits for the time limit at most."""
        attempts = [_Attempt(way=way, slots=self._slots[way]) for way in sorted(self.ways(notice.reader))]
        for attempt in attempts:
            attempt.start(self._doing(attempt.way, notice))
        until = monotonic() + self._within
        took = frozenset(attempt.way for attempt in attempts if attempt.took_it(until - monotonic()))
        log.info("second_channel", kind=notice.kind, reader=notice.reader, took=sorted(took), asked=len(attempts))
        return took

    async def tell_from_loop(self, notice: Notice) -> frozenset[Way]:
        """The same for the event loop, which goes on meanwhile."""
        return await asyncio.to_thread(self.tell, notice)

    def _doing(self, way: Way, notice: Notice) -> Callable[[], None]:
        return (lambda: self._mail(notice)) if way is Way.MAIL else (lambda: self._post(notice))

    def _mail(self, notice: Notice) -> None:
        assert self._server is not None  # noqa: S101  # ways() has looked; tells the type checker
        message = EmailMessage()
        message["From"], message["To"] = self._from, ", ".join(self._to[notice.reader])
        message["Subject"], message["Date"] = notice.subject, format_datetime(notice.at)
        message["Message-ID"], message["Auto-Submitted"] = make_msgid(domain="alliance-checkin"), "auto-generated"
        message["Importance"] = "high"
        message.set_content(notice.text)
        refused = deliver(message, self._server, timeout=self._within)
        if refused:
            log.warning("mail_refused_for_some", recipients=refused)

    def _post(self, notice: Notice) -> None:
        body = {
            "kind": notice.kind,
            "reader": notice.reader,
            "text": f"{notice.subject}\n{notice.text}",  # the key that chat services show
            "at": notice.at.isoformat(),
            **notice.details,
        }
        answer = httpx.post(self._webhook_url, json=body, timeout=self._within)
        if not answer.is_success:  # a redirect is no success: it is not followed
            raise CannotTell(CannotTell.__doc__)


def second_channel(settings: Settings) -> SecondChannel:
    """The second channel of these settings; without any it tells nobody, and says so in what it returns."""
    address = settings.smtp_url.get_secret_value()
    to_operator = settings.alarm_readers
    return SecondChannel(
        mail_server=read_mail_server(address) if address else None,
        mail_from=settings.smtp_from or (to_operator or settings.page_readers or ("",))[0],
        mail_to={Reader.OPERATOR: to_operator, Reader.ON_CALL: settings.page_readers or to_operator},
        webhook_url=settings.alarm_webhook_url.get_secret_value(),
    )


class _Attempt:
    """One way tried in a thread of its own, which is left behind when it hangs: no name server and no slow
    drip of answers holds up whoever tells.
    """

    def __init__(self, *, way: Way, slots: threading.BoundedSemaphore) -> None:
        self.way, self._slots = way, slots
        self._is_over = threading.Event()
        self._has_arrived = False

    def start(self, do: Callable[[], None]) -> None:
        """Begin, unless too many still hang there."""
        if self._slots.acquire(blocking=False):
            threading.Thread(target=self._run, args=(do,), name=f"tell-{self.way}", daemon=True).start()
        else:
            self._failed("TooManyHanging")
            self._is_over.set()

    def took_it(self, seconds: float) -> bool:
        """Wait that long for the end; whether it was taken."""
        if not self._is_over.wait(max(seconds, 0.0)):
            self._failed("TimeLimit")
        return self._has_arrived

    def _run(self, do: Callable[[], None]) -> None:
        try:
            do()
            self._has_arrived = True
        except Exception as error:  # noqa: BLE001  # whoever tells of a failure must not fail of it
            self._failed(type(error).__name__)
        finally:
            self._is_over.set()
            self._slots.release()

    def _failed(self, cause: str) -> None:
        log.error("second_channel_failed", way=self.way, cause=cause)
