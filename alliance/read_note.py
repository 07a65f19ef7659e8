"""When a patient hears that something was read: at an hour that tells nobody when, or by whom."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from alliance.local_time import QuietHours, instant, local_day, local_time
from alliance.own_hours import out_of_all

TOLD_AT = time(17, 30)  # always then, so that the note never seems to answer a reading of just now
WAKING_FROM, WAKING_UNTIL = time(9), time(20)
DAYS_AHEAD = 2  # further ahead it would be no news


def when_told(now: datetime, *, zone: str, quiet: Sequence[QuietHours]) -> datetime | None:
    """The next moment for the note, in UTC: the usual hour, moved out of the quiet hours and into waking ones.

    None where quiet hours leave no waking hour: then it is not said.
    """
    today = local_day(now, zone)
    for at in (TOLD_AT, WAKING_FROM):
        for ahead in range(DAYS_AHEAD):
            moment = out_of_all(instant(today + timedelta(days=ahead), at, zone), zone, quiet)
            if moment > now and WAKING_FROM <= local_time(moment, zone) <= WAKING_UNTIL:
                return moment
    return None
