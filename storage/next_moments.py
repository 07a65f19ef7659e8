"""When each kind of thing falls due next: of all kinds together in one question, for a clock that jumps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

Place: TypeAlias = Select[datetime] | Select[datetime | None]  # where the earliest moment of something is found


class NextMoments:
    """A question that is put together once and asked often."""

    def __init__(self, waiting: Mapping[str, Sequence[Place]]) -> None:
        """``waiting`` says of each kind where the earliest moment is found, in one place or in several."""
        self._kinds = [kind for kind, places in waiting.items() for _ in places]
        self._question = select(*(place.scalar_subquery() for places in waiting.values() for place in places))

    async def ask(self, session: AsyncSession) -> dict[str, datetime]:
        """The earliest moment of each kind; one for which nothing waits is left out."""
        moments: Sequence[datetime | None] = (await session.execute(self._question)).one()
        found: dict[str, datetime] = {}
        for kind, moment in zip(self._kinds, moments, strict=True):
            if moment is not None:
                found[kind] = min(moment, found.get(kind, moment))
        return found
