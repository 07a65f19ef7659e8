"""`checkin screen` answers every line, whatever is in it, and says in its status whether all could be read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOO_LONG = 1_048_577  # bytes, one more than is screened of a line


def screened(given: bytes, *words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    """Run the command away from any settings file."""
    call = [sys.executable, "-P", "-m", "bot", "screen", *words]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(call, input=given, cwd=cwd, env=environment, capture_output=True, check=False)


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    """What the crisis screen says; what the words of the alliance say beside it has a test of its own."""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [{key: value for key, value in line.items() if key not in {"markers", "scores"}} for line in lines]


def test_each_line_is_answered_with_what_was_found_and_why(tmp_path: Path) -> None:
    done = screened(b"I want to die\nthe parking was fine\n", "--json", cwd=tmp_path)

    assert done.returncode == 0
    assert answers(done) == [
        {
            "text": "I want to die",
            "crisis": {
                "class": "suicide",
                "degree": "now",
                "span": [2, 13],
                "rule": "en.suicide.want_to_die",
                "why": "Says they want to die or wish they were dead.",
            },
        },
        {"text": "the parking was fine", "crisis": None},
    ]


def test_each_line_says_what_it_voices_about_the_alliance(tmp_path: Path) -> None:
    done = screened(b"You never listen to me\nall well\n", "--json", cwd=tmp_path)

    voiced, well = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(marker["kind"], marker["domain"]) for marker in voiced["markers"]] == [("confrontation", "bond")]
    assert voiced["text"][slice(*voiced["markers"][0]["span"])] == "You never listen to me"
    assert well["markers"] == []
    assert voiced["scores"].keys() == well["scores"].keys() == {"goal", "task", "bond"}
    assert voiced["scores"]["bond"] > 0.5 > well["scores"]["bond"]


def test_for_people_a_line_says_class_degree_words_rule_and_why(tmp_path: Path) -> None:
    done = screened(b"I want to die\r\n\nall well", cwd=tmp_path)

    first, second, third = done.stdout.decode().splitlines()
    assert first == (
        'suicide  now  "want to die"  en.suicide.want_to_die  Says they want to die or wish they were dead.'
    )
    assert (second, third) == ("nothing found", "nothing found")


def test_a_line_that_is_not_utf8_is_answered_all_the_same_and_tells_in_the_status(tmp_path: Path) -> None:
    done = screened(b"\xff I want to die\nfine\n", "--json", cwd=tmp_path)

    broken, fine = answers(done)
    assert done.returncode == 1
    assert broken["crisis"] is not None
    assert str(broken["problem"]).startswith("not UTF-8")
    assert "problem" not in fine


def test_a_line_as_long_as_a_book_is_answered_for_its_beginning(tmp_path: Path) -> None:
    done = screened(b"I want to die " + b"x" * TOO_LONG + b"\nfine\n", "--json", cwd=tmp_path)

    book, fine = answers(done)
    assert done.returncode == 1
    assert book["crisis"] is not None
    assert str(book["problem"]).startswith("longer than")
    assert fine == {"text": "fine", "crisis": None}


def test_a_hit_counts_in_any_language_and_a_language_without_rules_is_named(tmp_path: Path) -> None:
    done = screened(b"me quiero morir\n", "--json", "--lang", "fr", cwd=tmp_path)

    (answer,) = answers(done)
    assert done.returncode == 0
    assert b"no rules for fr" in done.stderr
    assert answer["unscreened"] is True
    assert answer["crisis"] is not None


def test_control_characters_of_a_message_never_reach_the_terminal(tmp_path: Path) -> None:
    done = screened("kill \x1b[31m\u202emyself\n".encode(), cwd=tmp_path)

    assert "\x1b" not in done.stdout.decode()
    assert "\u202e" not in done.stdout.decode()


@pytest.mark.parametrize("language", ["x!", "", "english please"])
def test_what_is_no_language_is_refused_in_one_line(tmp_path: Path, language: str) -> None:
    done = screened(b"hello\n", "--lang", language, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1
