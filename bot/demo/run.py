"""One demo from an empty folder to its summary."""

import gc
import json
import logging
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot import logs
from bot.clock import SimulatedClock, SystemClock
from bot.demo import folder
from bot.demo.cast import cast
from bot.demo.outcome import Summary, summed_up
from bot.demo.pages import write_pages
from bot.demo.story import STARTS_AT, Story
from bot.keys import make_key_file
from bot.settings import Settings, read_settings
from bot.wiring import assembled, opened
from sandbox import Sandbox
from storage import schema

TOKEN = "123456:a-token-of-nobody-for-the-sandbox"  # noqa: S105  opens nothing outside the sandbox
NO_VARIABLES = "CHECKIN_DEMO_UNSET_"  # the demo must never pick up a real clinic's settings
HOME_ZONE = "Europe/Madrid"
DAY = timedelta(days=1)
NEW_OBJECTS_BEFORE_TIDYING = 100_000  # some ten megabytes


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoProgress:
    """How far the simulated time has come."""

    done: timedelta
    total: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """A demo that has run: its numbers, its pages (the one to open first leads), and its people, who may live on."""

    summary: Summary
    pages: tuple[Path, ...]
    violations: int
    settings: Settings
    sandbox: Sandbox
    story: Story
    clock: SimulatedClock


@asynccontextmanager
async def demo_in(
    out: Path, *, patients: int, weeks: int, seed: int, progress: Callable[[DemoProgress], None]
) -> AsyncGenerator[Demo]:
    """Run a demo in that folder; its sandbox stays up inside the block."""
    wall = SystemClock()
    began = wall.monotonic()
    folder.prepare(out)
    clock = SimulatedClock(STARTS_AT)
    parts = cast(patients=patients, weeks=weeks, seed=seed, starts_at=STARTS_AT)
    with _logging_to(out / folder.LOG), _rarely_tidied():
        async with Sandbox(token=TOKEN, clock=clock, seed=seed) as sandbox:
            settings = await _new_clinic(out, sandbox)
            async with assembled(settings, clock) as program:
                story = Story(program, sandbox, clock, seed=seed)
                crises = await story.play(parts, weeks=weeks, passed=_daily(progress, weeks))
                async with program.database.reading() as session:
                    counted = await summed_up(session, sandbox, parts, crises, seed=seed, weeks=weeks)
                pages = await write_pages(program, out)
                summary = replace(counted, wall_seconds=round(wall.monotonic() - began, 1))
                text = json.dumps(asdict(summary), ensure_ascii=False, indent=2)
                (out / folder.SUMMARY).write_text(text + "\n", encoding="utf-8")
                yield Demo(
                    summary=summary,
                    pages=tuple(pages),
                    violations=len(sandbox.ledger.violations()),
                    settings=settings,
                    sandbox=sandbox,
                    story=story,
                    clock=clock,
                )


async def run_demo(
    *, patients: int, weeks: int, seed: int, out: Path, progress: Callable[[DemoProgress], None]
) -> Summary:
    """Run a demo to its end; its numbers."""
    async with demo_in(out, patients=patients, weeks=weeks, seed=seed, progress=progress) as ended:
        return ended.summary


@contextmanager
def _logging_to(file: Path) -> Generator[None]:
    """Log into that file and not to the terminal; afterwards as before."""
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    configured = structlog.get_config()
    with file.open("w", encoding="utf-8") as log:
        logs.set_up("INFO", to=log)
        try:
            yield
        finally:
            structlog.configure(**configured)
            logging.getLogger().handlers[:] = handlers
            logging.getLogger().setLevel(level)


@contextmanager
def _rarely_tidied() -> Generator[None]:
    """Look for unreachable objects less often: weeks in seconds make many, and looking takes a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS_BEFORE_TIDYING)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


async def _new_clinic(out: Path, sandbox: Sandbox) -> Settings:
    make_key_file(out / folder.KEYS)
    settings = read_settings(
        _env_file=None,
        _env_prefix=NO_VARIABLES,
        bot_token=TOKEN,
        telegram_api_url=sandbox.url,
        data_dir=out,
        encryption_keys_file=out / folder.KEYS,
        clinic_name="Clinic at the Harbour",
        clinic_zone=HOME_ZONE,
        emergency_number="112",
        clinic_contact="+44 1632 960000, weekdays from 8 to 18",
    )
    async with opened(settings) as database:
        await schema.migrate(database)
    return settings


def _daily(progress: Callable[[DemoProgress], None], weeks: int) -> Callable[[datetime], None]:
    """Say once a simulated day how far the time has come."""
    total = timedelta(weeks=weeks)
    next_day = timedelta(0)

    def passed(now: datetime) -> None:
        nonlocal next_day
        done = min(now - STARTS_AT, total)
        if done >= next_day:
            next_day = (done // DAY + 1) * DAY
            progress(DemoProgress(done=done, total=total))

    return passed
