"""Which flags a patient's past would have raised: each sign once while it lasts, as in the digest."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alliance.baseline import DEFAULT_PRIOR, Prior
from alliance.course import RECENT, Course
from alliance.flags import NEWS_AFTER
from alliance.observation import Observation
from alliance.recovery import recovery
from alliance.rupture import TOGETHER, Marker, Signal, signs


@dataclass(frozen=True, kw_only=True, slots=True)
class PastFlag:
    """A flag that would have been raised at a check-in; `others` fell together with it."""

    marker: Marker
    raised: Observation
    others: tuple[Marker, ...] = ()


def past_flags(
    history: Iterable[Observation], *, limit: float, points: int, prior: Prior = DEFAULT_PRIOR
) -> Iterator[PastFlag]:
    """The flags of one patient's check-ins, oldest first (else ValueError), in constant memory.

    Nobody has acted on them, so a sign is told again once what it was about has recovered, or two weeks later.
    """
    course, latest = Course(), deque[Observation](maxlen=RECENT)
    live: dict[tuple[Signal, ...], PastFlag] = {}
    for seen in history:
        course = course.after(seen)
        latest.append(seen)
        found = signs(course, prior=prior, limit=limit, points=points)
        for family in TOGETHER:
            markers = [marker for marker in found if marker.signal in family]
            if not markers and family in live and _has_passed(live[family], latest):
                del live[family]
            if markers and (family not in live or seen.at - live[family].raised.at >= NEWS_AFTER):
                live[family] = PastFlag(marker=markers[0], raised=seen, others=tuple(markers[1:]))
                yield live[family]


def _has_passed(flag: PastFlag, latest: deque[Observation]) -> bool:
    marker = flag.marker
    decided = recovery(
        latest,
        domain=marker.domain,
        is_fading=marker.signal is Signal.FADING,
        raised_at=flag.raised.at,
        acted_at=None,
        usual_low=marker.usual.low if marker.usual else None,
    )
    return decided is not None
