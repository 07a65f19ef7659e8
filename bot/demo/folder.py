"""The folder a demo writes into: its own, never a clinic's."""

from pathlib import Path

MARKER = ".demo"  # says that everything here was made by a demo and may be made again
DATABASE, KEYS, LOG, SUMMARY = "checkin.sqlite3", "checkin.keys", "demo.log", "summary.json"
_OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEYS, LOG, SUMMARY, "digest-*.html")


class NotADemo(ValueError):
    """The folder cannot be used; the message says why and what to do."""


def prepare(out: Path) -> None:
    """Make the folder, or empty it of a former demo; anything else in it is refused, and left alone."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not (out / MARKER).exists():
            raise NotADemo(f"--out: {out} holds something that is not a demo; choose another folder.")
        (out / MARKER).write_text("Written by `checkin demo`, which may overwrite its files here.\n", encoding="utf-8")
        for pattern in _OURS:
            for file in out.glob(pattern):
                file.unlink()
    except OSError as error:
        raise NotADemo(f"--out: {out} cannot be written to: {error.strerror or type(error).__name__}.") from error
