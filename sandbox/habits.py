"""What one simulated patient is like: how reliably, how soon and how high they answer, and what they write."""

import random
from dataclasses import dataclass
from datetime import timedelta
from math import exp, log, sqrt

from sandbox.ruptures import DOMAINS

USUAL_RATING = 0.79  # of the range; published means of such ratings
BELOW_THE_TOP = 0.263  # half of a normal curve with this spread: mean .21 below the top, deviation .16, skewed down
WITHIN_PERSON = 0.12  # standard deviation from answer to answer, the middle of published figures
WITHIN_PERSON_LOG_SPREAD = 0.35  # people differ in how much they swing
USUAL_REPLY_RATE = 0.72
REPLY_RATE_WEIGHT = 6.0
SHARED = 0.7  # correlation of the domains
LINGERS = 0.25  # correlation of an answer with the one before
SOONEST, LATEST = 1.0, 14 * 60.0  # minutes until a reply
LOWEST_USUAL = 0.35  # of the range: nobody whose usual is the worst answer comes to these visits


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """One patient's ways; rates are shares from 0 to 1, ratings fractions of the scale's range."""

    hour: str  # at which questions are welcome, HH:MM
    language: str = "en"
    reply_rate: float = USUAL_REPLY_RATE
    minutes_to_reply: float = 25.0  # median
    usual: tuple[float, ...] = (USUAL_RATING,) * DOMAINS
    spread: float = WITHIN_PERSON
    sentence_rate: float = 0.25
    typed_rate: float = 0.03  # a number written instead of tapped
    old_tap_rate: float = 0.02  # a tap on last week's message
    sticker_rate: float = 0.01
    edit_rate: float = 0.1  # of sentences


def drawn(chance: random.Random, *, language: str, hour: str) -> Habits:
    """Draw somebody's habits from what is known of people who answer such questions."""
    middle = max(1 - abs(chance.gauss(0, BELOW_THE_TOP)), LOWEST_USUAL)
    return Habits(
        hour=hour,
        language=language,
        reply_rate=chance.betavariate(REPLY_RATE_WEIGHT * USUAL_REPLY_RATE, REPLY_RATE_WEIGHT * (1 - USUAL_REPLY_RATE)),
        minutes_to_reply=exp(chance.gauss(log(25), 0.8)),
        usual=tuple(min(max(middle + chance.gauss(0, 0.05), LOWEST_USUAL), 1.0) for _ in range(DOMAINS)),
        spread=WITHIN_PERSON * exp(chance.gauss(0, WITHIN_PERSON_LOG_SPREAD)),
        sentence_rate=chance.betavariate(1.2, 3.6),
    )


class Mood:
    """The ups and downs around a patient's usual."""

    def __init__(self, habits: Habits, chance: random.Random) -> None:
        self._habits, self._chance = habits, chance
        self._lately = [0.0] * DOMAINS

    def next(self) -> tuple[float, ...]:
        """Move on by one check-in; return how each domain feels, as fractions of the range, unrounded."""
        shared = self._chance.gauss(0, 1)
        for domain in range(DOMAINS):
            news = sqrt(SHARED) * shared + sqrt(1 - SHARED) * self._chance.gauss(0, 1)
            self._lately[domain] = LINGERS * self._lately[domain] + sqrt(1 - LINGERS**2) * news
        return tuple(
            usual + self._habits.spread * swing for usual, swing in zip(self._habits.usual, self._lately, strict=True)
        )


def until_reply(habits: Habits, chance: random.Random) -> timedelta:
    """How long it takes this time until the person picks up the phone."""
    minutes = habits.minutes_to_reply * exp(chance.gauss(0, 1))
    return timedelta(minutes=min(max(minutes, SOONEST), LATEST))
