"""The picture of a digest: readable on a phone and in grey, the same in both languages, and every name survives it."""

from dataclasses import replace
from datetime import timedelta
from struct import unpack_from

import pytest

from alliance.charts import LONGEST_CAPTION, MOST_ROWS, caption, chart, chart_of, rows_of
from alliance.digest import Digest, FlagLine, Point
from alliance.marks import Mark, MarkKind, UsualRange
from alliance.saying import utf16_length
from alliance.wording import Wording
from bot.clinic import read_wordings
from tests.alliance.one_digest import A_FALL, A_SILENCE, QUIET_DAY, TODAY
from workflows.draw_chart import DOTS, PER_INCH, WIDTH, draw

WORDINGS = read_wordings()
EN = WORDINGS.in_language("en")
TALLEST = 2560  # pixels of the longer side that Telegram still shows unscaled
MARKS = (
    Mark(kind=MarkKind.VISIT, on=TODAY - timedelta(days=9)),
    Mark(kind=MarkKind.LOST, on=TODAY - timedelta(days=6)),
    Mark(kind=MarkKind.FLAG, on=TODAY - timedelta(days=3), domain="bond"),
    Mark(kind=MarkKind.ACTION, on=TODAY - timedelta(days=2), domain="bond", action="reviewed"),
)


def _flag(patient_id: int, name: str, *, days: int = 12, marks: tuple[Mark, ...] = ()) -> FlagLine:
    trend = tuple(
        Point(on=TODAY - timedelta(days=n), fractions={} if n == 5 else {"goal": 0.8, "task": 0.7, "bond": n / 13})
        for n in range(days, 0, -1)
    )
    usuals = (UsualRange(domain="goal", low=0.6, high=0.9),)
    return replace(A_FALL, patient_id=patient_id, code_name=name, trend=trend, marks=marks, usuals=usuals)


def _day(*flags: FlagLine) -> Digest:
    return replace(QUIET_DAY, flags=flags)


def _size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return unpack_from(">II", picture, 16)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_full_picture_is_shown_unscaled_by_telegram_and_fits_a_phone(language: str) -> None:
    wording: Wording = WORDINGS.in_language(language)
    found = chart(_day(*(_flag(n, f"BIRCH-{n:02}", marks=MARKS) for n in range(12))), wording=wording)
    assert found is not None
    width, height = _size(draw(found))

    assert len(found.rows) == MOST_ROWS
    assert width == WIDTH * DOTS // PER_INCH == 1092
    assert height <= TALLEST


def test_every_code_name_can_be_drawn() -> None:
    names = ["$x^2$ \\frac{", "ñ 日本 \u202egnirts", "A" * 300, "\ud800 _{", "مريم", "%s {name}"]
    day = _day(*(_flag(number, name) for number, name in enumerate(names)))
    found = chart(day, wording=EN)

    assert found is not None
    assert len(found.rows) == len(names)
    assert _size(draw(found))[0] == 1092
    assert utf16_length(caption(day, wording=EN)) <= LONGEST_CAPTION


def test_one_answer_and_none_at_all_can_be_drawn() -> None:
    once = chart(_day(_flag(7, "BIRCH-07", days=1)), wording=EN)
    silent = replace(A_SILENCE, trend=(Point(on=TODAY, fractions={}),))
    never = chart(_day(silent), wording=EN)

    assert once is not None
    assert never is not None
    assert _size(draw(once)) > (0, 0) < _size(draw(never))


def test_what_is_not_there_is_not_explained() -> None:
    with_marks = chart(_day(_flag(7, "BIRCH-07", marks=MARKS)), wording=EN)
    without = chart(_day(_flag(7, "BIRCH-07", days=3)), wording=EN)
    assert with_marks is not None
    assert without is not None

    assert {"visit", "flag", "action", "lost", "no_reply"} <= with_marks.key.keys()
    assert {"visit", "flag", "action", "lost", "no_reply"}.isdisjoint(without.key)


def test_nothing_to_draw_is_no_picture() -> None:
    assert chart(QUIET_DAY, wording=EN) is None
    assert chart(_day(A_FALL), wording=EN) is None


def test_a_patient_flagged_twice_is_one_row_and_a_usual_range_needs_answers_beside_it() -> None:
    bond, silence = _flag(7, "BIRCH-07"), replace(A_SILENCE, patient_id=7)
    hidden = replace(bond, trend=tuple(Point(on=point.on, fractions={"bond": 0.5}) for point in bond.trend))

    ((_, row),) = rows_of(_day(bond, silence), wording=EN)
    ((_, shown),) = rows_of(_day(hidden), wording=EN)

    assert [strip.usual is not None for strip in row.shown.strips] == [True, False, True]
    assert [strip.usual is not None for strip in shown.shown.strips] == [False, False, True]
    assert len(chart_of(row, wording=EN).rows) == 1


def test_the_caption_of_many_long_names_says_that_there_are_more_and_fits() -> None:
    flags = [_flag(n, f"{n}-{'日' * 80}") for n in range(12)]

    said = caption(_day(*flags), wording=EN)

    assert utf16_length(said) <= LONGEST_CAPTION
    assert EN("chart.also", count=MOST_ROWS) in caption(_day(*(_flag(n, f"B-{n}") for n in range(12))), wording=EN)
    assert EN("chart.also", count=MOST_ROWS) not in caption(_day(_flag(1, "B-1")), wording=EN)


def test_a_picture_says_in_words_what_it_shows() -> None:
    ((_, row),) = rows_of(_day(_flag(7, "BIRCH-07", marks=MARKS)), wording=EN)

    for told in ("Visits: 22 February.", "Check-ins that did not arrive: 25 February.", "no reply", "(Relationship)"):
        assert told in row.shown.labels.described
