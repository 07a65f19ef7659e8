"""Tests of storage.columns: moments keep their instant, and only sealed boxes are let in."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from storage.columns import Sealed
from storage.database import Database
from storage.tables import Heartbeat, Incoming

NINE_IN_MADRID = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/Madrid"))


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(NINE_IN_MADRID, id="summer in Madrid"),
        pytest.param(datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC), id="microseconds"),
        pytest.param(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))), id="Kathmandu"),
        pytest.param(datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")), id="the second 01:30"),
    ],
)
async def test_a_moment_comes_back_as_the_same_instant_in_utc(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        await session.execute(insert(Heartbeat).values(loop="intake", beat_at=at))

    async with database.reading() as session:
        found = await session.scalar(select(Heartbeat.beat_at))
    assert found == at.astimezone(UTC)
    assert found is not None
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)


async def test_a_moment_is_found_by_another_zones_clock(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(insert(Heartbeat).values(loop="intake", beat_at=NINE_IN_MADRID))

        found = await session.scalar(
            select(Heartbeat.loop).where(Heartbeat.beat_at == NINE_IN_MADRID.astimezone(ZoneInfo("Asia/Tokyo")))
        )
    assert found == "intake"


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        async with database.writing() as session:
            await session.execute(insert(Heartbeat).values(loop="intake", beat_at=NINE_IN_MADRID.replace(tzinfo=None)))


async def test_plain_text_cannot_slip_into_a_sealed_column(database: Database, moment: datetime) -> None:
    row = {"identity": "1", "update_id": 1, "received_at": moment, "state": "waiting", "attempts": 0}

    with pytest.raises(StatementError, match="only what the vault has sealed"):
        async with database.writing() as session:
            await session.execute(insert(Incoming).values(raw=b"I am not well", **row))


async def test_a_sealed_box_comes_back_closed(database: Database, moment: datetime) -> None:
    row = {"identity": "1", "update_id": 1, "received_at": moment, "state": "waiting", "attempts": 0}
    async with database.writing() as session:
        await session.execute(insert(Incoming).values(raw=Sealed(b"\x01\x01\x00\xff"), **row))

    async with database.reading() as session:
        assert await session.scalar(select(Incoming.raw)) == Sealed(b"\x01\x01\x00\xff")
