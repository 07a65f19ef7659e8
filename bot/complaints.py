"""What the loops complain about when an operator has to know; the watchdog listens."""

from collections.abc import Callable
from enum import StrEnum


class Complaint(StrEnum):
    """Something that is wrong from one moment on until another."""

    ANOTHER_POLLER = "another_poller"  # a second installation, or a stolen token
    FOREIGN_WEBHOOK = "foreign_webhook"  # somebody has pointed Telegram elsewhere
    TELEGRAM_SILENT = "telegram_silent"  # it cannot be reached, or does not answer
    DATABASE_REFUSES = "database_refuses"
    NOBODY_TO_PAGE = "nobody_to_page"
    CLOCK_IN_DOUBT = "clock_in_doubt"  # the machine or the server says another time than before


# Says that something is wrong, or, with False, that it no longer is. Cheap, so that it may be said each time round.
Complain = Callable[[Complaint, bool], None]


def to_nobody(_what: Complaint, _is_so: bool) -> None:
    """For a program that is stepped by hand."""
