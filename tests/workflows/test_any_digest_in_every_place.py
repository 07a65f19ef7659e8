"""Whatever a digest holds, every place takes it: the strict sandbox each message as it is, an e-mail each line once."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from hypothesis import HealthCheck, given, settings

from alliance.charts import caption
from alliance.digest import Digest, Point
from sandbox.keyboards import read_keyboard
from sandbox.rules import read_caption, read_text
from sandbox.wire import Request, read_request
from tests.alliance.one_digest import EN, TODAY, sent
from tests.alliance.test_digest_any_content import digests
from workflows.digest_letter import From, Letter, full, minimal
from workflows.digest_page import render_page
from workflows.speak import body_of

HEAD = From(
    address="clinic@example.org",
    clinic="Almond House",
    to="cole@example.org",
    at=datetime(2026, 3, 3, 7, tzinfo=UTC),
    about="7:2026-03-03",
)
A_FEW = 12  # flags with a trend: a picture names six
any_digest = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@any_digest
@given(digest=digests())
def test_the_strict_sandbox_takes_every_message_unchanged(digest: Digest) -> None:
    for saying in sent(digest):
        body = body_of(saying, chat_id=7)
        request = _on_the_wire("sendMessage", body)

        text, entities = read_text(request)

        assert text == saying.text  # nothing was trimmed, mended or cut
        assert list(entities) == body.get("entities", [])
        assert read_keyboard(request) == body.get("reply_markup")
        assert request.remarks == []


@any_digest
@given(digest=digests())
def test_the_strict_sandbox_takes_every_caption(digest: Digest) -> None:
    drawn = tuple(replace(flag, trend=(Point(on=TODAY, fractions={"bond": 0.5}),)) for flag in digest.flags[:A_FEW])
    said = caption(replace(digest, flags=drawn), wording=EN)

    taken, entities = read_caption(_on_the_wire("sendPhoto", {"chat_id": 7, "caption": said}))

    assert (taken, entities) == (said.strip(), ())


@any_digest
@given(digest=digests())
def test_an_e_mail_holds_every_line_of_telegram_exactly_once(digest: Digest) -> None:
    letter = full(digest, words={}, pictures={}, wording=EN)
    expected = Counter(line for saying in sent(digest) for line in saying.text.split("\n") if line)

    told = Counter(line for line in _text_of(letter).split("\n") if line)

    assert told - expected == Counter([EN("mail.full_why")])
    assert expected - told == Counter()


@any_digest
@given(digest=digests())
def test_a_small_e_mail_is_the_same_whoever_it_is_about(digest: Digest) -> None:
    of_nobody = replace(
        digest,
        clinician="X",
        alerts=tuple(replace(line, code_name="X") for line in digest.alerts),
        flags=tuple(replace(line, code_name="X", of_whom=None) for line in digest.flags),
        wrote=tuple(replace(line, code_name="X") for line in digest.wrote),
        undeliverable=("X",) * len(digest.undeliverable),
        left=("X",) * len(digest.left),
        waiting=tuple(replace(line, code_name="X") for line in digest.waiting),
    )

    assert minimal(digest, wording=EN) == minimal(of_nobody, wording=EN)


@any_digest
@given(digest=digests())
def test_a_page_tells_of_every_patient_exactly_once(digest: Digest) -> None:
    page = render_page(digest, words={}, wording=EN, clinic_name="Almond House")

    told = Counter(part.partition('"')[0] for part in page.split('<article id="patient-')[1:])

    named = {flag.patient_id for flag in digest.flags} | {line.patient_id for line in digest.wrote}
    assert told == Counter(map(str, named))


def _on_the_wire(method: str, body: dict[str, object]) -> Request:
    """The request as it arrives at Telegram."""
    return read_request(method, query=b"", content_type="application/json", body=json.dumps(body).encode())


def _text_of(letter: Letter) -> str:
    """The text of an e-mail as a mail program reads it back."""
    message = cast("EmailMessage", message_from_bytes(letter.message(HEAD).as_bytes(), policy=default))
    body = message.get_body(("plain",))
    assert body is not None
    return cast("str", body.get_content()).replace("\r\n", "\n")
