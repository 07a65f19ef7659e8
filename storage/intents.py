"""What is put into the outbox, and what comes out of it at each step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from alliance.delivery import Lane, OutboxState, Result
from storage.tables import Outgoing
from storage.vault import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """Something to be said; ``key`` names what it is for, and a key is said once.

    ``body`` is the method's JSON as it goes over the wire. Not sent any more from ``expires_at`` on, nor,
    with ``only_while_enrolled``, to a patient who may not be asked. ``take_away_after`` is in seconds.
    """

    key: str
    lane: Lane
    chat_id: int
    person_id: int | None
    method: str
    body: Mapping[str, object]
    due_at: datetime
    expires_at: datetime | None = None
    only_while_enrolled: bool = False
    take_away_after: int | None = None
    checkin_id: int | None = None
    alert_id: int | None = None
    page_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A message that is marked as being sent; ``tries`` counts the one to come.

    ``carries`` are others, marked as well, that it says what they were to say: what becomes of it becomes of them.
    """

    id: int
    key: str
    lane: Lane
    chat_id: int
    person_id: int | None
    method: str
    body: dict[str, object]
    tries: int
    unclear: int
    checkin_id: int | None
    alert_id: int | None
    take_away_after: int | None
    expires_at: datetime | None
    page_id: int | None = None
    carries: tuple[int, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """This message and those it carries."""
        return (self.id, *self.carries)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What one try came to; ``hold`` is what Telegram asked for with HELD, ``cause`` a class or a code."""

    id: int
    result: Result
    cause: str | None = None
    message_id: int | None = None
    hold: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A message that came to its end just now, so that the workflows can draw the consequences."""

    id: int
    key: str
    lane: Lane
    chat_id: int
    person_id: int | None
    method: str
    state: OutboxState
    cause: str | None
    message_id: int | None
    checkin_id: int | None
    alert_id: int | None

    @classmethod
    def of(cls, row: Outgoing) -> Self:
        """The facts of a row in its last state."""
        return cls(
            id=row.id,
            key=row.key,
            lane=Lane(row.lane),
            chat_id=row.chat_id,
            person_id=row.person_id,
            method=row.method,
            state=OutboxState(row.state),
            cause=row.cause,
            message_id=row.message_id,
            checkin_id=row.checkin_id,
            alert_id=row.alert_id,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What is to be sent now, and what ended at the gates instead."""

    rows: list[Claimed]
    settled: list[Settled]


def place_of(key: str, person_id: int | None) -> Place:
    """Where a body belongs, so that it opens nowhere else."""
    return Place(table="outbox", column="body", row=key, person=person_id)
