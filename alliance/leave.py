"""A clinician is away and somebody reads for her: who that is, or why it is nobody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_LEAVE = 365  # days; whoever is away for longer gives the caseload to somebody


class Why(StrEnum):
    """Why somebody reads in a clinician's place, or nobody does."""

    HERSELF = "herself"  # she is there
    COVER = "cover"
    COVERS_COVER = "covers_cover"  # the cover is away too, and somebody reads for the cover
    NOBODY_NAMED = "nobody_named"
    OUT_OF_REACH = "out_of_reach"  # the one named cannot be reached, or is a clinician no more
    CIRCLE = "circle"  # those named are away as well, and name each other


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """Who reads for a clinician; ``person_id`` is None when nobody does."""

    person_id: int | None
    why: Why

    @property
    def is_somebody_else(self) -> bool:
        """Whether a colleague reads in her place."""
        return self.person_id is not None and self.why is not Why.HERSELF


def is_away(starts_on: date, back_on: date | None, *, today: date) -> bool:
    """Whether a leave covers that day; on the day of return she is back."""
    return starts_on <= today and (back_on is None or today < back_on)


def share_a_day(starts_on: date, back_on: date | None, other_starts_on: date, other_back_on: date | None) -> bool:
    """Whether two leaves have a day in common."""
    return (other_back_on is None or starts_on < other_back_on) and (back_on is None or other_starts_on < back_on)


def stand_in(person_id: int, *, covers: Mapping[int, int | None], can_read: Collection[int]) -> StandIn:
    """Who reads for a clinician at one moment.

    ``covers`` holds everybody who is away then, each with the colleague named, ``can_read`` the clinicians whom a
    digest would reach. A cover who is away is followed to the cover's own cover, and so on to somebody who is
    there; whoever comes round to a person passed before finds nobody.
    """
    passed = [person_id]
    while (here := passed[-1]) in covers:
        named = covers[here]
        if named is None:
            return StandIn(person_id=None, why=Why.NOBODY_NAMED)
        if named in passed:
            return StandIn(person_id=None, why=Why.CIRCLE)
        passed.append(named)
    if here == person_id:
        return StandIn(person_id=person_id, why=Why.HERSELF)
    if here not in can_read:
        return StandIn(person_id=None, why=Why.OUT_OF_REACH)
    return StandIn(person_id=here, why=Why.COVER if covers[person_id] == here else Why.COVERS_COVER)
