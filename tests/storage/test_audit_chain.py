"""Whatever is done to the audit behind the program's back is found: changed, removed, reordered, added, cut off."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from alliance.audit_trail import Harm, Link
from alliance.delivery import Lane
from storage import audit, audit_inspection, outbox
from storage.database import Database
from storage.intents import Intent
from storage.trouble import Trouble
from storage.vault import KEY_LENGTH, Vault
from tests.conftest import POSTGRESQL

ENTRIES = 12
TAMPERINGS = 500  # on each database
OFF = ("audit", "audit_links")


async def _note(database: Database, moment: datetime, numbers: Sequence[int]) -> None:
    async with database.writing() as session:
        for number in numbers:
            await audit.record(
                session,
                at=moment + timedelta(minutes=number, microseconds=number),
                actor_id=number % 3 or None,
                action="read_words",
                object_kind="patient",
                object_id=number,
                detail={"n": number, "whom": "Søren", "share": 0.1},
            )


async def _harms(database: Database, seen_before: Link | None = None) -> list[Harm]:
    async with database.reading() as session:
        _, damages = await audit_inspection.inspect(session, seen_before=seen_before)
    return [damage.harm for damage in damages]


async def _end(database: Database) -> Link:
    async with database.reading() as session:
        return await audit_inspection.end_of(session)


async def _behind_our_back(database: Database, *statements: str) -> None:
    """What somebody with the rights of the owner can do: switch the triggers off first."""
    async with database.writing() as session:
        if database.is_sqlite:
            for table in OFF:
                for act in ("update", "delete"):
                    await session.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_{act}"))
        else:
            await session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            for table in OFF:
                await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            await session.execute(text(statement))
        if not database.is_sqlite:
            for table in OFF:
                await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))


async def test_what_nobody_touched_holds_over_many_transactions(database: Database, moment: datetime) -> None:
    for first in range(0, ENTRIES, 4):
        await _note(database, moment, range(first, first + 4))

    assert (await _end(database)).position == ENTRIES
    assert await _harms(database) == []


async def test_an_entry_of_a_savepoint_that_was_undone_leaves_no_gap(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        undone = await session.begin_nested()
        await audit.record(session, at=moment, actor_id=1, action="undone", object_kind="patient")
        await undone.rollback()
        await audit.record(session, at=moment, actor_id=1, action="kept", object_kind="patient")

    assert (await _end(database)).position == 1
    assert await _harms(database) == []


@pytest.mark.parametrize(
    ("statement", "harm"),
    [
        ("UPDATE audit SET action = 'read_nothing' WHERE object_id = 3", Harm.CHANGED),
        ("UPDATE audit SET actor_id = 2 WHERE object_id = 3", Harm.CHANGED),
        ("UPDATE audit SET actor_id = NULL WHERE object_id = 4", Harm.CHANGED),
        ("UPDATE audit SET detail = '{}' WHERE object_id = 3", Harm.CHANGED),
        ("UPDATE audit_links SET digits = reverse(digits) WHERE position = 4", Harm.CHANGED),
        ("DELETE FROM audit_links WHERE position = 4", Harm.REMOVED),
        ("DELETE FROM audit_links WHERE position = 12", Harm.CUT_OFF),
        ("UPDATE audit_head SET seal = NULL", Harm.CUT_OFF),
        (
            "INSERT INTO audit (at, action, object_kind, detail) SELECT at, 'x', 'patient', '{}' FROM audit LIMIT 1",
            Harm.SLIPPED_IN,
        ),
    ],
)
async def test_each_kind_of_harm_has_its_name(database: Database, moment: datetime, statement: str, harm: Harm) -> None:
    await _note(database, moment, range(ENTRIES))
    if database.is_sqlite:
        statement = statement.replace("reverse(digits)", "substr(digits, 2) || substr(digits, 1, 1)")

    await _behind_our_back(database, statement)

    assert harm in await _harms(database)


async def test_who_writes_the_whole_chain_anew_lacks_the_key_for_its_seal(database: Database, moment: datetime) -> None:
    """All links as they would be for other entries, by somebody who can read this code but not the key ring."""
    await _note(database, moment, range(ENTRIES))
    await _behind_our_back(
        database,
        "DELETE FROM audit_links",
        "DELETE FROM audit WHERE object_id = 5",
        "UPDATE audit_head SET position = 0, digits = '" + "0" * 64 + "', seal = NULL",
    )
    async with database.writing() as session:
        await audit.record(session, at=moment, actor_id=1, action="x", object_kind="patient")
        session.info["vault"] = Vault({1: b"x" * KEY_LENGTH})  # a key of their own

    assert await _harms(database) == [Harm.CUT_OFF]


async def test_an_older_state_that_is_put_back_is_known_by_a_head_that_was_noted(
    database: Database, moment: datetime
) -> None:
    await _note(database, moment, range(4))
    async with database.reading() as session:
        kept = (await session.execute(text("SELECT position, digits, seal FROM audit_head"))).one()
    await _note(database, moment, range(4, 8))
    noted = await _end(database)
    assert await _harms(database, noted) == []

    await _behind_our_back(
        database, "DELETE FROM audit_links WHERE position > 4", "DELETE FROM audit WHERE object_id >= 4"
    )
    async with database.writing() as session:
        put_back = {"position": kept.position, "digits": kept.digits, "seal": kept.seal}
        statement = "UPDATE audit_head SET position = :position, digits = :digits, seal = :seal"
        await session.execute(text(statement), put_back)

    assert await _harms(database) == []
    assert await _harms(database, noted) == [Harm.NOT_THAT_ONE]


async def test_entries_of_before_there_was_a_chain_are_bound_with_the_first_of_after(
    database: Database, moment: datetime
) -> None:
    await _note(database, moment, range(3))
    await _behind_our_back(database, "DELETE FROM audit_links", "DELETE FROM audit_head")

    await _note(database, moment, [3])

    assert (await _end(database)).position == 4
    assert await _harms(database) == []


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_a_worker_that_stands_still_with_the_end_in_hand_holds_up_no_message(
    database: Database, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said to a person in danger is no act of the audit: it is stored at once. An act waits for its turn."""
    await _note(database, moment, [1])
    monkeypatch.setattr("storage.engines._SERVER_SETTINGS", {"lock_timeout": "200"})  # milliseconds
    other = Database(database.engine.url.render_as_string(False), Vault({1: bytes(KEY_LENGTH)}))
    try:
        async with database.writing() as stands_still:
            await audit.record(stands_still, at=moment, actor_id=1, action="x", object_kind="patient")
            await audit.bind(stands_still, Vault({1: bytes(KEY_LENGTH)}))

            async with asyncio.timeout(2):
                async with other.writing() as session:
                    await outbox.add(session, _safety_message(moment), now=moment)
            with pytest.raises(Trouble):
                await _note(other, moment, [2])

        await _note(other, moment, [2])
    finally:
        await other.close()
    async with database.reading() as session:
        assert await outbox.is_known(session, "safety:1")
    assert (await _end(database)).position == 3


async def test_a_thousand_tamperings_are_all_found(database: Database, moment: datetime) -> None:
    """At random, undone after each: what is done is decided by the seed, half of them on each database."""
    await _note(database, moment, range(ENTRIES))
    chance = random.Random(29 if database.is_sqlite else 30)  # noqa: S311  # to be repeated, not to be secret
    async with database.writing() as session:
        if database.is_sqlite:
            for table in OFF:
                for act in ("update", "delete"):
                    await session.execute(text(f"DROP TRIGGER {table}_refuses_{act}"))
            await session.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            for table in OFF:
                await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        missed = []
        for number in range(TAMPERINGS):
            statements, values = _tampering(chance)
            undone = await session.begin_nested()
            for written in statements:
                statement = written.replace("{entry}", _ENTRY)
                of_it = {name: value for name, value in values.items() if f":{name}" in statement}
                await session.execute(text(statement), of_it)
            if not (await audit_inspection.inspect(session))[1]:
                missed.append((number, statements, values))
            await undone.rollback()
            session.expire_all()
        assert (await audit_inspection.inspect(session))[1] == ()
    assert missed == []


def _safety_message(moment: datetime) -> Intent:
    return Intent(
        key="safety:1",
        lane=Lane.SAFETY,
        chat_id=7,
        person_id=None,
        method="sendMessage",
        body={"chat_id": 7, "text": "112"},
        due_at=moment,
    )


def _tampering(chance: random.Random) -> tuple[list[str], dict[str, object]]:
    """A way to tamper, and the values it is done with."""
    place, other = chance.sample(range(1, ENTRIES + 1), 2)
    values: dict[str, object] = {
        "place": place,
        "other": other,
        "sum": place + other,
        "number": chance.randrange(100, 10**9),
        "word": f"a{chance.random()}",
        "digits": "".join(chance.choices("0123456789abcdef", k=64)),
    }
    return chance.choice(TAMPERINGS_KNOWN), values


_ENTRY = "WHERE id = (SELECT entry_id FROM audit_links WHERE position = :place)"
TAMPERINGS_KNOWN = [
    ["UPDATE audit SET action = :word {entry}"],
    ["UPDATE audit SET object_kind = :word {entry}"],
    ["UPDATE audit SET object_id = :number {entry}"],
    ["UPDATE audit SET actor_id = :number {entry}"],
    ["UPDATE audit SET detail = '{\"n\": 0.5}' {entry}"],
    ["UPDATE audit SET at = '2025-03-01 09:00:00.000001' {entry}"],
    ["DELETE FROM audit  {entry}"],
    ["DELETE FROM audit_links WHERE position = :place"],
    ["DELETE FROM audit_links WHERE position >= :place"],
    ["UPDATE audit_links SET digits = :digits WHERE position = :place"],
    ["UPDATE audit_head SET position = CAST(:place AS BIGINT) - 1, digits = :digits, seal = NULL"],
    ["INSERT INTO audit (at, action, object_kind, detail) SELECT at, action, 'x', detail FROM audit LIMIT 1"],
    [  # two entries change places
        "UPDATE audit_links SET entry_id = -entry_id WHERE position IN (:place, :other)",
        "UPDATE audit_links SET position = -position WHERE position IN (:place, :other)",
        "UPDATE audit_links SET position = position + CAST(:sum AS BIGINT) WHERE position < 0",
        "UPDATE audit_links SET entry_id = -entry_id WHERE entry_id < 0",
    ],
]
