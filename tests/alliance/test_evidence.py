"""Every channel weighs in one number: what speaks for a change, what against it, and what says nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from alliance.baseline import Prior
from alliance.course import course_of
from alliance.evidence import weigh
from alliance.falls import log_sum
from alliance.items import Domain
from alliance.observation import Observation
from alliance.rupture import DEEP_FLOOR, LIMIT, RuptureKind, Signal, deep_floor, markers, signs
from tests.alliance.course_histories import FIRST, HALF_A_WEEK, asked, histories

USUAL = [(6, 6, 6), (6, 7, 6), (7, 6, 6), (6, 6, 7)] * 3


def total(history: list[Observation]) -> float:
    return weigh(course_of(history)).total


def written(history: list[Observation], *words: int) -> list[Observation]:
    return [replace(seen, words=number) for seen, number in zip(history, words, strict=True)]


@given(histories(most=16))
@settings(deadline=None)
def test_the_whole_is_what_its_parts_add_up_to(history: list[Observation]) -> None:
    evidence = weigh(course_of(history))

    falls = [evidence.everywhere.evidence, *(one.evidence for one in evidence.alone.values())]
    replies = [evidence.withdrawal.evidence, evidence.silence.evidence]
    assert evidence.total == pytest.approx(log_sum([*falls, *replies, evidence.voiced]))
    assert evidence.total < 1_000


def test_nobody_known_says_nothing() -> None:
    assert weigh(course_of([])).total == -float("inf")


@pytest.mark.parametrize("answers", [0, 1, 2, 3])
def test_before_four_answers_no_rating_is_a_fall(answers: int) -> None:
    evidence = weigh(course_of(asked(*[(7, 7, 7)] * answers, (1, 1, 1))))

    assert evidence.fall == -float("inf")


def test_with_four_answers_it_is() -> None:
    assert weigh(course_of(asked(*[(7, 7, 7)] * 4, (3, 3, 3)))).fall > LIMIT


def test_one_domain_that_leaves_the_others_is_seen_sooner_than_it_would_be_alone() -> None:
    beside = total(asked(*USUAL, (6, 6, 4)))
    on_its_own = total(asked(*[(None, None, bond) for _, _, bond in USUAL], (None, None, 4)))

    assert beside > on_its_own + 0.5


def test_a_bad_day_of_a_patient_whose_domains_swing_together_is_less_than_three_falls() -> None:
    swinging = [(6, 6, 6), (7, 7, 7), (5, 5, 5), (7, 7, 7), (5, 5, 5), (6, 6, 6)] * 2

    assert total(asked(*swinging, (5, 5, 5))) < 0 < total(asked(*USUAL, (5, 5, 5)))


def test_a_small_fall_becomes_clear_by_lasting() -> None:
    grown = [total(asked(*USUAL, *[(5, 5, 5)] * times)) for times in (1, 2, 4)]

    assert grown[0] < LIMIT < grown[2]
    assert grown == sorted(grown)


def test_a_drift_is_told_as_one_with_its_beginning() -> None:
    history = asked(*USUAL, *[(5, 5, 5)] * 5)

    (first, *_) = signs(course_of(history))

    assert (first.signal, first.rule) == (Signal.DRIFT, "drift/2")
    assert first.since == history[len(USUAL)].at


def test_what_has_recovered_is_a_fall_no_more() -> None:
    assert markers(asked(*USUAL, (4, 4, 4), (6, 6, 6))) == ()


def test_a_rise_is_no_fall() -> None:
    assert total(asked(*[(4, 4, 4)] * 8, *[(6, 6, 6)] * 4)) < 0


def test_fewer_points_say_less() -> None:
    coarse, fine = (weigh(course_of(asked(*USUAL, (6, 6, 4.5))), points=each).total for each in (5, 11))

    assert coarse < fine


def test_a_clinic_that_swings_more_expects_more() -> None:
    history = asked(*[(6, 6, 6)] * 4, (5, 4, 4))

    calm, wild = (weigh(course_of(history), prior=Prior(within_spread=spread)).total for spread in (0.08, 0.2))

    assert calm > wild


def test_replies_that_thin_out_get_shorter_and_leave_out_the_bond_are_withdrawal() -> None:
    before = written(asked(*USUAL), *[14, 12, 16] * 4)
    later = [
        replace(seen, at=FIRST + (12 + nth) * HALF_A_WEEK, words=3 if seen.replied else None)
        for nth, seen in enumerate(asked(None, (6, 6, None), None, None, (6, 6, None), None))
    ]

    (marker,) = markers([*before, *later])

    assert (marker.signal, marker.kind, marker.domain) == (Signal.FADING, RuptureKind.WITHDRAWAL, None)
    assert set(marker.because) == {"replies", "length", "bond"}
    assert marker.since == later[0].at
    assert marker.replied == (2, 6)


def test_each_habit_adds_its_part() -> None:
    plain = written(asked(*USUAL, None, None, (6, 6, 6), None, None, None), *[14] * 12, 0, 0, 14, 0, 0, 0)
    plain = [replace(seen, words=seen.words or None) for seen in plain]
    shorter = [replace(seen, words=3) if nth == 14 else seen for nth, seen in enumerate(plain)]
    without_bond = [
        replace(seen, ratings={d: r for d, r in seen.ratings.items() if d is not Domain.BOND}) if nth == 14 else seen
        for nth, seen in enumerate(shorter)
    ]
    appeasing = [replace(seen, appeasing=nth == 14) if seen.replied else seen for nth, seen in enumerate(without_bond)]

    grown = [weigh(course_of(each)).withdrawal.evidence for each in (plain, shorter, without_bond, appeasing)]

    assert grown == sorted(grown)
    assert len(set(grown)) == 4


def test_who_always_writes_little_and_leaves_out_the_bond_is_not_withdrawing() -> None:
    assert markers(asked(*[(6, 6, None)] * 14, words=2)) == ()


def test_two_missed_check_ins_are_an_ordinary_week() -> None:
    assert markers(asked(*[(6, 6, 6)] * 200, None, None)) == ()


def test_a_reply_like_any_other_says_that_whoever_was_away_is_back() -> None:
    assert markers(asked(*USUAL, *[None] * 5, (6, 6, 6))) == ()


def test_silence_and_a_fall_before_it_are_both_told_when_each_is_loud() -> None:
    quiet = signs(course_of(asked(*USUAL, (3, 3, 3), None, None, None, None)))

    assert [marker.signal for marker in quiet] == [Signal.SILENCE]  # a fall is told where it was seen


def test_the_floor_is_quiet_unless_all_that_was_asked_lies_at_the_bottom() -> None:
    low, lowest = course_of(asked((6, 6, 2))), course_of(asked((1, 2, 1)))

    assert [(marker.domain, marker.is_quiet) for marker in signs(low)] == [(Domain.BOND, True)]
    assert {marker.is_quiet for marker in signs(lowest)} == {False}
    assert (deep_floor(low), deep_floor(lowest)) == (False, True)
    assert DEEP_FLOOR < 0.5


@pytest.mark.parametrize(
    ("clinician", "told"),
    [
        pytest.param({Domain.BOND: 1.0}, [Domain.BOND], id="a third of the range apart"),
        pytest.param({Domain.BOND: 5 / 6}, [], id="a sixth apart"),
        pytest.param({Domain.BOND: 0.1}, [], id="the clinician is lower"),
        pytest.param({}, [], id="not asked"),
    ],
)
def test_a_clinician_who_rates_clearly_higher_is_told(clinician: dict[Domain, float], told: list[Domain]) -> None:
    seen = replace(asked((6, 6, 5))[0], clinician_ratings=clinician)

    found = markers([seen])

    assert [marker.domain for marker in found] == told
    assert all(marker.signal is Signal.DISAGREEMENT and marker.is_quiet for marker in found)


def test_a_changed_cadence_and_gaps_are_no_change_of_the_patient() -> None:
    weekly = [replace(seen, at=FIRST + nth * timedelta(days=7)) for nth, seen in enumerate(asked(*USUAL))]
    daily = [replace(seen, at=weekly[-1].at + timedelta(days=60 + nth)) for nth, seen in enumerate(asked(*USUAL))]

    assert markers([*weekly, *daily]) == ()
