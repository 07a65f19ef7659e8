"""The real program as a process of its own: started, killed, stopped, as an operator or a power cut would."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sandbox import Sandbox

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 30.0  # seconds; a busy machine needs several for the imports alone
STOPS_WITHIN = 10.0  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The folder a clinic runs in, and the settings of its environment."""

    folder: Path
    settings: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the machine's own but the path."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(self.folder), **self.settings}

    async def run(self, *words: str) -> str:
        """Run one command to its end; what it printed. Fails with what it said when it fails."""
        process = await self.start(*words)
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    @property
    def log(self) -> Path:
        """What every run of the bot has logged."""
        return self.folder / "log.jsonl"

    async def start(self, *words: str, err: int | IO[bytes] = asyncio.subprocess.PIPE) -> asyncio.subprocess.Process:
        """Start a command."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=err,
        )

    @asynccontextmanager
    async def running(self, sandbox: Sandbox) -> AsyncGenerator[asyncio.subprocess.Process]:
        """The bot, polling; killed at the end if nobody has stopped it."""
        with self.log.open("ab") as log:
            process = await self.start("run", err=log)
        try:
            await until(lambda: sandbox.world.parked is not None or process.returncode is not None, STARTS_WITHIN)
            assert process.returncode is None, self.log.read_text(encoding="utf-8")
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def stopped(process: asyncio.subprocess.Process) -> int:
    """Ask a process to stop, as a service manager does; its exit status."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOPS_WITHIN):
        return await process.wait()


async def until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so; TimeoutError when it takes longer."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110  # it happens in another process, which sends no event
            await asyncio.sleep(0.02)
