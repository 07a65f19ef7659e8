"""The picture of a patient's answers: what is missing stays missing, and words say the same."""

from dataclasses import replace
from datetime import date, timedelta

from alliance.digest import FlagLine, Point
from alliance.digest_picture import legend, picture
from alliance.trend import Labels, Since, Strip, trend_svg
from bot.clinic import read_wordings

TODAY = date(2026, 3, 3)
EN = read_wordings().in_language("en")
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
    usual_high=7.2,
    usual_count=9,
    highest=7,
    unanswered=0,
    is_new=True,
    state="raised",
    rule="drop/1",
)
LABELS = Labels(described="d", first="a", last="b", no_reply="none", lowest="1", highest="7")
BOND = Strip(domain="bond", label="Relationship", latest="3")


def days(*answers: float | None) -> list[Point]:
    return [
        Point(on=TODAY + timedelta(days=n), fractions={} if answer is None else {"bond": answer})
        for n, answer in enumerate(answers)
    ]


def test_a_missing_answer_breaks_the_line_and_is_marked() -> None:
    svg = trend_svg(days(0.9, 0.8, None, 0.7), strips=[BOND], silent=None, labels=LABELS)

    assert svg.count('class="path"') == 1
    assert svg.count('class="cross"') == 2
    assert svg.count('class="dot"') == 3


def test_without_a_missing_answer_the_line_is_whole() -> None:
    svg = trend_svg(days(0.9, 0.8, 0.9, 0.7), strips=[BOND], silent=None, labels=LABELS)

    assert svg.count('class="path"') == 3
    assert "cross" not in svg


def test_only_answers_since_the_change_are_filled() -> None:
    flagged = replace(BOND, since=Since(on=TODAY + timedelta(days=2), label="since"), usual=(0.6, 1.0))

    svg = trend_svg(days(0.9, 0.8, 0.3), strips=[flagged], silent=None, labels=LABELS)

    assert svg.count('class="dot changed"') == 1
    assert svg.count('class="usual"') == 1


def test_nothing_to_draw_is_no_picture() -> None:
    assert trend_svg([], strips=[BOND], silent=None, labels=LABELS) == ""


def test_words_in_the_picture_are_escaped() -> None:
    hostile = replace(BOND, label='<script>"&')

    svg = trend_svg(days(0.5), strips=[hostile], silent=None, labels=replace(LABELS, described='"><b>'))

    assert "<script>" not in svg
    assert "<b>" not in svg


def test_the_picture_says_in_words_what_it_shows() -> None:
    flag = replace(A_FALL, trend=tuple(days(1.0, None, 1 / 3)))

    svg = picture([flag], on=TODAY, wording=EN)

    assert "Relationship: 7, no reply, 3. Relationship is usually between 5 and 7." in svg
    assert "Crosses" in legend([flag], wording=EN)


def test_the_legend_names_no_mark_that_is_not_there() -> None:
    whole = replace(A_FALL, usual_low=None, usual_high=None, trend=tuple(days(1.0, 1 / 3)))

    assert legend([whole], wording=EN) == "Dashed line and filled dots: since when."
