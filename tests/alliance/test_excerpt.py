"""A phrase with a little around it, and words in which phrases stand out: nothing is changed, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.excerpt import AROUND, CUT, Excerpt, excerpt
from alliance.saying import shown_words


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 400))
def test_the_phrase_is_exactly_what_was_written(text: str, first: int, last: int) -> None:
    found = excerpt(text, (first, last))

    if not 0 <= first < last <= len(text):
        assert found is None
        return
    assert found is not None
    assert found.phrase == text[first:last]
    assert text[:first].endswith(found.before.removeprefix(CUT))
    assert text[last:].startswith(found.after.removesuffix(CUT))
    assert max(len(found.before), len(found.after)) <= AROUND + len(CUT)


def test_a_long_message_is_cut_between_words() -> None:
    text = f"{'before ' * 20}You never listen.{' after' * 20}"
    first = text.index("You")

    found = excerpt(text, (first, first + 16))

    assert found == Excerpt(before=f"{CUT}{'before ' * 9}", phrase="You never listen", after=f".{' after' * 11}{CUT}")


def test_a_short_one_is_shown_whole() -> None:
    assert excerpt("No. You never listen.", (4, 20)) == Excerpt(before="No. ", phrase="You never listen", after=".")


@pytest.mark.parametrize(
    ("phrases", "bold"),
    [
        pytest.param([], ["ANA"], id="none"),
        pytest.param([(2, 7)], ["ANA", "never"], id="one, behind a character of two units"),
        pytest.param([(2, 7), (4, 14)], ["ANA", "never", " listen"], id="two that overlap"),
        pytest.param([(90, 99)], ["ANA"], id="one that is not there"),
    ],
)
def test_phrases_stand_out_where_telegram_counts_them(phrases: list[tuple[int, int]], bold: list[str]) -> None:
    saying = shown_words("ANA\nChanged later\n", "😶 never listen", phrases)

    units = saying.text.encode("utf-16-le")
    assert saying.text == "ANA\nChanged later\n😶 never listen"
    assert saying.protected
    assert [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le") for each in saying.emphasis
    ] == bold
