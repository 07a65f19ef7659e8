"""What was delivered to a patient and what came back, as the rules see it."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from alliance.checkin import CheckinState
from alliance.items import Domain
from alliance.listening import listened
from alliance.observation import Observation
from storage import checkins, messages
from storage.messages import Remark
from storage.tables import Checkin
from workflows.unit import Unit

EVERYTHING = 10_000  # check-ins; more than anybody ever gets
A_FEW_WORDS = 3  # "all fine" says nothing; a sentence does


async def observed(unit: Unit, patient_id: int, *, limit: int) -> list[Observation]:
    """All of it, whoever may read it, oldest first; open check-ins only once answered."""
    given = [
        (checkin, by_domain)
        for checkin, by_domain in await checkins.delivered(unit.session, patient_id, limit=limit)
        if checkin.state != CheckinState.OPEN
    ]
    written = await messages.remarks(unit.session, [checkin.id for checkin, _ in given])
    skipped = await checkins.skipped(unit.session, [checkin.id for checkin, _ in given])
    return [
        seen(checkin, by_domain, written.get(checkin.id, ()), has_skipped=checkin.id in skipped)
        for checkin, by_domain in given
    ]


def seen(
    checkin: Checkin, by_domain: Mapping[str, Sequence[float]], written: Sequence[Remark], *, has_skipped: bool
) -> Observation:
    """One check-in with what was given in it."""
    words = max((remark.word_count for remark in written), default=None)
    read = [heard for remark in written if (heard := listened(remark.heard, message=remark.row_id)) is not None]
    return Observation(
        at=checkin.due_at,
        ratings={Domain(domain): fmean(fractions) for domain, fractions in by_domain.items()},
        replied=bool(by_domain or written or has_skipped),  # who says "not this one" has replied
        wrote=(words or 0) >= A_FEW_WORDS,
        words=words,
        appeasing=any(one.appeasing for one in read) if read else None,
        heard=tuple(heard for one in read for heard in one.heard),
        instrument=checkin.instrument,
    )
