"""The watchdog sees what stands still and says it, in its thread, in a file and by the second channel."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import alarm_file, watchdog
from bot.announcer import AGAIN_EVERY
from bot.beats import Beats, LoopProbe
from bot.clock import SimulatedClock, SystemClock
from bot.dead_mans_ping import DeadMansPing
from bot.findings import STALLED_AFTER, Symptom
from bot.mail_server import MailServer, Security
from bot.second_channel import Reader, SecondChannel
from bot.watchdog import STOPPED_AFTER, Watchdog
from tests.bot.receivers import free_port, silence, web_server

Posted = list[dict[str, object]]
PATIENT = 20.0  # seconds that a busy machine is given


@dataclass(kw_only=True)
class House:
    """A watchdog on a clock that is moved by hand, with its loops and what was told."""

    watchdog: Watchdog
    clock: SimulatedClock
    beats: Beats
    posted: Posted
    folder: Path

    def later(self, seconds: float, *, beating: tuple[Callable[[], None], ...] = ()) -> list[str]:
        """Look once a second for that long; the symptoms found at the end."""
        for _ in range(int(seconds)):
            self.clock.move_to(self.clock.now() + timedelta(seconds=1))
            for beat in beating:
                beat()
            self.watchdog.look()
        return [finding.symptom for finding in self.watchdog.findings()]

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """The kind of each notice, and the symptoms it names."""
        return [
            (str(body["kind"]), [one["symptom"] for one in body["findings"]])  # pyright: ignore[reportGeneralTypeIssues, reportIndexIssue]  # JSON
            for body in self.posted
        ]

    @property
    def file(self) -> list[str] | None:
        """The symptoms in the alarm file."""
        content = alarm_file.read(self.folder)
        return None if content is None else [one["symptom"] for one in content["findings"]]


@pytest.fixture
def posted() -> Posted:
    return []


@pytest.fixture
def url(posted: Posted) -> Generator[str]:
    def take(_method: str, said: object) -> int:
        assert isinstance(said, dict)
        posted.append(said)
        return 200

    with web_server(take) as address:
        yield address


@pytest.fixture
def house(url: str, posted: Posted, moment: datetime, tmp_path: Path) -> House:
    return _house(SecondChannel(webhook_url=url), moment, tmp_path, posted)


def test_while_every_loop_goes_round_nobody_is_told(house: House) -> None:
    beats = (house.beats.of("intake"), house.beats.of("sender"))

    found = house.later(600, beating=beats)

    assert (found, house.told, house.file) == ([], [], None)
    assert house.watchdog.is_well()


def test_a_stalled_loop_is_told_within_ninety_seconds_and_stands_in_the_file(house: House) -> None:
    intake = house.beats.of("intake")
    house.beats.of("sender")

    early = house.later(STALLED_AFTER.total_seconds(), beating=(intake,))
    late = house.later(90 - STALLED_AFTER.total_seconds(), beating=(intake,))

    assert (early, late) == ([], ["loop_stalled"])
    assert house.told == [("alarm", ["loop_stalled"])]
    assert house.file == ["loop_stalled"]
    assert not house.watchdog.is_well()
    assert (house.folder / alarm_file.NAME).stat().st_mode & 0o777 == 0o600


def test_a_loop_that_never_went_round_is_noticed_too(house: House) -> None:
    house.beats.of("intake")

    assert house.later(90) == ["loop_stalled"]


def test_a_loop_that_has_ended_rightly_is_not_missed(house: House) -> None:
    beat = house.beats.of("toasts")
    house.beats.forget("toasts")
    beat()

    assert house.later(90) == []


def test_it_is_told_again_every_quarter_of_an_hour_and_once_when_it_is_over(house: House) -> None:
    beat = house.beats.of("sender")
    house.later(90 + AGAIN_EVERY)

    house.later(120, beating=(beat,))

    assert house.told == [("alarm", ["loop_stalled"]), ("alarm", ["loop_stalled"]), ("over", [])]
    assert house.file is None
    assert house.watchdog.is_well()


def test_trouble_that_others_see_is_told_until_they_take_it_back(house: House) -> None:
    house.watchdog.trouble(Symptom.STAFF_UNREACHABLE, True)
    house.watchdog.trouble(Symptom.STAFF_UNREACHABLE, True)
    found = house.later(5)
    house.watchdog.trouble(Symptom.STAFF_UNREACHABLE, False)
    house.watchdog.trouble(Symptom.STAFF_UNREACHABLE, False)

    assert found == ["staff_unreachable"]
    assert house.later(70) == []
    assert house.told == [("alarm", ["staff_unreachable"]), ("over", [])]


def test_a_database_that_refuses_for_a_moment_is_no_trouble_yet(house: House) -> None:
    house.watchdog.trouble(Symptom.DATABASE_REFUSES, True, about="updates")
    short = house.later(15)
    house.watchdog.trouble(Symptom.DATABASE_REFUSES, False, about="updates")
    house.later(60)
    house.watchdog.trouble(Symptom.DATABASE_REFUSES, True, about="updates")

    assert (short, house.told) == ([], [])
    assert house.later(25) == ["database_refuses"]


def test_one_loop_that_can_write_does_not_take_back_what_another_has_said(house: House) -> None:
    house.watchdog.trouble(Symptom.DATABASE_REFUSES, True, about="updates")
    house.watchdog.trouble(Symptom.DATABASE_REFUSES, False, about="sender")

    assert house.later(25) == ["database_refuses"]


def test_with_the_second_channel_dead_as_well_the_file_and_health_say_so_within_a_minute(
    moment: datetime, tmp_path: Path
) -> None:
    house = _house(SecondChannel(webhook_url=f"http://127.0.0.1:{free_port()}/"), moment, tmp_path)
    house.watchdog.trouble(Symptom.STAFF_UNREACHABLE, True)

    found = house.later(3)

    assert found == house.file == ["staff_unreachable", "second_channel_dead"]
    assert not house.watchdog.is_well()


def test_a_second_channel_that_comes_back_tells_what_it_missed(
    moment: datetime, tmp_path: Path, url: str, posted: Posted
) -> None:
    house = _house(SecondChannel(webhook_url=f"http://127.0.0.1:{free_port()}/"), moment, tmp_path, posted)
    house.watchdog.trouble(Symptom.STAFF_UNREACHABLE, True)
    house.later(40)
    house.watchdog._channel = SecondChannel(webhook_url=url)

    found = house.later(40)

    assert house.told[0] == ("alarm", ["staff_unreachable", "second_channel_dead"])
    assert found == ["staff_unreachable"]


def test_one_of_two_ways_that_fails_is_told_by_the_other(
    moment: datetime, tmp_path: Path, url: str, posted: Posted
) -> None:
    channel = _by_mail_too(url)
    house = _house(channel, moment, tmp_path, posted)
    house.watchdog.trouble(Symptom.DISK_NEARLY_FULL, True)

    found = house.later(5)

    assert found == ["second_way_failed", "disk_nearly_full"]
    assert house.told == [("alarm", ["disk_nearly_full"]), ("alarm", ["second_way_failed", "disk_nearly_full"])]
    assert house.watchdog.is_well()  # amber: nobody has to act this minute


def test_without_a_second_channel_the_file_says_it_and_nothing_more_is_wrong(moment: datetime, tmp_path: Path) -> None:
    house = _house(SecondChannel(), moment, tmp_path)
    house.watchdog.trouble(Symptom.TOKEN_REFUSED, True)

    assert house.later(120) == house.file == ["token_refused"]


def test_an_alarm_file_of_an_earlier_life_goes_when_all_is_well(house: House) -> None:
    (house.folder / alarm_file.NAME).write_text(json.dumps({"findings": []}), encoding="utf-8")

    house.later(1)

    assert house.file is None


def test_a_file_that_cannot_be_written_stops_neither_the_looking_nor_the_telling(house: House) -> None:
    house.watchdog._data_dir = house.folder / "gone"
    house.watchdog.trouble(Symptom.DISK_NEARLY_FULL, True)

    found = house.later(2)
    house.watchdog._data_dir = house.folder
    house.later(1)

    assert found == ["disk_nearly_full"]
    assert len(house.told) == 1
    assert house.file == ["disk_nearly_full"]


def test_a_watchdog_that_has_stopped_looking_is_itself_a_finding(house: House) -> None:
    house.later(1)
    house.clock.move_to(house.clock.now() + timedelta(seconds=STOPPED_AFTER + 1))

    assert [one.symptom for one in house.watchdog.findings()] == ["watchdog_stopped"]
    assert not house.watchdog.is_well()


def test_a_watchdog_that_was_told_to_stop_is_none(house: House) -> None:
    house.later(1)
    house.watchdog.stop()
    house.clock.move_to(house.clock.now() + timedelta(hours=1))

    assert house.watchdog.findings() == ()


def test_a_wedged_event_loop_is_told_while_it_is_wedged(
    url: str, posted: Posted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the thread and the clock as they are; the ten seconds are cut short."""
    monkeypatch.setattr("bot.findings.WEDGED_AFTER", timedelta(seconds=0.3))
    monkeypatch.setattr(watchdog, "LOOK_EVERY", 0.05)
    clock = SystemClock()
    dog = Watchdog(Beats(clock.monotonic).pulses, SecondChannel(webhook_url=url), tmp_path, clock)

    async def wedged() -> None:
        dog.start()
        await asyncio.sleep(0.2)
        assert posted == []
        until = time.monotonic() + PATIENT
        while not posted and time.monotonic() < until:
            time.sleep(0.01)  # noqa: ASYNC251  # that is what wedged means
        wedged_file = alarm_file.read(tmp_path)
        async with asyncio.timeout(PATIENT):
            while dog.findings():  # noqa: ASYNC110  # it happens in a thread, which sends no event
                await asyncio.sleep(0.01)
        dog.stop()
        assert wedged_file is not None

    asyncio.run(wedged())

    assert [one["symptom"] for one in posted[0]["findings"]] == ["event_loop_wedged"]  # pyright: ignore[reportGeneralTypeIssues, reportIndexIssue]  # JSON
    assert not any(thread.name == "watchdog" for thread in threading.enumerate())


def test_a_look_that_fails_is_not_the_last_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "LOOK_EVERY", 0.01)
    looks: list[int] = []

    def fails() -> dict[str, object]:
        looks.append(1)
        raise RuntimeError("x")

    house.watchdog._pulses = fails  # pyright: ignore[reportAttributeAccessIssue]  # it never returns

    async def run() -> None:
        house.watchdog.start()
        async with asyncio.timeout(PATIENT):
            while len(looks) < 3:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.01)
        house.watchdog.stop()

    asyncio.run(run())


def test_an_event_loop_that_is_closed_while_the_process_lives_is_wedged(moment: datetime) -> None:
    clock = SimulatedClock(moment)
    loop = asyncio.new_event_loop()
    loop.close()
    probe = LoopProbe(loop, clock.monotonic)

    first = probe.lag()
    clock.move_to(moment + timedelta(seconds=11))

    assert (first, probe.lag()) == (timedelta(0), timedelta(seconds=11))


def test_a_sign_of_life_goes_out_while_all_is_well_and_none_otherwise() -> None:
    asked: list[str] = []
    is_well = True
    with web_server(lambda method, _path: asked.append(method) or 200) as url:
        ping = DeadMansPing(url, lambda: is_well)
        first = ping.ping()
        is_well = False
        second = ping.ping()

    assert (first, second, asked) == (True, False, ["GET"])


def test_signs_of_life_go_on_until_they_are_stopped() -> None:
    asked: list[str] = []
    with web_server(lambda method, _path: asked.append(method) or 200) as url:
        ping = DeadMansPing(url, lambda: True, every=0.01)
        ping.start()
        until = time.monotonic() + PATIENT
        while len(asked) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        ping.stop()
        ping._thread.join(PATIENT)  # pyright: ignore[reportOptionalMemberAccess]  # it was started
        number = len(asked)
        time.sleep(0.05)

    assert number == len(asked) >= 3


def test_a_listener_that_refuses_or_says_nothing_stops_nothing() -> None:
    with silence() as port:
        hangs = DeadMansPing(f"http://127.0.0.1:{port}/", lambda: True, within=0.1).ping()
    refuses = DeadMansPing(f"http://127.0.0.1:{free_port()}/", lambda: True).ping()

    assert (hangs, refuses) == (False, False)


def test_without_an_address_no_sign_of_life_is_tried() -> None:
    ping = DeadMansPing("", lambda: True)
    ping.start()
    ping.stop()

    assert ping._thread is None


def _house(channel: SecondChannel, moment: datetime, folder: Path, posted: Posted | None = None) -> House:
    clock = SimulatedClock(moment)
    beats = Beats(clock.monotonic)
    dog = Watchdog(beats.pulses, channel, folder, clock)
    return House(watchdog=dog, clock=clock, beats=beats, posted=[] if posted is None else posted, folder=folder)


def _by_mail_too(url: str) -> SecondChannel:
    return SecondChannel(
        mail_server=MailServer(host="127.0.0.1", port=free_port(), security=Security.NONE),
        mail_from="bot@example.org",
        mail_to={Reader.OPERATOR: ("operator@example.org",)},
        webhook_url=url,
    )
