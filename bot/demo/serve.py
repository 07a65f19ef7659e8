"""After the story: everybody lives on at the wall's pace, one can chat with the bot, and let time pass faster."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta

from alliance.people import SYSTEM, Role
from bot.clock import SystemClock
from bot.demo.cast import clinicians_for
from bot.demo.run import Demo
from bot.pausing import pause
from workflows.invite import invite

GUEST = "GUEST"  # code name of whoever wants to try it
LOOK_EVERY = 0.1  # seconds; a tap is answered after that time at most


async def serve(ended: Demo, say: Callable[[str], object]) -> None:
    """Go on until somebody presses Ctrl-C; ``say`` hears where to look."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stopping.set)
    try:
        link = await _invite_guest(ended)
        say(f"Chat page:   {ended.sandbox.url}/chat/ (Ctrl-C ends)")
        say(f"To take part yourself, add a person there and send this as a message: {link}")
        await _live_on(ended, stopping)
    finally:
        ended.sandbox.world.pass_time = None
        for wish in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(wish)


async def _live_on(ended: Demo, stopping: asyncio.Event) -> None:
    """The simulated time goes on with the wall's, and by as much more as somebody asks for on the page."""
    wall, asked = SystemClock(), list[timedelta]()
    ended.sandbox.world.pass_time = asked.append
    before = wall.monotonic()
    while not stopping.is_set():
        await pause(stopping, LOOK_EVERY)
        passed, before = wall.monotonic() - before, wall.monotonic()
        faster = sum(asked, timedelta())
        asked.clear()
        await ended.story.go_on(ended.clock.now() + timedelta(seconds=passed) + faster)


async def _invite_guest(ended: Demo) -> str:
    program = ended.story.program
    async with program.database.writing("demo") as session:
        unit = program.unit(session, "demo:guest")
        unit.actor = SYSTEM
        invited = await invite(unit, Role.PATIENT, code_name=GUEST, clinician=clinicians_for(1)[0].upper())
        return invited.link
