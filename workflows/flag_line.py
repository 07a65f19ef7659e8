"""One flag as a digest shows it: its numbers, its trend, what was heard and what was done about it."""

from datetime import date, datetime
from typing import TypedDict, cast

from alliance.acting import Held
from alliance.checkin import CheckinState
from alliance.digest import Acted, FlagLine, HeardLine, Point
from alliance.flag_reason import heard_in
from alliance.flags import FlagState
from alliance.items import Domain
from alliance.listening import has_rules
from alliance.local_time import local_day
from alliance.sight import Sight
from storage.tables import Flag, Person
from workflows.flag_facts import Delivered, FlagFacts, facts_about
from workflows.follow_repair import CAME_BACK, IMPROVING
from workflows.tell_followed import last_deed
from workflows.unit import Unit


async def flag_line(
    unit: Unit,
    flag: Flag,
    patient: Person,
    *,
    since: datetime,
    language: str,
    reader: Person | None = None,
    facts: FlagFacts | None = None,
) -> FlagLine:
    """A flag as the digest shows it, ratings brought back to the instrument's own scale.

    ``language`` is that of the digest; ``reader`` is the person for whom "you" is meant in what was done about it;
    ``facts`` are those about this flag and others, asked here for this one alone where they are not given.
    """
    facts = facts or await facts_about(unit, [flag], {patient.id: patient}, reader=reader)
    highest = int(_number(flag.reason.get("highest")) or unit.clinic.instrument.highest)
    lowest = int(_number(flag.reason.get("lowest")) or unit.clinic.instrument.lowest)

    replied, asked = (int(_number(each) or 0) for each in _list(flag.reason.get("replied")) or (0, 0))

    trend = _trend(facts.delivered.get(flag.id, ()))

    def on_scale(key: str) -> float | None:
        fraction = _number(flag.reason.get(key))
        return None if fraction is None else lowest + fraction * (highest - lowest)

    return FlagLine(
        flag_id=flag.id,
        patient_id=patient.id,
        code_name=patient.code_name,
        kind=flag.kind,
        domain=flag.domain,
        signal=flag.signal,
        strength=flag.strength,
        since_on=local_day(flag.since, patient.zone),
        rating=on_scale("rating"),
        usual=on_scale("usual"),
        usual_low=on_scale("usual_low"),
        usual_high=on_scale("usual_high"),
        usual_count=int(_number(flag.reason.get("usual_count")) or 0),
        highest=highest,
        lowest=lowest,
        unanswered=int(_number(flag.reason.get("unanswered")) or 0),
        is_new=flag.raised_at > since and CAME_BACK not in flag.reason,
        state=flag.state,
        rule=flag.rule,
        trend=trend,
        acted=_acted(facts, flag, reader),
        also=tuple(str(domain) for domain in _list(flag.reason.get("also"))),
        because=tuple(sorted(_table(flag.reason.get("because")))),
        replied=replied,
        asked=asked,
        heard=_heard(unit, facts, flag, language),
        explained=tuple(facts.explained.get(flag.id, ())),
        is_unread=not has_rules(unit.clinic.language_rules, patient.language),
        clinician=_whose(facts, facts.sights[flag.id]),
        marks=tuple(mark for mark in facts.marks.get(flag.id, ()) if trend and mark.on >= trend[0].on),
        usuals=facts.usuals.get(flag.id, ()),
        raised_on=local_day(flag.raised_at, patient.zone),
        put_off_until=facts.put_off.get(flag.id) if flag.state == FlagState.RAISED else None,
        stage=_stage(flag),
        clinician_rating=_own_view(facts, flag),
        **_owner(facts, flag, reader),
        **await _came_back(unit, flag, patient, reader),
    )


class _Owner(TypedDict, total=False):
    """Whose patient it is, where somebody else reads it."""

    of_whom: str
    is_escalated: bool


def _owner(facts: FlagFacts, flag: Flag, reader: Person | None) -> _Owner:
    if reader is None or reader.id == flag.clinician_id:
        return {}
    held, owner = facts.holders.get(flag.id), facts.people[flag.clinician_id]
    return {"of_whom": owner.code_name, "is_escalated": held is not None and held.held == Held.ESCALATED}


def _whose(facts: FlagFacts, sight: Sight) -> str | None:
    """The patient's own clinician, for a reader who is somebody else."""
    return None if sight.is_own else facts.people[sight.clinician_id].code_name


class _Before(TypedDict, total=False):
    """The flag that this one goes on from."""

    came_back_on: date
    before: Acted | None


async def _came_back(unit: Unit, flag: Flag, patient: Person, reader: Person | None) -> _Before:
    earlier = _table(flag.reason.get(CAME_BACK))
    if not earlier:
        return {}
    raised_at = datetime.fromisoformat(str(earlier["raised_at"]))
    return {
        "came_back_on": local_day(raised_at, patient.zone),
        "before": await last_deed(unit, int(_number(earlier["flag"]) or 0), reader=reader),
    }


def _stage(flag: Flag) -> str:
    """How a repair goes: improving, or how it ended; empty while nothing can be said."""
    if flag.resolution:
        return flag.resolution
    return "improving" if IMPROVING in flag.reason else ""


def _own_view(facts: FlagFacts, flag: Flag) -> float | None:
    """What the clinician whose flag it is gave to its domain; nobody else's view is shown to her."""
    if flag.domain is None:
        return None
    row = facts.views.get(flag.id)
    given = {Domain.GOAL: row.goal, Domain.TASK: row.task, Domain.BOND: row.bond} if row else {}
    number = given.get(Domain(flag.domain))
    return None if number is None else float(number)


def _heard(unit: Unit, facts: FlagFacts, flag: Flag, language: str) -> tuple[HeardLine, ...]:
    """What was heard in the patient's words, each with the moment of the message if that is still kept."""
    lines: list[HeardLine] = []
    for heard in heard_in(flag.reason):
        row = facts.messages.get(heard.message)
        is_kept = row is not None and row.person_id == flag.patient_id and row.words is not None
        if row is not None and not facts.sights[flag.id].sees_heard(heard.domain, at=row.received_at):
            continue  # the rule saw nothing else; one look more costs little
        lines.append(
            HeardLine(
                why=unit.clinic.language_rules.why(heard.rule, language=language) or heard.why,
                rule=heard.rule,
                kind=heard.kind,
                domain=heard.domain,
                message_row=heard.message,
                first=heard.span[0],
                last=heard.span[1],
                said_at=row.sent_at if row is not None and is_kept else None,
            )
        )
    return tuple(lines)


def _acted(facts: FlagFacts, flag: Flag, reader: Person | None) -> Acted | None:
    last = facts.acted.get(flag.id)
    if last is None:
        return None
    by_reader = reader is not None and last.person_id == reader.id
    return Acted(action=last.action, at=last.acted_at, by=None if by_reader else facts.people[last.person_id].code_name)


def _trend(delivered: Delivered) -> tuple[Point, ...]:
    return tuple(
        Point(
            on=checkin.local_date,
            fractions={domain: sum(given) / len(given) for domain, given in by_domain.items()},
        )
        for checkin, by_domain in delivered
        if by_domain or checkin.state != CheckinState.OPEN
    )


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
