"""A storm over the outbox: whatever Telegram answers and whenever the process dies, every message ends."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from alliance.delivery import MOST_COPIES, TO_TELEGRAM, Lane, OutboxState, Result
from storage import outbox, sending
from storage.database import Database
from storage.intents import Claimed, Intent, Tried

MESSAGES = 120
CHATS = 12
STEP = timedelta(minutes=1)
MOST_STEPS = 2_000
DIES = 0.1  # of the claims end with the death of the process
RESULTS = [Result.SENT] * 4 + [Result.NOT_SENT, Result.AMBIGUOUS, Result.HELD, Result.BLOCKED]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_message_ends_and_copies_are_bounded(
    sqlite_database: Database, moment: datetime, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  # the same storm each time
    arrived: Counter[str] = Counter()  # copies that a person may have seen
    order: dict[tuple[int, Lane], list[int]] = {}
    async with sqlite_database.writing() as session:
        for number in range(MESSAGES):
            await outbox.add(session, _message(number, chance, moment), now=moment)

    now = moment
    for _ in range(MOST_STEPS):
        async with sqlite_database.writing() as session:
            claimed = await sending.claim(session, now=now, limit=10)
        if chance.random() < DIES:
            arrived.update(one.key for one in claimed.rows if chance.random() < 0.5)
            async with sqlite_database.writing() as session:
                await sending.recover(session, now=now)
        else:
            tried = [_try(one, chance, arrived, order) for one in claimed.rows]
            async with sqlite_database.writing() as session:
                await sending.record(session, tried, now=now)
        now += STEP
        async with sqlite_database.reading() as session:
            if await outbox.next_due_at(session) is None:
                break

    async with sqlite_database.reading() as session:
        counts = await outbox.counts(session)
    assert counts[OutboxState.QUEUED] == counts[OutboxState.SENDING] == 0, f"seed {seed}"
    assert sum(counts.values()) == MESSAGES
    assert max(arrived.values()) <= MOST_COPIES, f"seed {seed}"
    assert all(ids == sorted(ids) for ids in order.values()), f"seed {seed}"


def _message(number: int, chance: Random, due_at: datetime) -> Intent:
    return Intent(
        key=f"message {number}",
        lane=chance.choice(TO_TELEGRAM),  # of a seeded Random
        chat_id=chance.randrange(CHATS),
        person_id=None,
        method="sendMessage",
        body={"text": str(number)},
        due_at=due_at,
    )


def _try(one: Claimed, chance: Random, arrived: Counter[str], order: dict[tuple[int, Lane], list[int]]) -> Tried:
    result = chance.choice(RESULTS)
    was_seen = result is Result.SENT or (result is Result.AMBIGUOUS and chance.random() < 0.5)
    if was_seen:
        arrived[one.key] += 1
    if result is Result.SENT and one.lane is not Lane.SAFETY:
        order.setdefault((one.chat_id, one.lane), []).append(one.id)
    return Tried(id=one.id, result=result, hold=timedelta(seconds=chance.randrange(300)))
