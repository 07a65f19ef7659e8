"""One process for one data directory: two pollers of one token would take turns losing to each other."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process is running on this data directory; stop it first."""


@contextmanager
def only_one(data_dir: Path) -> Generator[None]:
    """Hold the lock of a data directory; it is free again when the process ends, however it ends."""
    descriptor = os.open(data_dir / "checkin.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(f"Another process is running on {data_dir}; stop it first.") from None
    try:
        yield
    finally:
        os.close(descriptor)
