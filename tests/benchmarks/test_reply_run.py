"""Nasty sentences come through the whole program unharmed, and harm done to one of them is noticed."""

import csv
import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.digest import Digest
from benchmarks.replies import proof
from benchmarks.replies.run import CHECKS, Failure, Outcome, run
from benchmarks.replies.sentences import read_sentences
from storage import messages
from storage.tables import Message
from workflows import keep_message, take_reply

ROOT = Path(__file__).parent.parent.parent
EVERYWHERE = "".join(chr(code) for code in range(0x20, 0x110000, 97) if not 0xD800 <= code <= 0xDFFF)
CRISIS = "I want to end my life"
NASTY = {
    "a script": "<script>alert(1)</script><!-- & --> </blockquote></article><img src=x onerror=alert(1)>",
    "entities": "&lt;b&gt; &amp;amp; &#0; &#x110000; &nbsp",
    "right to left, overridden": "abc \u202edef\u202c \u2067ghi\u2069 \u05e9\u05dc\u05d5\u05dd",
    "joined emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f44d\U0001f3fd",
    "combining, both ways": "e\u0301 \u00e9 A\u030a \u212b \u1e9b\u0323",
    "line ends": "one\ntwo\r\nthree\rfour\u2028five\u2029six\u0085seven",
    "controls": "".join(chr(code) for code in range(0x20)) + "\x7f\x80\x9f",
    "quotes": "\"it's\" 'so' `called` “care” {{ 7*7 }} {% raw %} %s {0} \\n \\u0041",
    "blanks at both ends": " \t so \u3000",
    "one character": "?",
    "as long as one message can be": "x" * 4096,
    "as many pairs as one message can hold": "\U0001fae0" * 2048,
    "too long for one message": "long " * 1000,
    "all of Unicode": EVERYWHERE,
    "a number on the scale": "5",
    "noncharacters": "\ufeffmark \ufffe\uffff\U0010ffff",
    "a crisis": CRISIS,
}


async def told(texts: list[str], folder: Path) -> Outcome:
    sentences = read_sentences(csv_of(folder, *texts), column="text").sentences
    return await run(sentences, folder=folder, seed=7, progress=lambda _: None)


async def test_nasty_sentences_come_through_unharmed(tmp_path: Path) -> None:
    outcome = await told(list(NASTY.values()), tmp_path)

    assert outcome.failures == ()
    assert outcome.is_green
    assert outcome.passed == dict.fromkeys(CHECKS, outcome.messages)
    assert outcome.messages > len(NASTY)  # the long ones went out in parts
    assert outcome.crises == 1


@pytest.mark.parametrize(
    ("harm", "checks"),
    [
        pytest.param("storage_that_tidies", ("stored", "shown"), id="storage that tidies accents"),
        pytest.param("page_that_tidies", ("shown",), id="a page that tidies accents"),
        pytest.param("screen_that_sleeps", ("screened", "answered"), id="a screen that finds nothing"),
        pytest.param("silence", ("answered",), id="a bot that answers nothing"),
    ],
)
async def test_harm_is_noticed_and_named_by_its_row(
    harm: str, checks: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HARM[harm](monkeypatch)
    sentence = CRISIS if harm == "screen_that_sleeps" else "cafe\u0301"

    outcome = await told([sentence], tmp_path)

    assert outcome.failures == (Failure(row=2, checks=checks),)
    assert not outcome.is_green


def storage_that_tidies(patch: pytest.MonkeyPatch) -> None:
    opened = messages.words_of

    def words_of(session: AsyncSession, message: Message) -> str | None:
        return unicodedata.normalize("NFC", opened(session, message) or "")

    patch.setattr(messages, "words_of", words_of)


def page_that_tidies(patch: pytest.MonkeyPatch) -> None:
    rendered = proof.render_page

    def render_page(digest: Digest, **rest: Any) -> str:  # Any: passed on as it came
        return unicodedata.normalize("NFC", rendered(digest, **rest))

    patch.setattr(proof, "render_page", render_page)


def screen_that_sleeps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keep_message, "screen", lambda _text, _rules: None)


def silence(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_arguments: object, **_more: object) -> None:
        """Say nothing."""

    for way in ("_receipt", "finish"):
        patch.setattr(take_reply, way, nothing)


HARM = {harm.__name__: harm for harm in (storage_that_tidies, page_that_tidies, screen_that_sleeps, silence)}


def test_the_command_prints_numbers_and_no_words(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "a secret about the clinic", "")

    done = bench("--file", str(file), "--column", "text", "--json", "--out", str(tmp_path / "page.md"))

    found = json.loads(done.stdout)
    numbers = {result["metric"]: result["value"] for result in found["results"]}
    assert done.returncode == 0, done.stderr
    assert {"machine", "commit", "at", "results"} <= set(found)
    assert all(set(result) == {"name", "ours", "metric", "value", "unit"} for result in found["results"])
    assert [numbers[key] for key in ("rows", "empty", "messages", *CHECKS, "lost", "doubled", "failed")] == [
        *(2, 1, 1),
        *(1, 1, 1, 1),
        *(0, 0, 0),
    ]
    assert found["failures"] == []
    assert "secret" not in done.stdout + done.stderr + (tmp_path / "page.md").read_text()


def test_what_cannot_be_read_is_one_line_and_status_2(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "hello")

    done = bench("--file", str(file), "--column", "remark", "--quick")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"replies: {file} has no column remark; it has text.\n"


def csv_of(folder: Path, *texts: str) -> Path:
    file = folder / "comments.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    return file


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.replies", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
