"""Health: whether the bot itself does what it should, in numbers."""

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
            "minutes": lambda age: int(age.total_seconds() // 60),  # pyright: ignore[reportUnknownLambdaType]  # a template's own
        },
    )


DOORS = (Door(page=Page.HEALTH, path="/health", does=show),)
