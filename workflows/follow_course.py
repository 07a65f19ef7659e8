"""What was delivered to a patient and what came back, as the rules see it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean

from alliance.checkin import CheckinState
from alliance.clinician_rating import HOLDS_FOR, REACHES_BACK, View, beside
from alliance.items import Domain
from alliance.listening import listened
from alliance.observation import Observation
from storage import answers, care_teams, clinician_ratings, messages
from storage.messages import Remark
from storage.tables import Checkin, ClinicianRating
from workflows.unit import Unit
from workflows.whom_it_means import whom_it_means

EVERYTHING = 10_000  # check-ins; more than anybody ever gets
A_FEW_WORDS = 3  # "all fine" says nothing; a sentence does


async def observed(unit: Unit, patient_id: int, *, limit: int) -> list[Observation]:
    """All of it, whoever may read it, oldest first; open check-ins only once answered."""
    given = [
        (checkin, by_domain)
        for checkin, by_domain in await answers.delivered(unit.session, patient_id, limit=limit)
        if checkin.state != CheckinState.OPEN
    ]
    ids = [checkin.id for checkin, _ in given]
    written = await messages.remarks(unit.session, ids)
    # who says "not this one", or rates the bond with somebody else only, has replied
    replied = {*written, *await answers.skipped(unit.session, ids), *await answers.answered_among(unit.session, ids)}
    views = await views_of(unit, patient_id, [checkin for checkin, _ in given])
    colleagues = await care_teams.colleagues(unit.session, patient_id)
    return [
        seen(
            checkin,
            by_domain,
            written.get(checkin.id, ()),
            has_replied=checkin.id in replied,
            bond_asked=whom_it_means(checkin) not in colleagues,
            views=beside(views, at=checkin.due_at, clinician_id=checkin.clinician_id),
        )
        for checkin, by_domain in given
    ]


async def views_of(unit: Unit, patient_id: int, given: Sequence[Checkin]) -> list[View]:
    """What clinicians thought at about the time of these check-ins."""
    if not given:
        return []
    rows = await clinician_ratings.given_between(
        unit.session, patient_id, after=given[0].due_at - HOLDS_FOR, until=given[-1].due_at + REACHES_BACK
    )
    return [view_of(row) for row in rows]


def view_of(row: ClinicianRating) -> View:
    """A clinician's rating as fractions of the scale that it was given on."""
    numbers = {Domain.GOAL: row.goal, Domain.TASK: row.task, Domain.BOND: row.bond}
    return View(
        clinician_id=row.clinician_id,
        at=row.ended_at or row.asked_at,
        fractions={
            domain: (number - row.lowest) / (row.highest - row.lowest)
            for domain, number in numbers.items()
            if number is not None
        },
    )


def seen(
    checkin: Checkin,
    by_domain: Mapping[str, Sequence[float]],
    written: Sequence[Remark],
    *,
    has_replied: bool,
    bond_asked: bool,
    views: Mapping[Domain, float],
) -> Observation:
    """One check-in with what was given in it."""
    thoughts = Counter[int]()  # what was sent in several messages was one reply of so many words
    for remark in written:
        thoughts[remark.thought] += remark.word_count
    words = max(thoughts.values(), default=None)
    read = [heard for remark in written if (heard := listened(remark.heard, message=remark.row_id)) is not None]
    return Observation(
        at=checkin.due_at,
        ratings={Domain(domain): fmean(fractions) for domain, fractions in by_domain.items()},
        replied=has_replied,
        wrote=(words or 0) >= A_FEW_WORDS,
        words=words,
        appeasing=any(one.appeasing for one in read) if read else None,
        clinician_ratings=views,
        heard=tuple(heard for one in read for heard in one.heard),
        instrument=checkin.instrument,
        bond_asked=bond_asked,
    )
