"""What is flagged as a possible rupture, and just as much what is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.items import Domain
from alliance.rupture import Marker, Observation, RuptureKind, Signal, markers

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
HALF_A_WEEK = timedelta(days=3, hours=12)


def asked(
    *points: float | None, domain: Domain = Domain.BOND, every: timedelta = HALF_A_WEEK, wrote: bool = False
) -> list[Observation]:
    """Check-ins answered with 1 to 7 in one domain, None unanswered; a remark, if any, with the newest."""
    history = [
        Observation(
            at=FIRST + nth * every,
            ratings={} if point is None else {domain: (point - 1) / 6},
            replied=point is not None,
        )
        for nth, point in enumerate(points)
    ]
    return [*history[:-1], replace(history[-1], wrote=wrote)] if history else []


def signals(history: Sequence[Observation]) -> list[Signal]:
    return [marker.signal for marker in markers(history)]


def the(signal: Signal, history: Sequence[Observation]) -> Marker:
    (found,) = (marker for marker in markers(history) if marker.signal is signal)
    return found


def test_nobody_asked_nothing_said() -> None:
    assert markers([]) == ()


def test_a_drop_below_the_patients_own_usual_is_flagged_with_its_evidence() -> None:
    history = asked(6, 7, 6, 6, 7, 6, 3.6)

    marker = the(Signal.DROP, history)

    assert (marker.kind, marker.domain) == (RuptureKind.WITHDRAWAL, Domain.BOND)
    assert marker.since == history[-1].at
    assert marker.rating == pytest.approx(2.6 / 6)
    assert marker.usual is not None
    assert marker.usual.low > 2.6 / 6
    assert marker.usual.count == 6
    assert marker.unanswered == 0
    assert marker.rule == "drop/3"
    assert 0.5 <= marker.strength <= 1


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([6, 7, 6, 6, 7, 6, 5.5], id="an ordinary answer"),
        pytest.param([7] * 400 + [6], id="always seven, once six"),
        pytest.param([7, 4.2] * 10, id="a patient who swings"),
        pytest.param([4.2] * 12, id="low but usual"),
        pytest.param([7, 7, 7, 4.2], id="three answers are no usual yet"),
        pytest.param([4.2, 6, 7, 6, 7, 6, 7], id="a rise"),
        pytest.param([7, 7, 7, 7, 7, 7, None], id="missing is not low"),
    ],
)
def test_what_is_no_drop_for_this_person_is_not_flagged(points: list[float | None]) -> None:
    assert signals(asked(*points)) == []


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([7, 7, 7, 7, 3.6], id="after four answers"),
        pytest.param([7] * 400 + [5], id="always seven, once five"),
        pytest.param([7, None, 7, 7, None, 7, 3.6], id="unanswered ones between do not count"),
        pytest.param([7, 6, 7, 6, 7, 6, 3.6, 7, 7, 6, 7, 6, 2.5], id="a second time"),
    ],
)
def test_what_is_a_drop_for_this_person_is_flagged(points: list[float | None]) -> None:
    assert signals(asked(*points)) == [Signal.DROP]


@given(st.lists(st.floats(0, 1), min_size=5, max_size=40))
def test_a_drop_is_never_less_than_a_point_of_seven(fractions: list[float]) -> None:
    history = asked(*(1 + 6 * fraction for fraction in fractions))

    drops = [marker for marker in markers(history) if marker.signal is Signal.DROP]

    for drop in drops:
        assert drop.usual is not None
        assert drop.rating is not None
        assert drop.usual.mean - drop.rating > 1 / 6


def test_a_drop_that_lasts_is_told_from_its_beginning() -> None:
    history = asked(6, 7, 6, 6, 7, 6, 7, 6, 4.1, None, 4.2)

    assert the(Signal.DROP, history).since == history[8].at


def test_a_drop_that_has_passed_is_told_no_more() -> None:
    assert signals(asked(6, 7, 6, 6, 7, 6, 7, 6, 4.1, 6)) == []


def test_a_fall_that_came_with_words_may_be_confrontation() -> None:
    silent, said = asked(6, 7, 6, 6, 7, 2), asked(6, 7, 6, 6, 7, 2, wrote=True)

    assert {marker.kind for marker in markers(silent)} == {RuptureKind.WITHDRAWAL}
    assert {marker.kind for marker in markers(said)} == {RuptureKind.CONFRONTATION}


def test_words_without_a_fall_are_no_marker() -> None:
    assert markers(asked(6, 7, 6, 6, 7, 6, wrote=True)) == ()


def test_half_the_range_is_the_floor_from_the_first_answer_on() -> None:
    marker = the(Signal.FLOOR, asked(4))

    assert (marker.strength, marker.rating, marker.usual) == (0.5, 0.5, None)
    assert (marker.since, marker.rule) == (FIRST, "floor/3")


def test_just_above_half_the_range_is_not_the_floor() -> None:
    assert signals(asked(4.1)) == []


def test_the_floor_is_told_once_in_four_weeks() -> None:
    weekly = timedelta(weeks=1)

    assert signals(asked(4, 4, every=weekly)) == []
    assert signals(asked(4, 5, 5, 4, every=weekly)) == []
    assert signals(asked(4, 5, 4, every=3 * weekly)) == [Signal.FLOOR]


def test_a_low_but_usual_rating_is_not_flagged() -> None:
    assert signals(asked(*[3] * 12)) == []


def test_a_low_and_unusual_rating_is_told_as_a_drop_and_not_as_a_floor_too() -> None:
    history = asked(6, 7, 6, 6, 7, 6, 1)

    assert signals(history) == [Signal.DROP]
    assert {marker.strength > 0.7 for marker in markers(history)} == {True}  # a strong sign, in the digest's words


def test_the_floor_is_not_told_where_it_is_usual() -> None:
    monthly = timedelta(weeks=5)

    assert signals(asked(4, 5, 4, 5, 4, every=monthly)) == []


def test_domains_are_judged_apart() -> None:
    usual = asked(6, 6, 6, 6, 6, domain=Domain.GOAL)
    both = [
        *(replace(seen, ratings={**seen.ratings, Domain.TASK: 5 / 6}) for seen in usual),
        Observation(at=FIRST + timedelta(days=90), ratings={Domain.GOAL: 5 / 6, Domain.TASK: 0.0}, replied=True),
    ]

    assert {marker.domain for marker in markers(both)} == {Domain.TASK}


def test_an_item_left_out_is_not_low() -> None:
    history = [
        *asked(6, 6, 6, 6, 6),
        Observation(at=FIRST + timedelta(days=90), ratings={Domain.GOAL: 1.0}, replied=True),
    ]

    assert markers(history) == ()


@pytest.mark.parametrize(
    ("points", "unanswered"),
    [
        pytest.param([None] * 6, 6, id="never answered anything"),
        pytest.param([7] * 20 + [None] * 3, 3, id="who always replies, three in a row"),
        pytest.param([7, 7, None] * 8 + [7] + [None] * 5, 5, id="who often replies, five in a row"),
        pytest.param([7, None] * 10 + [None] * 6, 7, id="who replies now and then, seven in a row"),
    ],
)
def test_a_silence_that_habit_does_not_explain_is_flagged(points: list[float | None], unanswered: int) -> None:
    history = asked(*points)

    marker = the(Signal.SILENCE, history)

    assert (marker.kind, marker.domain) == (RuptureKind.WITHDRAWAL, None)
    assert (marker.unanswered, marker.since) == (unanswered, history[-unanswered].at)
    assert (marker.rating, marker.usual, marker.rule) == (None, None, "silence/2")


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([None] * 5, id="never answered anything, too early to tell"),
        pytest.param([7] * 400 + [None] * 2, id="who always replies, two in a row"),
        pytest.param([7, None] * 10 + [None] * 4, id="who replies now and then, five in a row"),
        pytest.param([7] * 20 + [None] * 9 + [7], id="back again"),
        pytest.param([7] * 20 + [None, 7] * 5, id="every other one"),
    ],
)
def test_a_silence_that_habit_explains_is_not_flagged(points: list[float | None]) -> None:
    assert signals(asked(*points)) == []


def test_a_silence_stays_flagged_while_it_lasts_and_does_not_become_a_habit() -> None:
    for missed in range(3, 60):
        history = asked(*[7] * 20, *[None] * missed)

        assert (the(Signal.SILENCE, history).unanswered, the(Signal.SILENCE, history).since) == (
            missed,
            history[20].at,
        )


def test_a_reply_in_words_alone_ends_a_silence() -> None:
    history = [
        *asked(*[7] * 20, *[None] * 5),
        Observation(at=FIRST + timedelta(days=200), ratings={}, replied=True, wrote=True),
    ]

    assert markers(history) == ()


@given(
    st.lists(
        st.one_of(st.none(), st.fixed_dictionaries({}, optional={each: st.floats(0, 1) for each in Domain})),
        max_size=40,
    )
)
def test_any_history_is_judged_strongest_first_and_within_bounds(
    answers: list[dict[Domain, float] | None],
) -> None:
    history = [
        Observation(at=FIRST + nth * HALF_A_WEEK, ratings=answer or {}, replied=answer is not None)
        for nth, answer in enumerate(answers)
    ]

    found = markers(history)

    strengths = [marker.strength for marker in found]
    assert strengths == sorted(strengths, reverse=True)
    assert all(0.5 <= strength <= 1 for strength in strengths)
    assert all(marker.domain is None or marker.domain in history[-1].ratings for marker in found)


def test_a_history_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="oldest first"):
        markers(asked(7, 7)[::-1])


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        pytest.param({"at": datetime(2026, 3, 2, 8)}, "offset", id="a moment without zone"),
        pytest.param({"ratings": {Domain.BOND: 7.0}}, "fraction", id="points instead of a fraction"),
        pytest.param({"ratings": {Domain.BOND: float("nan")}}, "fraction", id="no number"),
        pytest.param({"replied": False}, "unanswered", id="an answer without a reply"),
        pytest.param({"ratings": {}, "replied": False, "wrote": True}, "unanswered", id="words without a reply"),
    ],
)
def test_an_observation_that_cannot_be_is_refused(wrong: dict[str, object], because: str) -> None:
    sound = Observation(at=FIRST, ratings={Domain.BOND: 1.0}, replied=True)

    with pytest.raises(ValueError, match=because):
        replace(sound, **wrong)
