"""Moments and names as a person reads them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from alliance.wording import Wording
from storage import people
from storage.tables import Alert, Enrolment, Person
from workflows.unit import Unit


async def clinician_name(unit: Unit, clinician_id: int) -> str:
    """The name under which a patient knows a clinician."""
    return people.display_name(unit.session, await people.get(unit.session, clinician_id))


def clock_time(moment: datetime, zone: str) -> str:
    """The time on the wall there, as HH:MM."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def day_in_words(day: date, wording: Wording) -> str:
    """A day such as *Thursday 12 March*, in the language of the wording."""
    return wording(
        "day",
        weekday=wording(f"weekday.{day.isoweekday()}"),
        day=day.day,
        month=wording(f"month.{day.month}"),
    )


def day_and_time(moment: datetime, zone: str, wording: Wording) -> str:
    """A moment such as *Thursday 12 March at 09:00* on the wall there."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return wording("day_and_time", day=day_in_words(day, wording), time=clock_time(moment, zone))


async def who_it_is(unit: Unit, alert: Alert, wording: Wording) -> str:
    """Whom an alert is about, by code name, or that it is somebody unknown."""
    if alert.patient_id is None:
        return wording("alert.stranger")
    return (await people.get(unit.session, alert.patient_id)).code_name


def next_checkin_in_words(person: Person, enrolment: Enrolment, wording: Wording) -> str | None:
    """When this patient is asked next, or None when nothing is planned."""
    if enrolment.next_due_at is None:
        return None
    return day_and_time(enrolment.next_due_at, person.zone, wording)
