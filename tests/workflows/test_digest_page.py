"""The digest as a page: every word unharmed, nothing alive, nothing fetched."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import alliance
from alliance.digest import AlertLine, Digest, FlagLine, Numbers, Point, Wrote
from alliance.wording import parse_wordings
from workflows.digest_page import Quote, render_page

TODAY = date(2026, 3, 3)
EVENING = datetime(2026, 3, 2, 18, 40, tzinfo=UTC)
LOCALES = Path(alliance.__path__[0]) / "locales"
WORDINGS = parse_wordings(
    {
        lang: {file: (LOCALES / lang / file).read_text("utf-8") for file in ("digest.toml", "acting.toml")}
        for lang in ("en", "es")
    }
)
EN = WORDINGS.in_language("en")
A_FALL = FlagLine(
    flag_id=1,
    patient_id=7,
    code_name="BIRCH-07",
    kind="withdrawal",
    domain="bond",
    signal="drop",
    strength=0.8,
    since_on=TODAY,
    rating=3,
    usual=6.0,
    usual_low=5.0,
    usual_high=7.0,
    usual_count=9,
    highest=7,
    unanswered=0,
    is_new=True,
    state="raised",
    rule="drop/1",
    trend=tuple(Point(on=TODAY - timedelta(days=n), fractions={"bond": n / 9}) for n in range(9, 1, -1)),
)
DIGEST = Digest(
    clinician="DR-COLE",
    on=TODAY,
    zone="Europe/Madrid",
    covers_from=EVENING,
    caseload=24,
    alerts=(),
    flags=(A_FALL,),
    wrote=(Wrote(patient_id=8, code_name="OAK-12", messages=1, unscreened=0, message_rows=()),),
    undeliverable=("PINE-09",),
    left=("ASH-04",),
    numbers=Numbers(
        asked=18, answered=14, partly=0, still_open=2, unanswered=0, undeliverable=2, uncertain=0, missed=0
    ),
    rules_approved=True,
)
EMPTY = replace(DIGEST, flags=(), wrote=(), undeliverable=(), left=(), numbers=replace(DIGEST.numbers, undeliverable=0))
LIVE_TAGS = {"script", "iframe", "object", "embed", "img", "link", "form", "input", "base", "video", "audio"}
C0_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: 0x2421}


class Reader(HTMLParser):
    """Reads a page as a browser does: its text, its quotes, its tags and where it would go."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.quotes: list[str] = []
        self.text = ""
        self._in_quote = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "blockquote":
            self._in_quote = True
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._in_quote = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_quote:
            self.quotes[-1] += data


def page(
    digest: Digest = DIGEST,
    words: Mapping[int, Sequence[Quote]] | None = None,
    *,
    language: str = "en",
    clinic: str = "Lindenhof",
) -> str:
    return render_page(digest, words=words or {}, wording=WORDINGS.in_language(language), clinic_name=clinic)


def wrote(words: str, *, edited: bool = False) -> Quote:
    return Quote(at=EVENING, words=words, edited=edited)


def as_promised(words: str) -> str:
    words = words.replace("\r\n", "\n").replace("\r", "\n").translate(C0_PICTURES)
    return re.sub("[\ud800-\udfff]", lambda found: f"<U+{ord(found[0]):04X}>", words)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("It's fine.", id="plain"),
        pytest.param("<script>alert(1)</script> & <b>", id="markup"),
        pytest.param("</blockquote></main><h1>Resolved", id="closes our tags"),
        pytest.param("{{ digest }} {% raw %} &lt; &#60;", id="template and entities"),
        pytest.param("\n\n  two lines before,\n\ttab and   spaces  \n", id="space"),
        pytest.param("مرحبا \u202eevil\u202c 👩‍👩‍👧 e\u0301", id="directions and joined characters"),
        pytest.param("\x85 \u2028 \ufeff \ufffe \U0010ffff", id="rare ones"),
        pytest.param("x" * 4000, id="4,000 letters without a space"),
        pytest.param("😀" * 4000, id="4,000 characters beyond the first plane"),
    ],
)
def test_words_stand_on_the_page_exactly_as_written(words: str) -> None:
    read = Reader(page(words={7: [wrote(words)]}))

    assert read.quotes == [words]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_is_shown_unharmed_and_inert(words: str) -> None:
    read = Reader(page(words={7: [wrote(words)], 8: [wrote("after it")]}))

    assert read.quotes == [as_promised(words), "after it"]
    assert not LIVE_TAGS & set(read.tags)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_name_leaves_the_page_whole(name: str) -> None:
    digest = replace(
        DIGEST,
        clinician=name,
        flags=(replace(A_FALL, code_name=name, rule=name),),
        undeliverable=(name,),
        left=(name,),
    )

    html = page(digest, clinic=name)

    assert html.encode("utf-8")
    assert not LIVE_TAGS & set(Reader(html).tags)


def test_a_control_character_is_made_visible() -> None:
    html = page(words={7: [wrote("bell\x07 null\x00 half\ud83d turn\u202e")]})

    assert Reader(html).quotes == ["bell␇ null␀ half<U+D83D> turn\u202e"]
    assert 'data-code="U+202E"' in html


def test_ordinary_text_carries_no_marks() -> None:
    assert "data-code" not in page(words={7: [wrote("Fine, thanks.\nSee you. 👩‍👩‍👧")]}).partition("<main>")[2]


def test_the_page_fetches_and_runs_nothing() -> None:
    read = Reader(page(words={7: [wrote('<img src="http://x" onerror="y">')]}))

    assert not LIVE_TAGS & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in {"src", "style"}]
    assert all(value.startswith("#") for name, value in read.attributes if name == "href")


def test_the_policy_allows_our_own_style_and_nothing_else() -> None:
    html = page()

    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(value for _, value in Reader(html).attributes if value.startswith("default-src"))
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_every_link_leads_somewhere_on_the_page() -> None:
    read = Reader(page(replace(DIGEST, alerts=(an_alert(),))))

    targets = {value for name, value in read.attributes if name == "id"}
    assert {value[1:] for name, value in read.attributes if name == "href"} <= targets


def an_alert() -> AlertLine:
    return AlertLine(
        alert_id=1,
        code_name="HAZEL-02",
        cause="suicide",
        raised_at=EVENING,
        state="acknowledged",
        acknowledged_by="DR-DAY",
    )


def test_an_alert_says_on_the_page_what_it_is_about() -> None:
    text = Reader(page(replace(DIGEST, alerts=(an_alert(),)))).text

    assert "HAZEL-02: raised 2 March 19:40, taken on by DR-DAY, not closed yet" in text
    assert "may be thinking of ending their life" in text


def test_an_edited_message_says_so_and_an_unedited_one_does_not() -> None:
    edited = Reader(page(words={7: [wrote("a", edited=True)]})).text
    unedited = Reader(page(words={7: [wrote("a")]})).text

    assert "2 March 19:40 · edited" in edited
    assert "edited" not in unedited


def test_a_patient_with_two_flags_is_one_patient() -> None:
    second = replace(A_FALL, flag_id=2, domain="task", kind="confrontation")

    read = Reader(page(replace(DIGEST, flags=(A_FALL, second)), {7: [wrote("once")]}))

    assert read.quotes == ["once"]
    assert read.tags.count("svg") == 1
    assert "possible withdrawal" in read.text
    assert "possible confrontation" in read.text


def test_a_digest_of_nothing_says_so_warmly() -> None:
    text = Reader(page(EMPTY)).text

    assert EN("digest.nothing") in text
    assert EN("digest.page.glance") not in text


def test_a_page_after_an_outage_does_not_say_that_all_is_well() -> None:
    failed = replace(EMPTY, numbers=replace(EMPTY.numbers, missed=4))

    text = Reader(page(failed)).text

    assert EN("digest.nothing") not in text
    assert "4 not asked in time, by our own fault" in text


@pytest.mark.parametrize("digest", [DIGEST, EMPTY], ids=["a full day", "an empty day"])
def test_every_page_says_what_it_cannot_know(digest: Digest) -> None:
    text = Reader(page(digest)).text

    assert "No reply is unknown, never fine." in text
    assert "may be wrong and may miss things" in text


def test_rules_nobody_approved_are_named_and_approved_ones_are_not() -> None:
    assert "not yet been approved by your clinic" in page(replace(DIGEST, rules_approved=False))
    assert "approved by your clinic" not in page(DIGEST)


def test_spanish_is_spoken_from_top_to_bottom() -> None:
    html = page(language="es", words={7: [wrote("hola", edited=True)]})

    assert '<html lang="es">' in html
    for english in ("check-in", "Relationship", "possible", "March", "reply", "edited"):
        assert english not in Reader(html.partition("<main>")[2]).text


def test_words_of_somebody_the_digest_does_not_name_stay_away() -> None:
    assert "secret" not in page(words={99: [wrote("secret")]})
