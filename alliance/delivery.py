"""What becomes of a message that was tried: the promises of each lane when Telegram's answer is unclear."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

MOST_COPIES = 2  # one extra copy after an unclear answer, never more
MOST_REPEATS = 15  # tries of what can be repeated harmlessly: some ten minutes
LONGEST_WAIT = timedelta(minutes=1)  # between two tries while Telegram cannot be reached


class Lane(IntEnum):
    """Priority; the lower number goes first. The last two do not go to Telegram and wait for none of the others."""

    SAFETY = 0
    REPLY = 1  # to a person who is waiting
    CHECKIN = 2
    DIGEST = 3
    BULK = 4
    ELSEWHERE = 5  # by the second channel: e-mail, or a web address
    MAIL = 6  # a digest by e-mail


NOT_TO_TELEGRAM = (Lane.ELSEWHERE, Lane.MAIL)
TO_TELEGRAM = tuple(lane for lane in Lane if lane not in NOT_TO_TELEGRAM)


class OutboxState(StrEnum):
    """Where an outgoing message stands; the last six are its true ends."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


class Result(StrEnum):
    """What one try came to, decided by the cause of the error and not by its name."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    AMBIGUOUS = "ambiguous"
    BLOCKED = "blocked"
    REJECTED = "rejected"
    HELD = "held"  # Telegram asked us to wait
    UNWANTED = "unwanted"  # not tried: what it was for is gone


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """The state after a try, and for one that goes back to the queue how long it rests there."""

    state: OutboxState
    rest: timedelta = timedelta(0)


def after_try(
    result: Result, *, lane: Lane, repeatable: bool, tries: int, unclear: int, hold: timedelta = timedelta(0)
) -> Next:
    """What follows from one try.

    ``tries`` counts this one; ``unclear`` counts the tries, this one included, after which nobody can
    know whether the person saw the message. ``repeatable`` is True where doing it twice is the same as
    doing it once (an edit, a deletion). ``hold`` is what Telegram asked for with HELD.
    """
    match result:
        case Result.SENT:
            return Next(state=OutboxState.SENT)
        case Result.BLOCKED:
            return Next(state=OutboxState.BLOCKED)
        case Result.REJECTED:
            return Next(state=OutboxState.REJECTED)
        case Result.UNWANTED:
            return Next(state=OutboxState.CANCELLED)
        case Result.HELD:
            return Next(state=OutboxState.QUEUED, rest=hold)
        case Result.AMBIGUOUS if not repeatable:
            if unclear >= MOST_COPIES:
                return Next(state=OutboxState.UNCERTAIN)
            return Next(state=OutboxState.QUEUED, rest=_REST_BEFORE_COPY[lane])
        case Result.AMBIGUOUS if unclear >= MOST_REPEATS:
            return Next(state=OutboxState.UNCERTAIN)  # an edit that never comes back must not block its chat
        case _:
            return Next(state=OutboxState.QUEUED, rest=min(timedelta(seconds=2 ** min(tries, 6)), LONGEST_WAIT))


_REST_BEFORE_COPY = {
    Lane.SAFETY: timedelta(seconds=1),  # a copy is better than silence
    Lane.REPLY: timedelta(seconds=2),
    Lane.CHECKIN: timedelta(minutes=10),  # a tap in the meantime proves that the first one arrived
    Lane.DIGEST: timedelta(seconds=30),
    Lane.BULK: timedelta(minutes=10),
    Lane.ELSEWHERE: timedelta(seconds=30),
    Lane.MAIL: timedelta(minutes=10),  # its Message-ID is the same, so that a mailbox can tell a copy
}
