"""Each clinician's digest: once for every local working day, also when there is nothing to say."""

from datetime import date, timedelta

import structlog

from alliance.delivery import Lane
from alliance.digest_json import as_json
from alliance.digest_messages import as_messages
from alliance.people import Role
from storage import digests, people
from storage.tables import Person
from storage.trouble import is_the_databases_own
from workflows.arrange_digest import arranged
from workflows.mail_digests import mail_digest
from workflows.picture_digests import want_picture
from workflows.plan_digest import latest_due, plan_digest
from workflows.rate_alliance import ask_weekly
from workflows.send_team_digest import send_team_digest
from workflows.speak import say_in_turn
from workflows.unit import Unit
from workflows.who_stands_in import covered_by, leave_of
from workflows.words_in_telegram import as_the_clinic_chose, say_words_with

BATCH = 2  # clinicians in one transaction: while it lasts, what arrives cannot be stored
TRY_AGAIN_AFTER = timedelta(minutes=5)  # after a failure that is ours

log = structlog.get_logger()


async def send_due(unit: Unit) -> int:
    """Arrange and send every digest that has fallen due; how many.

    After a downtime only the latest is sent; it covers everything since the last one. A digest that fails
    is put off and reported, and delays nobody else's.
    """
    sent = 0
    for clinician in await digests.due(unit.session, now=unit.now, limit=BATCH):
        clinician_id = clinician.id
        try:
            async with unit.session.begin_nested():
                is_sent = await _send_one(unit, clinician)
        except Exception as error:
            if is_the_databases_own(error):
                raise
            log.critical("digest_failed", clinician=clinician_id, cause=type(error).__name__)
            await digests.put_off(unit.session, clinician_id, until=unit.now + TRY_AGAIN_AFTER)
        else:
            sent += is_sent
            if is_sent:
                await _ask_her_view(unit, clinician)
    return sent


async def _ask_her_view(unit: Unit, clinician: Person) -> None:
    """Ask in a savepoint of its own: a digest is sent whatever becomes of the question beside it."""
    clinician_id = clinician.id
    try:
        async with unit.session.begin_nested():
            await ask_weekly(unit, clinician)
    except Exception as error:
        if is_the_databases_own(error):
            raise
        log.critical("views_not_asked", clinician=clinician_id, cause=type(error).__name__)


async def _send_one(unit: Unit, person: Person) -> int:
    """Everything that is one person's to read this morning: her own, her colleagues' who are away, the team's."""
    on = latest_due(person, now=unit.now)
    plan_digest(person, after=unit.now)
    await unit.session.flush()
    roles = (await people.actor(unit.session, person, now=unit.now)).roles
    sent = 0
    if Role.CLINICIAN in roles or Role.LEAD not in roles:
        sent += await _send_own(unit, person, on)
        if sent:
            await _ask_her_view(unit, person)
    try:
        async with unit.session.begin_nested():
            sent += await _send_for_others(unit, person, on)
            if Role.LEAD in roles:
                sent += await send_team_digest(unit, person, on)
    except Exception as error:
        if is_the_databases_own(error):
            raise
        # her own is on its way; the rest of the same date is tried again
        log.critical("digest_for_others_failed", clinician=person.id, cause=type(error).__name__)
        person.next_digest_at, person.next_digest_on = unit.now + TRY_AGAIN_AFTER, on
    return sent


async def _send_own(unit: Unit, clinician: Person, on: date) -> int:
    if await digests.on(unit.session, clinician.id, on) is not None:
        return 0
    if await leave_of(unit, clinician, unit.now) is not None:
        return 0  # whoever stands in reads it, and the first one after the leave covers all of it
    await _send(unit, clinician, on, reader=clinician)
    return 1


async def _send_for_others(unit: Unit, reader: Person, on: date) -> int:
    sent = 0
    for away, leave in await covered_by(unit, reader, unit.now):
        if await digests.on(unit.session, away.id, on) is None:
            await _send(unit, away, on, reader=reader, back_on=leave.back_on)
            sent += 1
    return sent


async def _send(unit: Unit, clinician: Person, on: date, *, reader: Person, back_on: date | None = None) -> None:
    content = await arranged(unit, clinician, on, reader=reader, back_on=back_on)
    digest = await digests.record(
        unit.session,
        clinician.id,
        local_date=on,
        covers_from=content.covers_from,
        content=as_json(content),
        now=unit.now,
    )
    if reader.id != clinician.id:
        await digests.was_read_by(unit.session, digest.id, reader.id)
    told = as_messages(content, digest_id=digest.id, wording=unit.wording(reader.language))
    sayings = as_the_clinic_chose(unit, told)
    keys = [digests.key_of(clinician.id, on, number) for number in range(len(sayings))]
    await say_in_turn(unit, reader, sayings, lane=Lane.DIGEST, keys=keys)
    await say_words_with(unit, digest, content, reader)
    want_picture(unit, digest, content, reader)
    await mail_digest(unit, digest, reader)
