"""What the past would have raised: each sign once while it lasts, and again when it is news."""

from alliance.items import Domain
from alliance.past_flags import PastFlag, past_flags
from alliance.rupture import LIMIT, Signal
from tests.alliance.course_histories import Row, asked

USUAL: list[Row] = [(6, 6, 6), (6, 7, 6), (7, 6, 6), (6, 6, 7)] * 3
LOW: Row = (6, 6, 3)


def raised(*rows: Row) -> list[PastFlag]:
    return list(past_flags(asked(*rows), limit=LIMIT, points=7))


def test_an_ordinary_past_raises_nothing() -> None:
    assert raised(*USUAL) == []


def test_a_fall_that_lasts_a_week_is_one_flag() -> None:
    (flag,) = raised(*USUAL, LOW, LOW, (6, 6, 6), (6, 6, 6))

    assert (flag.marker.domain, flag.marker.signal) == (Domain.BOND, Signal.DROP)
    assert flag.raised.at == asked(*USUAL, LOW)[-1].at


def test_what_recovered_and_falls_again_is_another_flag() -> None:
    assert len(raised(*USUAL, LOW, (6, 6, 6), (6, 6, 6), (6, 6, 2))) == 2


def test_a_silence_of_many_weeks_is_told_again_after_two_each() -> None:
    flags = raised(*USUAL, *[None] * 12)

    assert {flag.marker.signal for flag in flags} == {Signal.SILENCE}
    assert len(flags) == 3


def test_domains_that_fall_together_are_one_flag() -> None:
    (flag,) = raised(*USUAL, (3, 3, 3))

    assert {flag.marker.domain, *(other.domain for other in flag.others)} == set(Domain)
