"""The command line as an operator meets it: words in, an exit status and two streams out, in this process."""

import asyncio
import base64
import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import PREFIX
from storage.database import Database
from storage.vault import KEY_LENGTH

OUR_KEY = f"1:{base64.b64encode(b'k' * KEY_LENGTH).decode()}"  # that of the fixture ``vault``


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What a command came to."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Terminal:
    """A terminal in the folder of a clinic."""

    folder: Path
    patch: pytest.MonkeyPatch

    async def run(self, *words: str) -> Ran:
        """Run one command to its end, in a thread, because it has an event loop of its own."""
        return await asyncio.to_thread(self._run, words)

    def set(self, **settings: object) -> None:
        """Set CHECKIN_ variables."""
        for name, value in settings.items():
            self.patch.setenv(PREFIX + name.upper(), str(value))

    def _run(self, words: tuple[str, ...]) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        self.patch.setattr(sys, "argv", ["checkin", *words])
        status = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as left:
                status = left.code if isinstance(left.code, int) else 0
        return Ran(status=status, out=out.getvalue(), err=err.getvalue())


def terminal_for(database: Database, folder: Path, patch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of the clinic with this database and the key of the tests."""
    for name in os.environ:
        if name.startswith(PREFIX):
            patch.delenv(name)
    patch.chdir(folder)
    terminal = Terminal(folder=folder, patch=patch)
    terminal.set(
        data_dir=folder / "data", database_url=database.engine.url.render_as_string(False), encryption_keys=OUR_KEY
    )
    return terminal
