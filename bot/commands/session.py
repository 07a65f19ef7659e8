"""What every command does first and last: read the settings, open the database, say in one line what went wrong."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import InvalidToken, NetworkError, TelegramError

from alliance.cadence import NotACadence
from alliance.crisis import BrokenRules
from alliance.enrolment import NotFromHere
from alliance.items import BrokenInstrument
from alliance.not_arranged import NotArranged
from alliance.notes import BrokenNotes
from alliance.people import SYSTEM
from alliance.places import NoAddress
from alliance.sheet import BrokenSheet
from alliance.wording import BrokenWording
from bot import logs
from bot.clinic import read_clinic
from bot.clock import Clock, SystemClock
from bot.intake import TokenRefused
from bot.lock import AlreadyRunning
from bot.settings import Settings, WrongSetting, read_settings
from bot.telegram_api import make_bot
from bot.wiring import UNKNOWN_BOT, opened
from storage import schema
from storage.database import Database
from storage.trouble import Trouble
from storage.vault import Tampered
from storage.wakeups import OUTBOX, announce
from workflows.approve_rules import CannotApprove
from workflows.invite import CannotInvite
from workflows.plan_visits import CannotPlan
from workflows.read_calendar import BrokenCalendar
from workflows.set_cadence import CannotSet
from workflows.set_email import CannotBeMailed
from workflows.set_on_call import CannotBePaged
from workflows.share_patient import CannotShare
from workflows.unit import Clinic, Unit

T = TypeVar("T")


class BadInput(ValueError):
    """Something given on the command line makes no sense; the message says what."""


# What a person gave cannot be used; each says why in one sentence.
WRONG_INPUT = (
    BadInput,
    WrongSetting,
    BrokenInstrument,
    BrokenNotes,
    BrokenWording,
    BrokenRules,
    BrokenSheet,
    BrokenCalendar,
    NotACadence,
    NotFromHere,
    CannotApprove,
    CannotInvite,
    CannotPlan,
    CannotSet,
    CannotBePaged,
    CannotShare,
    CannotBeMailed,
    NoAddress,
    NotArranged,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What is said on stderr, and the exit status."""

    text: str
    status: int


def explained(error: BaseException) -> Line | None:  # one line for each kind of failure
    """One line for an expected failure, None for a mistake of ours, which keeps its traceback."""
    if isinstance(error, BaseExceptionGroup):
        lines = [line for inner in error.exceptions if (line := explained(inner))]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType, reportUnknownArgumentType]  # groups are untyped
        return lines[0] if lines else None
    if isinstance(error, WRONG_INPUT):
        return Line(text=str(error), status=2)
    match error:
        case InvalidToken():
            return Line(text=str(TokenRefused.__doc__), status=1)
        case NetworkError():
            return Line(text="Telegram cannot be reached; check the network and CHECKIN_TELEGRAM_API_URL.", status=1)
        case TelegramError():
            return Line(text=f"Telegram refused: {logs.redacted(error.message)}.", status=1)
        case Tampered():
            return Line(text="The encryption keys do not fit this database.", status=1)
        case Trouble() | TokenRefused() | AlreadyRunning() | LookupError():
            return Line(text=_sentence(error), status=1)
        case OSError() if error.filename:
            return Line(text=f"{error.filename}: {error.strerror}.", status=1)
        case _:
            return None


def _sentence(error: BaseException) -> str:
    return str(error.args[0]) if error.args else str(error.__doc__)


def run_async(story: Coroutine[Any, Any, T]) -> T:
    """Run one command's story."""
    return asyncio.run(story)


@dataclass(kw_only=True, slots=True)
class Office:
    """The clinic of one command that may take several units of work, each committed by itself."""

    database: Database
    clinic: Clinic
    clock: Clock

    @asynccontextmanager
    async def work(self) -> AsyncGenerator[Unit]:
        """A unit of work, committed at the end."""
        async with self.database.writing("command") as session:
            await announce(session, OUTBOX)  # whoever sends may have something to send
            yield self._unit(session)

    @asynccontextmanager
    async def look(self) -> AsyncGenerator[Unit]:
        """A unit that only looks: the database refuses it any change, and nobody has to wait for it."""
        async with self.database.reading() as session:
            yield self._unit(session)

    def _unit(self, session: AsyncSession) -> Unit:
        now = self.clock.now()
        return Unit(session=session, now=now, clinic=self.clinic, origin=f"command:{now.timestamp():.6f}", actor=SYSTEM)


@asynccontextmanager
async def in_office(settings: Settings | None = None, *, ask_name: bool = False) -> AsyncGenerator[Office]:
    """The database of this clinic, checked; ``ask_name`` asks Telegram for the bot's name."""
    settings = settings or read_settings()
    username = await bot_username(settings) if ask_name else UNKNOWN_BOT
    clinic = read_clinic(settings, bot_username=username)
    async with opened(settings) as database:
        await schema.check(database)
        yield Office(database=database, clinic=clinic, clock=SystemClock())


@asynccontextmanager
async def at_work(settings: Settings | None = None, *, ask_name: bool = False) -> AsyncGenerator[Unit]:
    """A unit of work for the command line, committed at the end; ``ask_name`` asks Telegram for the bot's name."""
    async with in_office(settings, ask_name=ask_name) as office, office.work() as unit:
        yield unit


async def bot_username(settings: Settings) -> str:
    """The bot's own name, asked of Telegram; links need it."""
    token = settings.bot_token.get_secret_value()
    if not token:
        raise WrongSetting("CHECKIN_BOT_TOKEN is empty: @BotFather gives you one; `checkin init` asks for it.")
    bot = make_bot(token, settings.telegram_api_url)
    try:
        await bot.initialize()
        return bot.username
    finally:
        await bot.shutdown()
