"""Since when somebody waits for a person to get in touch; only real contact ends it."""

from collections.abc import Iterable
from datetime import date, datetime

from alliance.local_time import local_day


def waits_since(asked: Iterable[datetime], *, reached_at: datetime | None) -> datetime | None:
    """The earliest thing that nobody has answered by getting in touch; None when there is none.

    ``asked`` holds the moments of open flags and of wishes to be called, ``reached_at`` is the latest contact. That
    somebody has looked, will raise it or has put it off answers nothing the patient could notice.
    """
    return min((at for at in asked if reached_at is None or at > reached_at), default=None)


def days_waited(since: datetime, *, on: date, zone: str) -> int:
    """Whole calendar days from that moment to a day, counted in a zone; never negative."""
    return max(0, (on - local_day(since, zone)).days)
