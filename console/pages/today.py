"""Today: who is asked, what waits for whoever looks, what did not arrive, and who is without a team."""

from alliance.checkin import CheckinState
from alliance.console import Page
from console.doors import Answer, Asking, Door, Looked, Onward, Shown
from workflows.today import overview

_ASKED = (CheckinState.QUEUED, CheckinState.OPEN)
_NOT_ASKED = (CheckinState.MISSED, CheckinState.UNDELIVERABLE, CheckinState.UNCERTAIN)


async def show(asking: Asking) -> Answer:
    """The first page; whoever has none of its sections goes on to the first page there is."""
    if not asking.may_open(Page.TODAY):
        return Onward(to="/health")
    seen = await overview(asking.unit)
    return Shown(
        template="today",
        values={
            "seen": seen,
            "answered": seen.asked.get(CheckinState.ANSWERED, 0),
            "open": sum(seen.asked.get(state, 0) for state in _ASKED),
            "unasked": sum(seen.asked.get(state, 0) for state in _NOT_ASKED),
            "opens_patients": asking.may_open(Page.PATIENT),
        },
        looked=Looked(action="looked_at_today", kind="console"),
    )


DOORS = (Door(page=Page.TODAY, path="/", does=show),)
