"""What a colleague did about a clinician's flags in her place: for her first digest afterwards."""

from dataclasses import dataclass
from datetime import datetime

from alliance.flags import FlagState, Resolution
from storage import flags
from storage.tables import Flag, Person
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedAfter:
    """Flags somebody else has acted on since: those still open come back, those settled are told once."""

    open: tuple[Flag, ...]
    settled: tuple[Flag, ...]


async def looked_after(unit: Unit, clinician: Person, *, since: datetime) -> LookedAfter:
    """A clinician's flags of which a colleague did the latest thing since that moment.

    What later check-ins have repaired is told as repaired, and not a second time here.
    """
    found = await flags.acted_on_by_others(unit.session, clinician.id, since=since)
    return LookedAfter(
        open=tuple(flag for flag in found if flag.state == FlagState.ACKNOWLEDGED),
        settled=tuple(
            flag for flag in found if flag.state == FlagState.RESOLVED and flag.resolution != Resolution.REPAIRED
        ),
    )
