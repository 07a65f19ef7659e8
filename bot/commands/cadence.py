"""`checkin cadence`: how often and when a patient is asked; the next dates are shown before anything is saved."""

import json
import sys
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from alliance.cadence import PRESETS, Cadence, parse_rule, parse_times
from alliance.cadence_words import in_words
from alliance.local_time import QuietHours, instant, known_zone, local_day
from alliance.programme import Phase, Programme, Stretch
from alliance.programme_dates import Circumstances, upcoming
from alliance.programme_reading import read_programme
from alliance.programme_words import programme_in_words
from bot.commands import closed_days
from bot.commands.session import BadInput, at_work, run_async
from workflows import own_cadence, set_cadence
from workflows.set_cadence import Preview

app = typer.Typer(help="How often and when patients are asked.", no_args_is_help=True)
app.add_typer(closed_days.app, name="closed", no_args_is_help=True)
JUST_BEFORE = timedelta(seconds=1)  # a date at the very moment asked from counts
RULE_HELP = (
    f"Words such as 'weekly on Tuesday and Friday', an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=TU,FR, or one of: "
    f"{', '.join(PRESETS)}."
)


@app.command("set")
def set_(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    rule: Annotated[list[str], typer.Option("--rule", help=RULE_HELP)],
    at: Annotated[str | None, typer.Option(help="Local times, such as 09:00,18:30; else the patient's own.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Save without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would mean.")] = False,
) -> None:
    """Set a patient's cadence, after showing the next dates."""
    rules, at = _rhythm(rule, at)
    seen = run_async(_set(patient, rules, at, save=False))
    sys.stdout.write(_shown(seen))
    if dry_run:
        return
    if not yes and not typer.confirm("Save this cadence?", err=True):
        sys.stdout.write("Nothing was changed.\n")
        return
    run_async(_set(patient, rules, at, save=True))
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


def _rhythm(given: list[str], at: str | None) -> tuple[tuple[str, ...], str | None]:
    """Rules, and times where none are given beside them: of what somebody says, one phase without limits."""
    rules: list[str] = []
    for one in given:
        programme = _meant(one)
        phase = programme.phases[0]
        if programme != Programme(phases=(Phase(rules=phase.rules, at=phase.at),)) or not phase.rules:
            raise BadInput(f"{one!r} is a programme; keep it with checkin programme save, then assign it.")
        rules += phase.rules
        at = at or (",".join(f"{each:%H:%M}" for each in phase.at) or None)
    return tuple(rules), at


def _meant(words: str) -> Programme:
    """A preset, a rule or words; what is none of them is answered as words are."""
    if words in PRESETS:
        return Programme(phases=(Phase(rules=PRESETS[words]),))
    if "FREQ" in words.upper() and " " not in words.strip():
        return Programme(phases=(Phase(rules=(parse_rule(words),)),))
    return read_programme(words)


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
    programme = _meant(rule)
    hours = _quiet(quiet)
    around = Circumstances(
        zone=zone, starts_on=local_day(after, zone), at=parse_times(at), own_quiet=hours, clinic_quiet=hours
    )
    local = ZoneInfo(zone)
    dates = [
        due.due_at.astimezone(local).isoformat()
        for due in upcoming(programme, around, after=after - JUST_BEFORE, count=count)
        if due.held is None
    ]
    words = _in_words(programme, around, language)
    if as_json:
        rules = [rule for phase in programme.phases for rule in phase.rules]
        sys.stdout.write(json.dumps({"rules": rules, "words": words, "next": dates}) + "\n")
    else:
        sys.stdout.write(f"{words}\n" + "".join(f"  {date}\n" for date in dates))


def _in_words(programme: Programme, around: Circumstances, language: Literal["en", "es"]) -> str:
    """With its days and hours where it is one rhythm for good; raises NotACadence where it never falls on a day."""
    phase = programme.phases[0]
    if phase.rules and programme == Programme(phases=(Phase(rules=phase.rules, at=phase.at),)):
        return in_words(Cadence(rules=phase.rules, at=phase.at or around.at, starts_on=around.starts_on), language)
    return programme_in_words(programme, language)


@app.command("off")
def off(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    days: Annotated[list[str] | None, typer.Argument(help="Days as 2026-12-24 or 2026-12-24/2027-01-02.")] = None,
) -> None:
    """Leave days out for one patient, in the place of those that were left out before; without days, none."""
    stretches = tuple(_stretch(each) for each in days or ())

    async def story() -> str:
        async with at_work() as unit:
            person = await set_cadence.find_patient(unit, patient)
            await own_cadence.set_days_off(unit, person, stretches)
            return person.code_name

    sys.stdout.write(f"{run_async(story())}: {len(stretches)} days or stretches left out.\n")


@app.command("most-a-week")
def most_a_week(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    number: Annotated[int, typer.Argument(min=0, max=100, help="Check-ins a week; 0: what the programme says.")],
) -> None:
    """Say how many check-ins a patient gets from Monday to Sunday at most."""

    async def story() -> str:
        async with at_work() as unit:
            person = await set_cadence.find_patient(unit, patient)
            await own_cadence.set_most_a_week(unit, person, number or None)
            return person.code_name

    limit = f"{number} a week at most" if number else "what the programme says"
    sys.stdout.write(f"{run_async(story())}: {limit}.\n")


@app.command("as-programme")
def as_programme(patient: Annotated[str, typer.Argument(help="Code name of the patient.")]) -> None:
    """Ask a patient by the programme again: its rhythm, and its hours where it names some."""

    async def story() -> str:
        async with at_work() as unit:
            person = await set_cadence.find_patient(unit, patient)
            await own_cadence.back_to_programme(unit, person)
            return person.code_name

    sys.stdout.write(f"{run_async(story())}: asked by the programme.\n")


def _stretch(words: str) -> Stretch:
    first, _, last = words.partition("/")
    return Stretch(first=closed_days.read_day(first), last=closed_days.read_day(last or first))


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
