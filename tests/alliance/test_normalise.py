"""Disguised words are read as the words they stand for, and every word knows where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.normalise import Reading, normalise
from alliance.spelling import NO_WORDS, Lexicon

WORDS = Lexicon.of(
    ["i", "want", "to", "die", "kill", "myself", "me", "do", "not", "be", "here", "any", "more", "tablets", "suicide"]
)


def words(text: str, lexicon: Lexicon = WORDS) -> tuple[str, ...]:
    return normalise(text, lexicon).words


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("KILL MYSELF", id="capitals"),
        pytest.param("ｋｉｌｌ ｍｙｓｅｌｆ", id="fullwidth"),
        pytest.param("𝖐𝖎𝖑𝖑 𝓂𝓎𝓈𝑒𝓁𝒻", id="mathematical letters"),
        pytest.param("ⓚⓘⓛⓛ 🅼🆈🆂🅴🅻🅵", id="circled and squared letters"),
        pytest.param("кіll mуsеlf", id="Cyrillic lookalikes"),
        pytest.param("κιll myself", id="Greek lookalikes"),
        pytest.param("ᴋɪʟʟ ᴍʏsᴇʟꜰ", id="small capitals"),
        pytest.param("k\u200bi\u200cl\u200dl my\u2060self", id="zero-width characters"),
        pytest.param("ki\u00adll my\u00adself", id="soft hyphens"),
        pytest.param("\u202ekill\u202c \u2067myself\u2069", id="direction marks"),
        pytest.param("k\u0336i\u0336l\u0336l\u0336 mýsèlf", id="struck out and accented"),
        pytest.param("ki\x00ll my\x07self", id="control characters"),
        pytest.param("k1ll my$3lf", id="digits and signs for letters"),
        pytest.param("ki11 myse1f", id="ones for the letter l"),
        pytest.param("kiiiill myseeeelffff", id="stretched"),
        pytest.param("killlll myself", id="a double letter stretched"),
        pytest.param("k i l l  m y s e l f", id="spaced, words apart"),
        pytest.param("k i l l m y s e l f", id="spaced, words not apart"),
        pytest.param("k.i.l.l m-y-s-e-l-f", id="dots and dashes between"),
        pytest.param("k_i_l_l *myself*", id="underscores and stars"),
        pytest.param("“kill” 'myself'!!", id="quotation marks"),
    ],
)
def test_a_disguised_word_is_read_as_the_word(written: str) -> None:
    read = words(written)

    assert read == ("kill", "myself")


@pytest.mark.parametrize("written", ["don't", "don’t", "dont", "don`t", "DON'T", "do not", "don\u02bct", "d o n t"])
def test_a_contraction_reads_like_the_full_form(written: str) -> None:
    read = words(written)

    assert read == ("do", "not")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("ill and well", ("ill", "and", "well"), id="ill is not I will"),
        pytest.param("I'll", ("i", "will"), id="with its apostrophe it is"),
        pytest.param("my partner's car", ("my", "partners", "car"), id="a possessive is no verb"),
        pytest.param("he's here", ("he", "is", "here"), id="after a pronoun it is"),
        pytest.param("vitamin b 1 2", ("vitamin", "b", "1", "2"), id="single letters without a disguise stay"),
        pytest.param("20 mg at 10:30", ("20", "mg", "at", "10", "30"), id="numbers stay numbers"),
        pytest.param("30tablets", ("30", "tablets"), id="a number glued to a known word"),
        pytest.param("off too see", ("off", "too", "see"), id="ordinary double letters stay"),
        pytest.param("año ÉL ﬁn", ("ano", "el", "fin"), id="Spanish accents, and ñ with them, are folded"),
        pytest.param("ok 👍 fine", ("ok", "fine"), id="a picture separates words"),
    ],
)
def test_ordinary_writing_is_left_as_it_is(written: str, read: tuple[str, ...]) -> None:
    result = words(written)

    assert result == read


def test_letters_with_gaps_stay_single_where_nobody_listens_for_the_word() -> None:
    read = words("k i l l", NO_WORDS)

    assert read == ("k", "i", "l", "l")


def test_each_word_knows_where_it_stood_and_in_which_sentence_and_clause() -> None:
    written = "Well, I don't! K i l l\u200b me"

    reading = normalise(written, WORDS)

    assert reading == Reading(
        words=("well", "i", "do", "not", "kill", "me"),
        spans=((0, 4), (6, 7), (8, 13), (8, 13), (15, 22), (24, 26)),
        sentences=(0, 0, 0, 0, 1, 1),
        clauses=(0, 1, 1, 1, 2, 2),
    )


def test_three_dots_are_a_pause_for_breath_and_end_no_sentence() -> None:
    reading = normalise("I want... to die. here", WORDS)

    assert reading.sentences == (0, 0, 0, 0, 1)


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_read_and_every_span_lies_inside_it_in_order(written: str) -> None:
    reading = normalise(written, WORDS)

    assert all(0 <= start < end <= len(written) for start, end in reading.spans)
    assert list(reading.spans) == sorted(reading.spans)
    assert len(reading.words) == len(reading.spans) == len(reading.sentences) == len(reading.clauses)


@pytest.mark.parametrize("unit", ["a b ", "a.", "\ufdfa", "ﬃ ", "k1", "x'", "\ud800a", "s u i c i d e "])
def test_a_long_text_yields_no_more_words_than_characters(unit: str) -> None:
    written = (unit * 20_000)[:20_000]

    reading = normalise(written, WORDS)

    assert len(reading.words) <= len(written)
