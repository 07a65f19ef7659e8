"""No token and no word of a patient reaches a log, whatever goes wrong and however much is logged."""

import json
import logging
from collections.abc import Generator
from datetime import datetime

import pytest
import structlog

from bot import logs
from bot.dead_mans_ping import DeadMansPing
from bot.mail_server import MailServer, Security
from bot.second_channel import Notice, Reader, SecondChannel
from bot.telegram_api import make_bot
from sandbox import Fault, FaultKind
from tests.bot.receivers import free_port, web_server
from tests.bot.ward import TOKEN, Ward

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers

CANARY = "kanarienvogel"
SECRET_PART = TOKEN.partition(":")[2]


@pytest.fixture(autouse=True)
def _restored() -> Generator[None]:
    root = logging.getLogger()
    handlers, level, filters = root.handlers[:], root.level, structlog.get_config()
    levels = {name: logging.getLogger(name).level for name in logs.TALKATIVE}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**filters)


async def test_a_day_full_of_failures_leaves_no_token_and_no_word_in_the_log(
    sqlite_ward: Ward, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.set_up("DEBUG")
    ana = await sqlite_ward.enrolled()
    written = [f"{CANARY} number {number}" for number in range(20)]
    for number, words in enumerate(written):
        ana.writes(words)
        if number % 5 == 0:
            sqlite_ward.sandbox.faults.add(Fault(kind=list(FaultKind)[number % 4], status=502, method="sendMessage"))
        await sqlite_ward.simulation.settle()
    ana.writes(f"I want to kill myself, {CANARY}")
    await sqlite_ward.simulation.settle()
    sqlite_ward.sandbox.inject({"message": {"message_id": 1, "text": f"{CANARY} in a broken update"}})
    with monkeypatch.context() as broken:
        broken.setattr("handlers.messages.take_message", _fails_loudly)
        ana.writes(f"{CANARY} in a handler that fails")
        await sqlite_ward.simulation.settle()
    await sqlite_ward.queue(ana, f"{CANARY} to be refused", parse_mode="Nonsense")
    await sqlite_ward.until_quiet()
    _break_an_answer(sqlite_ward)
    with pytest.raises(Exception, match="Invalid server response"):
        await sqlite_ward.program.intake.poll_once(wait=0)

    out, err = capfd.readouterr()

    said = out + err
    assert len(err.splitlines()) > 40
    assert "update_failed" in err
    assert CANARY not in said
    assert SECRET_PART not in said
    assert ana.name not in said.replace("Anabel", "")
    assert str(ana.user_id) not in said


def test_each_event_is_one_json_object_with_its_moment_and_level(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")

    structlog.get_logger().info("tick", tick="checkins", sent=3)

    (line,) = capfd.readouterr().err.splitlines()
    event = json.loads(line)
    assert {key: event[key] for key in ("event", "level", "tick", "sent")} == {
        "event": "tick",
        "level": "info",
        "tick": "checkins",
        "sent": 3,
    }
    assert event["timestamp"].endswith("Z")


def test_a_line_break_in_a_value_stays_inside_its_object(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")

    structlog.get_logger().info("tick", tick='a\n{"event": "forged"}\x1b[31m')

    assert len(capfd.readouterr().err.splitlines()) == 1


def test_what_is_below_the_level_is_not_written(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("WARNING")

    structlog.get_logger().info("tick")
    logging.getLogger("anything").info("tick")

    assert capfd.readouterr().err == ""


def test_a_token_in_a_librarys_line_is_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG")

    logging.getLogger("httpx").warning("POST %s", f"https://api.telegram.org/bot{TOKEN}/sendMessage")
    structlog.get_logger().info("asked", address=f"https://api.telegram.org/bot{TOKEN}/getMe")

    said = capfd.readouterr().err
    assert SECRET_PART not in said
    assert said.count("[token]") == 2


def test_a_librarys_line_is_one_json_object_whatever_is_in_it(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")

    logging.getLogger("anything").warning('two\nlines and a "quote"')

    (line,) = capfd.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["said"]) == ("library_said", 'two\nlines and a "quote"')


def test_a_traceback_is_never_written_because_it_may_quote_a_patient(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG")

    try:
        int(f"{CANARY} in what the error says")
    except ValueError:
        logging.getLogger("anything").exception("library_failed")
        structlog.get_logger().exception("we_failed")

    said = capfd.readouterr().err
    assert "library_failed" in said
    assert "we_failed" in said
    assert CANARY not in said


def test_a_bot_that_is_made_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG")

    make_bot(TOKEN, "http://127.0.0.1:9")

    assert SECRET_PART not in capfd.readouterr().err


def _break_an_answer(ward: Ward) -> None:
    ward.sandbox.person("Anabel").writes(f"{CANARY} in an answer cut short")
    ward.sandbox.faults.add(Fault(kind=FaultKind.CUT_JSON, method="getUpdates"))


async def _fails_loudly(*given: object, **_: object) -> None:
    raise ValueError(f"{CANARY} {given}")


def test_whoever_is_told_by_the_second_channel_leaves_no_address_and_no_password_in_the_log(
    moment: datetime, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("DEBUG")
    notice = Notice(reader=Reader.OPERATOR, kind="alarm", subject="s", text=CANARY, at=moment)
    with web_server(lambda _method, _said: 500) as url:
        DeadMansPing(f"{url}?key={CANARY}", lambda: True).ping()
        channel = SecondChannel(
            mail_server=MailServer(
                host="127.0.0.1", port=free_port(), security=Security.STARTTLS, user=CANARY, password=CANARY
            ),
            mail_from=f"{CANARY}@example.org",
            mail_to={Reader.OPERATOR: (f"{CANARY}@example.org",)},
            webhook_url=f"{url}?key={CANARY}",
        )

        assert channel.tell(notice) == frozenset()

    said = capfd.readouterr()
    assert said.err.count("second_channel_failed") == 2
    assert CANARY not in said.out + said.err
    assert "secret-part" not in said.out + said.err
    assert CANARY not in repr(channel)
