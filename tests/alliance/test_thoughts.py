"""Which messages are one thought, and how what was found in all of them is found again in each."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.listening import listen, listen_together
from alliance.thoughts import LONGEST, PAUSE, REACH, goes_on, joined, part_of, seams
from bot.phrases import shipped_language

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("since_the_last", "since_the_first", "is_one"),
    [
        pytest.param(timedelta(0), timedelta(0), True, id="in the same second"),
        pytest.param(PAUSE, PAUSE, True, id="as late as it may be"),
        pytest.param(PAUSE + timedelta(seconds=1), PAUSE + timedelta(seconds=1), False, id="a second later"),
        pytest.param(timedelta(seconds=5), LONGEST, True, id="the end of a long one"),
        pytest.param(timedelta(seconds=5), LONGEST + timedelta(seconds=1), False, id="an evening's chat"),
    ],
)
def test_messages_in_a_row_are_one_thought(since_the_last: timedelta, since_the_first: timedelta, is_one: bool) -> None:
    began_at, previous_at = NINE - since_the_first, NINE - since_the_last

    assert goes_on(began_at=began_at, previous_at=previous_at, at=NINE) is is_one


@given(texts=TEXTS, places=st.tuples(st.integers(0, 110), st.integers(0, 110)))
def test_a_stretch_of_the_whole_ends_in_one_part_and_says_the_same_there(
    texts: list[str], places: tuple[int, int]
) -> None:
    whole = joined(texts)
    first, last = sorted(min(place, len(whole)) for place in places)

    part, (begins, ends) = part_of((first, last), texts)

    assert begins >= 0
    assert ends <= len(texts[part])
    assert whole[first:last].endswith(texts[part][begins : max(begins, ends)])


def test_a_stretch_beyond_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(0, 9\)"):
        part_of((0, 9), ["ab", "cd"])


def test_the_seams_are_what_stands_beside_a_text_and_no_more() -> None:
    long = "x" * REACH + "y" * REACH

    assert seams((), "die", ()) == ()
    assert seams(("I want", "to"), "die", ()) == ("I want to die",)
    assert seams(("I want",), "to", ("die",)) == ("I want to die",)
    assert seams(("ahead",), long, ("behind",)) == (f"ahead {'x' * REACH}", f"{'y' * REACH} behind")
    assert seams((long,), "end", ()) == (f"{'y' * REACH} end",)


def test_what_is_heard_over_a_seam_is_kept_where_it_ends_and_read_once() -> None:
    rules = shipped_language()
    texts = ("In the last visit I did not", "feel heard at all")
    whole = listen(joined(texts), rules, language="en")
    assert whole is not None
    assert whole["heard"]

    first, second = listen_together(texts, rules, language="en")

    assert first is not None
    assert second is not None
    assert listen(texts[1], rules, language="en") != second  # by itself it says something else
    assert [*_rules(first), *_rules(second)] == _rules(whole)
    for kept, text in ((first, texts[0]), (second, texts[1])):
        assert all(0 <= begins < ends <= len(text) for begins, ends in _spans(kept))


def test_where_nothing_can_be_read_nothing_is_kept_of_any_part() -> None:
    assert listen_together(("ja", "wohl"), shipped_language(), language="de") == (None, None)


def _rules(kept: dict[str, object]) -> list[object]:
    return [each["rule"] for each in kept["heard"]]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType, reportIndexIssue]  # JSON


def _spans(kept: dict[str, object]) -> list[list[int]]:
    return [each["span"] for each in kept["heard"]]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType, reportIndexIssue]  # JSON
