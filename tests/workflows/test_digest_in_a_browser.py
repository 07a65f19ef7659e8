"""The digest as somebody sees it: the page and the e-mail on a phone, on a desk, at night and on grey paper.

The e-mail has gone through a mail server and is read back as a mail program would: its pictures inside it, and nothing
fetched from anywhere.
"""

import base64
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest

from alliance.charts import chart_of, rows_of
from bot.mail_server import MailServer, Security, hand_over
from tests.alliance.one_digest import QUIET_DAY, WORDINGS
from tests.bot.receivers import Post, mail_server
from tests.workflows.rich_digest import GOALS_OF, RICH_DAY, SAID, WORDS_OF
from tests.workflows.seen_in_a_browser import CHROMIUM, EVERY_LOOK, PHONE, Look, Seen, look_at, opened
from workflows.digest_letter import From, Letter, full, minimal
from workflows.digest_page import render_page
from workflows.draw_chart import draw

HEAD = From(
    address="clinic@example.org",
    clinic="Almond House",
    to="cole@example.org",
    at=datetime(2026, 3, 3, 7, tzinfo=UTC),
    about="7:2026-03-03",
)
ON_A_PHONE = (Look(wide=PHONE),)
SHOTS = os.environ.get("CHECKIN_TEST_SCREENSHOTS")  # a folder, to look at them oneself

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")]


@pytest.mark.parametrize(("language", "looks"), [("en", EVERY_LOOK), ("es", ON_A_PHONE)])
async def test_the_page_can_be_read_on_a_phone_on_a_desk_at_night_and_on_paper(
    language: str, looks: Sequence[Look], tmp_path: Path
) -> None:
    file = _page_in(tmp_path, language)
    asked: list[str] = []

    seen = await _seen(file.as_uri(), looks, asked, f"page-{language}")

    _is_fine(seen)
    assert {each.pictures for each in seen} == {len(RICH_DAY.flags)}
    assert asked == [file.as_uri()]


@pytest.mark.parametrize(("language", "looks"), [("en", EVERY_LOOK), ("es", ON_A_PHONE)])
async def test_the_full_e_mail_can_be_read_on_a_phone_on_a_desk_at_night_and_on_paper(
    language: str, looks: Sequence[Look], tmp_path: Path
) -> None:
    wording = WORDINGS.in_language(language)
    pictures = {
        patient_id: draw(chart_of(row, wording=wording)) for patient_id, row in rows_of(RICH_DAY, wording=wording)
    }
    letter = full(RICH_DAY, words=WORDS_OF, pictures=pictures, wording=wording)
    file = _as_a_mail_program_shows_it(_received(letter), tmp_path)
    asked: list[str] = []

    seen = await _seen(file.as_uri(), looks, asked, f"mail-{language}")

    _is_fine(seen)
    assert {each.pictures for each in seen} == {len(pictures)}
    assert [address for address in asked if not address.startswith("data:")] == [file.as_uri()]


async def test_the_small_e_mail_and_the_page_of_a_quiet_day_can_be_read_as_well(tmp_path: Path) -> None:
    wording = WORDINGS.in_language("en")
    small = _as_a_mail_program_shows_it(_received(minimal(RICH_DAY, wording=wording)), tmp_path)
    quiet = tmp_path / "quiet.html"
    quiet.write_text(render_page(QUIET_DAY, words={}, wording=wording, clinic_name="Almond House"), encoding="utf-8")
    asked: list[str] = []

    for file in (small, quiet):
        seen = await _seen(file.as_uri(), EVERY_LOOK[:2], asked, file.stem)

        _is_fine(seen)
        assert {each.pictures for each in seen} == {0}
    assert asked == [small.as_uri(), quiet.as_uri()]


async def test_what_is_wrong_with_a_page_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "bad.html"
    file.write_text(
        "<html lang=en><title>Bad</title><meta charset=utf-8><style>body{background:#222;color:#444}"
        "@media print{p{display:none}}</style><main><h1>Faint</h1><p style='width:900px;text-align:right'>Outside</p>"
        "<a href='#x'>x</a><ul style='margin:0;padding:0'><li>Bullet</ul><img src='https://nobody.invalid/a.png'></main>",
        encoding="utf-8",
    )
    asked: list[str] = []

    on_screen, on_paper = await _seen(file.as_uri(), (ON_A_PHONE[0], Look(wide=PHONE, is_printed=True)), asked, "bad")

    assert on_screen.scrolls > PHONE
    assert on_screen.outside == ["p.: Outside", "the bullet of li."]
    assert len(on_screen.faint) == 4
    assert on_screen.small[0].startswith("a.: ")
    assert on_screen.blank == ["img."]
    assert "image-alt" in on_screen.violations
    assert on_paper.blank == ["p.", "img."]
    assert len(on_paper.dark) == 3
    assert "https://nobody.invalid/a.png" in asked


def _is_fine(seen: Sequence[Seen]) -> None:
    for each in seen:
        assert each.scrolls <= each.look.wide, each.look
        assert (each.outside, each.faint, each.blank) == ([], [], []), each.look
        assert each.violations == "", each.look
        assert each.small == [] or each.look.wide != PHONE, each.look
        assert each.dark == [] or (each.look.scheme, each.look.is_printed) == ("dark", False), each.look
    assert len({each.texts for each in seen}) == 1  # nothing hides on paper, or on a phone


async def _seen(address: str, looks: Sequence[Look], asked: list[str], name: str) -> list[Seen]:
    found: list[Seen] = []
    async with opened(address, asked) as page:
        for look in looks:
            found.append(await look_at(page, look))
            if SHOTS:
                kind = f"{look.scheme}{'-print' if look.is_printed else ''}"
                await page.screenshot(path=f"{SHOTS}/{name}-{look.wide}-{kind}.png", full_page=True)
        if SHOTS:
            await page.pdf(path=f"{SHOTS}/{name}.pdf", format="A4")
    return found


def _page_in(folder: Path, language: str) -> Path:
    file = folder / "digest.html"
    wording = WORDINGS.in_language(language)
    html = render_page(
        RICH_DAY, words=WORDS_OF, phrases={81: SAID}, wording=wording, clinic_name="Almond House", goals=GOALS_OF
    )
    file.write_text(html, encoding="utf-8")
    return file


def _received(letter: Letter) -> EmailMessage:
    """The e-mail as the mail server of its reader has it."""
    post = Post()
    with mail_server(post, None) as port:
        hand_over(letter.message(HEAD), MailServer(host="127.0.0.1", port=port, security=Security.NONE), timeout=5.0)
    return cast("EmailMessage", message_from_bytes(cast("bytes", post.letters[0].content), policy=default))


def _as_a_mail_program_shows_it(message: EmailMessage, folder: Path) -> Path:
    """Its HTML in a file, each picture in the place that names it."""
    body = message.get_body(("html",))
    assert body is not None
    html = cast("str", body.get_content())
    for part in message.walk():
        if part.get_content_maintype() == "image":
            address = f"data:image/png;base64,{base64.b64encode(cast('EmailMessage', part).get_content()).decode()}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", address)
    file = folder / "letter.html"
    file.write_text(html, encoding="utf-8")
    return file
