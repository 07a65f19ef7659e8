"""From when the answers after a flag say whether what was done about it has helped."""

from datetime import datetime

from alliance.flags import FlagAction, FlagState
from alliance.repair import VISIT_WITHIN, raised_at_visit
from storage import flags, visits
from storage.tables import Flag
from workflows.unit import Unit


async def dealt_with_at(unit: Unit, flag: Flag) -> datetime | None:
    """When somebody dealt with a flag that is looked at and still open; what is meant for a visit, at that visit.

    The moment may lie ahead: then nothing has been tried yet. None while nobody has looked, and after the end.
    """
    if flag.state != FlagState.ACKNOWLEDGED or flag.settled_at is None:
        return None
    done = await flags.last_settling(unit.session, flag.id)
    if done is None or done.action != FlagAction.RAISE_AT_VISIT:
        return flag.settled_at
    starts = await visits.starts_between(
        unit.session,
        flag.patient_id,
        after=flag.settled_at,
        until=flag.settled_at + VISIT_WITHIN,
        # what was given to another reader can be raised at a visit with that one alone
        clinician_id=flag.clinician_id if flag.is_routed else None,
    )
    return raised_at_visit(flag.settled_at, visits=starts)
