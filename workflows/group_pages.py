"""Pages that reach one person at the same moment become one message that names each alert as it stands then.

Nothing waits for that: what is claimed together is sent together. Each page keeps its own row, and so its own end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import structlog

from alliance.alerts import AlertState
from alliance.grouped_pages import Named, Stands, in_messages, together
from alliance.wording import Wording
from storage import grouped_pages, people
from storage.grouped_pages import OneAlert
from storage.intents import Claimed
from storage.tables import Person
from storage.trouble import is_the_databases_own
from workflows.page_staff import arrived_late, read_at, who_it_is
from workflows.speak import body_of, change
from workflows.unit import Unit

_STEPS_TAKEN = {AlertState.RAISED: 0, AlertState.ACKNOWLEDGED: 1, AlertState.RESOLVED: 2}

log = structlog.get_logger()


async def group_pages(unit: Unit, claimed: Sequence[Claimed]) -> list[Claimed]:
    """What was claimed, with the pages to one person put into as few messages as hold them.

    A page that is alone goes out as it was made. Where they cannot be put together, each goes out by itself.
    """
    by_chat: dict[int, list[Claimed]] = defaultdict(list)
    for row in claimed:
        if row.page_id is not None:
            by_chat[row.chat_id].append(row)
    made: list[Claimed] = []
    for row in claimed:
        if row.page_id is None:
            made.append(row)
        elif pages := by_chat.pop(row.chat_id, None):  # where the first of them stood
            made += await _as_few_as_hold_them(unit, pages) if len(pages) > 1 else pages
    return made


async def redraw(unit: Unit, person: Person, message_id: int, *, group: int) -> bool:
    """Show in a message that names several alerts how each of them stands now; False when it names none of theirs."""
    members = await grouped_pages.members(unit.session, group, person_id=person.id)
    if not members:
        return False
    wording = unit.wording(person.language)
    named = [await _named(unit, one, person, wording) for one in members]
    # states only move forward, so the number of steps taken says which of its forms the message has
    form = sum(_STEPS_TAKEN[AlertState(one.alert.state)] for one in members)
    key = f"pages:{group}:{form}"
    await change(unit, person, message_id, together(wording, named, group=group), key=key)
    return True


async def _as_few_as_hold_them(unit: Unit, pages: list[Claimed]) -> list[Claimed]:
    try:
        async with unit.session.begin_nested():
            return await _for_one_person(unit, pages)
    except Exception as error:
        if is_the_databases_own(error):
            raise
        # whatever it is, each page is ready as it was made, and none may be kept back for company
        log.critical("pages_not_put_together", pages=len(pages), cause=type(error).__name__)
        return pages


async def _for_one_person(unit: Unit, pages: list[Claimed]) -> list[Claimed]:
    recipient = await people.get(unit.session, pages[0].person_id or 0)
    wording = unit.wording(recipient.language)
    rows = {row.page_id: row for row in pages if row.page_id is not None}
    about = await grouped_pages.about(unit.session, rows)
    by_alert = {one.alert.id: one for one in about}
    named = [await _named(unit, one, recipient, wording) for one in about]
    made: list[Claimed] = []
    for part in in_messages(wording, named):
        group = [by_alert[one.alert_id] for one in part]
        if len(part) == 1:  # about one alert the latest page says it all
            made.append(_carrying(_rows_of(group, rows)))
            continue
        number = await grouped_pages.record(unit.session, group)
        message = _carrying(_rows_of(group, rows))
        body = body_of(together(wording, part, group=number), chat_id=message.chat_id)
        made.append(replace(message, body=body))
    return made


def _rows_of(group: Iterable[OneAlert], rows: Mapping[int, Claimed]) -> list[Claimed]:
    return [rows[page.id] for one in group for page in one.pages]


def _carrying(rows: Sequence[Claimed]) -> Claimed:
    latest = max(rows, key=lambda row: row.id)
    return replace(latest, carries=tuple(row.id for row in rows if row.id != latest.id))


async def _named(unit: Unit, one: OneAlert, reader: Person, wording: Wording) -> Named:
    alert = one.alert
    stands = _stands(one, reader)
    lines = await _lines(unit, one, stands, reader, wording)
    who = await who_it_is(unit, alert, wording)
    return Named(alert_id=alert.id, who=who, lines=lines, stands=stands)


def _stands(one: OneAlert, reader: Person) -> Stands:
    match AlertState(one.alert.state):
        case AlertState.RAISED:
            return Stands.OPEN
        case AlertState.ACKNOWLEDGED:
            return Stands.THEIRS if one.alert.acknowledged_by == reader.id else Stands.TAKEN
        case AlertState.RESOLVED:
            return Stands.CLOSED


async def _lines(unit: Unit, one: OneAlert, stands: Stands, reader: Person, wording: Wording) -> tuple[str, ...]:
    alert, latest = one.alert, one.pages[-1]
    taken_at = alert.acknowledged_at
    match stands:
        case Stands.OPEN:
            lines = [
                wording(
                    "alert.cause", cause=wording(f"cause.{alert.cause}"), at=read_at(alert.written_at, reader, wording)
                )
            ]
            if late_at := arrived_late(alert, reader):
                lines.append(wording("alert.late", at=late_at))
            if latest.rung:
                lines.append(wording("alert.again", count=latest.rung))
            return tuple(lines)
        case Stands.THEIRS:
            lines = [wording("alert.yours", at=read_at(taken_at, reader, wording))]
            if taken_at is not None and latest.paged_at > taken_at:
                lines.append(wording("alert.wrote_again" if latest.wrote_again else "alert.still_open"))
            return tuple(lines)
        case Stands.TAKEN:
            owner = await people.get(unit.session, alert.acknowledged_by or 0)
            return (wording("alert.together.taken", owner=owner.code_name),)
        case Stands.CLOSED:
            return (wording("alert.together.closed", how=wording(f"resolution.{alert.resolution}")),)
