"""The lead's digest: how the team stands, once for every local working day."""

from datetime import date, datetime, timedelta

from alliance.alert_figures import Spread, spread
from alliance.alerts import AlertState
from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState
from alliance.flags import FlagState
from alliance.follow_up_times import Followed, follow_up_times
from alliance.people import Role
from alliance.team_digest import ClinicianLine, TeamDigest, Times, by_code_name
from alliance.team_digest_json import as_json
from alliance.team_digest_words import as_saying
from storage import alerts, digests, flags, people, team
from storage.tables import Person
from storage.tables import TeamDigest as Stored
from workflows.in_reach import can_be_reached
from workflows.speak import say
from workflows.unit import Unit
from workflows.week_before import team_week
from workflows.who_stands_in import leave_of, who_stands_in

FOUR_WEEKS = timedelta(weeks=4)  # long enough for some flags in a small clinic
FIRST_LOOK_BACK = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def send_team_digest(unit: Unit, lead: Person, on: date) -> int:
    """Arrange and send the team digest of one date, once; how many were sent."""
    if await team.digest_on(unit.session, lead.id, on) is not None:
        return 0
    content = await arranged(unit, lead, on)
    await team.record_digest(
        unit.session, Stored(lead_id=lead.id, local_date=on, built_at=unit.now, content=as_json(content))
    )
    saying = as_saying(content, wording=unit.wording(lead.language))
    await say(unit, lead, saying, lane=Lane.DIGEST, key=f"team_digest:{lead.id}:{on}")
    return 1


async def arranged(unit: Unit, lead: Person, on: date) -> TeamDigest:
    """How the team stands at this moment, for one lead."""
    last = await team.latest_digest(unit.session, lead.id)
    since = last.built_at if last else unit.now - FIRST_LOOK_BACK
    monday = on - timedelta(days=on.weekday())
    is_first_of_week = last is None or last.local_date < monday
    clinicians = await people.in_role(unit.session, Role.CLINICIAN, now=unit.now)
    followed = follow_up_times(
        [
            Followed(raised_at=flag.raised_at, done=done)
            for flag, done in await flags.with_actions(unit.session, since=unit.now - FOUR_WEEKS)
        ]
    )
    raised = await alerts.every(unit.session, since=since)
    still_open = await alerts.every(unit.session, only_open=True)
    taken = [row.acknowledged_at - row.raised_at for row in raised if row.acknowledged_at is not None]
    return TeamDigest(
        lead=lead.code_name,
        on=on,
        zone=lead.zone,
        covers_from=since,
        clinicians=by_code_name([await _line(unit, clinician) for clinician in clinicians]),
        flags_raised=followed.raised,
        looked_at=_times(followed.looked_at),
        contact=_times(followed.contact),
        alerts_raised=len(raised),
        alerts_open=sum(1 for row in still_open if row.state == AlertState.RAISED),
        alerts_in_hand=sum(1 for row in still_open if row.state == AlertState.ACKNOWLEDGED),
        taken_on=_times(spread(taken)),
        without_team=tuple(patient.code_name for patient in await team.without_team(unit.session, now=unit.now)),
        week=await team_week(unit, lead.zone, on) if is_first_of_week else None,
    )


async def _line(unit: Unit, clinician: Person) -> ClinicianLine:
    caseload = {
        patient.id
        for patient, enrolment in await people.caseload(unit.session, clinician.id)
        if EnrolmentState(enrolment.state) in team.TAKING_PART
    }
    theirs = [flag for flag in await flags.open_for(unit.session, clinician.id) if flag.patient_id in caseload]
    untouched = [flag.raised_at for flag in theirs if flag.state == FlagState.RAISED]
    leave = await leave_of(unit, clinician, unit.now)
    reads = await who_stands_in(unit, clinician, unit.now)
    reader = await people.get(unit.session, reads.person_id) if leave and reads.person_id is not None else None
    latest = await digests.latest(unit.session, clinician.id)
    arrived = await digests.latest_that_arrived(unit.session, clinician.id)
    return ClinicianLine(
        code_name=clinician.code_name,
        patients=len(caseload),
        untouched=len(untouched),
        oldest_days=_days_since(min(untouched), unit.now) if untouched else None,
        in_hand=len(theirs) - len(untouched),
        back_on=leave.back_on if leave else None,
        is_away=leave is not None,
        reader=reader.code_name if reader else None,
        last_lost=latest is not None and (arrived is None or arrived.id != latest.id),
        is_out_of_reach=not can_be_reached(clinician),
    )


def _days_since(moment: datetime, now: datetime) -> int:
    return (now - moment) // timedelta(days=1)


def _times(found: Spread | None) -> Times | None:
    if found is None:
        return None
    return Times(count=found.count, middle_minutes=found.p50 // MINUTE, longest_minutes=found.longest // MINUTE)
