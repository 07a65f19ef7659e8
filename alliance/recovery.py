"""What became of a possible rupture: the check-ins after it decide, and after somebody has acted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.flags import Resolution
from alliance.items import Domain
from alliance.observation import Observation

HALF_THE_RANGE = 0.5
RECOVERED_TWICE = 2  # one good answer may be politeness
NEXT_ANSWERS = 4  # after somebody has acted; what has not recovered by then has not been repaired
ENOUGH_TIME = timedelta(days=7)  # daily answers would judge within half a week what is meant for the next visit
SHORT = 2  # low answers at most: a dip that comes back soon is a V (Stiles et al. 2004; Strauss et al. 2006)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """How a flag's story ended, how many days it took, and whether it was a short dip."""

    resolution: Resolution
    days: int
    was_short: bool = False


def recovery(
    latest: Sequence[Observation],
    *,
    domain: Domain | None,
    is_fading: bool = False,
    raised_at: datetime,
    counts_from: datetime | None = None,
    acted_at: datetime | None,
    usual_low: float | None,
) -> Recovery | None:
    """How it ended, told from the latest check-ins, oldest first; None while that is open.

    A silence is over with the first reply, thinned replies with two in a row. A fall is over when the two latest
    ratings of its domain, both given after the flag, are back above half the range and not below the patient's
    usual; where ratings had never shown it, they count from a later moment, `counts_from`. It is unrepaired when four
    answers and a week after somebody has acted have not brought that.
    """
    if domain is None:
        return _replies_recovery(latest, RECOVERED_TWICE if is_fading else 1, raised_at)
    after = counts_from or raised_at
    enough = max(HALF_THE_RANGE, usual_low or 0.0)
    later = [(seen.at, seen.ratings[domain]) for seen in latest if seen.at > after and domain in seen.ratings]
    good = [rating > HALF_THE_RANGE and rating >= enough for _, rating in later]
    if len(good) >= RECOVERED_TWICE and all(good[-RECOVERED_TWICE:]):
        low = sum(1 for each in good if not each)
        return Recovery(
            resolution=Resolution.REPAIRED, days=(later[-RECOVERED_TWICE][0] - raised_at).days, was_short=low < SHORT
        )
    since = [at for at, _ in later if acted_at is not None and at > acted_at]
    if acted_at is not None and len(since) >= NEXT_ANSWERS and since[-1] - acted_at >= ENOUGH_TIME:
        return Recovery(resolution=Resolution.UNREPAIRED, days=(since[-1] - raised_at).days)
    return None


def _replies_recovery(latest: Sequence[Observation], needed: int, raised_at: datetime) -> Recovery | None:
    newest = [latest[nth] for nth in range(max(0, len(latest) - needed), len(latest))]
    if len(newest) < needed or not all(seen.replied for seen in newest):
        return None
    return Recovery(resolution=Resolution.REPAIRED, days=max(0, (newest[0].at - raised_at).days))
