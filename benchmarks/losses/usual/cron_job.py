"""APScheduler's cron trigger, set to a local time of day.

Follows https://apscheduler.readthedocs.io/en/3.x/modules/triggers/cron.html
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# APScheduler ships no types
import json
import sys
from datetime import datetime

from apscheduler.triggers.cron import CronTrigger


def main() -> None:
    """Words: zone, HH:MM, first moment, last moment (ISO); prints the moments at which it fires, as JSON."""
    zone, at, first, last = sys.argv[1:]
    hour, minute = map(int, at.split(":"))
    trigger = CronTrigger(hour=hour, minute=minute, timezone=zone)
    fires: list[datetime] = []
    moment, until = datetime.fromisoformat(first), datetime.fromisoformat(last)
    # as the scheduler asks it: after each run for the one that follows
    fire = trigger.get_next_fire_time(None, moment)
    while fire is not None and fire <= until:
        fires.append(fire)
        fire = trigger.get_next_fire_time(fire, fire)
    print(json.dumps([fire.isoformat() for fire in fires]), flush=True)
