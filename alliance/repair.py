"""A repair on its way: better but not yet as usual, or as low as before although somebody has acted.

Ruptures that are worked on resolve within a few meetings: Stiles et al. (2004) and Strauss et al. (2006) look for the
return within three to five sessions, Larsson et al. (2018) find most repairs within that. Hence four answers, and at
least a week; sooner nobody can say that something did not help.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alliance.acting import LONGEST_SNOOZE
from alliance.flags import Resolution
from alliance.items import Domain
from alliance.observation import Observation
from alliance.recovery import ENOUGH_TIME, HALF_THE_RANGE, NEXT_ANSWERS, Recovery

HALF_WAY = 0.5  # of the way back to the usual; less is no more than the scatter of single answers
VISIT_WITHIN = timedelta(days=LONGEST_SNOOZE)  # a strain is not kept out of sight for longer by an appointment either


def raised_at_visit(pressed_at: datetime, *, visits: Sequence[datetime]) -> datetime:
    """When something that is meant for a visit counts as raised: at the first visit within four weeks of the press.

    Until then nothing has been done about it, so answers before it prove nothing. While no such visit is planned, it
    counts from the press; otherwise what nobody ever raises would stay open for good.
    """
    return min((at for at in visits if pressed_at < at <= pressed_at + VISIT_WITHIN), default=pressed_at)


def still_there(
    latest: Sequence[Observation], *, domain: Domain | None, raised_at: datetime, acted_at: datetime
) -> Recovery | None:
    """Whether a sign that is still there has outlasted what somebody did; None while it is too early to say.

    ``latest`` are the latest delivered check-ins, oldest first. Ratings of the domain count, for what is about replies
    every delivered check-in: an unanswered one is what it is about.
    """
    since = [seen.at for seen in latest if seen.at > acted_at and (domain is None or domain in seen.ratings)]
    if len(since) < NEXT_ANSWERS or since[-1] - acted_at < ENOUGH_TIME:
        return None
    return Recovery(resolution=Resolution.UNREPAIRED, days=(since[-1] - raised_at).days)


def is_improving(
    latest: Sequence[Observation],
    *,
    domain: Domain | None,
    raised_at: datetime,
    flagged: float | None,
    usual_low: float | None,
) -> bool:
    """Whether the newest answer after a flag is a good one, or at least half of the way back to the usual.

    Ratings are fractions, 0 to 1; ``flagged`` is the one the flag was raised at, None where no rating had fallen. For
    replies it is that the newest check-in has one again. It ends nothing: one good answer may be politeness.
    """
    if not latest or latest[-1].at <= raised_at:
        return False
    if domain is None:
        return latest[-1].replied
    rated = [seen.ratings[domain] for seen in latest if seen.at > raised_at and domain in seen.ratings]
    if not rated:
        return False
    enough = max(HALF_THE_RANGE, usual_low or 0.0)
    least = enough if flagged is None else min(enough, flagged + HALF_WAY * (enough - flagged))
    return rated[-1] >= least and rated[-1] > (HALF_THE_RANGE if flagged is None else flagged)
