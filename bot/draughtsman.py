"""Has charts drawn by a process of its own, so that nothing in this one waits for them, and none can take it down."""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from alliance.charts import Chart
from bot.drawing_child import FRAME

WITHIN = 60.0  # seconds for one picture, the start of its process included; a loop counts as stalled after 75

_HOUSE = Path(__file__).parents[1]


class CannotDraw(Exception):
    """A picture could not be drawn in time, or not at all."""


class Draughtsman:
    """One child process, started when the first chart is to be drawn; between two rounds it may be sent home."""

    def __init__(self, *, within: float = WITHIN, child: tuple[str, ...] = ("-m", "bot.drawing_child")) -> None:
        self._within, self._child = within, child
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def draw(self, chart: Chart) -> bytes:
        """The picture as PNG; raises CannotDraw, after which the next chart gets a new process."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._within):
                    picture = await self._asked(pickle.dumps(chart))
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                await self._end(at_once=True)
                raise CannotDraw(CannotDraw.__doc__) from error
        if not picture:
            raise CannotDraw(CannotDraw.__doc__)
        return picture

    async def go_home(self) -> None:
        """End the process; it starts again when it is needed."""
        async with self._turn:
            await self._end(at_once=False)

    async def _asked(self, chart: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._child, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_surroundings()
            )
        to, answers = self._process.stdin, self._process.stdout
        assert to is not None and answers is not None  # noqa: S101, PT018  # both are pipes; tells the type checker
        to.write(FRAME.pack(len(chart)) + chart)
        await to.drain()
        (length,) = FRAME.unpack(await answers.readexactly(FRAME.size))
        return await answers.readexactly(length)

    async def _end(self, *, at_once: bool) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            if at_once or process.stdin is None:
                process.kill()
            else:
                process.stdin.close()  # it reads the end of its charts, and ends
        await process.wait()


def _surroundings() -> dict[str, str]:
    """The environment without our settings: who draws needs no secret."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHECKIN_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (str(_HOUSE), kept.get("PYTHONPATH"))))}
