"""`checkin cadence`: how often and when a patient is asked; the next dates are shown before anything is saved."""

import json
import sys
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from alliance.cadence import PRESETS, Cadence, parse_rule, parse_times, upcoming
from alliance.cadence_words import in_words
from alliance.local_time import QuietHours, instant, known_zone, local_day, out_of_quiet
from bot.commands.session import BadInput, at_work, run_async
from workflows import set_cadence
from workflows.set_cadence import Preview

app = typer.Typer(help="How often and when patients are asked.", no_args_is_help=True)
JUST_BEFORE = timedelta(seconds=1)  # a date at the very moment asked from counts
RULE_HELP = f"An RFC 5545 rule such as FREQ=WEEKLY;BYDAY=TU,FR, or one of: {', '.join(PRESETS)}."


@app.command("set")
def set_(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    rule: Annotated[list[str], typer.Option("--rule", help=RULE_HELP)],
    at: Annotated[str | None, typer.Option(help="Local times, such as 09:00,18:30; else the patient's own.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Save without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would mean.")] = False,
) -> None:
    """Set a patient's cadence, after showing the next dates."""
    seen = run_async(_set(patient, _rules(rule), at, save=False))
    sys.stdout.write(_shown(seen))
    if dry_run:
        return
    if not yes and not typer.confirm("Save this cadence?", err=True):
        sys.stdout.write("Nothing was changed.\n")
        return
    run_async(_set(patient, _rules(rule), at, save=True))
    sys.stdout.write("Saved.\n")


@app.command("most")
def most(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    number: Annotated[int, typer.Argument(min=0, max=12, help="Check-ins a day; 0: one for each of the times.")],
) -> None:
    """Say how many check-ins a patient gets on one day at most, whatever the cadence says."""

    async def story() -> str:
        async with at_work() as unit:
            person = await set_cadence.find_patient(unit, patient)
            await set_cadence.set_most_a_day(unit, person, number or None)
            return person.code_name

    who = run_async(story())
    limit = f"{number} a day at most" if number else "one for each of the times"
    sys.stdout.write(f"{who}: {limit}.\n")


async def _set(patient: str, rules: tuple[str, ...], at: str | None, *, save: bool) -> Preview:
    async with at_work() as unit:
        person = await set_cadence.find_patient(unit, patient)
        seen = await set_cadence.preview(unit, person, rules=rules, at=at)
        if save:
            await set_cadence.save(unit, seen)
        return seen


def _rules(given: list[str]) -> tuple[str, ...]:
    return tuple(rule for one in given for rule in PRESETS.get(one, (one,)))


def _shown(seen: Preview) -> str:
    zone = ZoneInfo(seen.patient.zone)
    dates = "".join(f"  {moment.astimezone(zone):%a %d %b %Y %H:%M}\n" for moment in seen.next_at)
    return f"{seen.patient.code_name}: {seen.words} ({seen.patient.zone})\n{dates}"


@app.command("explain")
def explain(
    rule: Annotated[str, typer.Argument(help=RULE_HELP)],
    zone: Annotated[str, typer.Option(help="Time zone, such as Europe/Madrid.")],
    start: Annotated[str, typer.Option("--from", help="Local day or moment to count from, such as 2026-03-02.")],
    at: Annotated[str, typer.Option(help="Local times.")] = "09:00",
    quiet: Annotated[str | None, typer.Option(help="Quiet hours, such as 21:00-08:00; none if not given.")] = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many dates.")] = 10,
    lang: Annotated[str, typer.Option(help="en or es.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what a cadence means: in words, and its next dates."""
    if not known_zone(zone):
        raise BadInput(f"There is no time zone called {zone}; write it as Europe/Madrid.")
    after = _moment(start, zone)
    language: Literal["en", "es"] = "es" if lang == "es" else "en"
    cadence = Cadence(
        rules=tuple(parse_rule(one) for one in _rules([rule])), at=parse_times(at), starts_on=local_day(after, zone)
    )
    hours = _quiet(quiet)
    local = ZoneInfo(zone)
    dates = [
        (out_of_quiet(due.due_at, zone, hours) if hours else due.due_at).astimezone(local).isoformat()
        for due in upcoming(cadence, zone=zone, after=after - JUST_BEFORE, count=count)
    ]
    words = in_words(cadence, language)
    if as_json:
        sys.stdout.write(json.dumps({"rules": list(cadence.rules), "words": words, "next": dates}) + "\n")
    else:
        sys.stdout.write(f"{words}\n" + "".join(f"  {date}\n" for date in dates))


def _moment(words: str, zone: str) -> datetime:
    try:
        given = datetime.fromisoformat(words)
    except ValueError:
        raise BadInput(f"--from: {words} is not a date such as 2026-03-02 or 2026-03-02T09:00.") from None
    return given if given.tzinfo else instant(given.date(), given.time(), zone)


def _quiet(words: str | None) -> QuietHours | None:
    if words is None:
        return None
    start, dash, end = words.partition("-")
    if not dash:
        raise BadInput("--quiet is written as 21:00-08:00.")
    return QuietHours(start=parse_times(start)[0], end=parse_times(end)[0])
