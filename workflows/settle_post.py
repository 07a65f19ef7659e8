"""What became of a message changes what we know: a question arrived, a person cannot be reached."""

from collections.abc import Sequence

from alliance.after_asking import moved
from alliance.alerts import AlertState
from alliance.checkin import REMIND_AFTER, CheckinState
from alliance.delivery import OutboxState
from alliance.notes import NOTE_KEY
from storage import alerts, checkins, erasure, outbox, pages, people
from storage.checkins import end
from storage.intents import Settled
from storage.tables import Checkin
from workflows.erase import LAST_WORD, TOLD_TO_STAFF
from workflows.own_record import RECORD
from workflows.picture_digests import PICTURE
from workflows.reachable import out_of_reach
from workflows.show_checkin import Page, put
from workflows.unit import Unit
from workflows.write_note import settled as note_settled

EMPTIED_AT_ONCE = (RECORD, TOLD_TO_STAFF, PICTURE)  # what nobody asks for a second time is not kept for it


async def settle(unit: Unit, settled: Sequence[Settled]) -> None:
    """Draw the consequences of messages that reached a true end."""
    for post in settled:
        if post.key.startswith(LAST_WORD):
            await erasure.forget_last_word(unit.session, post.id, post.chat_id)
            continue
        if post.key.startswith(NOTE_KEY):
            await note_settled(unit, post)
        if post.key.startswith(EMPTIED_AT_ONCE):
            await outbox.empty(unit.session, post.id)
        if post.state is OutboxState.BLOCKED and post.person_id is not None:
            await out_of_reach(unit, await people.get(unit.session, post.person_id))
        if post.alert_id is not None:
            await _paged(unit, post.alert_id, arrived=post.state is OutboxState.SENT)
        if post.checkin_id is not None:
            await _of_a_checkin(unit, post, post.checkin_id)
    await unit.session.flush()


async def _of_a_checkin(unit: Unit, post: Settled, checkin_id: int) -> None:
    if post.method == "sendMessage":
        checkin = await checkins.get(unit.session, checkin_id)
        if checkin is not None:
            await _asked(unit, checkin, post)
    elif post.state is OutboxState.SENT:
        await pages.stands(unit.session, post.key, at=unit.now)


async def _paged(unit: Unit, alert_id: int, *, arrived: bool) -> None:
    alert = await alerts.get(unit.session, alert_id)
    if alert is None:
        return
    if not arrived and alert.state != AlertState.RESOLVED:
        alert.next_page_at = unit.now  # this page reached nobody: the next one does not wait
    elif arrived and alert.first_paged_at is None:
        alert.first_paged_at = unit.now


async def _asked(unit: Unit, checkin: Checkin, post: Settled) -> None:
    match post.state:
        case OutboxState.SENT:
            await _arrived(unit, checkin, post)
        case OutboxState.UNCERTAIN if checkin.state == CheckinState.QUEUED:
            checkin.state = CheckinState.UNCERTAIN
        case OutboxState.BLOCKED | OutboxState.REJECTED if checkin.state == CheckinState.QUEUED:
            end(checkin, CheckinState.UNDELIVERABLE, at=unit.now)
        case OutboxState.EXPIRED if checkin.state == CheckinState.QUEUED:
            end(checkin, CheckinState.MISSED, at=unit.now)
        case OutboxState.CANCELLED if checkin.state == CheckinState.QUEUED:
            end(checkin, CheckinState.CANCELLED, at=unit.now)
        case _:
            pass


async def _arrived(unit: Unit, checkin: Checkin, post: Settled) -> None:
    if checkin.state in {CheckinState.QUEUED, CheckinState.UNCERTAIN}:
        checkin.state = CheckinState.OPEN
    if checkin.delivered_at is None:
        checkin.delivered_at = unit.now
        checkin.remind_at = unit.now + REMIND_AFTER
    if post.message_id is None:
        return
    await pages.arrived(unit.session, post.key, message_id=post.message_id, at=unit.now)
    before, checkin.message_id = checkin.message_id, post.message_id
    if before is not None and before != post.message_id:
        patient = await checkins.patient_of(unit.session, checkin)
        saying = moved(unit.wording(checkin.language))
        await put(unit, patient, checkin, saying, page=Page.MOVED, message_id=before)
