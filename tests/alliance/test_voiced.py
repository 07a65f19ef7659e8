"""What words say beside ratings: they decide the kind of a fall, and a concern in words alone is told by itself."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

import alliance
from alliance.course import course_of
from alliance.flag_reason import Judgement, heard_in, heard_since, judged_again, kind_now, reason_of, with_heard
from alliance.heard import Heard, as_json, from_json, kind_said
from alliance.items import Domain, parse_instrument
from alliance.kind import RuptureKind
from alliance.marker import Marker, Signal
from alliance.observation import Observation
from alliance.rupture import LIMIT, markers
from tests.alliance.course_histories import asked, heard, phrases

AGAINST, AWAY = RuptureKind.CONFRONTATION, RuptureKind.WITHDRAWAL
FILE = Path(alliance.__path__[0]) / "instruments" / "alliance-brief.toml"
BRIEF = parse_instrument(FILE.read_text("utf-8"), name=FILE.name)
YIELDS = heard(AWAY, Domain.TASK, evidence=-0.1, rule="en.task.leaves_it_to_you")
OPEN = heard(AGAINST, Domain.BOND, evidence=3.3)


def told(history: list[Observation], *said: Heard, wrote: bool = True) -> tuple[Marker, ...]:
    """What the newest check-in says when these things were heard in its words."""
    return markers([*history[:-1], replace(history[-1], heard=said, wrote=wrote)])


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param((OPEN,), AGAINST, id="openly, in the domain that fell"),
        pytest.param((replace(OPEN, domain=Domain.GOAL),), AGAINST, id="openly, in another one"),
        pytest.param((YIELDS,), AWAY, id="giving in, in another domain"),
        pytest.param((YIELDS, OPEN), AGAINST, id="both: the domain that fell comes first"),
        pytest.param(
            (replace(OPEN, kind=AWAY), replace(YIELDS, kind=AGAINST)), AWAY, id="that domain, even if it yields"
        ),
        pytest.param((replace(OPEN, kind=AWAY), OPEN), AGAINST, id="a tie in one domain"),
        pytest.param((), AGAINST, id="words in which nothing was heard, as ever"),
    ],
)
def test_words_decide_the_kind_of_a_fall(said: tuple[Heard, ...], kind: RuptureKind) -> None:
    (marker,) = told(asked(*[(6, 6, 6)] * 8, (6, 6, 2)), *said)

    assert (marker.signal, marker.domain, marker.kind, marker.heard) == (Signal.DROP, Domain.BOND, kind, said)


def test_a_fall_without_a_word_stays_a_withdrawal() -> None:
    (marker,) = told(asked(*[(6, 6, 6)] * 8, (6, 6, 2)), wrote=False)

    assert (marker.kind, marker.heard) == (AWAY, ())


def test_a_concern_in_words_alone_is_told_with_the_ratings_beside_it() -> None:
    (marker,) = told(asked(*[(6, 6, 6)] * 8), OPEN)

    assert (marker.signal, marker.kind, marker.domain) == (Signal.VOICED, AGAINST, Domain.BOND)
    assert (marker.rating, marker.heard) == (pytest.approx(5 / 6), (OPEN,))
    assert marker.usual is not None
    assert marker.evidence is not None
    assert marker.evidence >= LIMIT


def test_words_that_say_too_little_are_not_told_alone() -> None:
    assert told(asked(*[(6, 6, 6)] * 8), YIELDS) == ()
    assert told(asked((6, 6, 6)), YIELDS) == ()


def test_a_clinic_with_less_attention_is_told_fewer_of_them() -> None:
    history = [*asked((6, 6, 6), (6, 6, 6))]
    history[-1] = replace(history[-1], heard=(replace(OPEN, evidence=2.0),))

    assert [marker.signal for marker in markers(history, limit=1.34)] == [Signal.VOICED]
    assert markers(history, limit=2.5) == ()


def test_weak_words_and_a_weak_fall_add_up() -> None:
    lower = asked(*[(6, 6, 6)] * 8, (6, 6, 5))
    (alone,) = markers(lower, limit=-9)
    assert alone.evidence is not None
    limit = alone.evidence + 0.5
    said = replace(lower[-1], heard=(replace(OPEN, evidence=alone.evidence),), wrote=True)

    assert markers(lower, limit=limit) == ()
    assert [marker.domain for marker in markers([*lower[:-1], said], limit=limit)] == [Domain.BOND]


def test_a_low_start_with_a_voiced_concern_is_no_quiet_remark() -> None:
    (quiet,) = told(asked((6, 6, 3)), YIELDS)
    (loud,) = told(asked((6, 6, 3)), OPEN)

    assert (quiet.signal, quiet.is_quiet, quiet.kind) == (Signal.FLOOR, True, AWAY)
    assert (loud.signal, loud.is_quiet, loud.kind) == (Signal.FLOOR, False, AGAINST)


def test_fewer_replies_are_explained_by_words_that_withdraw_and_a_complaint_stands_for_itself() -> None:
    thin = asked(*[(6, 6, 6)] * 9, *[None, None, None, None, None], (6, 6, None), words=20)
    thin[-1] = replace(thin[-1], words=2, appeasing=True, heard=(YIELDS, OPEN))

    found = {marker.signal: marker for marker in markers(thin, limit=-3)}

    assert (found[Signal.FADING].kind, found[Signal.FADING].heard) == (AWAY, (YIELDS,))
    assert (found[Signal.VOICED].kind, found[Signal.VOICED].domain) == (AGAINST, Domain.BOND)


def test_nothing_is_heard_where_nobody_replied() -> None:
    (silence,) = asked(None)

    with pytest.raises(ValueError, match="unanswered"):
        replace(silence, heard=(OPEN,))


@given(phrases)
def test_what_was_heard_is_read_again_as_it_was_written(said: tuple[Heard, ...]) -> None:
    assert tuple(from_json(json.loads(json.dumps(as_json(each)))) for each in said) == said


@given(phrases)
def test_words_have_a_kind_exactly_when_there_are_any(said: tuple[Heard, ...]) -> None:
    assert all((kind_said(said, domain) is None) == (not said) for domain in (*Domain, None))


@given(phrases)
def test_a_stored_reason_is_judged_again_to_the_same_marker(said: tuple[Heard, ...]) -> None:
    history = asked(*[(6, 6, 6)] * 8, (6, 6, 2))
    course = course_of([*history[:-1], replace(history[-1], heard=said, wrote=True)])
    (marker,) = markers([*history[:-1], replace(history[-1], heard=said, wrote=True)])
    reason = reason_of(marker, (), Judgement(course=course, instrument=BRIEF, limit=LIMIT))

    stored = json.loads(json.dumps(reason))

    assert judged_again(stored, signal=marker.signal, since=marker.since) == marker
    assert "Does not" not in json.dumps(stored) or said


def test_with_another_limit_the_same_inputs_would_be_told_no_more() -> None:
    (marker,) = told(asked(*[(6, 6, 6)] * 8), OPEN)
    course = course_of([*asked(*[(6, 6, 6)] * 7), replace(asked(*[(6, 6, 6)] * 8)[-1], heard=(OPEN,), wrote=True)])
    reason = reason_of(marker, (), Judgement(course=course, instrument=BRIEF, limit=LIMIT))

    assert judged_again(reason, signal=Signal.VOICED, since=marker.since) == marker
    assert judged_again({**reason, "limit": 9.0}, signal=Signal.VOICED, since=marker.since) is None


def test_a_reason_of_before_words_were_read_is_still_read() -> None:
    (marker,) = told(asked(*[(6, 6, 6)] * 8, (6, 6, 2)), wrote=True)
    course = course_of([*asked(*[(6, 6, 6)] * 8, (6, 6, 2))])
    reason = reason_of(marker, (), Judgement(course=course, instrument=BRIEF, limit=LIMIT))
    seen = json.loads(json.dumps(reason["seen"]))
    del seen["newest"]["heard"]
    old = {key: value for key, value in reason.items() if key != "heard"} | {"seen": seen | {"version": 1}}

    again = judged_again(old, signal=Signal.DROP, since=marker.since)

    assert again is not None
    assert (again.domain, again.strength, heard_in(old)) == (marker.domain, marker.strength, ())


def test_what_is_said_later_joins_once_and_may_change_the_kind() -> None:
    (marker,) = told(asked(*[(6, 6, 6)] * 8, (6, 6, 2)), YIELDS)
    reason = reason_of(marker, (), Judgement(course=None, instrument=BRIEF, limit=LIMIT))
    later = replace(OPEN, message=2)

    joined = with_heard(with_heard(reason, (later, YIELDS)), (later,))

    assert (heard_since(joined), heard_in(joined)) == ((later,), (YIELDS, later))
    assert kind_now(reason, signal="drop", domain="bond") is AWAY
    assert kind_now(joined, signal="drop", domain="bond") is AGAINST
    assert kind_now(joined, signal="silence", domain=None) is None
