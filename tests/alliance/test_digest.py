"""What a clinician is told once a day: complete, in order, and inside Telegram's limits."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import alliance
from alliance import digest_words as words
from alliance.buttons import LONGEST_PRESS, ActOnFlag, ShowWords, decode
from alliance.digest import Acted, AlertLine, Digest, FlagLine, Numbers, Point, Wrote, arrange
from alliance.digest_json import BrokenDigest, as_json, from_json
from alliance.digest_messages import MOST_BUTTONS, as_messages, flag_card
from alliance.flags import FlagAction
from alliance.saying import LONGEST, Saying, utf16_length
from alliance.wording import parse_wordings

TODAY = date(2026, 3, 3)
MORNING = datetime(2026, 3, 3, 7, 3, tzinfo=UTC)
MADRID = "Europe/Madrid"
LOCALES = Path(alliance.__path__[0]) / "locales"
WORDINGS = parse_wordings(
    {lang: {"digest.toml": (LOCALES / lang / "digest.toml").read_text("utf-8")} for lang in ("en", "es")}
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
    since_on=date(2026, 2, 21),
    rating=3,
    usual=6.0,
    usual_low=5.0,
    usual_high=7.2,
    usual_count=9,
    highest=7,
    unanswered=0,
    is_new=True,
    state="raised",
    rule="drop/1",
)
A_SILENCE = replace(
    A_FALL, flag_id=2, domain=None, signal="silence", rating=None, usual=None, unanswered=4, rule="silence/1"
)
NO_NUMBERS = Numbers(asked=0, answered=0, partly=0, still_open=0, unanswered=0, undeliverable=0, uncertain=0, missed=0)
QUIET_DAY = Digest(
    clinician="DR-COLE",
    on=TODAY,
    zone=MADRID,
    covers_from=MORNING - timedelta(days=1),
    caseload=24,
    alerts=(),
    flags=(),
    wrote=(),
    undeliverable=(),
    left=(),
    numbers=replace(NO_NUMBERS, asked=18, answered=14, still_open=2, unanswered=2),
    rules_approved=True,
)
AN_ALERT = AlertLine(
    alert_id=3, code_name="HAZEL-02", cause="suicide", raised_at=MORNING, state="raised", acknowledged_by=None
)


def a_writer(patient_id: int, name: str, *, messages: int = 1, unscreened: int = 0) -> Wrote:
    return Wrote(patient_id=patient_id, code_name=name, messages=messages, unscreened=unscreened, message_rows=())


def sent(digest: Digest) -> tuple[Saying, ...]:
    return as_messages(digest, digest_id=2**62 - 1, wording=EN)


def whole(sayings: tuple[Saying, ...]) -> str:
    return "\n".join(saying.text for saying in sayings)


def presses(saying: Saying) -> list[object]:
    return [decode(button.press) for row in saying.rows for button in row]


def card(flag: FlagLine, *, wrote: bool = False, language: str = "en") -> Saying:
    return flag_card(flag, digest_id=5, on=TODAY, zone=MADRID, wrote=wrote, wording=WORDINGS.in_language(language))


# --- the summary


def test_a_day_without_anything_still_brings_one_warm_message() -> None:
    messages = sent(QUIET_DAY)

    assert len(messages) == 1
    assert messages[0].text == (
        "Digest, Tuesday 3 March 2026\n"
        f"{EN('digest.nothing')}\n"
        "\n"
        "Check-ins since 2 March 08:03\n"
        "14 of 18 check-ins answered, 2 without a reply, 2 still open. "
        "No reply is unknown, never fine.\n"
        "24 patients take part.\n"
        "\n"
        "This digest may be wrong and may miss things. It does not replace your own impression."
    )


@pytest.mark.parametrize("ours", ["undeliverable", "uncertain", "missed"])
def test_a_day_on_which_we_failed_to_ask_is_not_wished_to_be_a_good_one(ours: str) -> None:
    text = whole(sent(replace(QUIET_DAY, numbers=replace(QUIET_DAY.numbers, **{ours: 1}))))

    assert EN("digest.nothing") not in text


def test_silence_alone_is_told_and_spoils_no_quiet_day() -> None:
    silent = replace(NO_NUMBERS, asked=3, unanswered=3)

    text = whole(sent(replace(QUIET_DAY, numbers=silent)))

    assert EN("digest.nothing") in text
    assert "3 without a reply" in text


def test_a_day_with_one_flag_does_not_say_that_nothing_stands_out() -> None:
    text = whole(sent(replace(QUIET_DAY, flags=(A_FALL,))))

    assert EN("digest.nothing") not in text


def test_the_most_urgent_comes_first() -> None:
    digest = replace(
        QUIET_DAY,
        alerts=(AN_ALERT,),
        flags=(A_FALL, A_SILENCE),
        wrote=(a_writer(9, "WILLOW-15"),),
        undeliverable=("PINE-09",),
        left=("ASH-04",),
        rules_approved=False,
    )

    text = sent(digest)[0].text

    told = (
        "Alerts: 1",
        "HAZEL-02: open since 3 March 08:03, nobody has it yet",
        "Possible ruptures: 1 (1 new)",
        "Gone quiet: 1 (1 new)",
        "WILLOW-15: 1 message",
        "That can be a sign in itself",
        "PINE-09",
        "ASH-04",
        "14 of 18 check-ins answered",
        "may be wrong and may miss",
        "not yet been approved by your clinic",
    )
    assert [text.index(each) for each in told] == sorted(text.index(each) for each in told)


def test_approved_rules_carry_no_warning() -> None:
    assert "approved" not in whole(sent(QUIET_DAY))


def test_what_no_rule_could_read_is_named() -> None:
    text = whole(sent(replace(QUIET_DAY, wrote=(a_writer(1, "OAK-12", messages=2, unscreened=1),))))

    assert "OAK-12: 2 messages, 1 could not be screened" in text


def test_what_was_read_is_not_called_unscreened() -> None:
    assert "screened" not in whole(sent(replace(QUIET_DAY, wrote=(a_writer(1, "OAK-12"),))))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        pytest.param(NO_NUMBERS, "No check-in fell due.", id="nothing fell due"),
        pytest.param(
            replace(NO_NUMBERS, asked=3, unanswered=3),
            "0 of 3 check-ins answered, 3 without a reply. No reply is unknown, never fine.",
            id="all silent",
        ),
        pytest.param(
            replace(NO_NUMBERS, asked=1, answered=1),
            "1 of 1 check-in answered. No reply is unknown, never fine.",
            id="all answered",
        ),
        pytest.param(
            replace(NO_NUMBERS, asked=4, answered=1, partly=1, uncertain=1, missed=1),
            "1 of 4 check-ins answered, 1 answered in part, 1 may or may not have arrived, "
            "1 not asked in time, by our own fault. No reply is unknown, never fine.",
            id="our own failures are not the patient's",
        ),
    ],
)
def test_the_numbers_name_what_is_unknown(numbers: Numbers, told: str) -> None:
    assert words.numbers(replace(QUIET_DAY, numbers=numbers), wording=EN) == told


@pytest.mark.parametrize("cause", ["suicide", "self_harm", "abuse"])
def test_telegram_is_not_told_what_an_alert_is_about(cause: str) -> None:
    text = whole(sent(replace(QUIET_DAY, alerts=(replace(AN_ALERT, cause=cause),))))

    assert words.cause(replace(AN_ALERT, cause=cause), wording=EN) not in text
    assert cause not in text


# --- the cards


def test_a_card_says_who_what_why_and_what_to_say() -> None:
    saying = card(A_FALL, wrote=True)

    assert saying.text == (
        "BIRCH-07: possible withdrawal\n"
        "Relationship 3 of 7, usually 6 (range 5 to 7 over 9 replies), since 21 February.\n"
        "Lower than is usual for this person; a strong sign.\n"
        "\n"
        "What you could say\n"
        "• “I have the impression that something between us has changed, and I may have a part in it. "
        "How is it for you?”\n"
        "• “Was there a moment last time when you felt I did not quite get it?”\n"
        "\n"
        "Rule: drop/1. It may be wrong.\n"
        "New since the last digest."
    )
    assert saying.protected
    assert presses(saying) == [
        *(ActOnFlag(flag_id=1, digest_id=5, action=action) for action in FlagAction),
        ShowWords(digest_id=5, patient_id=7),
    ]


def test_a_patient_who_wrote_nothing_has_no_words_to_show() -> None:
    assert not any(isinstance(press, ShowWords) for press in presses(card(A_FALL)))


def test_the_first_answer_is_not_compared_with_a_usual_that_nobody_knows() -> None:
    newcomer = replace(A_FALL, signal="floor", usual=None, usual_low=None, usual_high=None, usual_count=0)

    text = card(newcomer).text

    assert "Relationship 3 of 7, since 21 February. Too few replies yet to know what is usual." in text


def test_a_date_of_another_year_carries_its_year() -> None:
    assert "since 28 December 2025" in card(replace(A_FALL, since_on=date(2025, 12, 28))).text


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        pytest.param([1, 1, 1, 1], "answers nearly all of them", id="always"),
        pytest.param([1, 0, 1, 1], "answers most of them", id="mostly"),
        pytest.param([1, 0, 0, 1], "leaves one unanswered", id="half"),
        pytest.param([1, 1, 1], "since 21 February.\n", id="too new to have a habit"),
    ],
)
def test_a_silence_is_told_beside_the_habit(answered: list[int], told: str) -> None:
    silent = [0] * A_SILENCE.unanswered
    trend = tuple(Point(on=TODAY, fractions={"bond": 1.0} if yes else {}) for yes in answered + silent)

    text = card(replace(A_SILENCE, trend=trend)).text

    assert "4 check-ins in a row without a reply, since 21 February." in text
    assert told in text


@pytest.mark.parametrize(
    ("state", "acted", "told", "left"),
    [
        pytest.param("raised", None, "New since the last digest.", list(FlagAction), id="untouched"),
        pytest.param(
            "acknowledged",
            Acted(action="reviewed", at=MORNING, by=None),
            "Reviewed by you, 3 March 08:03.",
            [FlagAction.RAISE_AT_VISIT, FlagAction.NOT_A_RUPTURE],
            id="reviewed",
        ),
        pytest.param(
            "acknowledged",
            Acted(action="raise", at=MORNING, by="DR-DAY"),
            "DR-DAY will raise it at the visit; noted 3 March 08:03.",
            [FlagAction.NOT_A_RUPTURE],
            id="a colleague will raise it",
        ),
        pytest.param(
            "resolved",
            Acted(action="not", at=MORNING, by=None),
            "Not a rupture, in your view, 3 March 08:03.",
            [],
            id="dismissed",
        ),
        pytest.param("acknowledged", None, "Reviewed.", list(FlagAction)[1:], id="by nobody we remember"),
    ],
)
def test_a_card_shows_where_its_flag_stands(state: str, acted: Acted | None, told: str, left: list[FlagAction]) -> None:
    saying = card(replace(A_FALL, state=state, acted=acted))

    assert saying.text.endswith(told)
    assert presses(saying) == [ActOnFlag(flag_id=1, digest_id=5, action=action) for action in left]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ["withdrawal", "confrontation"])
@pytest.mark.parametrize("domain", ["goal", "task", "bond", None])
def test_every_card_speaks_of_a_possibility_and_has_two_prompts(language: str, kind: str, domain: str | None) -> None:
    flag = replace(A_FALL, kind=kind, domain=domain)

    text = card(flag, language=language).text

    assert "possible" in text or "posible" in text
    assert text.count("\n• ") == 2


def test_a_word_of_a_newer_version_costs_no_digest() -> None:
    strange = replace(A_FALL, kind="stalemate", domain="hope", signal="omen", state="acknowledged")
    odd_alert = replace(AN_ALERT, state="parked", cause="flood")

    text = whole(sent(replace(QUIET_DAY, flags=(strange,), alerts=(odd_alert,))))

    assert "BIRCH-07: possible rupture" in text
    assert "HAZEL-02" in text


def test_new_falls_come_before_new_silences_and_old_ones_last() -> None:
    old = replace(A_FALL, flag_id=9, is_new=False, strength=1.0)
    weaker = replace(A_FALL, flag_id=8, strength=0.1)

    ordered = arrange([old, A_SILENCE, weaker, A_FALL])

    assert [flag.flag_id for flag in ordered] == [1, 8, 2, 9]


# --- names


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        pytest.param("BIRCH-07", "BIRCH-07", id="an ordinary name stays as it is"),
        pytest.param("ward 3.2", "ward 3.2", id="a dot between numbers is no link"),
        pytest.param("Ñandú", "\u2068Ñandú\u2069", id="letters beyond ASCII are isolated"),
        pytest.param("\u202egnp", "<U+202E>gnp", id="turned around"),
        pytest.param("a\u2069b", "a<U+2069>b", id="breaks out of the isolation"),
        pytest.param("a\u200bb", "a<U+200B>b", id="zero width"),
        pytest.param("a\nFine today", "a<U+000A>Fine today", id="a line of its own"),
        pytest.param("\ud83d", "<U+D83D>", id="half a character"),
        pytest.param("@mallory", "[@]mallory", id="mention"),
        pytest.param("https://evil.example", "https[:]//evil[.]example", id="link"),
        pytest.param("tg://user", "tg[:]//user", id="link into the app"),
        pytest.param("/leave now", "[/]leave now", id="command"),
        pytest.param("", "-", id="empty"),
        pytest.param("x" * 100, "\u2068" + "x" * 63 + "…\u2069", id="endless"),
    ],
)
def test_a_name_is_shown_as_what_it_is(name: str, seen: str) -> None:
    assert words.shown(name) == seen


@given(name=st.text(st.characters(exclude_categories=()), max_size=80))
def test_no_name_can_leave_its_line_or_turn_it_around(name: str) -> None:
    seen = words.shown(name)

    inside = seen.removeprefix("\u2068").removesuffix("\u2069")
    assert inside
    assert len(inside) <= words.LONGEST_NAME
    assert inside.isprintable()


# --- any content at all

NAMES = st.text(st.characters(exclude_categories=()), max_size=90)


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    names = draw(st.lists(NAMES, min_size=1, max_size=8))

    def name(number: int) -> str:
        return names[number % len(names)]

    kinds = draw(st.lists(st.sampled_from([A_FALL, A_SILENCE]), min_size=1, max_size=4))
    states = draw(st.lists(st.sampled_from(["raised", "acknowledged", "resolved"]), min_size=1, max_size=4))
    number_of_flags = draw(st.integers(0, 200))
    writers = draw(st.integers(0, 300))
    return replace(
        QUIET_DAY,
        alerts=tuple(replace(AN_ALERT, code_name=name(n)) for n in range(draw(st.integers(0, 60)))),
        flags=tuple(
            replace(
                kinds[n % len(kinds)],
                flag_id=2**62 - n,
                patient_id=n,
                code_name=name(n),
                state=states[n % len(states)],
            )
            for n in range(number_of_flags)
        ),
        wrote=tuple(a_writer(n, name(n), unscreened=n % 2) for n in range(writers)),
        undeliverable=tuple(name(n) for n in range(draw(st.integers(0, 300)))),
        left=tuple(name(n) for n in range(draw(st.integers(0, 60)))),
        rules_approved=draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(digest=digests())
def test_telegram_takes_every_message_of_every_digest(digest: Digest) -> None:
    messages = sent(digest)

    for message in messages:
        assert 0 < utf16_length(message.text) <= LONGEST
        assert message.text.strip() == message.text
        assert message.protected
        assert len(message.emphasis) <= 100
        for bold in message.emphasis:
            assert bold.length > 0
            assert bold.offset + bold.length <= utf16_length(message.text)
        buttons = [button for row in message.rows for button in row]
        assert len(buttons) <= MOST_BUTTONS
        assert all(len(row) <= 3 for row in message.rows)
        for button in buttons:
            assert button.label.strip()
            assert len(button.press.encode()) <= LONGEST_PRESS
            assert decode(button.press) is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(digest=digests())
def test_every_item_of_every_digest_is_told_exactly_once(digest: Digest) -> None:
    messages = sent(digest)
    cards = messages[len(messages) - len(digest.flags) :]
    summary = messages[: len(messages) - len(digest.flags)]

    told = Counter(line for line in whole(summary).split("\n") if line.startswith("• "))
    assert told == Counter(
        f"• {entry}"
        for entry in (
            *(words.alert(line, digest=digest, wording=EN) for line in digest.alerts),
            *(words.wrote(line, wording=EN) for line in digest.wrote),
            *(words.shown(name) for name in (*digest.undeliverable, *digest.left)),
        )
    )
    shown = Counter(press for message in summary for press in presses(message))
    assert shown == Counter(ShowWords(digest_id=2**62 - 1, patient_id=line.patient_id) for line in digest.wrote)
    titles = [saying.text.split("\n")[0] for saying in cards]
    assert titles == [words.title(flag, wording=EN) for flag in digest.flags]
    about = [{p.flag_id for p in presses(each) if isinstance(p, ActOnFlag)} for each in cards]
    open_ids = [set[int]() if flag.state == "resolved" else {flag.flag_id} for flag in digest.flags]
    assert about == open_ids


def test_buttons_stay_with_the_lines_they_belong_to() -> None:
    digest = replace(QUIET_DAY, wrote=tuple(a_writer(n, f"OAK-{n:03}") for n in range(200)))

    for message in sent(digest):
        lines = [line for line in message.text.split("\n") if line.startswith("• ")]
        labels = [button.label for row in message.rows for button in row]
        assert labels == [f"Words of {line.removeprefix('• ').split(':')[0]}" for line in lines]


def test_no_heading_is_left_at_the_foot_of_a_message() -> None:
    for length in range(0, 300, 7):
        names = tuple(f"PINE-{n:0{20}}" for n in range(length))
        for message in sent(replace(QUIET_DAY, undeliverable=names, left=names)):
            last = message.emphasis[-1]
            assert last.offset + last.length < utf16_length(message.text)


# --- kept and read again


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(digest=digests())
def test_a_kept_digest_is_read_again_exactly(digest: Digest) -> None:
    content = as_json(digest)

    again = from_json(content)

    assert again == digest
    assert as_json(again) == content
    assert sent(again) == sent(digest)


def test_a_moment_is_kept_in_utc_and_a_day_as_a_day() -> None:
    acted = replace(A_FALL, acted=Acted(action="reviewed", at=MORNING, by=None))

    content = as_json(replace(QUIET_DAY, flags=(acted,)))

    assert content["covers_from"] == "2026-03-02T07:03:00+00:00"
    assert content["on"] == "2026-03-03"
    assert from_json(content).flags == (acted,)


def test_a_digest_kept_before_a_field_existed_is_still_read() -> None:
    content = as_json(replace(QUIET_DAY, flags=(A_FALL,)))
    del content["flags"][0]["acted"]  # pyright: ignore[reportIndexIssue]  # a list of tables, in JSON

    assert from_json(content).flags == (A_FALL,)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"caseload": "24"}, "digest.caseload", id="words for a number"),
        pytest.param({"caseload": True}, "digest.caseload", id="yes for a number"),
        pytest.param({"on": "yesterday"}, "digest.on", id="no date"),
        pytest.param({"covers_from": "2026-03-02T07:03:00"}, "digest.covers_from", id="no offset"),
        pytest.param({"flags": {}}, "digest.flags", id="a table for a list"),
        pytest.param({"alerts": [{}]}, "digest.alerts: acknowledged_by", id="an empty alert"),
        pytest.param({"mood": "fine"}, "mood", id="a field nobody knows"),
    ],
)
def test_a_damaged_digest_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(BrokenDigest, match=why):
        from_json(as_json(QUIET_DAY) | change)
