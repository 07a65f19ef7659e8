"""What a colleague did about a clinician's flags in her place: for her first digest afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.flags import FlagState, Resolution
from storage.tables import Flag


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedAfter:
    """Flags somebody else has acted on since: those still open come back, those settled are told once."""

    open: tuple[Flag, ...]
    settled: tuple[Flag, ...]


def looked_after(found: Sequence[Flag]) -> LookedAfter:
    """Those of a clinician's flags of which a colleague did the latest thing.

    What later check-ins have repaired is told as repaired, and not a second time here.
    """
    return LookedAfter(
        open=tuple(flag for flag in found if flag.state == FlagState.ACKNOWLEDGED),
        settled=tuple(
            flag for flag in found if flag.state == FlagState.RESOLVED and flag.resolution != Resolution.REPAIRED
        ),
    )
