"""How the bot itself is: what waits, what nobody could handle, the last digest, the last backup, and each loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import heartbeats, staff_list
from storage.figures import BACKUP, Figures, figures
from storage.inbox import InboxState
from workflows.unit import Unit

STALE = timedelta(minutes=3)  # of a loop's heartbeat; the fastest of them beat every few seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Numbers and moments; nothing about anybody."""

    figures: Figures
    waiting: int
    dead: int
    queued: Mapping[str, int]
    uncertain: int
    last_digest_at: datetime | None
    backup_at: datetime | None
    loops: Mapping[str, timedelta]


async def look_at_health(unit: Unit) -> Health:
    """As it is at this moment."""
    found = await figures(unit.session, now=unit.now)
    ages = await heartbeats.ages(unit.session, unit.now)
    return Health(
        figures=found,
        waiting=found.inbox[InboxState.WAITING],
        dead=found.inbox[InboxState.DEAD],
        queued={lane.name.lower(): number for (lane, state), number in found.outbox.items() if state == "queued"},
        uncertain=sum(number for (_, state), number in found.outbox.items() if state == "uncertain"),
        last_digest_at=await staff_list.last_digest_at(unit.session),
        backup_at=unit.now - found.backup_age if found.backup_age is not None else None,
        loops={loop: age for loop, age in sorted(ages.items()) if loop != BACKUP},
    )
