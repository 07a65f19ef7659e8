"""Files that somebody hands to a command: read whole, and only as large as they may be."""

from pathlib import Path

from bot.commands.session import BadInput

MEGABYTE = 1024 * 1024


def read_small(path: Path, *, most: int) -> bytes:
    """The bytes of a file of at most so many; raises BadInput for a larger one before it is read, and OSError."""
    size = path.stat().st_size
    if size > most:
        raise BadInput(f"{path} has {size / MEGABYTE:.1f} MB; {most // MEGABYTE} MB are the most. Nothing was read.")
    with path.open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:  # a pipe has no size beforehand
        raise BadInput(f"{path} goes on after {most // MEGABYTE} MB, which are the most. Nothing was changed.")
    return raw
