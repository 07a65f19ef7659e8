"""The one gentle question after a low answer: which answers get it, what can be chosen, what should follow."""

from collections.abc import Mapping
from enum import StrEnum

from alliance.items import Domain, Instrument, Item


class Concern(StrEnum):
    """What lies behind a low answer, as far as a tap can say it."""

    GOAL_CHANGED = "goal_changed"
    OTHER_GOAL = "other_goal"
    NO_PROGRESS = "no_progress"
    SIDE_EFFECTS = "side_effects"
    BESIDE_PLAN = "beside_plan"  # a medicine, remedy or supplement started, changed or left out
    HARD_TO_DO = "hard_to_do"
    NOT_HEARD = "not_heard"
    SOMETHING_SAID = "something_said"
    NOT_YET_SAID = "not_yet_said"
    TALK = "talk"
    LEFT_OPEN = "left_open"  # asked, and left at that: nothing is told of it


class Wish(StrEnum):
    """What a person would like to happen with it."""

    VISIT = "visit"
    CALL = "call"
    NOTE = "note"


CHOICES: Mapping[Domain, tuple[Concern, ...]] = {
    Domain.GOAL: (Concern.GOAL_CHANGED, Concern.OTHER_GOAL, Concern.NO_PROGRESS, Concern.TALK),
    Domain.TASK: (Concern.SIDE_EFFECTS, Concern.BESIDE_PLAN, Concern.HARD_TO_DO, Concern.TALK),
    Domain.BOND: (Concern.NOT_HEARD, Concern.SOMETHING_SAID, Concern.NOT_YET_SAID, Concern.TALK),
}


def is_low(instrument: Instrument, item: Item, rating: int, *, usual: float | None) -> bool:
    """Whether an answer is low by the instrument's own rule; ``usual`` is the person's own, 0 to 1, if it is known."""
    rule = instrument.follow_up
    if rule is None:
        return False
    span = instrument.highest - instrument.lowest
    highest_low = (rule.low - instrument.lowest) / span if usual is None else usual - rule.below_usual / span
    return instrument.fraction(item, rating) <= highest_low + _ROUNDING


def low_items(
    instrument: Instrument, ratings: Mapping[str, int], *, usuals: Mapping[Domain, float]
) -> tuple[Item, ...]:
    """The lowest low answer of each domain, in the order of the instrument: at most one question for each."""
    lowest: dict[Domain, Item] = {}
    for item in instrument.items:
        rating = ratings.get(item.id)
        if rating is None or not is_low(instrument, item, rating, usual=usuals.get(item.domain)):
            continue
        known = lowest.get(item.domain)
        if known is None or instrument.fraction(item, rating) < instrument.fraction(known, ratings[known.id]):
            lowest[item.domain] = item
    return tuple(lowest.values())


_ROUNDING = 1e-9  # so that exactly so many points below counts, whatever a division makes of it
