"""One clinician's week in figures: what was answered, and how often her own verdict was that a flag was none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from alliance.acting import MOVES
from alliance.flags import FlagAction

WEEKS_OF_VERDICTS = 12  # a week alone holds too few
# With twenty the true share still lies up to some twenty points either way (Wilson's interval, 95 %); with ten it could
# be nearly anything between a half and all, and a percentage would say more than is known.
ENOUGH_FOR_A_SHARE = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """Counts of one clinician's or one team's patients, from a Monday to the Sunday after it."""

    since: date
    until: date  # the Sunday
    asked: int  # check-ins that reached somebody
    answered: int
    judged: int  # flags somebody has looked at, of the last WEEKS_OF_VERDICTS weeks
    dismissed: int  # of these: not a rupture


def last_week(today: date) -> tuple[date, date]:
    """Monday and Sunday of the last whole week."""
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def verdicts(actions: Iterable[tuple[int, str]]) -> tuple[int, int]:
    """How many flags were judged, and how many of them dismissed; given as flag and action, the oldest first.

    The last verdict counts: who looked at a flag and later found it to be none has dismissed it. Whoever puts a flag
    off, hands it over or gives it back has yet to look.
    """
    last = {flag: action for flag, action in actions if action not in MOVES}
    return len(last), sum(1 for action in last.values() if action == FlagAction.NOT_A_RUPTURE)


def share(part: int, whole: int) -> int | None:
    """A percentage, or None where there are too few to name one."""
    return round(100 * part / whole) if whole >= ENOUGH_FOR_A_SHARE else None
