"""What a colleague's patient says of a bond stands in the digest as plain numbers, and goes with an erasure."""

from dataclasses import replace
from datetime import date

import pytest

from alliance.about_you_words import given, lines
from alliance.digest import AboutYou
from alliance.digest_json import as_json, from_json, without_patient
from tests.alliance.one_digest import QUIET_DAY, WORDINGS, sent, whole

A_RATING = AboutYou(
    checkin_id=5, patient_id=7, code_name="BIRCH-07", on=date(2026, 3, 2), rating=3, highest=7, before=(6, 6, 5)
)

ENGLISH = WORDINGS.in_language("en")


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        pytest.param(A_RATING, "en", "BIRCH-07, 2 March: 3 of 7. Before: 6, 6, 5.", id="a rating"),
        pytest.param(A_RATING, "es", "BIRCH-07, 2 de marzo: 3 de 7. Antes: 6, 6, 5.", id="a rating in Spanish"),
        pytest.param(replace(A_RATING, before=()), "en", "BIRCH-07, 2 March: 3 of 7.", id="the first one"),
        pytest.param(
            replace(A_RATING, rating=None, before=(4,)),
            "en",
            "BIRCH-07, 2 March: this question was skipped. Before: 4.",
            id="a skip",
        ),
        pytest.param(
            replace(A_RATING, before=(), concern="not_heard", wish="call"),
            "en",
            "BIRCH-07, 2 March: 3 of 7. Chosen: did not feel heard. Would like a call.",
            id="with what lies behind it",
        ),
    ],
)
def test_a_line_says_the_number_and_those_before(line: AboutYou, language: str, said: str) -> None:
    digest = replace(QUIET_DAY, about_you=(line,))

    assert lines(digest, wording=WORDINGS.in_language(language)) == [said]


def test_it_is_told_with_what_nobody_watches_and_no_good_day_is_wished() -> None:
    told = whole(sent(replace(QUIET_DAY, about_you=(A_RATING,))))

    assert told.count("BIRCH-07") == 1
    assert "No rule watches these answers" in told
    assert "have a good day" not in told
    assert "No rule watches" not in whole(sent(QUIET_DAY))


def test_it_is_kept_read_again_and_gone_with_its_patient_and_an_older_digest_has_none() -> None:
    digest = replace(QUIET_DAY, about_you=(A_RATING, replace(A_RATING, patient_id=8, code_name="MAPLE-02")))
    kept = as_json(digest)
    before = {key: value for key, value in kept.items() if key != "about_you"}

    assert from_json(kept) == digest
    assert from_json(before).about_you == ()
    left = from_json(without_patient(kept, patient_id=7, code_name="BIRCH-07"))
    assert [line.code_name for line in left.about_you] == ["MAPLE-02"]


def test_what_a_patient_has_given_to_another_reader_says_with_whom_it_is_and_stands_apart() -> None:
    digest = replace(QUIET_DAY, about_you=(replace(A_RATING, about="DAY"),))

    assert lines(digest, wording=ENGLISH) == []
    (line,) = given(digest, wording=ENGLISH)
    assert line.startswith(f"{A_RATING.code_name} with DAY, ")
    assert ENGLISH("digest.about_you.given") in whole(sent(digest))
    assert ENGLISH("digest.about_you.title") not in whole(sent(digest))
    assert from_json(as_json(digest)) == digest
