"""Health: whether the bot itself does what it should, in numbers."""

from datetime import timedelta

from alliance.console import Page
from console.doors import Answer, Asking, Door, Shown
from workflows.look_at_health import STALE, look_at_health


async def show(asking: Asking) -> Answer:
    """As it is at this moment."""
    seen = await look_at_health(asking.unit)
    return Shown(
        template="health",
        values={
            "seen": seen,
            "stale": {loop for loop, age in seen.loops.items() if age > STALE},
            "minutes": _minutes,
        },
    )


def _minutes(age: timedelta) -> int:
    return int(age.total_seconds() // 60)


DOORS = (Door(page=Page.HEALTH, path="/health", does=show),)
