"""The hours a patient asks for: at what time a check-in is welcome, and when nothing may be delivered."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, time

from alliance.local_time import QuietHours, out_of_quiet

OFFERED_QUIET = ("20:00-09:00", "22:00-08:00", "23:00-10:00")  # with one tap; any other can be written
LEAST_OPEN = 120  # minutes a day that must stay open, or nothing could ever be delivered
NOON = 12
MOST_ROUNDS = 8  # from one quiet stretch into the next; more only when together they never end
_DAY = 24 * 60  # minutes

_TIME = re.compile(
    r"(?:at |a las? )?(\d{1,2})(?:[:.h](\d{2}))? ?(h|hrs?|am|pm|a\.m\.?|p\.m\.?|de la (?:manana|tarde|noche))?"
)
_BETWEEN = re.compile(r" ?(?:-|\u2013|\bto\b|\buntil\b|\bhasta(?: las?)?\b|\b[ya]\b(?: las?)?) ?")
_BEFORE_HOURS = re.compile(r"^(?:from |between |de |desde |entre )(?:las? )?")


def read_time(words: str) -> str | None:
    """A time of day as HH:MM, from ``18:30``, ``6:30 pm``, ``9``, ``18h`` or ``a las 9``; None for anything else."""
    found = _TIME.fullmatch(_plain(words))
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
    if half in {"am", "pm"} or half.startswith("de la"):
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half not in {"am", "de la manana"} else 0)
    try:
        return f"{time(hour, minute):%H:%M}"
    except ValueError:
        return None


def read_quiet(words: str) -> QuietHours | None:
    """Quiet hours from ``22:00-07:30``, ``22 to 8`` or ``de 22 a 8``; None for anything else."""
    ends = _BETWEEN.split(_BEFORE_HOURS.sub("", _plain(words)))
    times = [read_time(end) for end in ends if end]
    if len(times) != 2 or times[0] is None or times[1] is None or times[0] == times[1]:  # noqa: PLR2004  # a start, an end
        return None
    return QuietHours(start=time.fromisoformat(times[0]), end=time.fromisoformat(times[1]))


def in_words(quiet: QuietHours) -> str:
    """Quiet hours as ``22:00-07:30``; ``read_quiet`` reads it back."""
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"


def leave_room(hours: Sequence[QuietHours]) -> bool:
    """Whether at least two hours of the day lie outside all of these."""
    quiet = {minute for each in hours for minute in range(_DAY) if _covers(each, minute)}
    return _DAY - len(quiet) >= LEAST_OPEN


def out_of_all(moment: datetime, zone: str, hours: Sequence[QuietHours]) -> datetime:
    """The moment itself, or the first one after it that lies in none of these quiet hours, in UTC.

    Where together they leave no moment of the day open, the first of them alone counts.
    """
    reached = moment
    for _ in range(MOST_ROUNDS):
        before = reached
        for quiet in hours:
            reached = out_of_quiet(reached, zone, quiet)
        if reached == before:
            return reached
    return out_of_quiet(moment, zone, hours[0])


def _covers(quiet: QuietHours, minute: int) -> bool:
    start, end = (at.hour * 60 + at.minute for at in (quiet.start, quiet.end))
    return start <= minute < end if start < end else minute >= start or minute < end


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
