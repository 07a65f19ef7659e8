"""One flag as a digest shows it: its numbers, its trend, what was heard and what was done about it."""

from datetime import datetime
from typing import cast

from alliance.checkin import CheckinState
from alliance.clinician_rating import HOLDS_FOR
from alliance.digest import Acted, FlagLine, HeardLine, Point
from alliance.flag_reason import heard_in
from alliance.items import Domain
from alliance.listening import has_rules
from alliance.local_time import local_day
from storage import checkins, clinician_ratings, flags, messages, people
from storage.tables import Flag, Person
from workflows.tell_explained import explained_since
from workflows.unit import Unit

TREND_LENGTH = 24  # check-ins in the picture


async def flag_line(
    unit: Unit, flag: Flag, patient: Person, *, since: datetime, language: str, reader: Person | None = None
) -> FlagLine:
    """A flag as the digest shows it, ratings brought back to the instrument's own scale.

    ``language`` is that of the digest; ``reader`` is the person for whom "you" is meant in what was done about it.
    """
    highest = int(_number(flag.reason.get("highest")) or unit.clinic.instrument.highest)
    lowest = int(_number(flag.reason.get("lowest")) or unit.clinic.instrument.lowest)

    replied, asked = (int(_number(each) or 0) for each in _list(flag.reason.get("replied")) or (0, 0))

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
        is_new=flag.raised_at > since,
        state=flag.state,
        rule=flag.rule,
        trend=await _trend(unit, patient),
        acted=await _acted(unit, flag, reader),
        also=tuple(str(domain) for domain in _list(flag.reason.get("also"))),
        because=tuple(sorted(_table(flag.reason.get("because")))),
        replied=replied,
        asked=asked,
        heard=await _heard(unit, flag, language),
        explained=await explained_since(unit, patient, since=flag.since),
        is_unread=not has_rules(unit.clinic.language_rules, patient.language),
        clinician_rating=await _own_view(unit, flag),
    )


async def _own_view(unit: Unit, flag: Flag) -> float | None:
    """What the clinician whose flag it is gave to its domain; nobody else's view is shown to her."""
    if flag.domain is None:
        return None
    row = await clinician_ratings.latest_given(
        unit.session, flag.patient_id, clinician_id=flag.clinician_id, until=unit.now, within=HOLDS_FOR
    )
    given = {Domain.GOAL: row.goal, Domain.TASK: row.task, Domain.BOND: row.bond} if row else {}
    number = given.get(Domain(flag.domain))
    return None if number is None else float(number)


async def _heard(unit: Unit, flag: Flag, language: str) -> tuple[HeardLine, ...]:
    """What was heard in the patient's words, each with the moment of the message if that is still kept."""
    lines: list[HeardLine] = []
    for heard in heard_in(flag.reason):
        row = await messages.get(unit.session, heard.message)
        is_kept = row is not None and row.person_id == flag.patient_id and row.words is not None
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


async def _acted(unit: Unit, flag: Flag, reader: Person | None) -> Acted | None:
    last = await flags.last_action(unit.session, flag.id)
    if last is None:
        return None
    by_reader = reader is not None and last.person_id == reader.id
    by = None if by_reader else (await people.get(unit.session, last.person_id)).code_name
    return Acted(action=last.action, at=last.acted_at, by=by)


async def _trend(unit: Unit, patient: Person) -> tuple[Point, ...]:
    rows = await checkins.delivered(unit.session, patient.id, limit=TREND_LENGTH)
    return tuple(
        Point(
            on=checkin.local_date,
            fractions={domain: sum(given) / len(given) for domain, given in by_domain.items()},
        )
        for checkin, by_domain in rows
        if by_domain or checkin.state != CheckinState.OPEN
    )


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
