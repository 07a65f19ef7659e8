"""The demo: same seed same numbers, every promise of its summary, and nothing of a clinic's touched."""

import asyncio
import io
import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from rich.console import Console

from alliance.crisis import CrisisRules, screen
from bot.commands import demo as command
from bot.commands.digest import digest
from bot.commands.session import BadInput
from bot.demo import folder
from bot.demo.cast import Fate, cast, clinicians_for
from bot.demo.run import Demo, DemoProgress, demo_in, run_demo
from bot.demo.serve import serve
from bot.demo.show import show
from bot.demo.story import STARTS_AT
from bot.phrases import shipped_phrases
from sandbox import Person
from sandbox.sentences import SENTENCES

KEYS_OF_SUMMARY = {
    "seed",
    "patients",
    "weeks",
    "wall_seconds",
    "updates",
    "checkins",
    "ruptures",
    "crises",
    "digests",
    "median_taps_per_checkin",
    "median_bot_messages_per_checkin",
}
SMALL = {"patients": 4, "weeks": 1, "seed": 11}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """A demo that is over."""

    ended: Demo
    out: Path
    progress: list[DemoProgress]
    violations: int


async def ran(out: Path) -> Ran:
    progress: list[DemoProgress] = []
    async with demo_in(out, **SMALL, progress=progress.append) as ended:
        return Ran(ended=ended, out=out, progress=progress, violations=len(ended.sandbox.ledger.violations()))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Four patients, one week, while the settings of a real clinic lie around."""
    real = tmp_path_factory.mktemp("clinic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHECKIN_DATABASE_URL", f"sqlite:///{real / 'real.sqlite3'}")
        patch.setenv("CHECKIN_BOT_TOKEN", "1:of-the-real-clinic")
        out = tmp_path_factory.mktemp("demo") / "out"
        over = asyncio.run(ran(out))
    assert list(real.iterdir()) == []
    return over


def test_the_summary_holds_what_programs_read(small: Ran) -> None:
    summary = json.loads((small.out / folder.SUMMARY).read_text())

    assert set(summary) >= KEYS_OF_SUMMARY
    assert set(summary["checkins"]) == {"sent", "answered", "expired", "undeliverable", "uncertain"}
    assert set(summary["ruptures"]) >= {"planted", "found", "missed", "false"}
    assert set(summary["crises"]) == {"written", "paged", "seconds_to_page_max"}
    assert set(summary["digests"]) == {"sent", "empty"}
    assert summary == json.loads(json.dumps(asdict(small.ended.summary)))


def test_the_bot_kept_telegrams_rules(small: Ran) -> None:
    summary = small.ended.summary

    assert (small.violations, summary.rejected, summary.remarks) == (0, 0, 0)


def test_everybody_in_danger_was_paged_about_at_once(small: Ran) -> None:
    assert small.ended.summary.crises == {"written": 2, "paged": 2, "seconds_to_page_max": pytest.approx(0, abs=5)}


def test_check_ins_were_sent_and_answered_with_few_taps(small: Ran) -> None:
    summary = small.ended.summary

    assert summary.checkins["sent"] >= 4
    assert 0 < summary.checkins["answered"] <= summary.checkins["sent"]
    assert 3 <= summary.median_taps_per_checkin <= 4
    assert summary.median_bot_messages_per_checkin == 1
    assert summary.digests["sent"] == 2 * 5  # two clinicians, Monday's eight o'clock was over before they came


def test_the_same_seed_gives_the_same_numbers(small: Ran, tmp_path: Path) -> None:
    again = asyncio.run(run_demo(out=tmp_path / "again", progress=lambda _: None, **SMALL))

    assert replace(again, wall_seconds=0) == replace(small.ended.summary, wall_seconds=0)


def test_the_digests_lie_there_to_be_opened(small: Ran) -> None:
    pages = small.ended.pages

    assert {page.name for page in pages} == {page.name for page in small.out.glob("digest-*.html")}
    assert {page.name.split("-")[1] for page in pages} == {"cole", "day"}
    assert all(page.read_text().startswith("<!doctype html>") for page in pages)


def test_the_table_says_where_to_look_first(small: Ran) -> None:
    console = Console(width=200, record=True, file=io.StringIO())

    show(small.ended, console)

    said = console.export_text()
    assert f"Open first: {small.ended.pages[0]}" in said
    assert "Crisis messages" in said


def test_progress_goes_from_the_first_day_to_the_last(small: Ran) -> None:
    days = [reached.done.days for reached in small.progress]

    assert days == sorted(days)
    assert days[-1] == 7
    assert {reached.total for reached in small.progress} == {timedelta(weeks=1)}


def test_nothing_was_logged_but_into_its_own_file(small: Ran) -> None:
    words = {json.loads(line)["event"] for line in (small.out / folder.LOG).read_text().splitlines()}

    assert {"updates_stored", "tick"} <= words


def test_a_digest_can_be_asked_for_afterwards(
    small: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small.out)
    monkeypatch.setenv("CHECKIN_DATA_DIR", str(small.out))
    monkeypatch.setenv("CHECKIN_ENCRYPTION_KEYS_FILE", str(small.out / folder.KEYS))

    digest(clinician="COLE", on="2026-03-06")

    assert capsys.readouterr().out.startswith("Digest, Friday 6 March 2026")


def test_a_former_demo_is_written_over(tmp_path: Path) -> None:
    (tmp_path / folder.MARKER).touch()
    (tmp_path / "digest-cole-2020-01-01.html").touch()
    (tmp_path / "notes.txt").touch()

    folder.prepare(tmp_path)

    assert {file.name for file in tmp_path.iterdir()} == {folder.MARKER, "notes.txt"}


def test_a_clinics_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / folder.DATABASE).write_text("of a clinic")

    with pytest.raises(folder.NotADemo, match="choose another folder"):
        folder.prepare(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == [folder.DATABASE]
    assert (tmp_path / folder.DATABASE).read_text() == "of a clinic"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    with pytest.raises(folder.NotADemo, match="cannot be written to"):
        folder.prepare(tmp_path / "out")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param((0, 8), "--patients: 0", id="nobody"),
        pytest.param((501, 8), "--patients: 501", id="too many"),
        pytest.param((24, 0), "--weeks: 0", id="no time"),
        pytest.param((24, 53), "--weeks: 53", id="more than a year"),
    ],
)
def test_numbers_out_of_bounds_are_refused(given: tuple[int, int], said: str, tmp_path: Path) -> None:
    patients, weeks = given

    with pytest.raises(BadInput, match=said):
        command.demo(patients=patients, weeks=weeks, out=tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_demo_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()

    with pytest.raises(BadInput, match="holds something that is not a demo"):
        command.demo(out=tmp_path)


def test_broken_rules_end_with_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def broke_two(**_given: object) -> int:
        return 2

    monkeypatch.setattr(command, "_run", broke_two)

    with pytest.raises(typer.Exit) as ended:
        command.demo()

    assert ended.value.exit_code == 1
    assert "2 calls broke Telegram's rules" in capsys.readouterr().err


async def test_afterwards_the_bot_goes_on_talking(tmp_path: Path) -> None:
    async with demo_in(tmp_path, patients=1, weeks=1, seed=1, progress=lambda _: None) as ended:
        said: list[str] = []
        goes_on = asyncio.create_task(serve(ended, said.append))
        while len(said) < 2:  # noqa: ASYNC110  until it has started
            await asyncio.sleep(0)
        guest = ended.sandbox.person("Guest")
        guest.opens(said[1].split()[-1])
        while ended.sandbox.ledger.newest(guest.user_id, from_bot=True) is None:  # noqa: ASYNC110  until it answers
            await asyncio.sleep(0)

        assert guest.last.labels == ("Yes, I want to take part", "No, thank you")
        goes_on.cancel()
        await asyncio.gather(goes_on, return_exceptions=True)


async def test_afterwards_time_can_be_let_pass_and_everybody_lives_on(tmp_path: Path) -> None:
    async with demo_in(tmp_path, patients=2, weeks=1, seed=1, progress=lambda _: None) as ended:
        said: list[str] = []
        goes_on = asyncio.create_task(serve(ended, said.append))
        while len(said) < 2:  # noqa: ASYNC110  until it has started
            await asyncio.sleep(0)
        guest, before = ended.sandbox.person("Guest"), ended.clock.now()
        guest.opens(said[1].split()[-1])
        for choice in ("Yes, I want to take part", "Yes", "09:00"):
            await until_shown(guest, choice)
            guest.taps(choice)
        let_pass = ended.sandbox.world.pass_time
        assert let_pass is not None
        let_pass(timedelta(days=2))
        async with asyncio.timeout(60):
            while ended.clock.now() - before < timedelta(days=2):  # noqa: ASYNC110  # until time has come there
                await asyncio.sleep(0.05)

        since = [entry for entry in ended.sandbox.ledger.entries if entry.at > before]
        spoken_to = {entry.chat_id for entry in since}
        asked = [entry for entry in since if "Check-in, 1 of 3" in str(entry.parameters.get("text"))]
        assert guest.user_id in {entry.chat_id for entry in asked}
        assert len(spoken_to - {guest.user_id}) > 1  # the others live on as well
        goes_on.cancel()
        await asyncio.gather(goes_on, return_exceptions=True)


async def until_shown(person: Person, label: str) -> None:
    async with asyncio.timeout(60):
        while not any(label in shown.labels for shown in person.screen):  # noqa: ASYNC110  # until that comes
            await asyncio.sleep(0.05)


def parts_of(patients: int, weeks: int = 8, seed: int = 1) -> Counter[Fate]:
    return Counter(part.fate for part in cast(patients=patients, weeks=weeks, seed=seed, starts_at=STARTS_AT))


@pytest.mark.parametrize(
    ("patients", "weeks", "fates"),
    [
        pytest.param(1, 8, {Fate.CRISIS_SAID_PLAINLY: 1}, id="one"),
        pytest.param(4, 1, {Fate.CRISIS_SAID_PLAINLY: 1, Fate.CRISIS_HINTED_AT: 1, Fate.ORDINARY: 2}, id="a week"),
        pytest.param(
            24,
            8,
            {
                Fate.CRISIS_SAID_PLAINLY: 1,
                Fate.CRISIS_HINTED_AT: 1,
                Fate.RUPTURE: 6,
                Fate.PAUSES: 1,
                Fate.BLOCKS: 1,
                Fate.LEAVES: 1,
                Fate.NEVER_OPENS: 1,
                Fate.REFUSES: 1,
                Fate.ORDINARY: 11,
            },
            id="as shipped",
        ),
    ],
)
def test_who_has_which_fate(patients: int, weeks: int, fates: dict[Fate, int]) -> None:
    assert parts_of(patients, weeks) == fates


def test_ruptures_are_planted_where_they_can_be_noticed() -> None:
    parts = cast(patients=200, weeks=6, seed=2, starts_at=STARTS_AT)

    starts = [part.rupture.starts_at for part in parts if part.rupture is not None]
    assert len(starts) == 50
    assert min(starts) >= STARTS_AT + timedelta(weeks=3)
    assert max(starts) <= STARTS_AT + timedelta(weeks=4)
    assert {part.fate for part in parts if part.rupture is not None} == {Fate.RUPTURE}


def test_everybody_has_a_code_name_and_a_clinician_of_their_own() -> None:
    parts = cast(patients=500, weeks=8, seed=3, starts_at=STARTS_AT)

    clinicians = {name.upper() for name in clinicians_for(500)}
    assert len({part.code_name for part in parts}) == 500
    assert {part.clinician for part in parts} == clinicians
    assert max(Counter(part.clinician for part in parts).values()) <= 8


def test_telephone_numbers_belong_to_nobody() -> None:
    parts = cast(patients=500, weeks=8, seed=3, starts_at=STARTS_AT)

    assert all(part.phone.startswith(("+44 7700 900", "+1 212 555 01")) for part in parts)


def test_another_seed_is_another_clinic() -> None:
    assert cast(patients=24, weeks=8, seed=1, starts_at=STARTS_AT) != cast(
        patients=24, weeks=8, seed=2, starts_at=STARTS_AT
    )


@pytest.fixture(scope="module")
def crisis_rules() -> CrisisRules:
    return shipped_phrases()


ORDINARY = [
    pytest.param(sentence, id=sentence[:30])
    for said in SENTENCES.values()
    for mood in ("warm", "banal", "complaint")
    for sentence in said[mood]
]
IN_DANGER = [
    pytest.param(sentence, id=sentence[:30])
    for said in SENTENCES.values()
    for mood in ("direct", "indirect")
    for sentence in said[mood]
]


@pytest.mark.parametrize("sentence", ORDINARY)
def test_an_ordinary_sentence_pages_nobody(sentence: str, crisis_rules: CrisisRules) -> None:
    assert screen(sentence, crisis_rules) is None


@pytest.mark.parametrize("sentence", IN_DANGER)
def test_a_sentence_of_somebody_in_danger_does(sentence: str, crisis_rules: CrisisRules) -> None:
    assert screen(sentence, crisis_rules) is not None


def test_the_story_begins_on_a_monday_before_the_clocks_change() -> None:
    assert STARTS_AT.astimezone(UTC) == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert STARTS_AT.weekday() == 0
