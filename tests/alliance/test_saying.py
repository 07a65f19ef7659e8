"""One saying as messages that Telegram takes: nothing lost, nothing empty, nothing too long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance.saying import LONGEST, Button, Emphasis, Saying, headed, in_parts, utf16_length

BUTTONS = ((Button(label="Reviewed", press="f:1:1:reviewed"),),)
SEEDLING = "\N{SEEDLING}"  # two UTF-16 units

texts = st.lists(
    st.one_of(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
        st.sampled_from(["\n", "\n\n\n", " " * 500, "a long line " * 400, SEEDLING * 3000, "\n" * 5000]),
    ),
    max_size=6,
).map("".join)


@settings(deadline=None)
@given(text=texts.filter(str.strip), protected=st.booleans())
def test_parts_are_never_too_long_nor_empty_and_joined_they_are_the_text(text: str, protected: bool) -> None:
    parts = in_parts(Saying(text=text, rows=BUTTONS, protected=protected))

    rest = text
    for part in parts:
        before, found, rest = rest.partition(part.text)
        assert found
        assert not before.strip()  # only blank lines are passed over, where they would be a message of their own
    assert not rest.strip()
    for part in parts:
        assert 0 < utf16_length(part.text) <= LONGEST
        assert part.text.strip()
        assert part.protected is protected
    assert [part.rows for part in parts] == [()] * (len(parts) - 1) + [BUTTONS]


@settings(deadline=None)
@given(before=texts, bold=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), after=texts)
def test_what_stands_out_stands_out_in_the_part_it_lies_in(before: str, bold: str, after: str) -> None:
    whole = Saying(
        text=f"{before}{bold}{after}.",
        emphasis=(Emphasis(offset=utf16_length(before), length=utf16_length(bold)),),
    )

    parts = in_parts(whole)

    found = [(part, mark) for part in parts for mark in part.emphasis]
    assert len(found) <= 1
    for part, mark in found:
        units = part.text.encode("utf-16-le")
        assert units[2 * mark.offset : 2 * (mark.offset + mark.length)].decode("utf-16-le") == bold


def test_what_fits_stays_one_message_as_it_is() -> None:
    saying = Saying(text="x" * LONGEST, rows=BUTTONS)

    assert in_parts(saying) == (saying,)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        pytest.param("x" * (LONGEST + 1), [LONGEST, 1], id="one character too many"),
        pytest.param(SEEDLING * (LONGEST // 2 + 1), [LONGEST, 2], id="counted in units, never half a character"),
        pytest.param("x" + SEEDLING * (LONGEST // 2), [LONGEST - 1, 2], id="no half a character at the end"),
        pytest.param(f"{'x' * 4000}\n{'y' * 4000}", [4001, 4000], id="after a line"),
        pytest.param("x" * LONGEST + "\n\n\n", [LONGEST], id="no message of blank lines at the end"),
        pytest.param("x\n" + "\n" * 3 * LONGEST + "y", [LONGEST, 3], id="nor in between"),
    ],
)
def test_where_it_is_cut(text: str, lengths: list[int]) -> None:
    assert [utf16_length(part.text) for part in in_parts(Saying(text=text))] == lengths


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("abc", 3), ("ñ", 1), ("n\u0303", 2), (SEEDLING, 2), ("\ud83d", 1)],
)
def test_lengths_are_counted_as_telegram_counts_them(text: str, units: int) -> None:
    assert utf16_length(text) == units


@given(title=st.text(st.characters(codec="utf-8"), min_size=1), body=st.text(st.characters(codec="utf-8")))
def test_the_title_stands_out_and_the_body_does_not(title: str, body: str) -> None:
    saying = headed(title, body)

    assert saying.text == (f"{title}\n{body}" if body else title)
    assert saying.emphasis == (Emphasis(offset=0, length=utf16_length(title)),)
