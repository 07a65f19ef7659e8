"""What a clinic has its clinicians send is whole, or refused with the note that is wrong."""

from pathlib import Path

import pytest

import alliance
from alliance.notes import LONGEST_NOTE, BrokenNotes, fits, parse_scripts

OURS = Path(alliance.__path__[0]) / "scripts" / "notes.toml"
ONE = '[[notes]]\nid = "call"\n[notes.en]\ntitle = "I will call"\ntext = "I will call you."\n'


def test_ours_speak_both_languages_and_never_raise_their_voice() -> None:
    scripts = parse_scripts(OURS.read_text("utf-8"), name=OURS.name)

    assert len(scripts) >= 3
    for script in scripts:
        assert script.texts.keys() == {"en", "es"}
        assert not any("!" in text or "¡" in text for text in script.texts.values())


def test_a_clinic_may_speak_one_language_only() -> None:
    (script,) = parse_scripts(ONE, name="own.toml")

    assert (script.id, script.title("es"), script.texts) == ("call", "I will call", {"en": "I will call you."})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("notes = ", "own.toml", id="no TOML"),
        pytest.param("", "there is no", id="nothing"),
        pytest.param('mood = "fine"\n' + ONE, "mood", id="a key nobody knows"),
        pytest.param(ONE + ONE, "call stands twice", id="twice"),
        pytest.param(ONE.replace("call", "Call:1", 1), "note 1", id="an id that no button can carry"),
        pytest.param(ONE.replace("title = ", "heading = "), "heading", id="no title"),
        pytest.param(ONE.replace("I will call you.", " "), r"\(call\)\.en\.text", id="no text"),
        pytest.param(ONE.replace("I will call you.", "x" * 2001), r"\(call\)\.en\.text", id="too long"),
        pytest.param('[[notes]]\nid = "call"\n', "no language", id="no language"),
        pytest.param("notes = [1]", "not a table", id="a number for a note"),
    ],
)
def test_what_is_not_whole_is_refused_and_named(text: str, why: str) -> None:
    with pytest.raises(BrokenNotes, match=why):
        parse_scripts(text, name="own.toml")


@pytest.mark.parametrize(
    ("words", "can_be_sent"),
    [
        pytest.param("Good morning", True, id="a sentence"),
        pytest.param(" \n ", False, id="nothing"),
        pytest.param("x" * LONGEST_NOTE, True, id="just short enough"),
        pytest.param("x" * (LONGEST_NOTE + 1), False, id="one too long"),
        pytest.param("\U0001f333" * (LONGEST_NOTE // 2 + 1), False, id="trees count twice, as in Telegram"),
    ],
)
def test_what_can_be_sent_has_words_and_an_end(words: str, can_be_sent: bool) -> None:
    assert fits(words) is can_be_sent
