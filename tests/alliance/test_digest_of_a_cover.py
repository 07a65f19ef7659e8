"""A digest read by a colleague says whose it is; who came, who is held and what was settled stand in it once each."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance import calendar_words
from alliance.digest import Acted, Digest, OnHold
from alliance.digest_json import as_json, from_json, without_patient
from alliance.saying import LONGEST, utf16_length
from alliance.week import Week
from tests.alliance.one_digest import A_FALL, EN, MORNING, QUIET_DAY, TODAY, WORDINGS, sent, whole
from workflows.digest_page import render_page

HELD = OnHold(patient_id=7, code_name="BIRCH-07", until=TODAY + timedelta(days=13), reason="bereavement")
SETTLED = replace(
    A_FALL, state="resolved", is_new=False, acted=Acted(action="not", at=MORNING - timedelta(days=1), by="DAY")
)
FULL = replace(
    QUIET_DAY,
    settled=(SETTLED,),
    given=("MAPLE-02",),
    on_hold=(HELD, OnHold(patient_id=8, code_name="OAK-12", until=None, reason=None)),
    week=Week(since=date(2026, 2, 23), until=date(2026, 3, 1), asked=14, answered=12, judged=1, dismissed=0),
)
NAMES = st.text(st.characters(exclude_categories=()), max_size=90)


def page(digest: Digest, language: str = "en") -> str:
    return render_page(digest, words={}, wording=WORDINGS.in_language(language), clinic_name="Almond House")


@pytest.mark.parametrize(
    ("back_on", "key", "values"),
    [
        pytest.param(date(2026, 3, 16), "cover.until", {"day": "16 March"}, id="the day is known"),
        pytest.param(None, "cover.open", {}, id="it is not"),
    ],
)
def test_whose_digest_it_is_comes_first(back_on: date | None, key: str, values: dict[str, str]) -> None:
    covered = replace(QUIET_DAY, reader="DAY", back_on=back_on)

    first, second, *_ = sent(covered)[0].text.splitlines()

    assert first.startswith("For DR-COLE, who is away. Digest, ")
    assert second == EN(key, who="DR-COLE", **values)
    assert second in page(covered)


def test_ones_own_digest_says_nothing_of_the_kind() -> None:
    assert calendar_words.whose(QUIET_DAY, wording=EN) is None
    assert "away" not in whole(sent(QUIET_DAY))
    assert 'class="notice"' not in page(QUIET_DAY)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_is_told_once_and_the_reason_of_a_hold_on_the_page_alone(language: str) -> None:
    wording = WORDINGS.in_language(language)
    told = calendar_words.sections(FULL, wording=wording)
    in_chat = "\n".join(line for section in told for line in section.entries)

    assert [in_chat.count(name) for name in ("BIRCH-07, ", "MAPLE-02", "OAK-12", "DAY")] == [1, 1, 1, 1]
    assert wording("hold.reason.bereavement") not in in_chat
    assert wording("hold.reason.bereavement") in page(FULL, language)


def test_a_day_on_which_somebody_only_is_held_still_says_that_nobody_needs_anything() -> None:
    assert replace(QUIET_DAY, on_hold=(HELD,)).has_nothing_to_say
    assert not replace(QUIET_DAY, given=("MAPLE-02",)).has_nothing_to_say
    assert not replace(QUIET_DAY, settled=(SETTLED,)).has_nothing_to_say


def test_one_kept_before_any_of_this_existed_is_still_read() -> None:
    older = as_json(QUIET_DAY)
    for key in ("reader", "back_on", "settled", "given", "on_hold", "week"):
        del older[key]
    numbers = older["numbers"]
    assert isinstance(numbers, dict)
    del numbers["held"]

    assert from_json(older) == QUIET_DAY


def test_an_erasure_takes_the_lines_about_the_patient() -> None:
    cleared = without_patient(as_json(FULL), patient_id=7, code_name="BIRCH-07")

    assert "BIRCH-07" not in json.dumps(cleared)
    assert from_json(cleared) == replace(FULL, settled=(), on_hold=FULL.on_hold[1:])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(NAMES, max_size=120),
    reader=st.none() | NAMES,
    back_on=st.none() | st.dates(),
    until=st.none() | st.dates(),
)
def test_telegram_takes_it_whatever_the_names_are(
    names: list[str], reader: str | None, back_on: date | None, until: date | None
) -> None:
    digest = replace(
        FULL,
        reader=reader,
        back_on=back_on,
        given=tuple(names),
        settled=tuple(replace(SETTLED, code_name=name) for name in names),
        on_hold=tuple(replace(HELD, code_name=name, until=until) for name in names),
    )

    for message in sent(digest):
        assert 0 < utf16_length(message.text) <= LONGEST
        for bold in message.emphasis:
            assert bold.offset + bold.length <= utf16_length(message.text)
    assert from_json(as_json(digest)) == digest
