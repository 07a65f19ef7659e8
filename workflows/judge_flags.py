"""How often each rule for flags was right, told from what clinicians did and said about them."""

from datetime import datetime

from alliance.acting import MOVES
from alliance.flag_figures import FlagJudged, FlagPrecision, flag_precision
from alliance.week import verdicts
from storage import acting, flags
from workflows.unit import Unit


async def precision(unit: Unit, *, since: datetime | None = None) -> tuple[FlagPrecision, ...]:
    """Of the flags raised since then, or of all: how often each rule was right, with the reasons why not."""
    rows = await acting.judged(unit.session, since=since, except_for=MOVES)
    return flag_precision(
        FlagJudged(rule=rule, resolution=resolution, was_acted_on=acted, why_not=why)
        for rule, resolution, acted, why in rows
    )


async def own_verdicts(unit: Unit, *, since: datetime, until: datetime, person_id: int | None) -> tuple[int, int]:
    """How many flags somebody (None: anybody) has judged in that stretch, and how many of them were none."""
    return verdicts(await flags.verdicts_of(unit.session, since=since, until=until, person_id=person_id))
