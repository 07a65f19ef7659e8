"""The flags that one clinician's digest may tell of, with who holds them, asked for in one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.flags import FlagState, Resolution
from storage.tables import Flag, FlagActed, FlagHolder, Snooze


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagsToTell:
    """A clinician's own flags, the oldest first, and by flag who holds it beside or instead of her and until when
    it was put off.
    """

    open: Sequence[Flag]  # not resolved
    acted_on_by_others: Sequence[Flag]  # the latest thing done was done by somebody else since then
    settled: Sequence[Flag]  # resolved since then, the first to be settled first
    holders: Mapping[int, FlagHolder]
    put_off: Mapping[int, date]

    def settled_as(self, resolution: Resolution) -> Sequence[Flag]:
        """Those that came to that end since then."""
        return [flag for flag in self.settled if flag.resolution == resolution]


async def flags_to_tell(session: AsyncSession, clinician_id: int, *, since: datetime) -> FlagsToTell:
    """A clinician's flags that are open, or of which something has become known since that moment."""
    latest = select(func.max(FlagActed.id)).where(FlagActed.flag_id == Flag.id).correlate(Flag).scalar_subquery()
    by_others = (FlagActed.person_id != clinician_id) & (FlagActed.acted_at > since)
    rows = await session.execute(
        select(Flag, by_others, FlagHolder, Snooze.until_on)
        .outerjoin(FlagActed, FlagActed.id == latest)
        .outerjoin(FlagHolder, FlagHolder.flag_id == Flag.id)
        .outerjoin(Snooze, Snooze.flag_id == Flag.id)
        .where(
            Flag.clinician_id == clinician_id,
            or_(Flag.state != FlagState.RESOLVED, Flag.settled_at > since, by_others),
        )
        .order_by(Flag.raised_at, Flag.id)
    )
    # SQLAlchemy's types do not know that an outer join may find none
    found = cast("Sequence[tuple[Flag, bool | None, FlagHolder | None, date | None]]", rows.all())
    settled = [(flag.settled_at, flag.id, flag) for flag, *_ in found if flag.state == FlagState.RESOLVED]
    lately = sorted((at, flag_id, flag) for at, flag_id, flag in settled if at is not None and at > since)
    return FlagsToTell(
        open=[flag for flag, *_ in found if flag.state != FlagState.RESOLVED],
        acted_on_by_others=[flag for flag, others, *_ in found if others],
        settled=[flag for *_, flag in lately],
        holders={flag.id: holder for flag, _, holder, _ in found if holder is not None},
        put_off={flag.id: until for flag, *_, until in found if until is not None},
    )
