"""Whatever a digest holds: complete, inside Telegram's limits, no name alive, and read again as it was kept."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance import acting_words, agreed_words
from alliance import digest_words as words
from alliance.acting import Deed
from alliance.acting_presses import ContactWith
from alliance.agreement import AgreementLine
from alliance.buttons import LONGEST_PRESS, decode
from alliance.digest import Acted, Digest, Recovered
from alliance.digest_json import BrokenDigest, as_json, from_json
from alliance.digest_messages import MOST_BUTTONS
from alliance.flags import FlagAction
from alliance.followed import Followed, Waiting, WithColleague
from alliance.names_on_display import LONGEST_NAME, shown
from alliance.presses import ActOnFlag, ShowWords
from alliance.saying import LONGEST, utf16_length
from tests.alliance.one_digest import (
    A_FALL,
    A_SILENCE,
    AN_ALERT,
    EN,
    MORNING,
    QUIET_DAY,
    TODAY,
    a_writer,
    presses,
    sent,
    whole,
)

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
    assert shown(name) == seen


@given(name=st.text(st.characters(exclude_categories=()), max_size=80))
def test_no_name_can_leave_its_line_or_turn_it_around(name: str) -> None:
    seen = shown(name)

    inside = seen.removeprefix("\u2068").removesuffix("\u2069")
    assert inside
    assert len(inside) <= LONGEST_NAME
    assert inside.isprintable()


# --- any content at all

DEEDS = tuple(Acted(action=str(action), at=MORNING, by=by) for action in (*FlagAction, *Deed) for by in (None, "DAY"))
AGREEMENT_STATES = ("agreed", "proposed", "unanswered")
NAMES = st.text(st.characters(exclude_categories=()), max_size=90)


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    names = draw(st.lists(NAMES, min_size=1, max_size=8))

    def name(number: int) -> str:
        return names[number % len(names)]

    kinds = draw(st.lists(st.sampled_from([A_FALL, A_SILENCE]), min_size=1, max_size=4))
    states = draw(st.lists(st.sampled_from(["raised", "acknowledged", "resolved"]), min_size=1, max_size=4))
    number_of_flags = draw(st.integers(0, 500))
    writers = draw(st.integers(0, 300))
    acted = draw(st.lists(st.sampled_from([None, *DEEDS]), min_size=1, max_size=4))

    def followed(n: int) -> Followed:
        domain = None if n % 3 == 0 else "goal"
        return Followed(patient_id=n, code_name=name(n), domain=domain, days=n, acted=acted[n % len(acted)])

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
                acted=acted[n % len(acted)],
                raised_on=TODAY,
                waits_days=n % 5,
                of_whom=name(n + 1) if n % 7 == 0 else None,
                came_back_on=TODAY if n % 4 == 0 else None,
                before=acted[n % len(acted)],
                stage="improving" if n % 2 else "",
            )
            for n in range(number_of_flags)
        ),
        wrote=tuple(a_writer(n, name(n), unscreened=n % 2) for n in range(writers)),
        undeliverable=tuple(name(n) for n in range(draw(st.integers(0, 300)))),
        left=tuple(name(n) for n in range(draw(st.integers(0, 60)))),
        waiting=tuple(
            Waiting(patient_id=2**61 + n, code_name=name(n), since_on=TODAY, days=n, wants_contact=n % 2 == 0)
            for n in range(draw(st.integers(0, 120)))
        ),
        recovered=tuple(
            Recovered(code_name=name(n), domain="bond", days=n, was_short=n % 2 == 0, acted=acted[n % len(acted)])
            for n in range(draw(st.integers(0, 60)))
        ),
        improving=tuple(followed(n) for n in range(draw(st.integers(0, 60)))),
        not_repaired=tuple(followed(n) for n in range(draw(st.integers(0, 60)))),
        with_colleagues=tuple(
            WithColleague(patient_id=n, code_name=name(n), colleague=name(n + 1), since_on=TODAY)
            for n in range(draw(st.integers(0, 60)))
        ),
        agreements=tuple(
            AgreementLine(
                patient_id=n, code_name=name(n), state=("agreed", "proposed", "unanswered")[n % 3], since_on=TODAY
            )
            for n in range(draw(st.integers(0, 60)))
        ),
        rules_approved=draw(st.booleans()),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
            *(shown(name) for name in (*digest.undeliverable, *digest.left)),
            *(acting_words.waiting(line, on=digest.on, wording=EN) for line in digest.waiting),
            *(entry for _, entries in acting_words.followed(digest, wording=EN) for entry in entries),
            *agreed_words.lines(digest.agreements, on=digest.on, wording=EN),
        )
    )
    offered = Counter(press for message in summary for press in presses(message))
    assert offered == Counter(
        [
            *(ShowWords(digest_id=2**62 - 1, patient_id=line.patient_id) for line in digest.wrote),
            *(ContactWith(patient_id=line.patient_id) for line in digest.waiting),
        ]
    )
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
