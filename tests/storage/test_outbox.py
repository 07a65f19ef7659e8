"""Tests of storage.outbox: what is said once, in which order, and how each message comes to a true end."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from alliance.delivery import TO_TELEGRAM, Lane, OutboxState, Result
from storage import outbox, sending
from storage.database import Database
from storage.intents import Claim, Claimed, Intent, Settled, Tried
from storage.tables import Outgoing

ANAS_CHAT, BENS_CHAT = 42, 43
EVERY_LANE = pytest.mark.parametrize("lane", TO_TELEGRAM)
Make = Callable[..., Intent]


@pytest.fixture
def intent(moment: datetime) -> Make:
    """Makes a message to Ana that is due now, unless said otherwise."""
    numbers = itertools.count(1)

    def make(**changes: object) -> Intent:
        number = next(numbers)
        usual: dict[str, object] = {
            "key": f"key {number}",
            "lane": Lane.REPLY,
            "chat_id": ANAS_CHAT,
            "person_id": None,
            "method": "sendMessage",
            "body": {"chat_id": ANAS_CHAT, "text": f"words {number}"},
            "due_at": moment,
        }
        return Intent(**{**usual, **changes})  # pyright: ignore[reportArgumentType]  # each by its name

    return make


async def add(database: Database, *intents: Intent) -> list[int]:
    async with database.writing() as session:
        ids = [await outbox.add(session, one, now=one.due_at) for one in intents]
    return [one for one in ids if one is not None]


async def claim(database: Database, now: datetime, **keywords: object) -> Claim:
    async with database.writing() as session:
        return await sending.claim(session, now=now, **{"limit": 10, **keywords})  # pyright: ignore[reportArgumentType]  # each by its name


async def record(database: Database, now: datetime, *tried: Tried) -> list[Settled]:
    async with database.writing() as session:
        return await sending.record(session, tried, now=now)


async def row(database: Database, row_id: int) -> Outgoing:
    async with database.reading() as session:
        return (await session.scalars(select(Outgoing).where(Outgoing.id == row_id))).one()


async def test_a_message_comes_out_as_it_was_put_in(database: Database, moment: datetime, intent: Make) -> None:
    body = {"chat_id": ANAS_CHAT, "text": "¿Cómo va? \ud83d", "reply_markup": {"inline_keyboard": [[]]}}
    (row_id,) = await add(database, intent(key="checkin:1", lane=Lane.CHECKIN, body=body))

    claimed = await claim(database, moment)

    assert claimed.settled == []
    assert claimed.rows == [
        Claimed(
            id=row_id,
            key="checkin:1",
            lane=Lane.CHECKIN,
            chat_id=ANAS_CHAT,
            person_id=None,
            method="sendMessage",
            body=body,
            tries=1,
            unclear=0,
            checkin_id=None,
            alert_id=None,
            take_away_after=None,
            expires_at=None,
        )
    ]


async def test_what_was_said_is_not_said_again(database: Database, moment: datetime, intent: Make) -> None:
    ids = await add(database, intent(key="once"), intent(key="once"))
    await claim(database, moment)
    await record(database, moment, Tried(id=ids[0], result=Result.SENT, message_id=5))

    later = await add(database, intent(key="once"))

    assert len(ids) == 1
    assert later == []


async def test_what_is_claimed_is_not_claimed_again(database: Database, moment: datetime, intent: Make) -> None:
    await add(database, intent())

    first, second = await claim(database, moment), await claim(database, moment)

    assert (len(first.rows), second.rows) == (1, [])


async def test_workers_side_by_side_never_take_the_same_message(
    database: Database, moment: datetime, intent: Make
) -> None:
    ids = await add(database, *(intent(chat_id=number % 20) for number in range(40)))
    taken: list[int] = []

    async def work() -> None:
        while rows := (await claim(database, moment, limit=3)).rows:
            taken.extend(one.id for one in rows)
            await record(database, moment, *(Tried(id=one.id, result=Result.SENT) for one in rows))

    await asyncio.gather(*(work() for _ in range(4)))
    await work()  # what one worker had locked the others passed over

    assert sorted(taken) == ids


async def test_nothing_goes_out_before_its_time(database: Database, moment: datetime, intent: Make) -> None:
    await add(database, intent(due_at=moment + timedelta(seconds=1)))

    assert (await claim(database, moment)).rows == []
    assert len((await claim(database, moment + timedelta(seconds=1))).rows) == 1


async def test_the_words_cannot_be_read_in_the_table(database: Database, intent: Make) -> None:
    await add(database, intent(body={"text": "a-canary"}))

    async with database.reading() as session:
        found = (await session.execute(text("SELECT * FROM outbox"))).one()
    assert "a-canary" not in repr(tuple(found))


async def test_a_message_that_was_tampered_with_is_rejected(database: Database, moment: datetime, intent: Make) -> None:
    bad, good = await add(database, intent(), intent(chat_id=BENS_CHAT))
    async with database.writing() as session:
        other = (await session.scalars(select(Outgoing.body).where(Outgoing.id == good))).one()
        await session.execute(update(Outgoing).where(Outgoing.id == bad).values(body=other))

    claimed = await claim(database, moment)

    assert [one.id for one in claimed.rows] == [good]
    assert [(one.id, one.state, one.cause) for one in claimed.settled] == [(bad, OutboxState.REJECTED, "Tampered")]


async def test_the_lower_lane_goes_first_and_then_the_older_one(
    database: Database, moment: datetime, intent: Make
) -> None:
    lanes = [Lane.BULK, Lane.DIGEST, Lane.SAFETY, Lane.CHECKIN, Lane.REPLY, Lane.SAFETY]
    ids = await add(database, *(intent(lane=lane, chat_id=chat) for chat, lane in enumerate(lanes)))

    claimed = await claim(database, moment)

    assert [one.id for one in claimed.rows] == [ids[n] for n in (2, 5, 4, 3, 1, 0)]


async def test_a_limit_takes_the_first_of_them(database: Database, moment: datetime, intent: Make) -> None:
    ids = await add(database, *(intent(chat_id=chat) for chat in range(5)))

    claimed = await claim(database, moment, limit=2)

    assert [one.id for one in claimed.rows] == ids[:2]


async def test_one_chat_gets_one_message_at_a_time(database: Database, moment: datetime, intent: Make) -> None:
    first, second = await add(database, intent(), intent(method="editMessageText"))

    claims = [[one.id for one in (await claim(database, moment)).rows] for _ in range(2)]
    await record(database, moment, Tried(id=first, result=Result.SENT, message_id=1))
    after = await claim(database, moment)

    assert claims == [[first], []]
    assert [one.id for one in after.rows] == [second]


async def test_an_edit_does_not_overtake_a_message_that_rests(
    database: Database, moment: datetime, intent: Make
) -> None:
    first, _ = await add(database, intent(), intent(method="editMessageText"))
    await claim(database, moment)
    await record(database, moment, Tried(id=first, result=Result.HELD, cause="429", hold=timedelta(seconds=9)))

    during = await claim(database, moment + timedelta(seconds=8))
    after = await claim(database, moment + timedelta(seconds=9))

    assert during.rows == []
    assert [one.id for one in after.rows] == [first]


async def test_a_reply_does_not_wait_for_a_question_that_rests(
    database: Database, moment: datetime, intent: Make
) -> None:
    (question,) = await add(database, intent(lane=Lane.CHECKIN))
    await claim(database, moment)
    await record(database, moment, Tried(id=question, result=Result.AMBIGUOUS))
    (reply,) = await add(database, intent(lane=Lane.REPLY))

    claimed = await claim(database, moment)

    assert [one.id for one in claimed.rows] == [reply]


async def test_a_message_planned_for_later_keeps_nobody_back(
    database: Database, moment: datetime, intent: Make
) -> None:
    _, now_due = await add(database, intent(due_at=moment + timedelta(days=1)), intent())

    assert [one.id for one in (await claim(database, moment)).rows] == [now_due]


async def test_safety_messages_do_not_wait_for_each_other(database: Database, moment: datetime, intent: Make) -> None:
    ids = await add(database, *(intent(lane=Lane.SAFETY) for _ in range(3)))

    assert [one.id for one in (await claim(database, moment)).rows] == ids


async def test_a_safety_message_does_not_wait_for_a_reply_on_its_way(
    database: Database, moment: datetime, intent: Make
) -> None:
    await add(database, intent())
    await claim(database, moment)
    (safety,) = await add(database, intent(lane=Lane.SAFETY))

    assert [one.id for one in (await claim(database, moment)).rows] == [safety]


async def test_halted_chats_and_lanes_are_left_alone(database: Database, moment: datetime, intent: Make) -> None:
    _, ben, digest = await add(database, intent(), intent(chat_id=BENS_CHAT), intent(chat_id=99, lane=Lane.DIGEST))

    without_ana = await claim(database, moment, except_chats={ANAS_CHAT}, lanes=[Lane.REPLY])
    digests = await claim(database, moment, lanes=[Lane.DIGEST])

    assert [one.id for one in without_ana.rows] == [ben]
    assert [one.id for one in digests.rows] == [digest]


@EVERY_LANE
async def test_a_sent_message_is_sent(sqlite_database: Database, moment: datetime, intent: Make, lane: Lane) -> None:
    (row_id,) = await add(sqlite_database, intent(lane=lane, key="said"))
    await claim(sqlite_database, moment)

    settled = await record(sqlite_database, moment, Tried(id=row_id, result=Result.SENT, message_id=77))

    assert settled == [
        Settled(
            id=row_id,
            key="said",
            lane=lane,
            chat_id=ANAS_CHAT,
            person_id=None,
            method="sendMessage",
            state=OutboxState.SENT,
            cause=None,
            message_id=77,
            checkin_id=None,
            alert_id=None,
        )
    ]
    assert (await row(sqlite_database, row_id)).sent_at == moment


@pytest.mark.parametrize(
    ("result", "state"),
    [(Result.BLOCKED, OutboxState.BLOCKED), (Result.REJECTED, OutboxState.REJECTED)],
)
async def test_what_telegram_refuses_for_good_ends(
    sqlite_database: Database, moment: datetime, intent: Make, result: Result, state: OutboxState
) -> None:
    (row_id,) = await add(sqlite_database, intent())
    await claim(sqlite_database, moment)

    (settled,) = await record(sqlite_database, moment, Tried(id=row_id, result=result, cause="403"))

    assert (settled.state, settled.cause) == (state, "403")
    assert (await claim(sqlite_database, moment + timedelta(days=1))).rows == []


async def test_what_was_surely_not_sent_is_tried_until_it_is(
    sqlite_database: Database, moment: datetime, intent: Make
) -> None:
    (row_id,) = await add(sqlite_database, intent())
    now = moment
    for _ in range(10):
        await claim(sqlite_database, now)
        assert await record(sqlite_database, now, Tried(id=row_id, result=Result.NOT_SENT)) == []
        now += timedelta(minutes=1)

    claimed = await claim(sqlite_database, now)

    assert [(one.tries, one.unclear) for one in claimed.rows] == [(11, 0)]


@EVERY_LANE
async def test_after_an_unclear_try_there_is_one_copy_and_then_the_truth(
    database: Database, moment: datetime, intent: Make, lane: Lane
) -> None:
    (row_id,) = await add(database, intent(lane=lane))
    ends: list[Settled] = []
    tries = 0
    for hour in range(5):
        now = moment + timedelta(hours=hour)
        tries += len((await claim(database, now)).rows)
        ends += await record(database, now, Tried(id=row_id, result=Result.AMBIGUOUS, cause="ReadTimeout"))

    assert tries == 2
    assert [(one.state, one.cause) for one in ends] == [(OutboxState.UNCERTAIN, "ReadTimeout")]


@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_an_edit_is_repeated_as_often_as_it_takes(
    sqlite_database: Database, moment: datetime, intent: Make, method: str
) -> None:
    (row_id,) = await add(sqlite_database, intent(method=method))
    for hour in range(5):
        now = moment + timedelta(hours=hour)
        await claim(sqlite_database, now)
        assert await record(sqlite_database, now, Tried(id=row_id, result=Result.AMBIGUOUS)) == []

    assert (await row(sqlite_database, row_id)).unclear == 0


async def test_a_result_that_comes_too_late_changes_nothing(
    sqlite_database: Database, moment: datetime, intent: Make
) -> None:
    (row_id,) = await add(sqlite_database, intent())
    await claim(sqlite_database, moment)
    await record(sqlite_database, moment, Tried(id=row_id, result=Result.SENT, message_id=1))

    assert await record(sqlite_database, moment, Tried(id=row_id, result=Result.NOT_SENT)) == []
    assert (await row(sqlite_database, row_id)).state == OutboxState.SENT


async def test_a_message_not_meant_to_stay_is_taken_away(database: Database, moment: datetime, intent: Make) -> None:
    (row_id,) = await add(database, intent(take_away_after=60))
    await claim(database, moment)
    await record(database, moment, Tried(id=row_id, result=Result.SENT, message_id=77))

    early = await claim(database, moment + timedelta(seconds=59))
    (deletion,) = (await claim(database, moment + timedelta(seconds=60))).rows

    assert early.rows == []
    assert (deletion.method, deletion.key) == ("deleteMessage", f"takeaway:{row_id}")
    assert deletion.body == {"chat_id": ANAS_CHAT, "message_id": 77}


async def test_next_due_passes_over_what_is_kept_back(database: Database, moment: datetime, intent: Make) -> None:
    first, _, _ = await add(database, intent(), intent(), intent(chat_id=BENS_CHAT, due_at=moment + timedelta(hours=1)))
    await claim(database, moment)
    await record(database, moment, Tried(id=first, result=Result.HELD, hold=timedelta(seconds=30)))

    async with database.reading() as session:
        soonest = await outbox.next_due_at(session)
        without_ana = await outbox.next_due_at(session, except_chats={ANAS_CHAT})
    assert soonest == moment + timedelta(seconds=30)
    assert without_ana == moment + timedelta(hours=1)


async def test_an_empty_outbox_has_nothing_due_and_counts_zeros(sqlite_database: Database) -> None:
    async with sqlite_database.reading() as session:
        assert await outbox.next_due_at(session) is None
        assert await outbox.counts(session) == dict.fromkeys(map(str, OutboxState), 0)


async def test_words_of_finished_messages_are_emptied(database: Database, moment: datetime, intent: Make) -> None:
    finished, waits = await add(database, intent(), intent(chat_id=BENS_CHAT))
    await claim(database, moment, limit=1)
    await record(database, moment, Tried(id=finished, result=Result.SENT))

    async with database.writing() as session:
        assert await outbox.empty_old(session, before=moment) == 0
        assert await outbox.empty_old(session, before=moment + timedelta(days=2)) == 1
    assert (await row(database, finished)).body is None
    assert (await row(database, waits)).body is not None
