"""What goes wrong on purpose: connections that drop, answers that are cut, servers that restart."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Where and how a call goes wrong."""

    DROP_BEFORE = "drop_before"  # the connection closes, nothing was done
    DROP_AFTER = "drop_after"  # it was done, then the connection closes without an answer
    RESET_BEFORE = "reset_before"  # as DROP_BEFORE, but the connection is reset
    RESET_AFTER = "reset_after"  # as DROP_AFTER, but the connection is reset
    STATUS = "status"  # an answer of `status`, such as 500, 502 or 401; `acted` says whether it was done first
    PAGE = "page"  # a proxy's HTML with `status`, usually 502, in place of the answer; `acted` as above
    EMPTY = "empty"  # a 200 without a body; `acted` as above
    FLOOD = "flood"  # 429 now, and for `retry_after` seconds: in `chat_id`, or everywhere when that is None
    FORBIDDEN = "forbidden"  # 403 with `description`
    BAD_REQUEST = "bad_request"  # 400 with `description`
    CUT_JSON = "cut_json"  # it was done, but the body of the 200 ends half way
    HANG = "hang"  # it was done, but the answer comes `seconds` later, by the real clock
    STALL = "stall"  # nothing was done; after `seconds` the connection closes


REFUSING = frozenset({FaultKind.FLOOD, FaultKind.FORBIDDEN, FaultKind.BAD_REQUEST})
REPLACING = frozenset({FaultKind.STATUS, FaultKind.PAGE, FaultKind.EMPTY})
UNDONE = frozenset({FaultKind.DROP_BEFORE, FaultKind.RESET_BEFORE, FaultKind.STALL})
RESETTING = frozenset({FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER})
UNANSWERING = UNDONE | RESETTING | {FaultKind.DROP_AFTER}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A fault that waits for the calls it is meant for."""

    kind: FaultKind
    method: str | None = None  # None: every method but getUpdates
    chat_id: int | None = None  # None: every chat
    times: int | None = 1  # None: for as long as it is there
    skip: int = 0  # so many fitting calls pass unharmed first
    share: float = 1.0  # of the fitting calls, 0 to 1, drawn with the sandbox's seed
    status: int = 500
    description: str = ""  # empty: Telegram's usual words
    retry_after: int = 1  # whole seconds
    seconds: float = 0.0  # of HANG and STALL, or that a FLOOD's 429 is held back
    acted: bool = False

    def fits(self, method: str, chat_id: int | None) -> bool:
        wanted = method != "getUpdates" if self.method is None else method == self.method
        return wanted and self.chat_id in (None, chat_id)

    @property
    def is_done_first(self) -> bool:
        """Whether the call does what it asks for before it goes wrong."""
        return self.acted if self.kind in REPLACING else self.kind not in UNDONE | REFUSING


def crowded(chat_id: int, *, seconds: float = 3.0) -> Fault:
    """What more than 310 unsent messages in one chat bring: a held back 429 with a minute.

    The sandbox sends at once, so nothing is ever unsent and this does not come by itself.
    """
    return Fault(kind=FaultKind.FLOOD, chat_id=chat_id, retry_after=60, seconds=seconds)


@dataclass(slots=True)
class _Waiting:
    fault: Fault
    skip: int
    left: int | None
    hits: int = 0


class Faults:
    """The faults in force. The first one added that fits a call gets it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._waiting: list[_Waiting] = []

    @property
    def waiting(self) -> Sequence[Fault]:
        """Those that have not happened as often as they should."""
        return tuple(each.fault for each in self._waiting if each.left != 0)

    @property
    def hits(self) -> int:
        """How many calls have gone wrong so far."""
        return sum(each.hits for each in self._waiting)

    def add(self, fault: Fault) -> Fault:
        self._waiting.append(_Waiting(fault, fault.skip, fault.times))
        return fault

    def remove(self, fault: Fault) -> None:
        """Let this fault happen no more; the hits so far stay counted."""
        for each in self._waiting:
            if each.fault is fault:
                each.left = 0

    def clear(self) -> None:
        """Let everything pass again; the hits so far stay counted."""
        for each in self._waiting:
            each.left = 0

    def pick(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault this call meets, if it meets one."""
        for each in self._waiting:
            if each.left == 0 or not each.fault.fits(method, chat_id):
                continue
            if each.skip > 0:
                each.skip -= 1
                continue
            if each.fault.share < 1 and self._chance.random() >= each.fault.share:
                continue
            each.left = None if each.left is None else each.left - 1
            each.hits += 1
            return each.fault
        return None
