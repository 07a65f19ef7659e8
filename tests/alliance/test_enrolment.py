"""The life of an enrolment: what may follow what, who may be asked, and when a pause ends."""

from datetime import date, timedelta

import pytest

from alliance.enrolment import (
    ENDED,
    LONGEST_PAUSE,
    EnrolmentState,
    may_be_asked,
    may_become,
    pause_end,
    pause_is_over,
)

MONDAY = date(2026, 3, 2)
S = EnrolmentState


@pytest.mark.parametrize(
    ("state", "to"),
    [
        pytest.param(S.INVITED, S.ACTIVE, id="says yes"),
        pytest.param(S.INVITED, S.LEFT, id="says no"),
        pytest.param(S.INVITED, S.DECEASED, id="dies before the yes"),
        pytest.param(S.ACTIVE, S.PAUSED, id="pauses"),
        pytest.param(S.PAUSED, S.ACTIVE, id="resumes"),
        pytest.param(S.PAUSED, S.LEFT, id="leaves out of a pause"),
        pytest.param(S.ACTIVE, S.ON_HOLD, id="goes to hospital"),
        pytest.param(S.ON_HOLD, S.ACTIVE, id="comes home"),
        pytest.param(S.LEFT, S.INVITED, id="is invited again after leaving"),
        pytest.param(S.DISCHARGED, S.INVITED, id="is invited again after a discharge"),
    ],
)
def test_what_may_follow(state: EnrolmentState, to: EnrolmentState) -> None:
    assert may_become(state, to)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        pytest.param(S.LEFT, S.ACTIVE, id="takes part again without a new yes"),
        pytest.param(S.DISCHARGED, S.ACTIVE, id="takes part again after a discharge without a new yes"),
        pytest.param(S.ON_HOLD, S.PAUSED, id="the patient's pause on top of the clinic's"),
        pytest.param(S.INVITED, S.PAUSED, id="pauses what has not begun"),
        pytest.param(S.LEFT, S.DISCHARGED, id="is discharged after leaving"),
        *(pytest.param(S.DECEASED, to, id=f"comes back from death as {to}") for to in S),
    ],
)
def test_what_may_not_follow(state: EnrolmentState, to: EnrolmentState) -> None:
    assert not may_become(state, to)


@pytest.mark.parametrize("state", [S.INVITED, S.ACTIVE, S.PAUSED, S.ON_HOLD])
@pytest.mark.parametrize("end", sorted(ENDED))
def test_from_wherever_somebody_takes_part_it_may_end(state: EnrolmentState, end: EnrolmentState) -> None:
    assert may_become(state, end)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_out_of_an_end_there_is_at_most_a_new_invitation(state: EnrolmentState) -> None:
    assert {to for to in S if may_become(state, to)} <= {S.INVITED}


def test_only_who_takes_part_is_asked() -> None:
    assert [state for state in S if may_be_asked(state)] == [S.ACTIVE]


@pytest.mark.parametrize(
    ("words", "days"), [pytest.param("1", 1, id="a day"), pytest.param("14", 14, id="a fortnight"), ("365", 365)]
)
def test_a_pause_of_days_ends_so_many_days_later(words: str, days: int) -> None:
    assert pause_end(today=MONDAY, words=words) == MONDAY + timedelta(days=days)


@pytest.mark.parametrize("words", ["", "0", "366", "0366", "-1", "1.5", "two", "14 days", "١٤", "²", "9" * 400])
def test_words_that_are_no_number_of_days_end_nothing(words: str) -> None:
    assert pause_end(today=MONDAY, words=words) is None


def test_the_longest_pause_is_a_year() -> None:
    assert LONGEST_PAUSE == 365


@pytest.mark.parametrize(
    ("until", "over"),
    [
        pytest.param(MONDAY - timedelta(days=1), True, id="since yesterday"),
        pytest.param(MONDAY, True, id="today"),
        pytest.param(MONDAY + timedelta(days=1), False, id="tomorrow"),
        pytest.param(None, False, id="without an end"),
    ],
)
def test_a_pause_is_over_on_its_day(until: date | None, over: bool) -> None:
    assert pause_is_over(paused_until=until, today=MONDAY) is over
