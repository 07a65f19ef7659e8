"""The numbers operators see, from a ward whose rows are known."""

from datetime import datetime, timedelta

from alliance.alerts import AlertState
from alliance.delivery import Lane, OutboxState
from storage import heartbeats, inbox, outbox
from storage.database import Database, new_id
from storage.figures import BACKUP, LATE_AFTER, Figures, figures, late_digests
from storage.inbox import InboxState, RawUpdate
from storage.intents import Intent
from storage.tables import Alert, Message, Outgoing, Person

CHAT = 777_000_111


async def read(database: Database, now: datetime) -> Figures:
    async with database.reading() as session:
        return await figures(session, now=now)


async def test_a_ward_in_which_nothing_has_happened_has_zeros_everywhere(database: Database, moment: datetime) -> None:
    seen = await read(database, moment)

    assert seen.inbox == dict.fromkeys(InboxState, 0)
    assert set(seen.outbox.values()) == {0}
    assert len(seen.outbox) == len(Lane) * len(OutboxState)
    assert set(seen.oldest_queued.values()) == {timedelta(0)}
    assert (seen.oldest_waiting, seen.alerts_unacknowledged, seen.oldest_unacknowledged) == (
        timedelta(0),
        0,
        timedelta(0),
    )
    assert (seen.first_page_median, seen.first_page_longest, seen.backup_age) == (None, None, None)
    assert (seen.digests_due, seen.digests_late) == (0, 0)
    assert seen.database_bytes > 10_000


async def test_updates_are_counted_by_where_they_stand_and_the_oldest_waiting_has_its_age(
    database: Database, moment: datetime
) -> None:
    async with database.writing() as session:
        for number in range(5):
            raw = RawUpdate(update_id=number, identity=f"{number:032}", raw=b"{}")
            await inbox.store(session, [raw], now=moment + timedelta(minutes=number))
        first, second, *_ = await inbox.waiting(session, limit=5)
        await inbox.done(session, first.seq, now=moment)
        for _ in range(inbox.MOST_ATTEMPTS):
            await inbox.failed(session, second.seq, cause="KeyError", now=moment)

    seen = await read(database, moment + timedelta(minutes=10))

    assert seen.inbox == {InboxState.WAITING: 3, InboxState.DONE: 1, InboxState.DEAD: 1}
    assert seen.oldest_waiting == timedelta(minutes=8)


async def test_what_is_due_later_does_not_wait_yet_and_what_is_put_off_waits_since_it_was_made(
    database: Database, moment: datetime
) -> None:
    later, soon = moment + timedelta(hours=1), moment + timedelta(minutes=1)
    async with database.writing() as session:
        await outbox.add(session, intent("now", Lane.REPLY, moment), now=moment)
        await outbox.add(session, intent("later", Lane.BULK, later), now=moment)
        held = await outbox.add(session, intent("held", Lane.SAFETY, moment), now=moment)
        row = await session.get(Outgoing, held)
        assert row is not None
        row.tries, row.due_at = 3, soon + timedelta(hours=1)
        sent = await outbox.add(session, intent("sent", Lane.DIGEST, moment), now=moment)
        row = await session.get(Outgoing, sent)
        assert row is not None
        row.state = OutboxState.SENT

    seen = await read(database, soon)

    waits = timedelta(minutes=1)
    assert seen.oldest_queued == dict.fromkeys(Lane, timedelta(0)) | {Lane.REPLY: waits, Lane.SAFETY: waits}
    assert {key: number for key, number in seen.outbox.items() if number} == {
        (Lane.SAFETY, OutboxState.QUEUED): 1,
        (Lane.REPLY, OutboxState.QUEUED): 1,
        (Lane.BULK, OutboxState.QUEUED): 1,
        (Lane.DIGEST, OutboxState.SENT): 1,
    }


async def test_the_wait_for_a_page_begins_when_the_message_was_stored(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        for number, seconds in enumerate((1, 2, 9)):
            message = message_row(number, received_at=moment)
            session.add(message)
            await session.flush()
            session.add(
                alert_row(
                    number,
                    state=AlertState.ACKNOWLEDGED,
                    raised_at=moment + timedelta(seconds=1),
                    message_row=message.id,
                    first_paged_at=moment + timedelta(seconds=seconds),
                )
            )
        long_ago = moment - timedelta(days=3)
        session.add(
            alert_row(
                8,
                state=AlertState.RESOLVED,
                raised_at=long_ago,
                first_paged_at=long_ago + timedelta(hours=1),
            )
        )
        session.add(alert_row(9, state=AlertState.RAISED, raised_at=moment))

    seen = await read(database, moment + timedelta(minutes=5))

    assert (seen.first_page_median, seen.first_page_longest) == (timedelta(seconds=2), timedelta(seconds=9))
    assert (seen.alerts_unacknowledged, seen.oldest_unacknowledged) == (1, timedelta(minutes=5))


async def test_a_digest_is_late_when_it_should_have_been_there_long_ago(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        for number, due_at in enumerate((moment, moment - LATE_AFTER, moment + timedelta(hours=1), None)):
            person = Person(
                id=new_id(), code_name=f"C{number}", language="en", zone="UTC", created_at=moment, next_digest_at=due_at
            )
            session.add(person)

    seen = await read(database, moment)

    assert (seen.digests_due, seen.digests_late) == (2, 1)
    async with database.reading() as session:
        assert await late_digests(session, now=moment - timedelta(seconds=1)) == 0


async def test_the_age_of_the_last_backup_is_known(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await heartbeats.beat(session, BACKUP, moment - timedelta(minutes=4))

    assert (await read(database, moment)).backup_age == timedelta(minutes=4)


def intent(key: str, lane: Lane, due_at: datetime) -> Intent:
    return Intent(
        key=key, lane=lane, chat_id=CHAT, person_id=None, method="sendMessage", body={"text": "x"}, due_at=due_at
    )


def message_row(number: int, *, received_at: datetime) -> Message:
    return Message(
        id=new_id(),
        chat_id=CHAT,
        message_id=number,
        version=0,
        kind="text",
        word_count=1,
        sent_at=received_at,
        received_at=received_at,
        screening="flagged",
        rules_version="1",
    )


def alert_row(number: int, *, state: AlertState, raised_at: datetime, **more: object) -> Alert:
    return Alert(
        chat_id=CHAT + number,
        cause="suicide",
        degree="now",
        why="a rule",
        rule="r1",
        written_at=raised_at,
        raised_at=raised_at,
        state=state,
        rung=0,
        **more,
    )
