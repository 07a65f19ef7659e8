"""After the story: the bot goes on in real time, and one can chat with it."""

import asyncio
import signal
from collections.abc import Callable

from alliance.people import SYSTEM, Role
from bot.clock import ContinuingClock
from bot.demo.cast import clinicians_for
from bot.demo.run import Demo
from bot.program import Program
from bot.wiring import assembled
from workflows.invite import invite

GUEST = "GUEST"  # code name of whoever wants to try it


async def serve(ended: Demo, say: Callable[[str], object]) -> None:
    """Run the bot against the demo's sandbox until somebody presses Ctrl-C; ``say`` hears where to look."""
    clock = ContinuingClock(ended.ended_at)
    ended.sandbox.world.clock = clock
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stopping.set)
    try:
        async with assembled(ended.settings, clock) as program:
            link = await _invite_guest(program)
            say(f"Chat page:   {ended.sandbox.url}/chat/ (Ctrl-C ends)")
            say(f"To take part yourself, add a person there and send this as a message: {link}")
            await program.run(stopping)
    finally:
        for wish in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(wish)


async def _invite_guest(program: Program) -> str:
    async with program.database.writing("demo") as session:
        unit = program.unit(session, "demo:guest")
        unit.actor = SYSTEM
        invited = await invite(unit, Role.PATIENT, code_name=GUEST, clinician=clinicians_for(1)[0].upper())
        return invited.link
