"""The environment of the peers: made on first use from their own lock, kept in step with it, never part of ours."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent
LOCK = "requirements.lock"
MADE_WITHIN = 600.0  # seconds


class CannotMake(Exception):
    """The environment of the peers cannot be made; the message says why, in one line."""


def made(home: Path = HOME) -> Path:
    """Return the Python of an environment that holds what the lock says, making it when there is none or an older."""
    python, stamp = home / ".venv" / "bin" / "python", home / ".venv" / "lock.stamp"
    wanted = _stamp(home / LOCK)
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    _run([sys.executable, "-m", "venv", "--clear", str(home / ".venv")])
    _install(python, home / LOCK)
    stamp.write_text(wanted)
    return python


def _install(python: Path, lock: Path) -> None:
    """With uv when there is one, otherwise with pip; both refuse what has no matching hash."""
    uv = shutil.which("uv")
    if uv is not None:
        _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(lock)])
    else:
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
        _run([str(python), "-m", "pip", "install", *options, "-r", str(lock)])


def _run(command: list[str]) -> None:
    # the machine's own certificates, as pip does: a clinic's network may well have one of its own
    environment = {"UV_SYSTEM_CERTS": "true", **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=MADE_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotMake(str(error)) from error
    if ended.returncode != 0:
        said = [line.strip() for line in (ended.stderr + ended.stdout).splitlines() if line.strip()]
        raise CannotMake(said[-1] if said else f"{Path(command[0]).name} failed")


def _stamp(lock: Path) -> str:
    if not lock.exists():
        raise CannotMake(f"{lock.name} is missing")
    return f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
