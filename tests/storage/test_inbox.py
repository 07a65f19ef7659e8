"""Tests of storage.inbox: each update is kept once, in its order, until it is handled or given up."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from storage import inbox, raw_updates
from storage.database import Database
from storage.inbox import Waiting
from storage.raw_updates import RawUpdate, identity_of
from storage.tables import Incoming

MESSAGE = {"message_id": 7, "date": 1772438400, "chat": {"id": 42, "type": "private"}, "text": "hello"}
UPDATE = {"update_id": 900, "message": MESSAGE}
PRESS = {"id": "77001", "from": {"id": 42}, "message": MESSAGE, "data": "goal:5"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def raw(number: int, words: str = "hello") -> RawUpdate:
    return RawUpdate(update_id=number, identity=f"identity {number}", raw=json.dumps({"text": words}))


async def test_updates_come_back_in_the_order_they_arrived(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        new = await inbox.store(session, [raw(901), raw(899), raw(900)], now=moment)

        found = await inbox.waiting(session, limit=10)
    assert new == 3
    assert [one.update_id for one in found] == [901, 899, 900]
    assert found[0] == Waiting(seq=found[0].seq, update_id=901, raw='{"text": "hello"}', received_at=moment, attempts=0)


async def test_an_update_that_comes_again_is_kept_once(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1), raw(2)], now=moment)

        new = await inbox.store(session, [raw(2), raw(3), raw(3)], now=moment)

        assert new == 1
        assert await inbox.count_waiting(session) == 3


async def test_one_that_was_handled_and_comes_again_is_not_handled_again(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1)], now=moment)
        (first,) = await inbox.waiting(session, limit=10)
        await inbox.done(session, first.seq, now=moment)

        new = await inbox.store(session, [raw(1)], now=moment)

        assert (new, await inbox.waiting(session, limit=10)) == (0, [])


async def test_an_empty_batch_stores_nothing(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        assert await inbox.store(session, [], now=moment) == 0


@pytest.mark.parametrize(
    ("given_raw", "kept"),
    [
        pytest.param(b'{"text": "hola"}', '{"text": "hola"}', id="bytes"),
        pytest.param('{"text": "\\ud800"}', '{"text": "\\ud800"}', id="a lone surrogate, escaped"),
        pytest.param("\ud800", "\ud800", id="a lone surrogate"),
        pytest.param(b"\xff\xfe{", "\udcff\udcfe{", id="no UTF-8 at all"),
        pytest.param(b"\x00", "\x00", id="a zero byte"),
        pytest.param(b"", "", id="nothing"),
    ],
)
async def test_whatever_came_is_kept_as_it_came(
    database: Database, moment: datetime, given_raw: bytes | str, kept: str
) -> None:
    async with database.writing() as session:
        await inbox.store(session, [RawUpdate(update_id=1, identity="1", raw=given_raw)], now=moment)

        (found,) = await inbox.waiting(session, limit=1)
    assert found.raw == kept


async def test_what_was_written_cannot_be_read_in_the_table(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1, "a-canary")], now=moment)

        row = (await session.execute(text("SELECT * FROM inbox"))).one()
    assert "a-canary" not in repr(tuple(row))


async def test_the_third_failure_makes_a_dead_letter(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1), raw(2)], now=moment)
        (bad, good) = await inbox.waiting(session, limit=10)

        became_dead = [await inbox.failed(session, bad.seq, cause="KeyError", now=moment) for _ in range(3)]

        assert became_dead == [False, False, True]
        assert await inbox.waiting(session, limit=10) == [good]
        assert await inbox.dead(session) == 1


async def test_two_failures_are_not_the_end(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1)], now=moment)
        (first,) = await inbox.waiting(session, limit=1)
        for _ in range(2):
            await inbox.failed(session, first.seq, cause="KeyError", now=moment)

        (again,) = await inbox.waiting(session, limit=1)

        assert again.attempts == 2
        assert await inbox.dead(session) == 0


async def test_a_dead_letter_is_not_counted_again(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1)], now=moment)
        (first,) = await inbox.waiting(session, limit=1)
        for _ in range(3):
            await inbox.failed(session, first.seq, cause="KeyError", now=moment)

        assert not await inbox.failed(session, first.seq, cause="KeyError", now=moment)


async def test_an_update_that_was_tampered_with_delays_nobody(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(1), raw(2)], now=moment)
        other = await session.scalar(select(Incoming.raw).where(Incoming.update_id == 2))
        await session.execute(update(Incoming).where(Incoming.update_id == 1).values(raw=other))

        found = await inbox.waiting(session, limit=10)

        assert [one.update_id for one in found] == [2]
        assert await inbox.dead(session) == 1


async def test_old_words_are_emptied_and_the_identity_stays(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await inbox.store(session, [raw(number) for number in (1, 2, 3)], now=moment)
        old, young, waits = await inbox.waiting(session, limit=10)
        await inbox.done(session, old.seq, now=moment)
        await inbox.done(session, young.seq, now=moment + timedelta(hours=2))

        emptied = await inbox.empty_old(session, before=moment + timedelta(hours=1))

        assert emptied == 1
        kept = await session.scalars(select(Incoming.seq).where(Incoming.raw.is_not(None)))
        assert set(kept) == {young.seq, waits.seq}
        assert await inbox.store(session, [raw(1)], now=moment) == 0


async def test_the_offset_is_remembered_even_when_it_goes_back(database: Database) -> None:
    async with database.writing() as session:
        before = await inbox.next_offset(session)
        for offset in (1_000_000, 17):
            await inbox.remember_offset(session, offset)

        assert (before, await inbox.next_offset(session)) == (None, 17)


def test_the_same_update_is_the_same_again() -> None:
    reordered = {"message": dict(reversed(MESSAGE.items())), "update_id": 900}

    assert identity_of(UPDATE) == identity_of(reordered)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({**UPDATE, "update_id": 901}, id="another update id"),
        pytest.param({**UPDATE, "message": {**MESSAGE, "date": 1772438401}}, id="the id came back later"),
        pytest.param({**UPDATE, "message": {**MESSAGE, "chat": {"id": 43}}}, id="another chat"),
        pytest.param({**UPDATE, "message": {**MESSAGE, "message_id": 8}}, id="another message"),
        pytest.param({"update_id": 900, "edited_message": MESSAGE}, id="another kind"),
        pytest.param({"update_id": 900, "message": {**MESSAGE, "edit_date": 1772438500}}, id="edited"),
        pytest.param({"update_id": 900, "callback_query": PRESS}, id="a press under it"),
        pytest.param({"update_id": 900}, id="nothing in it"),
    ],
)
def test_another_update_is_another(other: Mapping[str, object]) -> None:
    assert identity_of(UPDATE) != identity_of(other)


def test_two_presses_on_one_message_are_two() -> None:
    press = {"update_id": 900, "callback_query": PRESS}

    assert identity_of(press) != identity_of({"update_id": 900, "callback_query": {**PRESS, "id": "77002"}})


def test_two_answers_to_a_poll_are_two() -> None:
    first, second = ({"poll_id": "5", "user": {"id": 42}, "option_ids": [n]} for n in (0, 1))

    assert identity_of({"update_id": 1, "poll_answer": first}) != identity_of({"update_id": 1, "poll_answer": second})


@given(st.dictionaries(st.text() | st.just("message") | st.just("update_id"), JSON, max_size=3))
def test_garbage_has_an_identity_too_and_always_the_same(garbage: dict[str, object]) -> None:
    identity = identity_of(garbage)

    assert identity == identity_of(json.loads(json.dumps(garbage)))
    assert len(identity) == raw_updates.IDENTITY_LENGTH
