"""Whether somebody's clock may have changed: a guess from the hours at which they write and tap, and nothing surer.

Telegram tells no zone. All there is to see is that somebody who never stirs at night does so now, several days in a
row, while the hours that were theirs have gone quiet. A new-born child, night shifts and sleepless nights look alike,
so it is only ever a question. Two to five in the morning is when least people are awake wherever they live; journeys
that move nobody's day into these hours are not noticed.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from alliance.local_time import local_day, local_time

LATELY = timedelta(days=4)  # a journey shows within days, and is over within weeks
BEFORE = timedelta(days=28)  # what was usual before that
NIGHT_BEGINS, NIGHT_ENDS = time(2), time(5)
NIGHTS = 3  # of the last days; one night says nothing, and two may be a bad stretch
USUAL_ACTS, USUAL_DAYS = 10, 5  # from here on somebody has a habit that can be compared with
MOST_NIGHTS_BEFORE = 0.1  # of the days: who is up at night anyway has not travelled
LEAST_UNUSUAL = 0.5  # of what was done lately: outside the hours that were theirs, and an hour around them
ASK_AGAIN_AFTER = timedelta(days=14)


def is_night(at: datetime, zone: str) -> bool:
    """Whether it is deep night there."""
    return NIGHT_BEGINS <= local_time(at, zone) < NIGHT_ENDS


def clock_may_have_changed(acts: Sequence[datetime], *, zone: str, now: datetime) -> bool:
    """Whether what a person did, at these moments, makes another zone likely enough to ask.

    Only the last four days and the four weeks before them count; without a habit of before nothing is guessed.
    """
    lately = [act for act in acts if now - LATELY < act <= now]
    before = [act for act in acts if now - LATELY - BEFORE < act <= now - LATELY]
    if len(before) < USUAL_ACTS or len(_days(before, zone)) < USUAL_DAYS:
        return False
    if len(_nights(before, zone)) > MOST_NIGHTS_BEFORE * len(_days(before, zone)):
        return False
    if len(_nights(lately, zone)) < NIGHTS:
        return False
    theirs = _hours_around(before, zone)
    unusual = sum(1 for act in lately if local_time(act, zone).hour not in theirs)
    return unusual >= LEAST_UNUSUAL * len(lately)


def may_ask(*, asked_at: datetime | None, kept_at: datetime | None, now: datetime) -> bool:
    """At most once a fortnight, and never again once somebody has said that their clock is right."""
    return kept_at is None and (asked_at is None or now - asked_at >= ASK_AGAIN_AFTER)


def _days(acts: Sequence[datetime], zone: str) -> Collection[date]:
    return {local_day(act, zone) for act in acts}


def _nights(acts: Sequence[datetime], zone: str) -> Collection[date]:
    return {local_day(act, zone) for act in acts if is_night(act, zone)}


def _hours_around(acts: Sequence[datetime], zone: str) -> Collection[int]:
    hours = {local_time(act, zone).hour for act in acts}
    return {(hour + beside) % 24 for hour in hours for beside in (-1, 0, 1)}
