"""`checkin flags --history`: a clinic tries the detector on its own past, whatever its file looks like."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from tests.alliance.course_histories import FIRST, HALF_A_WEEK

HEADER = "patient,at,domain,rating"
DOMAINS = ("goal", "task", "bond")


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHECKIN_DATABASE_URL", "nonsense://nowhere")


def lines(patient: str, *points: int | str) -> list[str]:
    """A patient's check-ins, all three domains alike."""
    return [
        f"{patient},{(FIRST + nth * HALF_A_WEEK).isoformat()},{domain},{point}"
        for nth, point in enumerate(points)
        for domain in DOMAINS
    ]


def run(tmp_path: Path, text: str | bytes, *more: str) -> Result:
    file = tmp_path / "ratings.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return CliRunner().invoke(app, ["flags", "--history", str(file), "--scale", "1-7", *more])


def found(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def csv(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *rows, ""])


ANA = lines("ANA", *[6, 7, 6, 6, 7, 6, 6, 7], 2)
BEN = lines("BEN", *[6, 7, 6, 6, 7, 6, 6, 7], 6)


def test_a_fall_is_told_with_everything_a_program_reads_and_an_ordinary_past_is_not(tmp_path: Path) -> None:
    result = run(tmp_path, csv(*ANA, *BEN), "--json")

    (flag,) = found(result)
    assert {"patient", "raised_at", "kind", "domain", "signal", "strength", "since", "why"} <= flag.keys()
    assert (flag["patient"], flag["kind"], flag["signal"]) == ("ANA", "withdrawal", "drop")
    assert flag["raised_at"] == (FIRST + 8 * HALF_A_WEEK).isoformat()
    assert "2 of 7, usually 6." in flag["why"]
    assert result.exit_code == 0
    assert "54 rows, 0 not usable" in result.stderr


def test_for_people_it_is_a_sentence(tmp_path: Path) -> None:
    result = run(tmp_path, csv(*ANA))

    assert result.stdout.startswith("ANA  2026-03-30  possible withdrawal: ")


def test_silence_is_found_where_nothing_was_answered(tmp_path: Path) -> None:
    result = run(tmp_path, csv(*lines("ANA", *[6] * 12, "", "", "", "")), "--json")

    assert [flag["signal"] for flag in found(result)] == ["silence"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*reversed(ANA)], id="newest first"),
        pytest.param([row for pair in zip(ANA, BEN, strict=True) for row in pair], id="patients mixed"),
        pytest.param(sorted(ANA, key=lambda row: row.split(",")[2]), id="domain by domain"),
    ],
)
def test_the_order_of_rows_does_not_matter(tmp_path: Path, rows: Sequence[str]) -> None:
    assert found(run(tmp_path, csv(*rows), "--json")) == found(run(tmp_path, csv(*ANA), "--json"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + csv(*ANA), id="a byte order mark"),
        pytest.param(csv(*ANA).encode("utf-16"), id="UTF-16"),
        pytest.param(csv(*ANA).replace(",", ";"), id="semicolons"),
        pytest.param(csv(*ANA).replace(",", "\t"), id="tabs"),
        pytest.param(csv(*ANA, end="\r\n"), id="line ends of Windows"),
        pytest.param(csv(*ANA, header="Patient , AT,Domain,rating"), id="a header in capitals"),
        pytest.param(csv(*ANA).replace("\n", "\n\n"), id="empty lines"),
    ],
)
def test_a_file_is_read_whatever_program_wrote_it(tmp_path: Path, text: str | bytes) -> None:
    assert found(run(tmp_path, text, "--json")) == found(run(tmp_path, csv(*ANA), "--json"))


def test_each_bad_row_is_named_with_its_line_and_the_others_count(tmp_path: Path) -> None:
    bad = ["BEN,yesterday,bond,4", "BEN,2026-03-02T08:00Z,bond,9", "BEN,2026-03-02T08:00Z,mood,4", ANA[0], "x"]

    result = run(tmp_path, csv(*ANA, *bad), "--json")

    said = result.stderr.splitlines()
    assert [line.partition(":")[0] for line in said[:-1]] == [f"line {number}" for number in range(29, 34)]
    assert "is not from 1 to 7" in said[1]
    assert "as line 2" in said[3]
    assert "32 rows, 5 not usable" in said[-1]
    assert [flag["patient"] for flag in found(result)] == ["ANA"]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("patient,at,rating\nANA,2026-03-02T08:00Z,4\n", "domain", id="a missing column"),
        pytest.param(csv("ANA,yesterday,bond,4"), "none of its 1 rows", id="no usable row"),
        pytest.param(csv(), "none of its 0 rows", id="no row"),
        pytest.param("", "the header has no single column", id="nothing"),
        pytest.param(b"\x00\xff\xfe\x01" * 50, "the header has no single column", id="no text"),
    ],
)
def test_only_when_nothing_can_be_read_it_fails_in_one_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    result = run(tmp_path, text)

    assert result.exit_code == 1
    assert says in result.stderr.splitlines()[-1]
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_one_line_too(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["flags", "--history", str(tmp_path / "none.csv")])

    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_low_starts_are_counted_and_listed_only_when_asked_for(tmp_path: Path) -> None:
    text = csv(*lines("ANA", *[4] * 6))

    quiet, listed = run(tmp_path, text, "--json"), run(tmp_path, text, "--json", "--low")

    assert found(quiet) == []
    assert "1 low starts" in quiet.stderr
    assert [flag["signal"] for flag in found(listed)] == ["floor"]


def test_more_attention_finds_more(tmp_path: Path) -> None:
    text = csv(*lines("ANA", *[6, 7, 6, 6, 7, 6, 6, 7], 5))

    few, many = (found(run(tmp_path, text, "--json", "--attention", each)) for each in ("0.05", "20"))

    assert len(few) < len(many)


def test_the_scale_is_told_when_it_is_not_given(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(csv(*lines("ANA", *[9, 10, 9, 9, 10, 9, 9, 10], 3)))

    result = CliRunner().invoke(app, ["flags", "--history", str(file), "--json"])

    assert "scale 1 to 10" in result.stderr
    assert "3 of 10" in found(result)[0]["why"]


def test_reasons_are_said_in_spanish_too(tmp_path: Path) -> None:
    assert "lo habitual es" in found(run(tmp_path, csv(*ANA), "--json", "--language", "es"))[0]["why"]


@pytest.mark.parametrize(
    "wrong", [("--scale", "seven"), ("--scale", "7-1"), ("--zone", "Mars/Olympus"), ("--language", "xx")]
)
def test_an_option_that_makes_no_sense_is_refused(tmp_path: Path, wrong: tuple[str, str]) -> None:
    (tmp_path / "ratings.csv").write_text(csv(*ANA))

    asked = subprocess.run(
        [sys.executable, "-m", "bot", "flags", "--history", str(tmp_path / "ratings.csv"), *wrong],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 2
    assert len(asked.stderr.splitlines()) == 1
