"""Moments and days on the command line: ISO 8601, moments with their zone, so that nobody has to guess whose clock."""

from datetime import UTC, date, datetime

from bot.commands.session import BadInput


def read_moment(text: str, *, option: str) -> datetime:
    """The moment that was written, in UTC; raises BadInput with the option's name for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput(f"{option}: {text!r} is not a moment with its zone; write it as 2026-03-02T20:00+01:00.")


def moment_in_words(moment: datetime) -> str:
    """A moment as the command line prints it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def read_day(text: str, *, option: str) -> date:
    """The day that was written; raises BadInput with the option's name for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option}: {text!r} is not a day; write it as 2026-03-02.") from None
