"""What the cadence of a roster's row means: a programme that the clinic keeps, or a rhythm of the patient's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from alliance.enrolment import EnrolmentState
from alliance.roster_cadence import RosterCadence, read_cadence
from storage.tables import Enrolment, Person
from workflows import change_programme, keep_programmes, set_cadence
from workflows.keep_programmes import Kept
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """One of the two."""

    programme: Kept | None = None
    rhythm: RosterCadence | None = None


async def by_name(unit: Unit) -> Mapping[str, Kept]:
    """The programmes that the clinic keeps, by the name as it is compared."""
    return {_folded(kept.name): kept for kept in await keep_programmes.every(unit)}


def read(words: str, programmes: Mapping[str, Kept]) -> Meant:
    """What the cell says; a programme of that name goes before the words. Raises NotACadence."""
    kept = programmes.get(_folded(words))
    return Meant(programme=kept) if kept is not None else Meant(rhythm=read_cadence(words))


def begin_with(enrolment: Enrolment, meant: Meant) -> None:
    """Give it to somebody who is being written down; it counts from their enrolment."""
    if meant.programme is not None:
        enrolment.rules, enrolment.programme_version_id = [], meant.programme.version_id
    elif meant.rhythm is not None:
        enrolment.rules, enrolment.at = list(meant.rhythm.rules), list(meant.rhythm.at)


async def change_to(unit: Unit, patient: Person, enrolment: Enrolment, meant: Meant) -> None:
    """Give it to somebody who is known, as a command would. Raises CannotSet or NotACadence."""
    if meant.programme is not None:
        await change_programme.assign(unit, patient, programme=meant.programme.name)
    elif meant.rhythm is not None:
        await _set_rhythm(unit, patient, enrolment, meant.rhythm)


async def _set_rhythm(unit: Unit, patient: Person, enrolment: Enrolment, rhythm: RosterCadence) -> None:
    if enrolment.state == EnrolmentState.INVITED and not (rhythm.at or enrolment.at):
        enrolment.rules = list(rhythm.rules)  # the hour is still to be chosen
        return
    at = list(rhythm.at or enrolment.at)
    if (list(rhythm.rules), at) != (enrolment.rules, enrolment.at):
        seen = await set_cadence.preview(unit, patient, rules=rhythm.rules, at=",".join(at))
        await set_cadence.save(unit, seen)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
