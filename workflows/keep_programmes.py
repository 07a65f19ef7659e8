"""Programmes are kept by name: said in words, read back in words, changed by a new version that moves nobody yet."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from alliance.access import Action, allowed
from alliance.cadence import NotACadence
from alliance.local_time import local_day
from alliance.programme import Programme
from alliance.programme_dates import Circumstances, next_due
from alliance.programme_json import read_written, write_programme
from alliance.programme_reading import NotUnderstood, read_programme
from alliance.programme_words import programme_in_words
from storage import audit, programmes
from storage.tables import KeptProgramme, ProgrammeVersion
from workflows.set_cadence import CannotSet
from workflows.unit import Unit

LONGEST_NAME = 60  # characters, so that it fits a column and a button
SOME_HOUR = (time(9),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A programme as it is kept now; ``on_older`` of its ``patients`` have not been moved to this version."""

    id: int
    name: str
    number: int
    version_id: int
    programme: Programme
    words: str
    patients: int
    on_older: int
    is_retired: bool


def understand(unit: Unit, words: str) -> Programme:
    """The programme that somebody means; raises CannotSet with the part that means nothing, and what could be."""
    try:
        return read_programme(words, reader_language(unit))
    except NotUnderstood as error:
        nearest = " / ".join(f"\u201c{one}\u201d" for one in error.nearest)
        key = "not_understood" if error.part else "not_complete"
        raise CannotSet(key, f"{error}.", part=error.part, nearest=nearest) from error
    except NotACadence as error:
        raise CannotSet("not_possible", f"{error}.", reason=str(error)) from error


async def every(unit: Unit, *, retired: bool = False) -> list[Kept]:
    """All programmes by name; those that are retired only when asked for."""
    _check_allowed(unit)
    return [await _kept(unit, row) for row in await programmes.every(unit.session, retired=retired)]


async def named(unit: Unit, name: str) -> Kept:
    """The programme of that name; raises CannotSet when there is none."""
    _check_allowed(unit)
    return await _kept(unit, await _row(unit, name))


async def save(unit: Unit, *, name: str, words: str) -> Kept:
    """Keep a new programme, or a new version of one that there is; no patient moves by it.

    The same words again change nothing. Raises CannotSet for a name that is none, for words that cannot be
    understood, and for a programme that never asks anything any more.
    """
    _check_allowed(unit)
    programme = understand(unit, words)
    _check_future(unit, programme)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise CannotSet("bad_name", f"The name of a programme has 1 to {LONGEST_NAME} characters.")
    row = await programmes.by_name(unit.session, name)
    if row is None:
        row, number = await programmes.add(unit.session, name=name, now=unit.now), 1
    else:
        latest = await programmes.latest(unit.session, row.id)
        if read_written(latest.definition) == programme and row.retired_at is None:
            return await _kept(unit, row)
        row.retired_at, number = None, latest.number + 1
    await programmes.add_version(
        unit.session,
        ProgrammeVersion(
            programme_id=row.id,
            number=number,
            definition=write_programme(programme),
            set_at=unit.now,
            set_by=unit.actor.person_id,
        ),
    )
    await _note(unit, row, "programme_saved", {"number": number, "words": programme_in_words(programme, "en")})
    return await _kept(unit, row)


async def retire(unit: Unit, name: str) -> Kept:
    """Put nobody on a programme any more; those who are on it stay on it."""
    _check_allowed(unit)
    row = await _row(unit, name)
    if row.retired_at is None:
        row.retired_at = unit.now
        await unit.session.flush()
        await _note(unit, row, "programme_retired", {})
    return await _kept(unit, row)


async def patients_on(unit: Unit, name: str) -> tuple[int, ...]:
    """Whom a new version of a programme concerns: the ids of those on any version of it."""
    _check_allowed(unit)
    row = await _row(unit, name)
    return tuple(patient_id for patient_id, _ in await programmes.on_it(unit.session, row.id))


def reader_language(unit: Unit) -> Literal["en", "es"]:
    """The language in which whoever asks reads a cadence."""
    return "es" if unit.wording().language == "es" else "en"


def some_patient(zone: str, starts_on: date, at: tuple[time, ...] = SOME_HOUR) -> Circumstances:
    """Somebody of whom nothing is known but where they live, since when they take part and their hour."""
    return Circumstances(zone=zone, starts_on=starts_on, at=at)


def _check_future(unit: Unit, programme: Programme) -> None:
    if any(phase.visits for phase in programme.phases):
        return  # visits are yet to be planned
    today = local_day(unit.now, unit.clinic.zone)
    if next_due(programme, some_patient(unit.clinic.zone, today), after=unit.now) is None:
        raise CannotSet("no_future", "This cadence has no date in the future.")


async def _row(unit: Unit, name: str) -> KeptProgramme:
    row = await programmes.by_name(unit.session, name)
    if row is None:
        raise CannotSet("no_programme", f"There is no programme called {name}.", name=name)
    return row


async def _kept(unit: Unit, row: KeptProgramme) -> Kept:
    latest = await programmes.latest(unit.session, row.id)
    programme = read_written(latest.definition)
    on_it = await programmes.on_it(unit.session, row.id)
    return Kept(
        id=row.id,
        name=row.name,
        number=latest.number,
        version_id=latest.id,
        programme=programme,
        words=programme_in_words(programme, reader_language(unit)),
        patients=len(on_it),
        on_older=sum(number < latest.number for _, number in on_it),
        is_retired=row.retired_at is not None,
    )


def _check_allowed(unit: Unit) -> None:
    if not allowed(unit.actor, Action.SET_CADENCE):
        raise CannotSet("not_coordinator", "Only a coordinator may set a cadence.")


async def _note(unit: Unit, row: KeptProgramme, action: str, detail: dict[str, object]) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="programme",
        object_id=row.id,
        detail=detail,
    )
