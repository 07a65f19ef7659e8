"""What becomes of a message that was tried: never lost, never a third copy, never held for ever."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.delivery import LONGEST_WAIT, MOST_COPIES, MOST_REPEATS, Lane, Next, OutboxState, Result, after_try

ENDS = {Result.SENT: OutboxState.SENT, Result.BLOCKED: OutboxState.BLOCKED, Result.REJECTED: OutboxState.REJECTED}
results = st.sampled_from(Result)
lanes = st.sampled_from(Lane)


def tried(
    result: Result, *, lane: Lane = Lane.REPLY, repeatable: bool = False, tries: int = 1, unclear: int = 1
) -> Next:
    return after_try(result, lane=lane, repeatable=repeatable, tries=tries, unclear=unclear, hold=timedelta(seconds=30))


@pytest.mark.parametrize(("result", "state"), ENDS.items(), ids=str)
@pytest.mark.parametrize("repeatable", [True, False], ids=["an edit", "a message"])
def test_a_clear_answer_is_the_end(result: Result, state: OutboxState, repeatable: bool) -> None:
    assert tried(result, repeatable=repeatable) == Next(state=state)


def test_what_telegram_asks_for_is_kept_to_the_second() -> None:
    assert tried(Result.HELD) == Next(state=OutboxState.QUEUED, rest=timedelta(seconds=30))


@pytest.mark.parametrize(
    ("lane", "rest"),
    [
        pytest.param(Lane.SAFETY, timedelta(seconds=1), id="safety: a copy is better than silence"),
        pytest.param(Lane.CHECKIN, timedelta(minutes=10), id="check-in: a tap proves that it arrived"),
    ],
)
def test_after_an_unclear_answer_there_is_one_copy_after_a_rest(lane: Lane, rest: timedelta) -> None:
    assert tried(Result.AMBIGUOUS, lane=lane) == Next(state=OutboxState.QUEUED, rest=rest)


@pytest.mark.parametrize("lane", list(Lane), ids=str)
def test_a_second_unclear_answer_is_the_end_and_says_so(lane: Lane) -> None:
    assert tried(Result.AMBIGUOUS, lane=lane, tries=2, unclear=MOST_COPIES) == Next(state=OutboxState.UNCERTAIN)


@pytest.mark.parametrize(
    ("unclear", "state"),
    [
        pytest.param(MOST_COPIES, OutboxState.QUEUED, id="more often than a message"),
        pytest.param(MOST_REPEATS - 1, OutboxState.QUEUED, id="once more"),
        pytest.param(MOST_REPEATS, OutboxState.UNCERTAIN, id="not for ever: its chat would be held"),
    ],
)
def test_an_edit_may_be_repeated_but_not_for_ever(unclear: int, state: OutboxState) -> None:
    assert tried(Result.AMBIGUOUS, repeatable=True, tries=unclear, unclear=unclear).state is state


@given(tries=st.integers(1, 10_000), lane=lanes, repeatable=st.booleans())
def test_what_was_certainly_not_sent_is_tried_until_it_is(tries: int, lane: Lane, repeatable: bool) -> None:
    then = tried(Result.NOT_SENT, lane=lane, repeatable=repeatable, tries=tries, unclear=0)

    assert then.state is OutboxState.QUEUED
    assert timedelta(0) < then.rest <= LONGEST_WAIT


@given(st.lists(results, max_size=40), lanes, st.booleans())
def test_whatever_happens_a_message_has_at_most_one_copy_and_an_edit_an_end(
    happened: list[Result], lane: Lane, repeatable: bool
) -> None:
    unclear = 0
    for number, result in enumerate(happened, 1):
        unclear += result is Result.AMBIGUOUS
        then = tried(result, lane=lane, repeatable=repeatable, tries=number, unclear=unclear)
        if then.state is not OutboxState.QUEUED:
            break

    assert unclear <= (MOST_REPEATS if repeatable else MOST_COPIES)
