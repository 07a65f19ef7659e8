"""Who is paged next: one after another while there is somebody new, then everybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.alerts import CHASE_EVERY, REMIND_EVERY, SAME_MOMENT, whom_to_page

COLE, DAY, KIM = 1, 2, 3
ORDER = (COLE, DAY, KIM)


@pytest.mark.parametrize(
    ("paged", "next_ones"),
    [
        pytest.param([], (COLE,), id="nobody yet"),
        pytest.param([COLE], (DAY,), id="the first one"),
        pytest.param([COLE, DAY], (KIM,), id="two of three"),
        pytest.param([DAY], (COLE,), id="only the second: the first one comes first"),
        pytest.param([KIM, COLE], (DAY,), id="in whatever order they were paged"),
        pytest.param([COLE, DAY, KIM], ORDER, id="all of them: everybody again"),
        pytest.param([9], (COLE,), id="somebody who is no longer in the order"),
    ],
)
def test_the_next_page_goes_to(paged: list[int], next_ones: tuple[int, ...]) -> None:
    assert whom_to_page(ORDER, paged=paged) == next_ones


def test_an_empty_order_pages_nobody() -> None:
    assert whom_to_page((), paged=[COLE]) == ()


@given(order=st.lists(st.integers(0, 9), unique=True, min_size=1), paged=st.sets(st.integers(0, 12)))
def test_whoever_was_paged_before_there_is_always_somebody(order: list[int], paged: set[int]) -> None:
    chosen = whom_to_page(order, paged=paged)

    assert chosen
    assert set(chosen) <= set(order)
    assert chosen == tuple(order) or chosen[0] not in paged


def test_one_moment_is_shorter_than_a_chase_and_a_chase_than_a_reminder() -> None:
    assert SAME_MOMENT < CHASE_EVERY < REMIND_EVERY
