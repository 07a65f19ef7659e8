"""How often each rule for flags was right, told from what clinicians did and said about them."""

from datetime import datetime

from alliance.acting import Deed
from alliance.flag_figures import FlagJudged, FlagPrecision, flag_precision
from storage import acting
from workflows.unit import Unit

_NO_JUDGEMENT = (Deed.PUT_OFF, Deed.HANDED_OVER, Deed.GIVEN_BACK)  # whoever does one of these has yet to look


async def precision(unit: Unit, *, since: datetime | None = None) -> tuple[FlagPrecision, ...]:
    """Of the flags raised since then, or of all: how often each rule was right, with the reasons why not."""
    rows = await acting.judged(unit.session, since=since, except_for=_NO_JUDGEMENT)
    return flag_precision(
        FlagJudged(rule=rule, resolution=resolution, was_acted_on=acted, why_not=why)
        for rule, resolution, acted, why in rows
    )
