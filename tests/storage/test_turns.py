"""Tests of storage.turns: as it came, but one who writes without end leaves room, and danger overtakes all."""

import json
from datetime import datetime, timedelta

import pytest

from storage import inbox
from storage.database import Database
from storage.raw_updates import NO_CHAT, RawUpdate, chat_of
from tests.stories.ward import POSTGRESQL

ANA, BEN, NOISY = 7, 8, 9


def _from(chat_id: int, number: int, *, danger: bool = False) -> RawUpdate:
    raw = json.dumps({"from": chat_id, "number": number})
    return RawUpdate(
        update_id=number, identity=f"{chat_id}/{number}", raw=raw, chat_id=chat_id, speaks_of_danger=danger
    )


async def _stored(database: Database, *updates: RawUpdate, at: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, updates, now=at)


async def _order(database: Database, *, limit: int = 100) -> list[int]:
    async with database.writing() as session:
        return [one.update_id for one in await inbox.waiting(session, limit=limit)]


async def test_what_comes_in_ordinary_measure_is_handled_as_it_came(database: Database, moment: datetime) -> None:
    for seconds, number in enumerate((3, 1, 2)):
        await _stored(database, _from(ANA if number % 2 else BEN, number), at=moment + timedelta(seconds=seconds))

    assert await _order(database) == [3, 1, 2]


async def test_one_who_writes_without_end_leaves_room_for_the_others(database: Database, moment: datetime) -> None:
    await _stored(database, *(_from(NOISY, number) for number in range(50)), at=moment)
    await _stored(database, _from(ANA, 100), at=moment + timedelta(seconds=1))

    order = await _order(database)

    assert order.index(100) < 15
    assert [number for number in order if number != 100] == list(range(50))  # within the chat as they came


async def test_danger_overtakes_whatever_waits_also_of_the_same_person(database: Database, moment: datetime) -> None:
    await _stored(database, *(_from(NOISY, number) for number in range(50)), at=moment)
    await _stored(database, _from(NOISY, 100, danger=True), _from(ANA, 101), at=moment)

    order = await _order(database)

    assert order[0] == 100
    assert sorted(order) == [*range(50), 100, 101]


async def test_without_anybody_else_nobody_waits_for_a_turn(database: Database, moment: datetime) -> None:
    await _stored(database, *(_from(NOISY, number) for number in range(50)), at=moment)

    assert len(await _order(database)) == 50  # a turn is an order, not a moment to wait for


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_a_chat_that_one_worker_has_in_hand_is_left_alone_by_another(
    database: Database, moment: datetime
) -> None:
    await _stored(database, _from(ANA, 1), _from(BEN, 2), at=moment)

    async with database.writing() as first:
        (taken,) = await inbox.waiting(first, limit=1)
        await _stored(database, _from(ANA, 3), at=moment + timedelta(seconds=1))
        async with database.writing() as second:
            others = [one.update_id for one in await inbox.waiting(second, limit=10)]
        await inbox.done(first, taken.seq, now=moment)

    assert (taken.update_id, others) == (1, [2])
    assert await _order(database) == [2, 3]


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_a_worker_whose_transaction_breaks_leaves_its_chats_to_the_others(
    database: Database, moment: datetime
) -> None:
    await _stored(database, _from(ANA, 1), at=moment)
    async with database.writing() as first:
        (taken,) = await inbox.waiting(first, limit=1)
        await inbox.done(first, taken.seq, now=moment)
        await first.rollback()

    assert await _order(database) == [1]


@pytest.mark.parametrize(
    ("update", "chat_id"),
    [
        ({"update_id": 1, "message": {"chat": {"id": ANA}, "from": {"id": BEN}}}, ANA),
        ({"update_id": 1, "edited_message": {"chat": {"id": ANA}}}, ANA),
        ({"update_id": 1, "callback_query": {"from": {"id": ANA}, "message": {"chat": {"id": ANA}}}}, ANA),
        ({"update_id": 1, "callback_query": {"from": {"id": ANA}}}, ANA),
        ({"update_id": 1, "poll_answer": {"user": {"id": ANA}}}, ANA),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": -5}, "from": {"id": ANA}}}, -5),
        ({"update_id": 1, "poll": {"id": "77"}}, NO_CHAT),
        ({"update_id": 1, "message": {"chat": {"id": "seven"}}}, NO_CHAT),
        ({"update_id": 1, "message": {"chat": {"id": True}}}, NO_CHAT),
        ({"update_id": 1, "message": {"chat": {"id": 2**63}}}, NO_CHAT),  # more than a column holds
        ({"update_id": 1, "message": [ANA]}, NO_CHAT),
        ({"update_id": 1}, NO_CHAT),
        ({}, NO_CHAT),
    ],
)
def test_whose_an_update_is(update: dict[str, object], chat_id: int) -> None:
    assert chat_of(update) == chat_id
