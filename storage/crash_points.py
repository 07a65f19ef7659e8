"""Places where a test lets the process die, as it might anywhere: around each commit and each message sent.

Nothing but a test arms one; in a running clinic passing a place costs a comparison.
"""

import os
import signal
from dataclasses import dataclass

BEFORE, AFTER = "before", "after"  # a commit, or a message going out
SEND = "send"  # the place of a message on its way to Telegram; the others are named by what is committed


@dataclass(slots=True)
class _Armed:
    place: str
    left: int


_armed: list[_Armed] = []


def arm(place: str, *, nth: int = 1) -> None:
    """Die at the nth passing of a place, such as ``after:intake``."""
    _armed[:] = [_Armed(place=place, left=nth)]


def reached(when: str, what: str) -> None:
    """Pass a place; the process ends here without any farewell if it is the one."""
    if not _armed:
        return
    armed = _armed[0]
    if armed.place == f"{when}:{what}":
        armed.left -= 1
        if armed.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
