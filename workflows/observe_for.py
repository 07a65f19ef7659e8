"""What a patient's check-ins tell one reader: everything that was given to them, and no trace of the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alliance.audience import Subject
from alliance.checkin import CheckinState
from alliance.clinician_rating import beside
from alliance.items import Domain
from alliance.observation import Observation
from alliance.sight import Sight
from storage import answers, care_teams, given, messages
from storage.given import Given
from storage.messages import Remark
from storage.tables import Checkin
from workflows.follow_course import seen, views_of
from workflows.unit import Unit
from workflows.whom_it_means import whom_it_means


async def observed_by(unit: Unit, sight: Sight, *, limit: int) -> list[Observation]:
    """The delivered check-ins as one reader sees them, oldest first.

    The own clinician sees each of them, without what was given to somebody else. Another reader sees those in which
    something was given to them, and nothing of the others: silence is the own clinician's.
    """
    asked = [
        checkin
        for checkin, _ in await answers.delivered(unit.session, sight.patient_id, limit=limit)
        if checkin.state != CheckinState.OPEN
    ]
    ids = [checkin.id for checkin in asked]
    answered = await given.in_checkins(unit.session, ids)
    written = await messages.remarks(unit.session, ids)
    views = await views_of(unit, sight.patient_id, asked) if sight.is_own else []
    colleagues = await care_teams.colleagues(unit.session, sight.patient_id)
    found = [
        _seen_by(
            sight,
            one,
            answered.get(one.id, ()),
            written.get(one.id, ()),
            colleagues=colleagues,
            views=beside(views, at=one.due_at, clinician_id=one.clinician_id),
        )
        for one in asked
    ]
    return [each for each in found if each is not None]


async def visible_to(
    unit: Unit, sight: Sight, rows: Sequence[tuple[Checkin, Mapping[str, Sequence[float]]]]
) -> list[tuple[Checkin, dict[str, list[float]]]]:
    """Delivered check-ins with the fractions a reader may see; to another than the own clinician only such ones."""
    answered = await given.in_checkins(unit.session, [checkin.id for checkin, _ in rows])
    colleagues = await care_teams.colleagues(unit.session, sight.patient_id)
    found = [(checkin, _fractions(_visible(sight, answered.get(checkin.id, ()), colleagues))) for checkin, _ in rows]
    return [(checkin, by_domain) for checkin, by_domain in found if by_domain or sight.is_own]


def _seen_by(
    sight: Sight,
    checkin: Checkin,
    replies: Sequence[Given],
    written: Sequence[Remark],
    *,
    colleagues: frozenset[int],
    views: Mapping[Domain, float],
) -> Observation | None:
    visible = _visible(sight, replies, colleagues)
    words = [remark for remark in written if sight.sees(Subject.REMARKS, at=remark.received_at)]
    others_rated = any(one.fraction is not None and one.domain != Domain.BOND for one in replies)
    is_told_of_bond = sight.sees(Subject.BOND, at=_bond_at(checkin, replies))
    bond_asked = whom_it_means(checkin) not in colleagues
    if not sight.is_own and not (visible or words or (is_told_of_bond and bond_asked and others_rated)):
        return None
    told = seen(
        checkin,
        _fractions(visible),
        words,
        has_replied=bool(replies or written),
        bond_asked=bond_asked,
        views=views,
    )
    heard_at = {remark.row_id: remark.received_at for remark in words}
    return replace(
        told,
        heard=tuple(one for one in told.heard if sight.sees_heard(one.domain, at=heard_at[one.message])),
        # what the clinician gave stands beside what the patient gave to the clinician, and beside nothing else
        clinician_ratings={d: r for d, r in told.clinician_ratings.items() if sight.is_own and d in told.ratings},
        bond_elsewhere=not is_told_of_bond,
        rated_elsewhere=others_rated and not sight.is_own,
    )


def _visible(sight: Sight, replies: Sequence[Given], colleagues: frozenset[int]) -> list[Given]:
    """What was rated and may be seen; the bond with a colleague of the own clinician is another one, told elsewhere."""
    rated = [one for one in replies if one.fraction is not None and one.about_id not in colleagues]
    return [one for one in rated if sight.sees_domain(one.domain, at=one.at)]


def _fractions(visible: Sequence[Given]) -> dict[str, list[float]]:
    by_domain: dict[str, list[float]] = {}
    for one in visible:
        by_domain.setdefault(one.domain, []).append(one.fraction or 0.0)
    return by_domain


def _bond_at(checkin: Checkin, replies: Sequence[Given]) -> datetime:
    """When the question about the relationship was answered or passed over; unanswered, when the others were."""
    bond = [one.at for one in replies if one.domain == Domain.BOND]
    return max(bond or [one.at for one in replies], default=checkin.due_at)
