"""Starts lives of a program and ends them: killed, stopped as a service manager would, paused, waited for."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOK_EVERY = 0.005  # seconds; a process that ended tells nobody but its parent
IMPORTS_WITHIN = 60.0  # seconds, on a machine that has other things to do
LAST_WORDS = 2_000  # characters of a log that end up in an error
STOPS_WITHIN = 15.0  # seconds; the bot itself takes up to eight to finish what is on the wire
LOG = "log.txt"  # of a life, in the folder it lives in


class DiedAtStart(Exception):
    """A program ended by itself before it was of any use; the message ends with what it said last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """One process, from its start to its end."""

    pid: int
    log: Path
    nursery: "Nursery"

    @property
    def said(self) -> str:
        """What this process and those before it in that folder have written to their log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    async def ended(self) -> int | None:
        """Its exit status, negative for a signal; None while it lives."""
        status = await self.nursery.asked({"ended": self.pid})
        return status if isinstance(status, int) else None

    async def over(self, within: float = STOPS_WITHIN) -> int:
        """Wait for its end; TimeoutError when it goes on."""
        async with asyncio.timeout(within):
            while (status := await self.ended()) is None:  # noqa: ASYNC110  # a process sends no event
                await asyncio.sleep(LOOK_EVERY)
        return status

    async def killed(self) -> None:
        """End it as a power cut would: kill -9, and gone."""
        if await self.ended() is None:
            os.kill(self.pid, signal.SIGKILL)
            await self.over()

    async def stopped(self) -> int:
        """Ask it to stop, as a service manager does; its exit status."""
        if await self.ended() is None:
            os.kill(self.pid, signal.SIGTERM)
        return await self.over()

    def paused(self) -> None:
        """Stand still, as a machine does that is out of memory or being moved."""
        os.kill(self.pid, signal.SIGSTOP)

    def goes_on(self) -> None:
        """Wake up, and believe that no time has passed."""
        os.kill(self.pid, signal.SIGCONT)

    async def until(self, is_so: Callable[[], bool], within: float) -> None:
        """Wait until something is so because of this process; DiedAtStart if it ends first."""
        async with asyncio.timeout(within):
            while not is_so():
                if await self.ended() is not None:
                    raise DiedAtStart(self.said[-LAST_WORDS:])
                await asyncio.sleep(LOOK_EVERY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Nursery:
    """The parent of lives, from this side of its pipe."""

    process: asyncio.subprocess.Process
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(self, module: str, *words: str, folder: Path, environment: Mapping[str, str] | None = None) -> Life:
        """Let a program live in a folder, with nothing of this machine's environment but the path."""
        log = folder / LOG
        given = {"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})}
        order = {
            "module": module,
            "words": words,
            "folder": str(folder),
            "log": str(log),
            "environment": given,
        }
        pid = await self.asked({"start": order})
        if not isinstance(pid, int):
            raise TypeError(pid)
        return Life(pid=pid, log=log, nursery=self)

    async def asked(self, order: Mapping[str, object]) -> object:
        """One question to the parent and its answer."""
        into, out = self.process.stdin, self.process.stdout
        if into is None or out is None:
            raise RuntimeError("the parent has no pipes")
        async with self.turn:
            into.write(json.dumps(order).encode() + b"\n")
            await into.drain()
            line = await out.readline()
        if not line:
            raise DiedAtStart("the parent of all lives has ended")
        return json.loads(line)


@asynccontextmanager
async def nursery(modules: Sequence[str]) -> AsyncGenerator[Nursery]:
    """A nursery for these programs; whatever still lives at the end is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.lives.parent",
        *modules,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/")},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the parent has no pipes")
        async with asyncio.timeout(IMPORTS_WITHIN):
            ready = await process.stdout.readline()
        if json.loads(ready or b"null") != "ready":
            raise DiedAtStart("the programs could not be imported; the lines above say why")
        yield Nursery(process=process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
