"""How alerts went, for people who look after the service: times, outcomes and figures, never words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.alert_figures import Precision, Verdict, precision_by_rule
from alliance.alerts import AlertState
from storage import alerts, audit, people, reach
from storage.tables import Alert
from workflows.unit import Unit

STRANGER = "-"  # somebody who is not enrolled has no code name


class NoAlert(LookupError):
    """There is no alert of that number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertSeen:
    """One alert as the command line shows it; a duration is None where that has not happened."""

    number: int
    code_name: str
    cause: str
    degree: str
    rule: str
    rules_version: str
    state: str
    written_at: datetime
    raised_at: datetime
    dispatched_after: timedelta | None  # until Telegram took the first page
    acknowledged_after: timedelta | None
    closed_after: timedelta | None
    acknowledged_by: str | None
    resolution: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertShown:
    """One alert with everything that a person at the shell needs to act on it."""

    seen: AlertSeen
    paged: tuple[str, ...]  # code names
    said: tuple[tuple[str, datetime], ...]  # by the buttons below the safety message
    reach: tuple[tuple[str, str], ...]  # name, phone, emergency_contact, address, as far as the clinic knows them


async def all_alerts(unit: Unit, *, since: datetime | None = None, only_open: bool = False) -> tuple[AlertSeen, ...]:
    """The alerts raised since then, the oldest first; those that are open only, or all."""
    rows = await alerts.every(unit.session, since=since, only_open=only_open)
    return tuple([await _seen(unit, row) for row in rows])


async def show_alert(unit: Unit, number: int) -> AlertShown:
    """One alert with the way to reach the person; that somebody looked is noted. Raises NoAlert."""
    alert = await alerts.get(unit.session, number)
    if alert is None:
        raise NoAlert(NoAlert.__doc__)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="alert_shown_at_the_shell",
        object_kind="alert",
        object_id=alert.id,
    )
    paged = await people.some(unit.session, sorted(await alerts.paged(unit.session, alert.id)))
    presses = await alerts.presses(unit.session, alert.id)
    return AlertShown(
        seen=await _seen(unit, alert),
        paged=tuple(person.code_name for person in paged),
        said=tuple((press.said, press.pressed_at) for press in presses),
        reach=await _how_to_reach(unit, alert),
    )


async def precision(unit: Unit, *, since: datetime | None, until: datetime | None = None) -> tuple[Precision, ...]:
    """How often each rule was right, of the alerts raised in that time."""
    rows = await alerts.every(unit.session, since=since, until=until)
    return precision_by_rule(
        Verdict(rule=row.rule or row.cause, rules_version=row.rules_version, resolution=row.resolution) for row in rows
    )


def dispatched(seen: Sequence[AlertSeen]) -> list[timedelta]:
    """How long each took until Telegram had the first page, where it did."""
    return [alert.dispatched_after for alert in seen if alert.dispatched_after is not None]


def acknowledged(seen: Sequence[AlertSeen]) -> list[timedelta]:
    """How long each took until somebody had it, where somebody did."""
    return [alert.acknowledged_after for alert in seen if alert.acknowledged_after is not None]


def closed(seen: Sequence[AlertSeen]) -> list[timedelta]:
    """How long each took until it was closed, where it is."""
    return [alert.closed_after for alert in seen if alert.closed_after is not None]


async def _seen(unit: Unit, alert: Alert) -> AlertSeen:
    patient = await people.get(unit.session, alert.patient_id) if alert.patient_id is not None else None
    owner = await people.get(unit.session, alert.acknowledged_by) if alert.acknowledged_by is not None else None

    def after(moment: datetime | None) -> timedelta | None:
        return None if moment is None else moment - alert.raised_at

    return AlertSeen(
        number=alert.id,
        code_name=patient.code_name if patient else STRANGER,
        cause=alert.cause,
        degree=alert.degree,
        rule=alert.rule,
        rules_version=alert.rules_version,
        state=AlertState(alert.state),
        written_at=alert.written_at,
        raised_at=alert.raised_at,
        dispatched_after=after(alert.first_paged_at),
        acknowledged_after=after(alert.acknowledged_at),
        closed_after=after(alert.resolved_at),
        acknowledged_by=owner.code_name if owner else None,
        resolution=alert.resolution,
    )


async def _how_to_reach(unit: Unit, alert: Alert) -> tuple[tuple[str, str], ...]:
    if alert.patient_id is None:
        return ()
    patient = await people.get(unit.session, alert.patient_id)
    details = await reach.contact(unit.session, patient.id)
    return (("name", people.display_name(unit.session, patient)), *details.items())
