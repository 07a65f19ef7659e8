"""How today stands for a coordinator: who is asked, what waits, what could not be delivered, who has no team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from alliance.access import Action, allowed
from alliance.local_time import instant, local_day
from alliance.not_arranged import NotArranged
from storage import team
from storage import today as stored
from storage.tables import Person
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Today:
    """Patients by what there is about them, each list by code name; somebody may be in several."""

    asked: Sequence[Person]
    waiting: Sequence[Person]  # for a link: the invitation ran out, or a roster wrote them down without one
    undelivered: Sequence[Person]
    without_team: Sequence[Person]


async def today(unit: Unit) -> Today:
    """How this day of the clinic stands; raises NotArranged for somebody who coordinates nobody."""
    if not allowed(unit.actor, Action.INVITE):
        raise NotArranged("not_yours", "Only a coordinator may see how today stands.")
    zone = unit.clinic.zone
    day = local_day(unit.now, zone)
    since, until = instant(day, time(), zone), instant(day + timedelta(days=1), time(), zone)
    return Today(
        asked=await stored.asked(unit.session, since=since, until=until),
        waiting=await stored.without_a_link(unit.session, now=unit.now),
        undelivered=await stored.not_reached(unit.session, since=since, until=until),
        without_team=await team.without_team(unit.session, now=unit.now),
    )
