"""From a flag through what was done about it to the check-ins after it: better, repaired, or still there."""

from collections.abc import Sequence
from datetime import datetime

from alliance.flags import FlagState
from alliance.items import Domain
from alliance.marker import Signal
from alliance.observation import Observation
from alliance.recovery import Recovery
from alliance.repair import is_improving, still_there
from storage.tables import Flag
from workflows.unit import Unit

IMPROVING, CAME_BACK = "improving_since", "came_back"  # in the reason of a flag


def resolve(unit: Unit, flag: Flag, decided: Recovery) -> None:
    """Later check-ins have settled a flag."""
    flag.state, flag.resolution, flag.settled_at = FlagState.RESOLVED, decided.resolution, unit.now
    kept = {key: value for key, value in flag.reason.items() if key != IMPROVING}
    flag.reason = kept | {"days": decided.days, "was_short": decided.was_short}


def follow_repair(
    unit: Unit, flag: Flag, latest: Sequence[Observation], *, acted_at: datetime | None, is_still_there: bool
) -> None:
    """Take note of a flag that has outlasted what was done about it, or that is on its way back to the usual.

    ``acted_at`` is when it was dealt with: for what is meant for a visit, that visit; None as long as nobody has.
    """
    domain = Domain(flag.domain) if flag.domain else None
    if is_still_there:
        outlasted = acted_at and still_there(latest, domain=domain, raised_at=flag.raised_at, acted_at=acted_at)
        if outlasted:
            resolve(unit, flag, outlasted)
            return
    if flag.signal == Signal.VOICED and acted_at is None:
        return  # no rating had fallen, so none can come back
    is_better = not is_still_there and is_improving(
        latest,
        domain=domain,
        raised_at=acted_at or flag.raised_at if flag.signal == Signal.VOICED else flag.raised_at,
        flagged=_number(flag.reason.get("rating")) if flag.signal != Signal.VOICED else None,
        usual_low=_number(flag.reason.get("usual_low")),
    )
    if is_better and IMPROVING not in flag.reason:
        flag.reason = flag.reason | {IMPROVING: unit.now.isoformat()}
    elif not is_better and IMPROVING in flag.reason:
        flag.reason = {key: value for key, value in flag.reason.items() if key != IMPROVING}


def come_back_from(earlier: Flag) -> dict[str, object]:
    """What a new flag keeps of the one before it, which was not repaired: it is not news."""
    return {CAME_BACK: {"flag": earlier.id, "raised_at": earlier.raised_at.isoformat()}}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
