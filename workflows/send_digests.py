"""Each clinician's digest: once for every local working day, also when there is nothing to say."""

from collections.abc import Sequence
from datetime import date, timedelta

import structlog

from alliance.delivery import Lane
from alliance.digest_json import as_json
from alliance.digest_messages import as_messages
from alliance.people import Role
from storage import audiences, digests, people
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
from workflows.who_stands_in import Away, covered_by, everybody_away
from workflows.words_in_telegram import as_the_clinic_chose, say_words_with

BATCH = 2  # clinicians in one transaction: while it lasts, what arrives cannot be stored
TRY_AGAIN_AFTER = timedelta(minutes=5)  # after a failure that is ours

log = structlog.get_logger()


async def send_due(unit: Unit) -> int:
    """Arrange and send the digests of those whose hour has come; how many people that were, also if nothing was sent.

    After a downtime only the latest is sent; it covers everything since the last one. A digest that fails
    is put off and reported, and delays nobody else's.
    """
    due = await digests.due(unit.session, now=unit.now, limit=BATCH)
    for clinician in due:
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
            if is_sent:
                await _ask_her_view(unit, clinician)
    return len(due)


async def _ask_her_view(unit: Unit, clinician: Person) -> None:
    """Ask in a savepoint of its own: a digest is sent whatever becomes of the question beside it."""
    if not unit.clinic.clinician_rates.includes_weeks:
        return
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
    away, is_lead = await everybody_away(unit, unit.now), Role.LEAD in roles
    sent = 0
    if Role.CLINICIAN in roles or not is_lead or await audiences.chosen_by(unit.session, person.id):
        is_away = any(one.id == person.id for one, _ in away)
        sent += 0 if is_away else await _send_own(unit, person, on)  # the first one after a leave covers all of it
    if away or is_lead:
        sent += await _send_others(unit, person, on, away, is_lead=is_lead)
    return sent


async def _send_others(unit: Unit, person: Person, on: date, away: Sequence[Away], *, is_lead: bool) -> int:
    """What is hers to read beside her own; it fails without taking that back."""
    sent = 0
    try:
        async with unit.session.begin_nested():
            sent += await _send_for_others(unit, person, on, away)
            if is_lead:
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
    await _send(unit, clinician, on, reader=clinician)
    return 1


async def _send_for_others(unit: Unit, reader: Person, on: date, away: Sequence[Away]) -> int:
    sent = 0
    for colleague, leave in await covered_by(unit, reader, away, unit.now):
        if await digests.on(unit.session, colleague.id, on) is None:
            await _send(unit, colleague, on, reader=reader, back_on=leave.back_on)
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
