"""Tests of storage.audit and of the triggers: what was written once stays as it was."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from alliance.approval import Decision, Part, Signature, Text
from storage import approvals, audit, heartbeats
from storage.database import Database
from storage.tables import AuditEntry, ConsentGiven, Person

KEPT_FOR_GOOD = pytest.mark.parametrize("table", ["approvals", "audit", "audit_links", "consents"])
CHANGES = pytest.mark.parametrize("change", ["UPDATE {} SET {} = {} + 1", "DELETE FROM {}"])


async def fill(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        ana = {"id": 1, "code_name": "P-1", "language": "en", "zone": "UTC", "created_at": moment}
        await session.execute(insert(Person).values(**ana))
        consent = {"patient_id": 1, "version": 1, "language": "en", "decision": "given"}
        await session.execute(insert(ConsentGiven).values(decided_at=moment, **consent))
        await audit.record(session, at=moment, actor_id=1, action="consented", object_kind="consent")
        text_in_use = Text(part=Part.WORDING, language="en", sha256="0" * 64)
        signature = Signature(decision=Decision.APPROVED, sha256=text_in_use.sha256, by="Dr Cole", on=moment.date())
        await approvals.add(session, text_in_use, signature, now=moment)


async def test_an_act_is_noted_as_it_was(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await audit.record(
            session,
            at=moment,
            actor_id=None,
            action="paused",
            object_kind="enrolment",
            object_id=7,
            detail={"until": "2026-03-09"},
        )

    async with database.reading() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (entry.at, entry.actor_id, entry.action) == (moment, None, "paused")
    assert (entry.object_kind, entry.object_id, entry.detail) == ("enrolment", 7, {"until": "2026-03-09"})


@KEPT_FOR_GOOD
@CHANGES
async def test_the_database_refuses_to_change_what_is_kept(
    database: Database, moment: datetime, table: str, change: str
) -> None:
    await fill(database, moment)
    key = "position" if table == "audit_links" else "id"

    with pytest.raises(DBAPIError, match=f"rows of {table} are never changed"):
        async with database.writing() as session:
            await session.execute(text(change.format(table, key, key)))

    async with database.reading() as session:
        assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 1  # noqa: S608  # four names, above


async def test_replacing_is_refused_as_well(sqlite_database: Database, moment: datetime) -> None:
    await fill(sqlite_database, moment)

    with pytest.raises(DBAPIError, match="never changed"):
        async with sqlite_database.writing() as session:
            await session.execute(text("INSERT OR REPLACE INTO audit SELECT * FROM audit"))


async def test_other_tables_may_be_changed(database: Database, moment: datetime) -> None:
    await fill(database, moment)

    async with database.writing() as session:
        await session.execute(text("UPDATE people SET language = 'es'"))

    async with database.reading() as session:
        assert await session.scalar(select(Person.language)) == "es"


async def test_a_heartbeat_knows_its_age(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await heartbeats.beat(session, "intake", moment - timedelta(hours=1))
        await heartbeats.beat(session, "intake", moment)
        await heartbeats.beat(session, "sender", moment)

        ages = await heartbeats.ages(session, moment + timedelta(seconds=5))

    assert ages == {"intake": timedelta(seconds=5), "sender": timedelta(seconds=5)}
