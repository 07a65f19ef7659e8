"""The rounds notice who waits and what runs out, and take it back when it is over."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from alliance.alerts import AlertState
from alliance.delivery import Lane
from alliance.local_time import local_day
from alliance.places import MailContent
from bot import rounds
from bot.alarm_words import as_dict, says
from bot.clock import SimulatedClock
from bot.findings import Symptom
from bot.rounds import Rounds
from bot.second_channel import SecondChannel
from bot.settings import read_settings
from bot.watchdog import Watchdog
from storage import heartbeats, outbox, people, reach, schema
from storage.database import Database
from storage.figures import BACKUP, LATE_AFTER
from storage.intents import Intent
from storage.rounds import MAILED_WITHIN, PAGED_WITHIN
from storage.tables import Alert, Enrolment, Incoming, OnCall, Outgoing, Person, StaffRole
from storage.vault import Vault
from tests.storage.old_rows import ANA, COLE, fill
from workflows.mail_digests import METHOD

SECOND = timedelta(seconds=1)


@dataclass(kw_only=True)
class Ward:
    """A ward that is well until a test makes something wrong."""

    rounds: Rounds
    watchdog: Watchdog
    clock: SimulatedClock
    database: Database

    async def found(self, *, after: timedelta = timedelta(0)) -> set[str]:
        """What is found when that much time has passed."""
        self.clock.move_to(self.clock.now() + after)
        await self.rounds.walk()
        self.clock.move_to(self.clock.now() + SECOND)
        return {finding.symptom for finding in self.watchdog.look()}

    async def change(self, *statements: object) -> None:
        """Change rows."""
        async with self.database.writing() as session:
            for statement in statements:
                await session.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]  # statements of any kind

    async def has_an_address(self, address: str | None) -> None:
        """Dr Cole has an e-mail address, or none."""
        async with self.database.writing() as session:
            reach.set_email(session, await people.get(session, COLE), address)

    async def mailed(self, key: str, state: str, *, tries: int = 1) -> None:
        """A digest was to be mailed to Dr Cole, and that became of it."""
        now = self.clock.now()
        intent = Intent(key=key, lane=Lane.MAIL, chat_id=0, person_id=COLE, method=METHOD, body={}, due_at=now)
        async with self.database.writing() as session:
            await outbox.add(session, intent, now=now)
            row = update(Outgoing).where(Outgoing.key == key).values(state=state, tries=tries)
            await session.execute(row)


@pytest.fixture
async def ward(bare_database: Database, vault: Vault, moment: datetime, tmp_path: Path) -> Ward:
    """Ana takes part, Dr Cole is on call, no alert is open, nothing is dead."""
    await schema.migrate(bare_database, to=schema.revisions()[0])
    async with bare_database.connected() as connection, connection.begin():
        await connection.run_sync(fill, vault, moment)
    await schema.migrate(bare_database)
    clock = SimulatedClock(moment)
    settings = read_settings(_env_file=None, data_dir=tmp_path, backup_dir=tmp_path)
    settings.digest_email = MailContent.MINIMAL
    watchdog = Watchdog(dict, SecondChannel(), tmp_path, clock)
    ward = Ward(
        rounds=Rounds(bare_database, clock, settings, watchdog), watchdog=watchdog, clock=clock, database=bare_database
    )
    await ward.change(update(Alert).values(state=AlertState.RESOLVED), update(Incoming).values(state="done"))
    return ward


async def test_on_a_quiet_day_nothing_is_found(ward: Ward) -> None:
    assert await ward.found() == set()


async def test_an_alert_nobody_is_paged_about_is_found_within_the_minute(ward: Ward) -> None:
    now = ward.clock.now()
    await ward.change(
        update(Alert).where(Alert.id == 1).values(state=AlertState.RAISED, raised_at=now, first_paged_at=None)
    )

    early, late = await ward.found(), await ward.found(after=PAGED_WITHIN)
    await ward.change(update(Alert).values(first_paged_at=ward.clock.now()))

    assert (early, late) == (set(), {Symptom.STAFF_UNREACHABLE})
    assert await ward.found() == set()
    assert PAGED_WITHIN.total_seconds() + rounds.EVERY < 60


async def test_with_patients_and_nobody_to_page_that_is_found(ward: Ward) -> None:
    await ward.change(update(Person).where(Person.id == COLE).values(blocked_at=ward.clock.now()))

    assert await ward.found() == {Symptom.NOBODY_ON_CALL}


async def test_a_clinic_without_patients_needs_nobody_on_call(ward: Ward) -> None:
    await ward.change(delete(OnCall), delete(StaffRole))
    with_ana = await ward.found()
    await ward.change(_ended(ANA))

    assert (with_ana, await ward.found()) == ({Symptom.NOBODY_ON_CALL}, set())


async def test_a_late_digest_and_a_dead_letter_are_found(ward: Ward) -> None:
    await ward.change(
        update(Person).where(Person.id == COLE).values(next_digest_at=ward.clock.now() - LATE_AFTER),
        update(Incoming).where(Incoming.seq == 1).values(state="dead"),
    )

    assert await ward.found() == {Symptom.DIGEST_MISSING, Symptom.DEAD_LETTERS}


@pytest.mark.parametrize("state", ["rejected", "expired"])
async def test_digests_that_no_mail_server_took_are_found_with_their_number_until_one_arrives(
    ward: Ward, state: str
) -> None:
    began = ward.clock.now()
    await ward.has_an_address("cole@example.org")
    await ward.mailed("mail:1", state)
    await ward.mailed("mail:2", state)

    assert await ward.found() == {Symptom.DIGEST_NOT_MAILED}
    (finding,) = ward.watchdog.findings()
    assert (finding.count, finding.since, finding.is_red) == (2, began, False)
    assert says(finding) == "Digests that no mail server took: 2; in Telegram they are not affected."
    assert "cole" not in str(as_dict(finding))
    await ward.mailed("mail:3", "sent")
    assert await ward.found() == set()


async def test_a_digest_tried_for_an_hour_in_vain_is_found_and_one_just_tried_is_not(ward: Ward) -> None:
    await ward.has_an_address("cole@example.org")
    await ward.mailed("mail:1", "queued", tries=1)
    await ward.mailed("mail:2", "uncertain")  # nobody can know: that is no failure

    early, late = await ward.found(), await ward.found(after=MAILED_WITHIN)

    assert (early, late - {Symptom.BACKUP_TOO_OLD}) == (set(), {Symptom.DIGEST_NOT_MAILED})
    await ward.has_an_address(None)
    assert await ward.found() - {Symptom.BACKUP_TOO_OLD} == set()


async def test_where_no_digest_goes_by_mail_none_is_missed(ward: Ward) -> None:
    ward.rounds._settings.digest_email = MailContent.OFF
    await ward.has_an_address("cole@example.org")
    await ward.mailed("mail:1", "rejected")

    assert await ward.found() == set()


async def test_a_backup_that_fails_twice_is_found_and_one_that_was_never_made_too(ward: Ward) -> None:
    never = await ward.found(after=timedelta(minutes=10))
    async with ward.database.writing() as session:
        await heartbeats.beat(session, BACKUP, ward.clock.now())

    assert never == {Symptom.BACKUP_TOO_OLD}
    assert await ward.found(after=timedelta(minutes=8)) == set()
    assert await ward.found(after=timedelta(minutes=2)) == {Symptom.BACKUP_TOO_OLD}


async def test_where_no_backups_are_planned_none_is_missed(ward: Ward) -> None:
    ward.rounds._settings.backup_dir = None

    assert await ward.found(after=timedelta(hours=12)) == set()


async def test_contacts_that_have_expired_are_found(ward: Ward) -> None:
    today = local_day(ward.clock.now(), ward.rounds._settings.clinic_zone)
    ward.rounds._settings.crisis_contacts_valid_until, ward.rounds._settings.backup_dir = today, None

    last_day = await ward.found()

    assert (last_day, await ward.found(after=timedelta(days=1))) == (set(), {Symptom.CONTACTS_EXPIRED})


async def test_a_disk_that_fills_up_is_found(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LITTLE_DISK", 2**70)  # no disk is that large
    full = await ward.found()
    monkeypatch.setattr(rounds, "LITTLE_DISK", 0)

    assert (full, await ward.found()) == ({Symptom.DISK_NEARLY_FULL}, set())


async def test_a_database_that_does_not_answer_is_found_after_a_while(
    vault: Vault, moment: datetime, tmp_path: Path
) -> None:
    clock = SimulatedClock(moment)
    watchdog = Watchdog(dict, SecondChannel(), tmp_path, clock)
    away = Database("postgresql://127.0.0.1:1/clinic", vault)
    settings = read_settings(_env_file=None, data_dir=tmp_path)
    ward = Ward(rounds=Rounds(away, clock, settings, watchdog), watchdog=watchdog, clock=clock, database=away)

    assert await ward.found() == set()
    assert await ward.found(after=timedelta(seconds=25)) == {Symptom.DATABASE_REFUSES}
    await away.close()


async def test_a_database_that_can_only_be_read_is_found_within_the_minute(
    sqlite_database: Database, moment: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimulatedClock(moment)
    watchdog = Watchdog(dict, SecondChannel(), tmp_path, clock)
    settings = read_settings(_env_file=None, data_dir=tmp_path)
    walk = Rounds(sqlite_database, clock, settings, watchdog)
    ward = Ward(rounds=walk, watchdog=watchdog, clock=clock, database=sqlite_database)
    await sqlite_database.engine.dispose()
    holder = sqlite3.connect(sqlite_database.engine.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")  # another program holds the file
    monkeypatch.setattr("storage.engines.WAIT_FOR_LOCK", 50)

    first, later = await ward.found(), await ward.found(after=timedelta(seconds=25))
    holder.close()

    assert (first, later) == (set(), {Symptom.DATABASE_REFUSES})
    assert await ward.found() == set()


def _ended(patient: int) -> object:
    return update(Enrolment).where(Enrolment.patient_id == patient).values(state="discharged")
