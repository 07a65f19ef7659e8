"""What a power cut leaves behind: the file and its log as they were at some moment, the log's end torn off anywhere.

The images are taken of a process that stands still (SIGSTOP) in the middle of storing. Whatever is left of the log, the
file opens, is whole, and holds the first so many updates without a gap; among them everything whose commit was told
before the place where the log is torn.
"""

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.lives.chance import chance_of
from tests.storage import stores_for_ever

FEW = 5  # updates at least between two moments
MOMENTS = 10  # of one run
TEARS = 20  # of each moment's log
MANY_MOMENTS, MANY_TEARS = 50, 20  # a thousand images
FULL_LOG = 1_000 * 4_120  # bytes: then SQLite moves the log into the file and writes it anew from its beginning


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """The files at one moment, and what was told of commits until then: each update's end in the log."""

    file: Path
    told: dict[int, int]

    @property
    def log(self) -> Path:
        return self.file.with_name(f"{self.file.name}-wal")


@pytest.mark.parametrize(
    ("moments", "tears"),
    [
        pytest.param(MOMENTS, TEARS, id="a few"),
        pytest.param(MANY_MOMENTS, MANY_TEARS, id="a thousand", marks=pytest.mark.long),
    ],
)
def test_wherever_the_log_is_torn_all_that_was_told_before_is_there_and_nothing_has_a_gap(
    sqlite_template: Path, tmp_path: Path, moments: int, tears: int
) -> None:
    chance, seen = chance_of(moments, "moments and tears"), 0
    live = tmp_path / "live.sqlite3"
    shutil.copy(sqlite_template, live)
    with _storing(live) as writer:
        for moment in range(moments):
            image = _image(writer, live, tmp_path / f"{moment}.sqlite3", wait=chance.uniform(0.01, 0.1))
            length = image.log.stat().st_size
            for tear in sorted((chance.randrange(length + 1) for _ in range(tears)), reverse=True):
                _check(image, torn_at=tear)
                seen += 1
            _check(image, torn_at=None)

    assert seen == moments * tears


def test_a_log_with_one_wrong_byte_ends_before_it_and_that_is_noticed(sqlite_template: Path, tmp_path: Path) -> None:
    live = tmp_path / "live.sqlite3"
    shutil.copy(sqlite_template, live)
    with _storing(live) as writer:
        image = _image(writer, live, tmp_path / "image.sqlite3", wait=0.05)

    log = bytearray(image.log.read_bytes())
    log[len(log) // 2] ^= 1
    image.log.write_bytes(log)

    assert 0 < len(_stored(image, torn_at=None)) < max(image.told)


def _check(image: Image, *, torn_at: int | None) -> None:
    there = _stored(image, torn_at=torn_at)
    assert there == list(range(1, len(there) + 1)), torn_at
    if torn_at is None:
        assert len(there) >= max(image.told)
    elif image.log.stat().st_size < FULL_LOG:  # the log has not begun anew: each end is where it was told
        assert len(there) >= max((number for number, end in image.told.items() if end <= torn_at), default=0)


def _stored(image: Image, *, torn_at: int | None) -> list[int]:
    """The updates that somebody finds who opens a copy of the image, its log torn off at that byte."""
    copy = image.file.with_name("torn.sqlite3")
    log = copy.with_name(f"{copy.name}-wal")
    copy.with_name(f"{copy.name}-shm").unlink(missing_ok=True)
    shutil.copy(image.file, copy)
    log.write_bytes(image.log.read_bytes()[:torn_at])
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [number for (number,) in opened.execute("SELECT update_id FROM inbox ORDER BY seq")]


@contextmanager
def _storing(live: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", stores_for_ever.__name__, str(live)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as writer:
        try:
            yield writer
        finally:
            writer.kill()


def _image(writer: subprocess.Popen[str], live: Path, file: Path, *, wait: float) -> Image:
    """Let it store for a while and stand still, and copy what is there."""
    assert writer.stdout
    told = dict[int, int]()
    over = time.monotonic() + wait
    while len(told) < FEW or time.monotonic() < over:
        number, end = writer.stdout.readline().split()
        told[int(number)] = int(end)
    writer.send_signal(signal.SIGSTOP)
    image = Image(file=file, told=told)
    shutil.copy(live, file)
    shutil.copy(live.with_name(f"{live.name}-wal"), image.log)
    writer.send_signal(signal.SIGCONT)
    return image
