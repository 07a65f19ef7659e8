"""`checkin visits import`: a calendar file becomes visits; what it says now, and no event twice."""

import json
import sys
from collections.abc import Sequence
from datetime import time
from pathlib import Path

from alliance.calendar_events import Happening, Matching, happenings
from bot.commands.files import read_small
from bot.commands.progress import in_batches
from bot.commands.session import BadInput, Office, in_office
from bot.settings import Settings, read_settings
from workflows.import_visits import HAPPENINGS_AT_ONCE, HORIZON, Became, Handled, call_off_vanished, take_over
from workflows.plan_visits import CannotPlan
from workflows.read_calendar import LARGEST_CALENDAR, Feed, Reading, read_calendar

QUIET = frozenset({Became.SAME, Became.PAST, Became.NO_PATIENT})  # counted, and not told one by one


class _OnlyTried(Exception):
    """A dry run is over: what it did is taken back."""


async def import_visits(
    file: Path, *, calendar: str | None, all_day_at: str | None, dry_run: bool, although_many: bool
) -> list[Handled]:
    """Read a file and do what it says, a few events to a transaction; refused is what cannot be."""
    settings = read_settings()
    raw = read_small(file, most=LARGEST_CALENDAR)
    feed = read_calendar(raw, _reading(settings, all_day_at))
    async with in_office(settings) as office:
        now = office.clock.now()
        found = happenings(feed.events, now=now, until=now + HORIZON)
        every = sorted(found, key=lambda one: not one.is_cancelled)  # a moment is free again before it is taken
        name = calendar or file.stem
        handled = [Handled(line=one.line, what=Became.REFUSED, says=one.why) for one in feed.unusable]
        for some in in_batches(every, size=HAPPENINGS_AT_ONCE, doing="Visits"):
            handled += await _in_a_unit(office, name, some, dry_run=dry_run)
        if feed.is_whole and _has_patients(every):
            handled += await _vanished(office, name, every, feed, dry_run=dry_run, although_many=although_many)
    return sorted(handled, key=lambda one: (one.line is None, one.line or 0))


def show(handled: Sequence[Handled], *, dry_run: bool, as_json: bool) -> None:
    """Print what came of each event, and the counts."""
    counts = {what.value: sum(one.what is what for one in handled) for what in Became}
    if as_json:
        rows = [_as_json(one) for one in handled]
        sys.stdout.write(json.dumps({"dry_run": dry_run, **counts, "events": rows}, ensure_ascii=False) + "\n")
        return
    lines = "".join(f"{_line(one)}\n" for one in handled if one.what not in QUIET)
    told = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in counts.items())
    ending = "Nothing was changed: this was a dry run.\n" if dry_run else ""
    sys.stdout.write(f"{lines}{told}.\n{ending}")


def _reading(settings: Settings, all_day_at: str | None) -> Reading:
    try:
        hour = time.fromisoformat(all_day_at) if all_day_at is not None else None
    except ValueError:
        raise BadInput(f"--all-day-at: {all_day_at!r} is no time of day; write it as 09:00.") from None
    matching = Matching(property=settings.calendar_patient_property, pattern=settings.calendar_pattern)
    return Reading(matching=matching, zone=settings.clinic_zone, all_day_at=hour)


async def _in_a_unit(office: Office, calendar: str, some: Sequence[Happening], *, dry_run: bool) -> list[Handled]:
    handled: list[Handled] = []
    try:
        async with office.work() as unit:
            handled = await take_over(unit, calendar, some)
            if dry_run:
                raise _OnlyTried  # noqa: TRY301  # nothing else takes a transaction back
    except _OnlyTried:
        pass
    return handled


async def _vanished(
    office: Office, calendar: str, every: Sequence[Happening], feed: Feed, *, dry_run: bool, although_many: bool
) -> list[Handled]:
    """An event that cannot be read is there all the same: where there is one, nothing counts as vanished."""
    if feed.unusable:
        return []
    handled: list[Handled] = []
    try:
        async with office.work() as unit:
            handled = await call_off_vanished(unit, calendar, every, although_many=although_many)
            if dry_run:
                raise _OnlyTried  # noqa: TRY301  # as above
    except _OnlyTried:
        pass
    except CannotPlan as refused:
        return [Handled(line=None, what=Became.REFUSED, says=f"{refused}")]
    return handled


def _has_patients(every: Sequence[Happening]) -> bool:
    return any(one.clinic_id is not None for one in every)


def _as_json(one: Handled) -> dict[str, object]:
    return {
        "line": one.line,
        "what": one.what,
        "says": one.says,
        "patient": one.code_name or None,
        "starts_at": one.starts_at.isoformat() if one.starts_at else None,
    }


def _line(one: Handled) -> str:
    where = f"line {one.line}" if one.line is not None else "not there"
    who = f"{one.code_name}, " if one.code_name else ""
    when = f"{one.starts_at:%Y-%m-%d %H:%M} UTC: " if one.starts_at else ""
    refused = "refused: " if one.what is Became.REFUSED else ""
    return f"{where}: {who}{when}{refused}{one.says}"
