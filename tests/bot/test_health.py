"""What an operator's tools get to see of the running bot, and what they never do."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.clock import SimulatedClock
from bot.findings import Finding, Pulse, Symptom
from bot.health import routes
from storage import heartbeats, schema
from storage.database import Database, new_id
from storage.figures import BACKUP
from storage.tables import Alert, Incoming, Person
from storage.vault import Vault

NAME, CHAT, WORDS = "CANARY-NAME", 987_654_321, "canary words"


@dataclass(kw_only=True)
class Process:
    """A process that can be in any state, seen through its routes."""

    browser: httpx.AsyncClient
    findings: tuple[Finding, ...] = ()
    pulses: dict[str, Pulse] = field(default_factory=dict[str, Pulse])
    takes_updates: bool = True

    async def numbers(self) -> dict[str, float]:
        """Every sample of /metrics by its name with labels."""
        page = (await self.browser.get("/metrics")).text
        samples = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}


async def process_on(database: Database, moment: datetime) -> AsyncGenerator[Process]:
    seen: list[Process] = []
    app = Starlette(
        routes=routes(
            database,
            SimulatedClock(moment),
            findings=lambda: seen[0].findings,
            pulses=lambda: seen[0].pulses,
            takes_updates=lambda: seen[0].takes_updates,
            leases=lambda: {"chat": 3},
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        seen.append(Process(browser=browser))
        yield seen[0]


@pytest.fixture
async def process(database: Database, moment: datetime) -> AsyncGenerator[Process]:
    async for one in process_on(database, moment):
        yield one


@pytest.fixture
async def bare_process(bare_database: Database, moment: datetime) -> AsyncGenerator[Process]:
    async for one in process_on(bare_database, moment):
        yield one


async def test_a_bot_that_is_well_says_so_with_the_age_of_each_loop(process: Process) -> None:
    process.pulses = {"sender": Pulse(age=timedelta(seconds=1.26))}

    answer = await process.browser.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"well": True, "findings": [], "loops": {"sender": 1.3}})


async def test_a_bot_on_which_somebody_has_to_act_is_unavailable_and_says_why(
    process: Process, moment: datetime
) -> None:
    process.findings = (Finding(symptom=Symptom.STAFF_UNREACHABLE, since=moment),)

    answer = await process.browser.get("/healthz")

    assert (answer.status_code, answer.json()["well"]) == (503, False)
    assert answer.json()["findings"] == [
        {
            "symptom": "staff_unreachable",
            "about": "",
            "since": "2026-03-02T08:00:00+00:00",
            "severity": "red",
            "says": "Pages in Telegram do not reach the people on call.",
            "do": "Call the people on call, and have them unblock the bot.",
        }
    ]


async def test_what_can_wait_is_said_and_leaves_the_bot_available(process: Process, moment: datetime) -> None:
    process.findings = (Finding(symptom=Symptom.DISK_NEARLY_FULL, since=moment),)

    answer = await process.browser.get("/healthz")

    assert (answer.status_code, len(answer.json()["findings"])) == (200, 1)


async def test_it_is_ready_when_an_update_would_be_stored_and_not_while_it_takes_none(process: Process) -> None:
    ready = await process.browser.get("/readyz")
    process.takes_updates = False
    stopping = await process.browser.get("/readyz")

    assert (ready.status_code, stopping.status_code) == (200, 503)
    assert stopping.json() == {"ready": False, "because": "NotTakingUpdates"}


async def test_it_is_not_ready_without_tables_or_with_those_of_another_version(
    bare_process: Process, bare_database: Database
) -> None:
    without = await bare_process.browser.get("/readyz")
    await schema.migrate(bare_database)
    ready = await bare_process.browser.get("/readyz")
    async with bare_database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = await bare_process.browser.get("/readyz")

    assert without.json() == {"ready": False, "because": "NotMigrated"}
    assert (without.status_code, ready.status_code, newer.status_code) == (503, 200, 503)


async def test_a_database_that_cannot_be_reached_is_told_without_its_address(vault: Vault, moment: datetime) -> None:
    away = Database("postgresql://bot:hunter2@127.0.0.1:1/clinic", vault)
    async for process in process_on(away, moment):
        process.pulses = {"sender": Pulse(age=timedelta(seconds=90))}
        ready, page = await process.browser.get("/readyz"), await process.browser.get("/metrics")

        assert (ready.status_code, ready.json()["because"]) == (503, "CannotOpen")
        assert 'checkin_loop_age_seconds{loop="sender"} 90.0' in page.text
        assert "checkin_inbox_updates" not in page.text
        assert "hunter2" not in ready.text + page.text
    await away.close()


async def test_the_numbers_are_those_of_the_ward(process: Process, database: Database, moment: datetime) -> None:
    process.pulses = {"sender": Pulse(age=timedelta(seconds=2))}
    process.findings = (Finding(symptom=Symptom.LOOP_STALLED, about="sender", since=moment),)
    async with database.writing() as session:
        await heartbeats.beat(session, BACKUP, moment - timedelta(minutes=4))
        session.add(_waiting(moment))

    numbers = await process.numbers()

    assert {name: numbers[f"checkin_{name}"] for name in _SOME} == _SOME
    assert "checkin_first_page_longest_seconds" not in numbers  # there was none, so nothing is claimed


async def test_no_name_no_chat_and_no_words_are_in_anything_that_tools_see(
    process: Process, database: Database, moment: datetime
) -> None:
    async with database.writing() as session:
        person = Person(id=new_id(), code_name=NAME, chat_id=CHAT, language="en", zone="UTC", created_at=moment)
        session.add(person)
        await session.flush()
        session.add(_waiting(moment))
        session.add(
            Alert(
                patient_id=person.id,
                chat_id=CHAT,
                cause="suicide",
                degree="now",
                why=WORDS,
                rule="r",
                written_at=moment,
                raised_at=moment,
                state="raised",
                rung=0,
            )
        )

    seen = "".join([(await process.browser.get(path)).text for path in ("/healthz", "/readyz", "/metrics")])

    assert "checkin_alerts_unacknowledged 1.0" in seen
    assert [canary for canary in (NAME, str(CHAT), str(person.id), WORDS) if canary in seen] == []


async def test_labels_are_only_words_of_ours(process: Process) -> None:
    process.pulses = {"sender": Pulse(age=timedelta(0))}

    page = (await process.browser.get("/metrics")).text

    assert set(re.findall(r"(\w+)=\"", page)) == {"loop", "symptom", "severity", "kind", "state", "lane"}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_nothing_can_be_changed_there(process: Process, method: str) -> None:
    answers = [await process.browser.request(method, path) for path in ("/healthz", "/readyz", "/metrics")]

    assert [answer.status_code for answer in answers] == [405, 405, 405]


_SOME = {
    'inbox_updates{state="waiting"}': 1.0,
    'inbox_updates{state="dead"}': 0.0,
    "inbox_oldest_waiting_seconds": 60.0,
    'outbox_messages{lane="safety",state="queued"}': 0.0,
    'outbox_oldest_queued_seconds{lane="safety"}': 0.0,
    "alerts_unacknowledged": 0.0,
    "digests_late": 0.0,
    "backup_age_seconds": 240.0,
    'loop_age_seconds{loop="sender"}': 2.0,
    'findings{severity="red",symptom="loop_stalled"}': 1.0,
    'findings{severity="amber",symptom="disk_nearly_full"}': 0.0,
    'leases_held{kind="chat"}': 3.0,
}


def _waiting(moment: datetime) -> Incoming:
    return Incoming(
        identity="i", update_id=1, received_at=moment - timedelta(minutes=1), raw=None, state="waiting", attempts=0
    )
