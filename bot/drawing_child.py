"""Draws charts in a process of its own: one after another, from standard input to standard output, until it closes."""

import os
import pickle
import struct
import sys
from typing import BinaryIO

FRAME = struct.Struct(">I")  # how many bytes follow; none in an answer: it could not be drawn
POLITE = 10  # of 19: whoever handles a crisis goes first


def main() -> None:
    """Answer each chart with its picture."""
    os.nice(POLITE)
    charts, pictures = sys.stdin.buffer, sys.stdout.buffer
    while (chart := read_frame(charts)) is not None:
        picture = _drawn(chart)
        pictures.write(FRAME.pack(len(picture)) + picture)
        pictures.flush()


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame; None at the end."""
    head = source.read(FRAME.size)
    return source.read(*FRAME.unpack(head)) if len(head) == FRAME.size else None


def _drawn(chart: bytes) -> bytes:
    from workflows.draw_chart import draw  # noqa: PLC0415  # takes a second, and a broken one must not end the answer

    try:
        return draw(pickle.loads(chart))  # noqa: S301  # written by bot.draughtsman, whose child this is
    except Exception:  # noqa: BLE001  # whatever it was, the text goes out without a picture
        return b""


if __name__ == "__main__":
    main()
