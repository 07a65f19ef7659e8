"""What a check-in asks and whom it means: decided when it is due, kept with it, and the same until it ends."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from alliance.forms import form_of
from alliance.items import Domain, Instrument, Item
from alliance.whose_turn import whose_turn
from storage import bonds, care_teams
from storage.answers import Seen
from storage.tables import Checkin, Enrolment
from workflows.unit import Unit
from workflows.words import clinician_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which form of the instrument a new check-in asks, and which clinician its bond item means."""

    form: str | None
    bond_about_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """The names a check-in mentions; ``bond_with`` only where the bond item means a colleague of the clinician."""

    clinician: str
    bond_with: str | None

    def meant_by(self, domain: Domain) -> str:
        """Whom a question in that domain means."""
        return self.bond_with if self.bond_with and domain is Domain.BOND else self.clinician


async def decide_what_to_ask(unit: Unit, enrolment: Enrolment) -> Asked:
    """Decide it for a check-in that is due: forms and clinicians take turns, by what has reached the patient."""
    beside = await care_teams.beside(unit.session, enrolment.patient_id, now=unit.now)
    if not beside and not unit.clinic.instrument.forms:
        return Asked(form=None, bond_about_id=enrolment.clinician_id)
    before = await bonds.asked_about(unit.session, enrolment.patient_id)
    return Asked(
        form=form_of(unit.clinic.instrument, patient_id=enrolment.patient_id, asked_before=len(before)),
        bond_about_id=whose_turn((enrolment.clinician_id, *beside), asked_before=before),
    )


async def asked_in(unit: Unit, checkin: Checkin, *, done: AbstractSet[str]) -> Instrument:
    """The questions of a check-in: its form; without the bond item about somebody who has gone, unless it is done.

    Nobody else takes that person's place in a check-in that is open: a tap on its old buttons would be kept for a
    clinician whom the patient did not mean.
    """
    instrument = unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument
    asked = instrument.asked_as(checkin.form)
    if is_about_the_primary(checkin) or await _still_cares(unit, checkin):
        return asked
    return replace(asked, items=tuple(i for i in asked.items if i.domain is not Domain.BOND or i.id in done))


def whom_it_means(checkin: Checkin) -> int:
    """The clinician whom the bond item of a check-in means."""
    return checkin.bond_about_id or checkin.clinician_id


def is_about_the_primary(checkin: Checkin) -> bool:
    """Whether the bond item means the clinician of the check-in."""
    return whom_it_means(checkin) == checkin.clinician_id


async def is_about_a_colleague(unit: Unit, checkin: Checkin) -> bool:
    """Whether the bond item means somebody beside the primary clinician, and not one who was primary before."""
    if is_about_the_primary(checkin):
        return False
    return whom_it_means(checkin) in await care_teams.colleagues(unit.session, checkin.patient_id)


async def named_in(unit: Unit, checkin: Checkin) -> Named:
    """The names under which the patient knows whom a check-in is about."""
    return Named(
        clinician=await clinician_name(unit, checkin.clinician_id),
        bond_with=None if is_about_the_primary(checkin) else await clinician_name(unit, whom_it_means(checkin)),
    )


def seen_in(checkin: Checkin, item: Item) -> Seen:
    """What is kept with an answer of what its person saw."""
    about = whom_it_means(checkin) if item.domain is Domain.BOND else None
    return Seen(instrument=checkin.instrument, form=checkin.form, language=checkin.language, about_id=about)


async def _still_cares(unit: Unit, checkin: Checkin) -> bool:
    """Whether the colleague whom the bond item means cares for the patient: beside others, or as the primary by now."""
    enrolment = await unit.session.get(Enrolment, checkin.patient_id)
    beside = await care_teams.beside(unit.session, checkin.patient_id, now=unit.now)
    return whom_it_means(checkin) in {*beside, enrolment.clinician_id if enrolment else None}
