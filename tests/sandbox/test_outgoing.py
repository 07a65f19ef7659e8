"""When an update goes to the webhook, in which order, and when it is tried again; no time passes here."""

import random
from datetime import timedelta

import pytest

from sandbox.outgoing import CAP, GONE_FOR, Outgoing, Parcel
from sandbox.updates import Update
from tests.sandbox.hands import NOON

DAY = 86_400.0
ANA, BEN = 1, 2


def update(number: int, *, subject: int | None = ANA, kind: str = "message") -> Update:
    return Update(update_id=number, kind=kind, subject=subject, body=b"{}", expires_at=NOON + timedelta(seconds=DAY))


def outgoing(*updates: Update, connections: int = 40, last_success: float = 0.0) -> Outgoing:
    started = Outgoing(connections, random.Random(1), last_success)  # noqa: S311  repeatable on purpose
    for each in updates:
        started.load(each, 0.0, lasts=DAY)
    return started


def due(started: Outgoing, now: float = 0.0) -> list[int]:
    """Take everything that goes out at that moment."""
    return [parcel.update.update_id for parcel in taken(started, now)]


def taken(started: Outgoing, now: float = 0.0) -> list[Parcel]:
    found: list[Parcel] = []
    while (parcel := started.next(now)) is not None:
        found.append(parcel)
    return found


def failing(started: Outgoing, *, times: int, lasts: float = DAY, retry_after: int = 0) -> list[float | None]:
    """Let the only update fail so often, each time as soon as it is due; return the waits."""
    waits: list[float | None] = []
    for _ in range(times):
        now = started.next_at()
        if now is None:
            break
        (parcel,) = taken(started, now)
        waits.append(started.failed(parcel, now, status=500, lasts=lasts, retry_after=retry_after))
    return waits


def test_the_second_try_comes_at_once_and_then_each_wait_is_twice_the_last() -> None:
    waits = failing(outgoing(update(1)), times=6)

    assert waits == [0, 2, 4, 8, 16, 32]


def test_no_wait_is_longer_than_a_random_number_between_one_and_two_minutes() -> None:
    waits = failing(outgoing(update(1)), times=40)[7:]

    assert all(wait is not None and CAP[0] <= wait <= CAP[1] for wait in waits)
    assert len(set(waits)) > 10


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        pytest.param(30, 30, id="what it asks for"),
        pytest.param(7_200, 3_600, id="an hour at most"),
        pytest.param(-5, 0, id="nothing below zero"),
    ],
)
def test_the_webhook_may_ask_for_time(asked: int, waited: float) -> None:
    assert failing(outgoing(update(1)), times=1, retry_after=asked) == [waited]


def test_time_asked_for_does_not_lengthen_the_next_wait_by_itself() -> None:
    started = outgoing(update(1))
    failing(started, times=1, retry_after=30)

    assert failing(started, times=2) == [2, 4]


@pytest.mark.parametrize(
    ("lasts", "dropped"),
    [pytest.param(2.0, False, id="it lasts until then"), pytest.param(1.9, True, id="it does not")],
)
def test_an_update_whose_next_try_would_come_too_late_is_given_up(lasts: float, dropped: bool) -> None:
    started = outgoing(update(1), update(2))

    waits = failing(started, times=2, lasts=lasts)

    assert (waits[1] is None) is dropped
    assert due(started, 0.0) == ([2] if dropped else [])


def test_what_is_about_one_person_and_of_one_kind_keeps_its_order() -> None:
    started = outgoing(update(1), update(2))

    (first,) = taken(started)
    meanwhile = due(started)
    started.delivered(first, 1.0)

    assert (first.update.update_id, meanwhile, due(started, 1.0)) == (1, [], [2])


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(update(2, subject=BEN), id="another person"),
        pytest.param(update(2, kind="callback_query"), id="another kind of the same person"),
        pytest.param(update(2, subject=None), id="nobody"),
    ],
)
def test_everything_else_passes_side_by_side(other: Update) -> None:
    assert due(outgoing(update(1), other)) == [1, 2]


def test_a_failing_update_blocks_only_those_behind_it() -> None:
    started = outgoing(update(1), update(2), update(3, subject=BEN), update(4, subject=BEN))
    anas, bens = taken(started)
    started.failed(anas, 0.0, status=500, lasts=DAY)
    (anas,) = taken(started)
    started.failed(anas, 0.0, status=500, lasts=DAY)
    started.delivered(bens, 0.0)

    assert due(started, 0.5) == [4]
    assert due(started, 2.0) == [1]


def test_but_enough_failing_ones_hold_up_everything() -> None:
    started = outgoing(*(update(number, subject=number) for number in range(4)), connections=2)

    assert started.room == 0
    started.delivered(taken(started)[0], 0.0)
    assert started.room == 1


@pytest.mark.parametrize(
    ("quiet_for", "opened"),
    [pytest.param(10.0, 3, id="a success ten seconds ago"), pytest.param(10.1, 1, id="longer ago than that")],
)
def test_without_a_success_only_one_connection_is_opened(quiet_for: float, opened: int) -> None:
    started = outgoing(*(update(number, subject=number) for number in range(3)), last_success=-quiet_for)

    assert len(due(started)) == opened


def test_no_more_connections_are_opened_than_were_allowed() -> None:
    started = outgoing(*(update(number, subject=number) for number in range(3)), connections=2)

    assert len(due(started)) == 2


def test_a_connection_that_answered_stays_open_and_one_that_broke_does_not() -> None:
    started = outgoing(*(update(number, subject=number) for number in range(3)), connections=3)
    first, second, third = taken(started)

    started.failed(first, 0.0, status=500, lasts=DAY)
    started.failed(second, 0.0, status=0, lasts=DAY)
    started.failed(third, 0.0, status=500, lasts=DAY, hung_up=True)

    assert (started.busy, started.connections) == (0, 1)


@pytest.mark.parametrize(
    ("between", "gone"),
    [
        pytest.param(410, True, id="410 all the time"),
        pytest.param(0, True, id="silence is no change of mind"),
        pytest.param(500, False, id="another error in between"),
    ],
)
def test_a_webhook_that_is_gone_for_almost_a_day_is_closed(between: int, gone: bool) -> None:
    started = outgoing(update(1))
    for now, status in ((0.0, 410), (GONE_FOR / 2, between), (GONE_FOR + 1, 410)):
        started.ready[:] = [(now, 0, ("message", ANA))]
        (parcel,) = taken(started, now)
        started.failed(parcel, now, status=status, lasts=DAY)

    assert started.is_gone(GONE_FOR + 1) is gone


def test_a_success_means_the_webhook_is_not_gone() -> None:
    started = outgoing(update(1), update(2, subject=BEN))
    first, second = taken(started)
    started.failed(first, 0.0, status=410, lasts=DAY)
    started.delivered(second, 1.0)

    assert not started.is_gone(GONE_FOR * 2)
