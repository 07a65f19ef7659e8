"""What a mail server says to a digest, and what that means: taken, refused, not sent, or nobody can know."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from alliance.delivery import Result
from bot.mail_server import MailServer, Security, hand_over
from tests.bot.receivers import PASSWORD, USER, Post, free_port, mail_server, make_certificate, silence
from workflows.digest_letter import From, Letter

WITHIN = 0.5  # seconds for each step
HEAD = From(
    address="clinic@example.org",
    clinic="Clínica Almendro\r\nBcc: everybody@example.org",
    to="cole@example.org",
    at=datetime(2026, 3, 3, 7, tzinfo=UTC),
    about="7:2026-03-03",
)
A_LETTER = Letter(
    subject="Resumen, año 2026\nX-Forged: yes", text=".\n..two dots\nñ 日本 \ud800\x00\n", html="<p>ñ 日本</p>"
)


class Refusing(Post):
    """A server that answers a digest with that line; with None it closes without a word, having read all of it."""

    def __init__(self, *, at_data: str | None = "250 OK", at_sender: str = "250 OK") -> None:
        super().__init__()
        self.at_data, self.at_sender = at_data, at_sender

    async def handle_MAIL(  # noqa: N802  # the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.at_sender

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        self.letters.append(envelope)
        if self.at_data is None:
            assert server.transport is not None
            server.transport.close()
        return self.at_data or "250 too late"


def hand(port: int, **more: object) -> tuple[Result, str | None]:
    """Hand the letter to a server in the clear on that port."""
    server = MailServer(host="127.0.0.1", port=port, security=Security.NONE, **more)  # pyright: ignore[reportArgumentType]  # by name
    return hand_over(A_LETTER.message(HEAD), server, timeout=WITHIN)


def test_what_was_taken_arrives_whole_and_no_name_forges_a_header() -> None:
    post = Post()
    with mail_server(post, None) as port:
        came_of_it = hand(port)

    assert came_of_it == (Result.SENT, None)
    (envelope,) = post.letters
    read = cast("EmailMessage", message_from_bytes(cast("bytes", envelope.content), policy=default))
    assert read["Subject"] == "Resumen, año 2026 X-Forged: yes"
    assert read["From"].addresses[0].display_name == "Clínica Almendro Bcc: everybody@example.org"
    assert (read["Bcc"], read["X-Forged"], envelope.rcpt_tos) == (None, None, ["cole@example.org"])
    text = read.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == ".\n..two dots\nñ 日本 ?\n"


def test_the_same_digest_has_the_same_message_id_and_another_one_has_another() -> None:
    ids = [A_LETTER.message(HEAD)["Message-ID"] for _ in range(2)]
    other = From(address=HEAD.address, clinic=HEAD.clinic, to=HEAD.to, at=HEAD.at, about="7:2026-03-04")

    assert ids[0] == ids[1] != A_LETTER.message(other)["Message-ID"]
    assert ids[0].endswith("@example.org>")
    assert "2026" not in ids[0]


@pytest.mark.parametrize(
    ("at_data", "meant"),
    [
        pytest.param("451 come back later", (Result.NOT_SENT, "451"), id="not now"),
        pytest.param("554 never", (Result.REJECTED, "554"), id="never"),
        pytest.param(None, (Result.AMBIGUOUS, "disconnected"), id="it closes after the data"),
    ],
)
def test_the_answer_to_the_data_decides(at_data: str | None, meant: tuple[Result, str]) -> None:
    with mail_server(Refusing(at_data=at_data), None) as port:
        assert hand(port) == meant


def test_a_recipient_nobody_knows_is_refused_for_good() -> None:
    with mail_server(Post(unknown=frozenset({"cole@example.org"})), None) as port:
        assert hand(port) == (Result.REJECTED, "550")


def test_a_sender_that_may_not_send_is_a_setting_and_is_tried_again() -> None:
    with mail_server(Refusing(at_sender="550 not from you"), None) as port:
        assert hand(port) == (Result.NOT_SENT, "550")


def test_nobody_there_and_a_server_without_a_word_have_got_nothing() -> None:
    assert hand(free_port()) == (Result.NOT_SENT, "ConnectionRefusedError")
    with silence() as port:
        assert hand(port)[0] is Result.NOT_SENT


def test_a_server_that_falls_silent_after_the_data_may_have_it() -> None:
    with _mute_at_the_end() as port:
        assert hand(port) == (Result.AMBIGUOUS, "disconnected")


def test_a_wrong_password_and_an_untrusted_certificate_get_nothing_and_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, post = make_certificate(tmp_path), Post()
    with mail_server(post, certificate) as port:
        server = MailServer(host="127.0.0.1", port=port, security=Security.STARTTLS, user=USER, password=PASSWORD)
        untrusted = hand_over(A_LETTER.message(HEAD), server, timeout=5.0)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusted = hand_over(A_LETTER.message(HEAD), server, timeout=5.0)
        wrong = MailServer(host="127.0.0.1", port=port, security=Security.STARTTLS, user=USER, password="wrong")
        refused = hand_over(A_LETTER.message(HEAD), wrong, timeout=5.0)

    assert (untrusted, trusted) == ((Result.NOT_SENT, "SSLCertVerificationError"), (Result.SENT, None))
    assert (refused, len(post.letters)) == ((Result.NOT_SENT, "535"), 1)


@contextmanager
def _mute_at_the_end() -> Generator[int]:
    """A server that reads the whole message and then says nothing any more; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        is_over = threading.Event()

        def speak() -> None:
            with suppress(OSError), listener.accept()[0] as connection:
                connection.sendall(b"220 here\r\n")
                reader = connection.makefile("rb")
                for line in reader:
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 go on\r\n")
                        break
                    connection.sendall(b"250 OK\r\n")
                is_over.wait(WITHIN * 4)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            is_over.set()
            thread.join()
