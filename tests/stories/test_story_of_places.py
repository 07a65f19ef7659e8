"""One digest in three places: words and one picture in Telegram, as much by e-mail as the clinic wants, and the page.

Ana rates the relationship lowest on Monday. On Tuesday at eight Dr Cole reads of it, once in each place; a picture
that cannot be drawn and a mail server that is down hold nothing else back.
"""

from collections.abc import AsyncGenerator, Generator
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from struct import unpack_from
from typing import cast

import pytest
from sqlalchemy import select

from alliance.delivery import Lane
from alliance.places import MailContent, WordsInTelegram
from bot.commands.digest import Format, printed
from bot.draughtsman import Draughtsman
from bot.settings import Settings, read_settings
from storage import people, reach
from storage.tables import AuditEntry, Digest, Outgoing
from tests.bot.receivers import Post, free_port, mail_server
from tests.stories.opening import TOKEN
from tests.stories.ward import Ward, ever, madrid, texts

WORDS = "You never listen to me — ñ, 日本 <script>alert(1)</script>"
ADDRESS = "cole@example.org"
PNG = b"\x89PNG\r\n\x1a\n"
FORBIDDEN_IN_HTML = ("http:", "https:", 'src="//', "<script", "url(")


@pytest.fixture
def post() -> Post:
    """What Dr Cole's mail server was handed."""
    return Post()


@pytest.fixture
def port(post: Post) -> Generator[int]:
    """Where that server listens."""
    with mail_server(post, None) as port:
        yield port


@pytest.fixture
async def draughtsman() -> AsyncGenerator[Draughtsman]:
    """Who draws; its process is gone at the end."""
    one = Draughtsman()
    yield one
    await one.go_home()


async def test_the_picture_comes_once_after_the_words_and_names_code_names_only(
    ward: Ward, draughtsman: Draughtsman
) -> None:
    await ward.restart(draughtsman=draughtsman)
    await _ana_rates_low(ward)

    await ward.until(madrid(3, 3, "08:02"))
    await ward.restart(draughtsman=draughtsman)
    await ward.until(madrid(3, 3, "12:00"))

    (photo,) = [shown for shown in ward.cole.screen if shown.photo is not None]
    assert photo.photo is not None
    assert photo.photo.content.startswith(PNG)
    width, height = unpack_from(">II", photo.photo.content, 16)
    assert (width, height < 2 * width) == (1092, True)
    assert "BIRCH-07" in (photo.caption or "")
    assert "Ana" not in (photo.caption or "")
    assert ward.cole.screen[-1] == photo
    assert await _body_is_kept(ward, "picture:") == [False]


async def test_a_picture_that_cannot_be_drawn_holds_no_word_back(ward: Ward) -> None:
    await ward.restart(draughtsman=Draughtsman(child=("-c", "raise SystemExit(1)")))
    await _ana_rates_low(ward)

    await ward.until(madrid(3, 3, "08:02"))

    assert any(text.startswith("BIRCH-07") for text in texts(ward.cole))
    assert [shown for shown in ward.cole.screen if shown.photo] == []
    assert [digest.picture for digest in await _digests(ward)] == ["failed"]


async def test_a_day_with_nothing_to_draw_and_a_clinic_that_wants_none_get_none(
    ward: Ward, draughtsman: Draughtsman
) -> None:
    ward.settings = ward.settings.model_copy(update={"digest_picture": False})
    await ward.restart(draughtsman=draughtsman)
    await _ana_rates_low(ward)
    await ward.until(madrid(3, 3, "08:02"))

    assert [shown for shown in ward.cole.screen if shown.photo] == []
    assert [shown for shown in ward.day.screen if shown.photo] == []
    assert {digest.picture for digest in await _digests(ward)} == {None}


async def test_by_default_no_digest_goes_by_mail(ward: Ward, post: Post, port: int) -> None:
    ward.settings = _by_mail(ward, port, MailContent.OFF)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    await _ana_rates_low(ward)

    await ward.until(madrid(3, 3, "08:02"))

    assert post.letters == []


async def test_a_minimal_mail_counts_and_names_nobody(ward: Ward, post: Post, port: int) -> None:
    ward.settings = _by_mail(ward, port, MailContent.MINIMAL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    await _ana_rates_low(ward)

    await ward.until(madrid(3, 3, "08:02"))
    await ward.restart(draughtsman=Draughtsman())
    await ward.until(madrid(3, 3, "09:30"))

    (letter,) = _letters(post)
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "Digest, Tuesday 3 March 2026"
    text, html = _part(letter, "text/plain"), _part(letter, "text/html")
    for shown in (text, html):
        assert "Possible ruptures and silences: 1" in shown
        assert "Wrote something: 1" in shown
        for secret in ("BIRCH", "Ana", "COLE", "listen", str(ward.ana.user_id)):
            assert secret not in shown
    assert [part.get_content_type() for part in letter.walk() if part.get_content_maintype() == "image"] == []


async def test_a_full_mail_has_the_lines_of_telegram_and_the_charts_but_words_only_if_the_clinic_chose_so(
    ward: Ward, post: Post, port: int, draughtsman: Draughtsman
) -> None:
    ward.settings = _by_mail(ward, port, MailContent.FULL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=draughtsman)
    await _ana_rates_low(ward)
    await ward.until(madrid(3, 3, "08:02"))
    ward.settings = _by_mail(ward, port, MailContent.FULL, words=True)
    await ward.restart(draughtsman=draughtsman)
    await ward.until(madrid(3, 4, "08:02"))

    without, with_words = _letters(post)
    telegram = "\n".join(texts(ward.cole))
    for line in filter(None, _part(without, "text/plain").splitlines()):
        is_ours = line.startswith(("Chart of", "This e-mail holds"))
        assert is_ours or line in telegram
    html = _part(without, "text/html")
    assert not any(each in html for each in FORBIDDEN_IN_HTML)
    (image,) = [part for part in without.walk() if part.get_content_type() == "image/png"]
    assert f"cid:{image['Content-ID'].strip('<>')}" in html
    assert image.get_content().startswith(PNG)
    assert 'alt="Chart of BIRCH-07. Answers' in html
    assert "listen" not in _part(without, "text/plain") + html
    assert WORDS not in _part(with_words, "text/plain")  # Monday's words were Tuesday's digest
    assert [entry.detail["content"] for entry in await _audit(ward, "mailed_digest")] == ["full", "full"]


async def test_whoever_stands_in_gets_it_in_every_place_in_their_own_language(
    ward: Ward, post: Post, port: int, draughtsman: Draughtsman
) -> None:
    ward.settings = _by_mail(ward, port, MailContent.FULL)
    await _has_an_address(ward, "COLE", ADDRESS)
    await _has_an_address(ward, "DAY", "day@example.org", language="es")
    await ward.restart(draughtsman=draughtsman)
    await _ana_rates_low(ward)
    await ward.writes(ward.cole, "/away")
    await ward.taps(ward.cole, "From tomorrow", "Back on Friday 6 March", "DAY")

    await ward.until(madrid(3, 3, "08:03"))

    title = ward.says("cover.title", language="es", who="COLE", date="martes 3 de marzo de 2026")
    assert any(text.startswith(title) for text in texts(ward.day))
    assert [len([shown for shown in person.screen if shown.photo]) for person in (ward.cole, ward.day)] == [0, 1]
    letters = _letters(post)
    assert [letter["To"] for letter in letters] == ["day@example.org"] * 2  # her own, and the one she reads for Cole
    assert len({letter["Message-ID"] for letter in letters}) == 2
    assert sorted("BIRCH-07" in _part(letter, "text/plain") for letter in letters) == [False, True]
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "command")
        as_text = await printed(unit, "COLE", date(2026, 3, 3), Format.TEXT)
        as_page = await printed(unit, "COLE", date(2026, 3, 3), Format.HTML)
    assert as_text.startswith(title)
    assert '<html lang="es">' in as_page


async def test_words_in_a_mail_are_escaped_and_whole(
    ward: Ward, post: Post, port: int, draughtsman: Draughtsman
) -> None:
    ward.settings = _by_mail(ward, port, MailContent.FULL, words=True)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=draughtsman)
    await _ana_rates_low(ward)

    await ward.until(madrid(3, 3, "08:02"))

    (letter,) = _letters(post)
    assert f"> {WORDS}" in _part(letter, "text/plain")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in _part(letter, "text/html")
    assert "<script" not in _part(letter, "text/html")


async def test_a_server_that_is_gone_gets_it_later_and_telegram_has_it_at_once(ward: Ward, post: Post) -> None:
    nobody = free_port()
    ward.settings = _by_mail(ward, nobody, MailContent.MINIMAL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    await _ana_rates_low(ward)
    await ward.until(madrid(3, 3, "08:02"))
    assert any(text.startswith("Digest") for text in texts(ward.cole))

    with mail_server(post, None) as port:
        ward.settings = _by_mail(ward, port, MailContent.MINIMAL)
        await ward.restart(draughtsman=Draughtsman())
        await ward.later(minutes=5)

    assert len(post.letters) == 1


async def test_a_server_that_never_comes_back_is_asked_until_the_next_digest_is_near(ward: Ward) -> None:
    ward.settings = _by_mail(ward, free_port(), MailContent.MINIMAL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    await ward.until(madrid(3, 3, "08:02"))
    async with ward.database.writing() as session:
        row = await session.scalar(select(Outgoing).where(Outgoing.lane == Lane.MAIL))
        assert row is not None
        row.due_at = madrid(3, 4, "04:01")

    await ward.until(madrid(3, 4, "04:02"))

    assert await _mails(ward) == ["expired"]


async def test_who_has_blocked_the_bot_still_gets_the_mail(ward: Ward, post: Post, port: int) -> None:
    ward.settings = _by_mail(ward, port, MailContent.MINIMAL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    ward.cole.blocks()
    await ward.settle()

    await ward.until(madrid(3, 3, "08:02"))

    assert len(post.letters) == 1


async def test_an_address_taken_away_before_it_is_mailed_gets_nothing(ward: Ward, post: Post) -> None:
    ward.settings = _by_mail(ward, free_port(), MailContent.MINIMAL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    await ward.until(madrid(3, 3, "08:02"))
    await _cole_has_an_address(ward, None)

    with mail_server(post, None) as port:
        ward.settings = _by_mail(ward, port, MailContent.MINIMAL)
        await ward.restart(draughtsman=Draughtsman())
        await ward.later(minutes=5)

    assert (post.letters, await _mails(ward)) == ([], ["cancelled"])


async def _ana_rates_low(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "1")
    await ward.writes(ward.ana, WORDS)


def _by_mail(ward: Ward, port: int, content: MailContent, *, words: bool = False) -> Settings:
    return read_settings(
        _env_file=None,
        bot_token=TOKEN,
        telegram_api_url=ward.sandbox.url,
        data_dir=ward.settings.data_dir,
        clinic_name="Almond House\r\nBcc: everybody@example.org",
        clinic_zone="Europe/Madrid",
        emergency_number="112",
        smtp_url=f"smtp://127.0.0.1:{port}?starttls=no",
        smtp_from="clinic@example.org",
        alarm_email_to="kim@example.org",
        digest_email=content,
        digest_email_words=words,
    )


async def _cole_has_an_address(ward: Ward, address: str | None = ADDRESS) -> None:
    await _has_an_address(ward, "COLE", address)


async def _has_an_address(ward: Ward, code_name: str, address: str | None, *, language: str = "en") -> None:
    async with ward.database.writing() as session:
        person = await people.by_code_name(session, code_name)
        assert person is not None
        reach.set_email(session, person, address)
        person.language = language


def _letters(post: Post) -> list[EmailMessage]:
    found = [message_from_bytes(cast("bytes", letter.content), policy=default) for letter in post.letters]
    letters = cast("list[EmailMessage]", found)
    assert all(letter["Bcc"] is None for letter in letters)
    return letters


def _part(letter: EmailMessage, kind: str) -> str:
    (found,) = [part for part in letter.walk() if part.get_content_type() == kind]
    return cast("str", cast("EmailMessage", found).get_content()).replace("\r\n", "\n")


async def _digests(ward: Ward) -> list[Digest]:
    async with ward.database.reading() as session:
        return list(await session.scalars(select(Digest).where(Digest.clinician_id == (await ward.person("COLE")).id)))


async def _body_is_kept(ward: Ward, beginning: str) -> list[bool]:
    async with ward.database.reading() as session:
        rows = await session.scalars(select(Outgoing).where(Outgoing.key.startswith(beginning)))
        return [row.body is not None for row in rows]


async def _mails(ward: Ward) -> list[str]:
    async with ward.database.reading() as session:
        return list(await session.scalars(select(Outgoing.state).where(Outgoing.lane == Lane.MAIL)))


async def _audit(ward: Ward, action: str) -> list[AuditEntry]:
    async with ward.database.reading() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


async def test_by_default_words_are_shown_on_request_only_and_taken_away_again(ward: Ward) -> None:
    await _ana_rates_low(ward)
    await ward.until(madrid(3, 3, "08:02"))
    assert not any("listen" in text for text in texts(ward.cole))

    await ward.taps(ward.cole, "Words of BIRCH-07")
    shown = [shown for shown in ward.cole.screen if WORDS in shown.text]
    await ward.later(minutes=11)

    assert [each.protected for each in shown] == [True]
    assert not any(WORDS in text for text in texts(ward.cole))


async def test_a_clinic_may_send_words_with_the_digest_protected_and_for_ten_minutes(ward: Ward) -> None:
    ward.settings = ward.settings.model_copy(update={"digest_words": WordsInTelegram.WITH_DIGEST})
    await ward.restart()
    await _ana_rates_low(ward)

    await ward.until(madrid(3, 3, "08:02"))
    shown = [shown for shown in ward.cole.screen if WORDS in shown.text]
    await ward.later(minutes=11)

    assert [each.protected for each in shown] == [True]
    assert not any(WORDS in text for text in texts(ward.cole))
    assert [entry.actor_id for entry in await _audit(ward, "read_words")] == [(await ward.person("COLE")).id]
    assert not any(WORDS in text for person in (ward.day, ward.kim) for text in ever(ward, person))


async def test_a_clinic_that_never_shows_words_there_offers_no_button_and_an_old_one_shows_nothing(ward: Ward) -> None:
    await _ana_rates_low(ward)
    await ward.until(madrid(3, 3, "08:02"))
    (old, *_) = [b for shown in ward.cole.screen for row in shown.buttons for b in row if b.label.startswith("Words")]
    ward.settings = ward.settings.model_copy(update={"digest_words": WordsInTelegram.NEVER})
    await ward.restart()
    ward.cole.taps(data=old.data)
    await ward.settle()
    await ward.until(madrid(3, 4, "08:02"))

    assert not any("listen" in text for text in ever(ward, ward.cole))
    labels = [label for shown in ward.cole.screen[-2:] for label in shown.labels]
    assert "Reviewed" in labels
    assert not any(label.startswith("Words") for label in labels)
