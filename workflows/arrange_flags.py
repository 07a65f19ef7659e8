"""The flags of one digest: the clinician's own that nobody has settled, and those that came from colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alliance.acting import Held
from alliance.digest import FlagLine
from alliance.enrolment import ENDED
from alliance.flags import FlagState
from alliance.followed import WithColleague
from alliance.sight import Sight
from alliance.waiting import days_waited
from storage import acting, roster
from storage.flags_to_tell import FlagsToTell
from storage.tables import Flag, Person
from workflows.flag_facts import facts_about
from workflows.flag_line import flag_line
from workflows.flag_rights import holders_of
from workflows.tell_followed import who_waits, with_colleagues
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What one clinician's digest shows of flags, and since when each of her own patients waits."""

    cards: tuple[FlagLine, ...]
    with_colleagues: tuple[WithColleague, ...]
    waits: Mapping[int, tuple[datetime, bool]]


async def arrange_flags(
    unit: Unit,
    clinician: Person,
    own: FlagsToTell,
    patients: Mapping[int, Person],
    sights: Mapping[int, Sight],
    *,
    reader: Person,
    come_back: Sequence[Flag] = (),
    since: datetime,
    on: date,
) -> Signs:
    """A card for each flag that nobody has settled; one that was settled or put off is with the clinician.

    A flag that was handed over has its card in the colleague's digest, and a line in this one. ``reader`` is whoever
    reads it, she herself or a cover; ``come_back`` are flags a colleague has looked at in her place.
    """
    held, away = await with_colleagues(unit, clinician, own, patients)
    mine = [(flag, patients[flag.patient_id]) for flag in own.open if flag.patient_id in patients]
    mine = [(flag, patient) for flag, patient in mine if held.get(flag.id) is not Held.HANDED_OVER]
    from_colleagues = await _from_colleagues(unit, clinician)
    shown = [*mine, *from_colleagues]
    waits = await who_waits(unit, clinician, {*patients, *(patient.id for _, patient in shown)}, sights)
    raised = [(flag, patient) for flag, patient in shown if flag.state == FlagState.RAISED]
    put_off = {**own.put_off, **await _put_off(unit, from_colleagues)}
    told = [(flag, patient) for flag, patient in raised if put_off.get(flag.id, on) <= on]
    shown_already = {flag.id for flag, _ in told}
    told += [
        (flag, patients[flag.patient_id])
        for flag in come_back
        if flag.patient_id in patients and flag.id not in shown_already
    ]
    about = {patient.id: patient for _, patient in told}
    shown_flags = [flag for flag, _ in told]
    lines = await lines_about(unit, shown_flags, about, sights, put_off, reader=reader, since=since)

    def days(patient_id: int) -> int | None:
        waited = waits.get(patient_id)
        return days_waited(waited[0], on=on, zone=reader.zone) if waited else None

    cards = tuple(replace(line, waits_days=days(line.patient_id)) for line in lines)
    return Signs(cards=cards, with_colleagues=away, waits=waits)


async def lines_about(
    unit: Unit,
    found: Sequence[Flag],
    patients: Mapping[int, Person],
    sights: Mapping[int, Sight],
    put_off: Mapping[int, date],
    *,
    reader: Person,
    since: datetime,
) -> tuple[FlagLine, ...]:
    """These flags as the reader's digest shows them, in their order; one of a patient who is not known is left out."""
    known = [flag for flag in found if flag.patient_id in patients]
    facts = await facts_about(unit, known, patients, reader=reader, known=sights, put_off=put_off)
    return tuple(
        [
            await flag_line(
                unit,
                flag,
                patients[flag.patient_id],
                since=since,
                language=reader.language,
                reader=reader,
                facts=facts,
            )
            for flag in known
        ]
    )


async def _put_off(unit: Unit, found: Sequence[tuple[Flag, Person]]) -> dict[int, date]:
    return await acting.put_off_of(unit.session, [flag.id for flag, _ in found]) if found else {}


async def _from_colleagues(unit: Unit, clinician: Person) -> list[tuple[Flag, Person]]:
    held = [flag for flag in await acting.held_by(unit.session, clinician.id) if flag.clinician_id != clinician.id]
    if not held:
        return []
    there, holders = (
        await roster.patients(unit.session, {flag.patient_id for flag in held}),
        await holders_of(unit, held),
    )
    return [
        (flag, patient)
        for flag in held
        for patient, enrolment in [there[flag.patient_id]]
        if flag.id in holders and enrolment is not None and enrolment.state not in ENDED
    ]
