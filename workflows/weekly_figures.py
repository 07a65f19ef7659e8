"""On Monday morning coordinators and leads read how often each rule was right, also when there was no alert."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from alliance.alert_figures import Precision
from alliance.delivery import Lane
from alliance.local_time import instant, local_day
from alliance.people import Role
from alliance.saying import Saying, headed
from alliance.wording import Wording
from storage import outbox, people
from workflows.in_reach import can_be_reached
from workflows.review_alerts import precision
from workflows.speak import say
from workflows.unit import Person, Unit
from workflows.words import day_in_words

WEEK = timedelta(days=7)
MIDNIGHT = time(0)
READERS = (Role.COORDINATOR, Role.LEAD)


async def send_due(unit: Unit) -> int:
    """Send the figures of the last whole week of the clinic's calendar, to each reader once; to how many."""
    zone = unit.clinic.zone
    today = local_day(unit.now, zone)
    monday = today - timedelta(days=today.weekday())
    if unit.now < instant(monday, unit.clinic.digest_at, zone):
        return 0
    until = instant(monday, MIDNIGHT, zone)
    told = 0
    for reader in await _readers(unit, until=until):
        key = f"weekly_figures:{monday}:{reader.id}"
        if await outbox.is_known(unit.session, key):
            continue
        rules = await precision(unit, since=instant(monday - WEEK, MIDNIGHT, zone), until=until)
        await say(unit, reader, _figures(unit.wording(reader.language), rules, monday), lane=Lane.DIGEST, key=key)
        told += 1
    return told


async def _readers(unit: Unit, *, until: datetime) -> list[Person]:
    """Who has one of the roles now and had it when that week ended: nobody is sent the past on the first day."""
    then = await people.in_roles(unit.session, READERS, now=until)
    now = await people.in_roles(unit.session, READERS, now=unit.now)
    found = {person.id: person for role in READERS for person in now[role] if person in then[role]}
    return [person for person in found.values() if can_be_reached(person)]


def _figures(wording: Wording, rules: Sequence[Precision], monday: date) -> Saying:
    title = wording(
        "precision.title",
        since=day_in_words(monday - WEEK, wording),
        until=day_in_words(monday - timedelta(days=1), wording),
        count=sum(rule.held + rule.false + rule.unsettled for rule in rules),
    )
    lines = [_line(wording, rule) for rule in rules] or [wording("precision.none")]
    return headed(title, "\n".join([*lines, wording("precision.note")]))


def _line(wording: Wording, rule: Precision) -> str:
    judged = rule.held + rule.false
    form = "judged" if judged else "unjudged"
    name = f"{rule.rule} ({rule.rules_version})" if rule.rules_version else rule.rule
    return wording(f"precision.{form}", rule=name, held=rule.held, judged=judged, unsettled=rule.unsettled)
