"""What is remembered of a patient is small, and equals what the first check-in on would tell."""

import json
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given, settings

from alliance.course import Course, UnreadableCourse, course_of
from alliance.course_json import as_json, from_json
from alliance.evidence import weigh
from alliance.items import Domain
from alliance.observation import Observation
from alliance.rupture import signs
from tests.alliance.course_histories import asked, fractions, histories


@given(histories())
@settings(deadline=None)
def test_moved_on_step_by_step_it_equals_what_is_told_from_the_first_check_in(history: list[Observation]) -> None:
    course = Course()
    for seen in history:
        # what was known of a check-in at first, while it was open
        course = course.after(Observation(at=seen.at, ratings={}, replied=False, instrument=seen.instrument))
        course = from_json(json.loads(json.dumps(as_json(course))))  # kept in between
        course = course.corrected(seen)

    assert course == course_of(history)


@given(histories(), fractions)
@settings(deadline=None)
def test_a_correction_of_the_newest_check_in_equals_a_history_with_it(history: list[Observation], put: float) -> None:
    if not history:
        return
    right = replace(history[-1], ratings={Domain.BOND: put}, replied=True)

    corrected = course_of(history).corrected(right)

    assert corrected == course_of([*history[:-1], right])
    assert signs(corrected) == signs(course_of([*history[:-1], right]))


@given(histories())
@settings(deadline=None)
def test_what_is_kept_is_read_again_as_it_was(history: list[Observation]) -> None:
    course = course_of(history)

    assert from_json(json.loads(json.dumps(as_json(course)))) == course


@pytest.mark.parametrize("number", [0, 1, 3, 4, 30, 400])
def test_it_stays_small_however_many_check_ins_there_were(number: int) -> None:
    course = course_of(asked(*[(6, 7, 5)] * number))

    assert len(json.dumps(as_json(course))) < 4_000
    assert course.answers == max(0, number - 1)
    signs(course)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"version": 3}, id="a newer version"),
        pytest.param({**as_json(course_of(asked((6, 6, 6)))), "recent": [[1]]}, id="a step that is none"),
        pytest.param({**as_json(course_of(asked((6, 6, 6)))), "old": ["x"]}, id="sums that are none"),
    ],
)
def test_what_cannot_be_read_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(UnreadableCourse):
        from_json(content)


def test_an_earlier_check_in_is_refused() -> None:
    first, second = asked((6, 6, 6), (6, 6, 6))

    with pytest.raises(ValueError, match="oldest first"):
        course_of([second, first])
    with pytest.raises(ValueError, match="only the latest"):
        course_of([first, second]).corrected(first)


def test_another_instrument_starts_the_usual_ratings_anew_and_keeps_the_habits() -> None:
    history = [replace(seen, instrument="old/1") for seen in asked(*[(7, 7, 7)] * 12)]
    other = [
        replace(seen, at=seen.at + 12 * (history[1].at - history[0].at), instrument="new/1")
        for seen in asked(*[(3, 3, 3)] * 3)
    ]

    course = course_of([*history, *other])

    assert course.answers == 2
    assert all(usual.seen == 2 for usual in course.usuals.values())
    assert course.habits.replied + sum(step.habit.replied for step in course.recent) > 10
    assert [marker.signal for marker in signs(course)] == []  # no fall from the old instrument's numbers


def test_the_same_ratings_on_the_same_instrument_are_a_fall() -> None:
    course = course_of(asked(*[(7, 7, 7)] * 12, (3, 3, 3)))

    assert {marker.domain for marker in signs(course)} == set(Domain)


def test_an_old_usual_gives_way_to_a_new_one() -> None:
    lower = course_of(asked(*[(7, 7, 7)] * 40, *[(4.6, 4.6, 4.6)] * 30))

    assert signs(lower) == ()
    assert signs(course_of(asked(*[(7, 7, 7)] * 40, *[(4.6, 4.6, 4.6)] * 4))) != ()


def test_a_question_that_is_for_another_reader_is_neither_answered_nor_left_out() -> None:
    left_out = asked(*[(6, 6, 6)] * 8, *[(6, 6, None)] * 4, words=9)
    elsewhere = [replace(seen, bond_elsewhere=True) if seen.skipped_bond else seen for seen in left_out]

    assert weigh(course_of(left_out)).withdrawal_by["bond"] > 0
    assert weigh(course_of(elsewhere)).withdrawal_by["bond"] == 0


def test_another_reader_sees_that_the_question_was_left_out_beside_others_without_seeing_those() -> None:
    given = asked(*[(None, None, 6)] * 8, words=9)
    beside = [replace(seen, rated_elsewhere=True) for seen in given]
    passed_over = [replace(seen, ratings={}, at=seen.at + (given[-1].at - given[0].at) * 2) for seen in beside[:4]]

    assert weigh(course_of([*beside, *passed_over])).withdrawal_by["bond"] > 0
    assert [seen.skipped_bond for seen in passed_over] == [True] * 4


def test_what_was_for_another_reader_is_kept_as_such() -> None:
    (seen,) = asked((6, 6, None))
    course = course_of([replace(seen, bond_elsewhere=True, rated_elsewhere=True)])

    assert from_json(json.loads(json.dumps(as_json(course)))) == course


def test_what_was_kept_before_there_were_other_readers_is_read_as_it_was() -> None:
    kept = as_json(course_of(asked((6, 6, 6))))
    newest = {k: v for k, v in cast("dict[str, object]", kept["newest"]).items() if not k.endswith("_elsewhere")}

    assert from_json({**kept, "newest": newest}) == course_of(asked((6, 6, 6)))
