"""A page that Telegram does not carry goes by the second channel as well: it says whom to look at, and no more."""

from datetime import datetime, timedelta

from alliance.delivery import Lane
from storage import alerts, outbox
from storage.intents import Intent
from storage.tables import Alert
from workflows.unit import Unit
from workflows.words import day_and_time, who_it_is

STILL_WANTED = timedelta(hours=1)  # after that the next rung has gone out by itself


async def page_elsewhere(unit: Unit, *, waiting_since: datetime) -> int:
    """Queue a notice for each alert with a page that has waited since then; how many alerts wait.

    One for each rung, so that it is repeated as the pages are. Nothing where a clinic has no second channel.
    """
    waiting = await alerts.with_waiting_pages(unit.session, since=waiting_since)
    for alert in waiting:
        await tell_elsewhere(unit, alert)
    return len(waiting)


async def tell_elsewhere(unit: Unit, alert: Alert, *, is_unanswered: bool = False) -> None:
    """Queue one notice about an alert, where there is a second channel at all.

    ``is_unanswered`` where Telegram has paged everybody and nobody has taken the alert on.
    """
    if not unit.clinic.has_second_channel:
        return
    wording = unit.wording(unit.clinic.language)
    who = await who_it_is(unit, alert, wording)
    raised_at = day_and_time(alert.raised_at, unit.clinic.zone, wording)
    await outbox.add(
        unit.session,
        Intent(
            key=f"elsewhere:{alert.id}:{alert.rung}",
            lane=Lane.ELSEWHERE,
            chat_id=0,
            person_id=None,
            method="page",
            body={
                "subject": wording("alert.elsewhere.subject", who=who),
                "text": wording(f"alert.elsewhere.{'unanswered' if is_unanswered else 'text'}", who=who, at=raised_at),
                "alert": alert.id,
            },
            due_at=unit.now,
            expires_at=unit.now + STILL_WANTED,
        ),
        now=unit.now,
    )
