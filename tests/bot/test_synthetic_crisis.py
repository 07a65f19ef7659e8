"""A made-up crisis goes the real way, leaves no trace, and is missed when any part of that way is broken."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alliance.crisis import Hit
from alliance.people import Role
from bot.findings import Symptom
from bot.keys import make_key_file
from bot.rounds import Rounds
from bot.second_channel import SecondChannel
from bot.synthetic_crisis import SyntheticCrisis
from bot.watchdog import Watchdog
from handlers import safety
from sandbox import Sandbox
from storage import heartbeats, synthetic
from storage.synthetic import AT_LEAST_EVERY, SEEN_THROUGH_WITHIN
from storage.tables import Alert, Heartbeat, Incoming, Message, Outgoing, Page, Person, StaffRole
from tests.bot.processes import STARTS_WITHIN, House, stopped, until
from tests.bot.ward import TOKEN, Ward
from workflows import keep_message
from workflows.synthetic_crisis import SENTENCES

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers

SECOND = timedelta(seconds=1)
Break = Callable[[pytest.MonkeyPatch, Ward], None]


def rehearsal(ward: Ward) -> SyntheticCrisis:
    """What begins one in the running program."""
    program = ward.program
    return SyntheticCrisis(
        program.database, ward.clock, program.duties, open_unit=program.unit, nudge_updates=program.updates.nudge
    )


def watched(ward: Ward) -> Callable[[], Awaitable[set[Symptom]]]:
    """What the rounds find from now on."""
    settings = ward.program.settings
    watchdog = Watchdog(dict, SecondChannel(), settings.data_dir, ward.clock)
    rounds = Rounds(ward.program.database, ward.clock, settings, watchdog)

    async def found() -> set[Symptom]:
        await rounds.walk()
        ward.clock.move_to(ward.clock.now() + SECOND)
        return {finding.symptom for finding in watchdog.look()} & {Symptom.SYNTHETIC_CRISIS_MISSING}

    return found


async def rows(ward: Ward) -> dict[str, int]:
    """How many rows there are of everything that a crisis writes."""
    tables = (Alert, Incoming, Message, Outgoing, Page, Person, StaffRole)
    async with ward.program.database.reading() as session:
        return {
            table.__tablename__: await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        }


def _a_screen_that_fails(patch: pytest.MonkeyPatch, _ward: Ward) -> None:
    def fails(*_: object) -> Hit | None:
        raise RuntimeError

    patch.setattr(keep_message, "screen", fails)


def _a_screen_that_sees_nothing(patch: pytest.MonkeyPatch, _ward: Ward) -> None:
    def sees_nothing(*_: object) -> Hit | None:
        return None

    patch.setattr(keep_message, "screen", sees_nothing)


def _an_emptied_list(patch: pytest.MonkeyPatch, ward: Ward) -> None:
    rules = ward.program.clinic.crisis_rules
    opened = ward.program.updates._open_unit
    finds_nothing = replace(rules.matcher, vocabulary=frozenset(), steps=({},), accepts=((),), stages=())
    emptied = replace(rules, rules=(), matcher=finds_nothing)

    def with_emptied_list(*given: object) -> object:
        unit = opened(*given)  # pyright: ignore[reportArgumentType]  # as it was called
        unit.clinic = replace(unit.clinic, crisis_rules=emptied)
        return unit

    patch.setattr(ward.program.updates, "_open_unit", with_emptied_list)


def _an_alert_that_cannot_be_raised(patch: pytest.MonkeyPatch, _ward: Ward) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    patch.setattr(safety, "raise_alert", fails)


def _pages_that_nobody_gets(patch: pytest.MonkeyPatch, _ward: Ward) -> None:
    async def pages_nobody(*_: object, **__: object) -> None:
        return None

    patch.setattr("workflows.raise_alert.page_now", pages_nobody)


def _no_safety_message(patch: pytest.MonkeyPatch, _ward: Ward) -> None:
    async def says_nothing(*_: object, **__: object) -> None:
        return None

    patch.setattr("workflows.raise_alert.say_safety", says_nothing)


def _nobody_handles_updates(patch: pytest.MonkeyPatch, ward: Ward) -> None:
    async def stands_still() -> int:
        return 0

    patch.setattr(ward.program.updates, "handle_batch", stands_still)


async def test_it_is_seen_through_and_leaves_no_row_and_no_call_behind(ward: Ward) -> None:
    ward.sandbox.person("Kim").opens(await ward.invited(Role.COORDINATOR, "KIM"))
    await ward.simulation.settle()
    found, before, calls = watched(ward), await rows(ward), len(ward.sandbox.ledger.calls())

    await rehearsal(ward).look()
    begun = await rows(ward)
    await ward.program.updates.handle_all()
    await ward.simulation.settle()
    ward.clock.move_to(ward.clock.now() + 2 * SEEN_THROUGH_WITHIN)

    assert begun["inbox"] == before["inbox"] + len(SENTENCES)
    assert await rows(ward) == before
    assert len(ward.sandbox.ledger.calls()) == calls
    assert await found() == set()
    async with ward.program.database.reading() as session:
        beats = set(await session.scalars(select(Heartbeat.loop).where(Heartbeat.loop.startswith("synthetic:"))))
    assert beats == {synthetic.BEGUN, *(synthetic.SYNTHETIC + language for language in SENTENCES)}


async def test_a_clinic_without_staff_has_its_test_rung(ward: Ward) -> None:
    found = watched(ward)

    await rehearsal(ward).look()
    await ward.program.updates.handle_all()
    ward.clock.move_to(ward.clock.now() + 2 * SEEN_THROUGH_WITHIN)

    assert await found() == set()
    assert set((await rows(ward)).values()) == {0}


@pytest.mark.parametrize(
    "breaks",
    [
        pytest.param(_a_screen_that_fails, id="a screen that fails"),
        pytest.param(_a_screen_that_sees_nothing, id="a screen that sees nothing"),
        pytest.param(_an_emptied_list, id="an emptied list of rules"),
        pytest.param(_an_alert_that_cannot_be_raised, id="an alert that cannot be raised"),
        pytest.param(_pages_that_nobody_gets, id="pages that nobody gets"),
        pytest.param(_no_safety_message, id="no safety message"),
        pytest.param(_nobody_handles_updates, id="nobody handles updates"),
    ],
)
async def test_whatever_is_broken_on_the_way_is_missed_within_the_minute(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, breaks: Break
) -> None:
    found = watched(ward)
    begins = rehearsal(ward)
    with monkeypatch.context() as patch:
        breaks(patch, ward)
        await begins.look()
        await ward.program.updates.handle_all()
    early = await found()

    ward.clock.move_to(ward.clock.now() + SEEN_THROUGH_WITHIN)
    late = await found()
    ward.clock.move_to(ward.clock.now() + timedelta(minutes=5))
    again = await begins.look()
    still = await found()
    await ward.program.updates.handle_all()

    assert (early, late) == (set(), {Symptom.SYNTHETIC_CRISIS_MISSING})
    assert (again, still) == (True, {Symptom.SYNTHETIC_CRISIS_MISSING})  # a new try does not hide the old failure
    assert await found() == set()
    assert await ward.program.updates.handle_all() == 0
    assert (await rows(ward))["inbox"] == 0  # and no dead letter


async def test_one_of_an_earlier_process_is_not_missed_before_ours_had_its_time(ward: Ward) -> None:
    async with ward.program.database.writing() as session:
        await heartbeats.beat(session, synthetic.BEGUN, ward.clock.now())
    ward.clock.move_to(ward.clock.now() + timedelta(days=3))

    assert await watched(ward)() == set()


async def test_it_comes_once_a_day_and_a_day_without_one_is_missed(ward: Ward) -> None:
    found, begins = watched(ward), rehearsal(ward)
    await begins.look()
    await ward.program.updates.handle_all()

    ward.clock.move_to(ward.clock.now() + timedelta(hours=23))
    same_day = await begins.look()
    ward.clock.move_to(ward.clock.now() + timedelta(hours=1))
    in_time = await found()
    next_day = await begins.look()
    await ward.program.updates.handle_all()
    ward.clock.move_to(ward.clock.now() + AT_LEAST_EVERY + SECOND)

    assert (same_day, in_time, next_day) == (False, set(), True)
    assert await found() == {Symptom.SYNTHETIC_CRISIS_MISSING}


async def test_the_running_program_sees_one_through_at_its_start(tmp_path: Path) -> None:
    keys = tmp_path / "checkin.keys"
    make_key_file(keys)
    async with Sandbox(token=TOKEN, seed=1) as sandbox:
        settings = {
            "CHECKIN_BOT_TOKEN": TOKEN,
            "CHECKIN_TELEGRAM_API_URL": sandbox.url,
            "CHECKIN_DATA_DIR": str(tmp_path),
            "CHECKIN_ENCRYPTION_KEYS_FILE": str(keys),
        }
        house = House(folder=tmp_path, settings=settings)
        await house.run("migrate")

        async with house.running(sandbox) as process:
            await until(lambda: len(_reports(house.log)) == len(SENTENCES), STARTS_WITHIN)
            status = await stopped(process)

        sent = sandbox.ledger.calls("sendMessage")

    assert {one["language"]: one["missing"] for one in _reports(house.log)} == dict.fromkeys(SENTENCES)
    assert (status, len(sent)) == (0, 0)


def _reports(log: Path) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    return [line for line in lines if line.get("event") == "synthetic_crisis"]
