"""What one sender has claimed, another one answers for once it has taken over."""

from datetime import datetime, timedelta

from alliance.delivery import Lane, OutboxState, Result
from storage import outbox, sending
from storage.database import Database
from storage.intents import Intent, Tried
from storage.tables import Outgoing

BEFORE, NOW = 1, 2  # tokens of two senders
LATER = timedelta(seconds=5)  # longer than a reply rests before its copy


async def test_a_result_under_a_token_that_has_passed_on_changes_nothing(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        row_id = await outbox.add(session, _hello(moment), now=moment)
        assert row_id is not None
        assert len((await sending.claim(session, now=moment, limit=1, fence=BEFORE)).rows) == 1
    async with database.writing() as session:
        assert await sending.recover(session, now=moment, fence=NOW) == 1
        assert len((await sending.claim(session, now=moment + LATER, limit=1, fence=NOW)).rows) == 1

    async with database.writing() as session:
        tried = [Tried(id=row_id, result=Result.SENT, message_id=1)]
        settled = await sending.record(session, tried, now=moment, fence=BEFORE)

    async with database.reading() as session:
        row = await session.get(Outgoing, row_id)
    assert settled == []
    assert row is not None
    assert (row.state, row.fence, row.unclear) == (OutboxState.SENDING, NOW, 1)


async def test_what_another_sender_has_claimed_is_not_taken_back_by_its_own_recovery(
    database: Database, moment: datetime
) -> None:
    async with database.writing() as session:
        await outbox.add(session, _hello(moment), now=moment)
        await sending.claim(session, now=moment, limit=1, fence=NOW)

        assert await sending.recover(session, now=moment, fence=NOW) == 0


def _hello(moment: datetime) -> Intent:
    return Intent(
        key="hello",
        lane=Lane.REPLY,
        chat_id=5,
        person_id=None,
        method="sendMessage",
        body={"chat_id": 5, "text": "hello"},
        due_at=moment,
    )
