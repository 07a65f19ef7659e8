"""A person is told by mail and by a webhook, and whatever is wrong there, nobody waits for it or fails of it."""

import asyncio
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from bot.mail_server import MailServer, Security, read_mail_server
from bot.second_channel import MOST_HANGING, Notice, Reader, SecondChannel, Way, second_channel
from bot.settings import Settings, WrongSetting, read_settings
from tests.bot.receivers import (
    PASSWORD,
    USER,
    Post,
    drip,
    free_port,
    mail_server,
    make_certificate,
    silence,
    web_server,
)

# the mail server does not count TLS from the start as TLS
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

OPERATOR, ON_CALL = "operator@example.org", "oncall@example.org"
SOON = 0.5  # seconds; the limit in tests of hanging servers
GENEROUS = 20.0  # seconds; on a busy machine a handshake takes its time


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


@pytest.fixture
def notice(moment: datetime) -> Notice:
    return Notice(
        reader=Reader.OPERATOR,
        kind="alarm",
        subject="The check-in bot needs you",
        text="The loop sender stands still.",
        at=moment,
        details={"findings": ["loop_stalled"]},
    )


@pytest.mark.parametrize("tls", [pytest.param(True, id="TLS from the start"), pytest.param(False, id="STARTTLS")])
def test_mail_arrives_with_what_is_wrong_and_when(trusted: Path, notice: Notice, tls: bool) -> None:
    post = Post()
    with mail_server(post, trusted, tls=tls) as port:
        took = _by_mail(port, tls=tls).tell(notice)

    letter = message_from_bytes(post.letters[0].content or b"")  # pyright: ignore[reportArgumentType]  # bytes here
    assert took == {Way.MAIL}
    assert (post.letters[0].mail_from, post.letters[0].rcpt_tos) == (OPERATOR, [OPERATOR])
    assert (letter["Subject"], letter["Auto-Submitted"]) == ("The check-in bot needs you", "auto-generated")
    assert letter["Date"] == "Mon, 02 Mar 2026 08:00:00 +0000"
    assert letter.get_payload().strip() == "The loop sender stands still."  # pyright: ignore[reportAttributeAccessIssue]  # one part


def test_a_page_goes_to_the_people_on_call_and_without_them_to_the_operator(trusted: Path, notice: Notice) -> None:
    page = Notice(reader=Reader.ON_CALL, kind="page", subject="Page", text="Look.", at=notice.at)
    post = Post()
    with mail_server(post, trusted) as port:
        _by_mail(port).tell(page)
        _by_mail(port, page_email_to=f"{ON_CALL}, second@example.org").tell(page)

    assert [letter.rcpt_tos for letter in post.letters] == [[OPERATOR], [ON_CALL, "second@example.org"]]


def test_a_webhook_gets_the_same_as_json(notice: Notice) -> None:
    posted: list[object] = []
    with web_server(lambda _method, said: posted.append(said) or 204) as url:
        took = SecondChannel(webhook_url=url).tell(notice)

    assert took == {Way.WEBHOOK}
    assert posted == [
        {
            "kind": "alarm",
            "reader": "operator",
            "text": "The check-in bot needs you\nThe loop sender stands still.",
            "at": "2026-03-02T08:00:00+00:00",
            "findings": ["loop_stalled"],
        }
    ]


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_webhook_that_does_not_take_it_has_not_told_anybody(notice: Notice, status: int) -> None:
    with web_server(lambda _method, _said: status) as url:
        assert SecondChannel(webhook_url=url).tell(notice) == frozenset()


def test_with_one_way_broken_the_other_one_is_taken(trusted: Path, notice: Notice) -> None:
    post = Post()
    with mail_server(post, trusted) as port:
        took = _by_mail(port, alarm_webhook_url=f"http://127.0.0.1:{free_port()}/").tell(notice)

    assert (took, len(post.letters)) == ({Way.MAIL}, 1)


def test_a_recipient_nobody_knows_does_not_keep_it_from_the_others(trusted: Path, notice: Notice) -> None:
    post = Post(unknown=frozenset({OPERATOR}))
    with mail_server(post, trusted) as port:
        some = _by_mail(port, alarm_email_to=f"{OPERATOR},{ON_CALL}").tell(notice)
        nobody = _by_mail(port).tell(notice)

    assert (some, nobody) == ({Way.MAIL}, frozenset())
    assert [letter.rcpt_tos for letter in post.letters] == [[ON_CALL]]


def test_a_wrong_password_is_said_in_the_log_and_shown_to_nobody(trusted: Path, notice: Notice) -> None:
    post = Post()
    with mail_server(post, trusted) as port, capture_logs() as said:
        took = _by_mail(port, password="guessed").tell(notice)

    assert (took, post.letters) == (frozenset(), [])
    assert [(line["way"], line["cause"]) for line in said if line["event"] == "second_channel_failed"] == [
        ("mail", "SMTPAuthenticationError")
    ]
    assert "guessed" not in repr(said)
    assert OPERATOR not in repr(said)


def test_a_certificate_nobody_trusts_gets_no_mail(certificate: Path, notice: Notice) -> None:
    post = Post()
    with mail_server(post, certificate, tls=True) as port:
        assert _by_mail(port, tls=True).tell(notice) == frozenset()

    assert post.letters == []


def test_a_server_without_tls_gets_no_password_and_no_mail(notice: Notice) -> None:
    post = Post()
    with mail_server(post, None) as port:
        asked_for_tls = _by_mail(port).tell(notice)
        asked_for_none = _told_by(f"smtp://127.0.0.1:{port}?starttls=no").tell(notice)

    assert (asked_for_tls, asked_for_none) == (frozenset(), {Way.MAIL})
    assert len(post.letters) == 1


def test_a_refused_connection_is_over_at_once(notice: Notice) -> None:
    channel = _by_mail(free_port(), alarm_webhook_url=f"http://127.0.0.1:{free_port()}/")

    assert channel.tell(notice) == frozenset()


@pytest.mark.parametrize("way", ["mail", "TLS mail", "webhook"])
def test_a_server_that_says_nothing_takes_the_time_limit_and_no_longer(notice: Notice, way: str) -> None:
    with silence() as port, _at_most(SOON + 1.0):
        assert _hanging(way, port).tell(notice) == frozenset()


def test_a_slow_server_does_not_hold_up_the_other_way(notice: Notice) -> None:
    posted: list[object] = []
    with silence() as port, web_server(lambda _method, said: posted.append(said) or 200) as url:
        channel = SecondChannel(
            mail_server=MailServer(host="127.0.0.1", port=port, security=Security.NONE),
            mail_from=OPERATOR,
            mail_to={Reader.OPERATOR: (OPERATOR,)},
            webhook_url=url,
            within=SOON,
        )

        assert channel.tell(notice) == {Way.WEBHOOK}


def test_a_server_that_drips_holds_nobody_up_and_its_threads_do_not_pile_up(notice: Notice) -> None:
    with drip() as port, capture_logs() as said, _at_most(5.0):
        channel = SecondChannel(webhook_url=f"http://127.0.0.1:{port}/", within=0.05)
        took = [channel.tell(notice) for _ in range(MOST_HANGING + 3)]
        hanging = sum(thread.name == "tell-webhook" for thread in threading.enumerate())

    causes = [line["cause"] for line in said if line["event"] == "second_channel_failed"]
    assert set(took) == {frozenset()}
    assert hanging == MOST_HANGING
    assert (causes.count("TimeLimit"), causes.count("TooManyHanging")) == (MOST_HANGING, 3)


def test_where_nothing_is_set_nobody_is_told_and_nothing_fails(notice: Notice) -> None:
    channel = second_channel(_settings())

    assert (channel.tell(notice), channel.ways(Reader.OPERATOR)) == (frozenset(), frozenset())


def test_a_thread_can_tell_while_the_event_loop_is_wedged(notice: Notice) -> None:
    posted: list[object] = []

    async def wedged(url: str) -> None:
        channel = SecondChannel(webhook_url=url)
        telling = asyncio.get_running_loop().run_in_executor(None, channel.tell, notice)
        until = time.monotonic() + GENEROUS
        while not posted and time.monotonic() < until:  # nothing else of this loop runs meanwhile
            time.sleep(0.01)  # noqa: ASYNC251  # that is what wedged means
        assert len(posted) == 1
        await telling

    with web_server(lambda _method, said: posted.append(said) or 200) as url:
        asyncio.run(wedged(url))


async def test_the_loop_goes_on_while_it_is_told(notice: Notice) -> None:
    with silence() as port:
        telling = asyncio.create_task(_hanging("webhook", port).tell_from_loop(notice))
        turns = 0
        while not telling.done():
            await asyncio.sleep(0.01)
            turns += 1

    assert await telling == frozenset()
    assert turns > 10


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example.org", MailServer(host="mail.example.org", port=587, security=Security.STARTTLS)),
        ("smtps://mail.example.org", MailServer(host="mail.example.org", port=465, security=Security.TLS)),
        ("smtp://localhost?starttls=no", MailServer(host="localhost", port=25, security=Security.NONE)),
        (
            "smtp://a%40b:p%2Fw@mail.example.org:2525",
            MailServer(host="mail.example.org", port=2525, security=Security.STARTTLS, user="a@b", password="p/w"),
        ),
    ],
)
def test_the_address_of_a_mail_server_says_how_it_is_reached(address: str, server: MailServer) -> None:
    assert read_mail_server(address) == server
    assert "p/w" not in repr(server)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("mail.example.org:587", id="no scheme"),
        pytest.param("http://mail.example.org", id="a web address"),
        pytest.param("smtp://:587", id="no host"),
        pytest.param("smtp://mail.example.org:port", id="no port"),
        pytest.param("smtp://mail.example.org?tls=no", id="an unknown wish"),
        pytest.param("smtp://u:hunter2@mail.example.org?starttls=no", id="a password in the clear"),
        pytest.param("smtps://mail.example.org?starttls=no", id="both ways at once"),
    ],
)
def test_a_wrong_address_is_refused_at_the_start_without_repeating_it(address: str) -> None:
    with pytest.raises(WrongSetting, match="CHECKIN_SMTP_URL") as wrong:
        _settings(smtp_url=address, alarm_email_to=OPERATOR)

    assert "hunter2" not in str(wrong.value)
    assert "example.org" not in str(wrong.value).replace("name@example.org", "")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"smtp_url": "smtp://localhost"}, "CHECKIN_ALARM_EMAIL_TO"),
        ({"alarm_email_to": OPERATOR}, "CHECKIN_SMTP_URL"),
        ({"smtp_url": "smtp://localhost", "alarm_email_to": "Dr Cole"}, "CHECKIN_ALARM_EMAIL_TO"),
        ({"smtp_url": "smtp://localhost", "page_email_to": "a@b, c"}, "CHECKIN_PAGE_EMAIL_TO"),
        ({"alarm_webhook_url": "a hook"}, "CHECKIN_ALARM_WEBHOOK_URL"),
        ({"dead_mans_ping_url": "ftp//x"}, "CHECKIN_DEAD_MANS_PING_URL"),
    ],
)
def test_half_a_second_channel_is_a_wrong_setting(given: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        _settings(**given)


def _settings(**given: object) -> Settings:
    return read_settings(_env_file=None, **given)


def _told_by(address: str, **given: object) -> SecondChannel:
    channel = second_channel(_settings(**({"smtp_url": address, "alarm_email_to": OPERATOR} | given)))
    channel._within = GENEROUS
    return channel


def _by_mail(port: int, *, tls: bool = False, password: str = PASSWORD, **given: object) -> SecondChannel:
    scheme = "smtps" if tls else "smtp"
    return _told_by(f"{scheme}://{USER}:{quote(password, safe='')}@127.0.0.1:{port}", **given)


def _hanging(way: str, port: int) -> SecondChannel:
    if way == "webhook":
        return SecondChannel(webhook_url=f"http://127.0.0.1:{port}/", within=SOON)
    security = Security.TLS if way == "TLS mail" else Security.NONE
    return SecondChannel(
        mail_server=MailServer(host="127.0.0.1", port=port, security=security),
        mail_from=OPERATOR,
        mail_to={Reader.OPERATOR: (OPERATOR,)},
        within=SOON,
    )


@contextmanager
def _at_most(seconds: float) -> Generator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began <= seconds
