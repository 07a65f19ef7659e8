"""Every sentence stands in every language with the same blanks, and none sounds as if somebody were watching."""

import re
from pathlib import Path

import pytest

import alliance
from alliance.wording import BrokenWording, Wordings, parse_wordings

LOCALES = Path(alliance.__path__[0]) / "locales"
OURS: Wordings = parse_wordings(
    {
        folder.name: {file.name: file.read_text("utf-8") for file in folder.glob("*.toml")}
        for folder in LOCALES.iterdir()
    }
)
SMALL = {"en": {"a.toml": 'hello = "Hello {name}"'}, "es": {"a.toml": 'hello = "Hola {name}"'}}


def test_ours_is_complete_in_english_and_spanish() -> None:
    assert OURS.languages == ("en", "es")
    assert OURS.in_language("es").sentences.keys() == OURS.in_language("en").sentences.keys()


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_sentence_is_empty_or_keeps_a_blank_that_reads_as_code(language: str) -> None:
    for key, sentence in OURS.in_language(language).sentences.items():
        assert sentence.strip(), key
        assert not re.search(r"\{\W|\{\d|\{\}", sentence), key


@pytest.mark.parametrize(
    ("spoken", "language"),
    [
        pytest.param("es", "es", id="known"),
        pytest.param("es-MX", "es", id="of another country"),
        pytest.param("ES_mx", "es", id="as some telephones write it"),
        pytest.param("fr", "en", id="unknown"),
        pytest.param("", "en", id="none"),
    ],
)
def test_a_language_is_found_or_the_first_one_is_spoken(spoken: str, language: str) -> None:
    assert OURS.in_language(spoken).language == language


@pytest.mark.parametrize(("count", "said"), [(0, "0 replies"), (1, "1 reply"), (2, "2 replies")])
def test_one_and_several_are_said_differently(count: int, said: str) -> None:
    assert OURS.in_language("en")("digest.change.replies", count=count) == said


def test_a_sentence_with_a_count_and_one_form_is_said_as_it_is() -> None:
    assert OURS.in_language("en")("digest.alerts", count=1) == "Alerts: 1"


def test_a_missing_sentence_and_a_missing_value_are_mistakes_of_ours() -> None:
    english = parse_wordings(SMALL).in_language("en")

    with pytest.raises(KeyError):
        english("goodbye")
    with pytest.raises(KeyError):
        english("hello")
    assert english("hello", name="Ana") == "Hello Ana"


@pytest.mark.parametrize("name", ["{clinic}", "{0.__class__}", "100 %s {"])
def test_a_value_is_never_read_as_wording(name: str) -> None:
    assert parse_wordings(SMALL).in_language("en")("hello", name=name) == f"Hello {name}"


@pytest.mark.parametrize(
    ("spanish", "why"),
    [
        pytest.param('hello = "Hola"', "es: hello has other blanks", id="a blank is missing"),
        pytest.param('hello = "Hola {nombre}"', "es: hello has other blanks", id="a blank was translated"),
        pytest.param('bye = "Adiós"', "do not have the same sentences", id="another sentence"),
        pytest.param('hello = "Hola {name}"\nbye = "Adiós"', "the same sentences: bye", id="one too many"),
        pytest.param("hello = 3", "hello is not a sentence", id="a number"),
        pytest.param("hello = ", r"es/a\.toml: ", id="no TOML"),
    ],
)
def test_a_translation_that_does_not_fit_is_refused(spanish: str, why: str) -> None:
    with pytest.raises(BrokenWording, match=why):
        parse_wordings({**SMALL, "es": {"a.toml": spanish}})


def test_a_sentence_that_stands_twice_is_refused() -> None:
    with pytest.raises(BrokenWording, match="hello stands twice"):
        parse_wordings({"en": {"a.toml": 'hello = "Hello"', "b.toml": 'hello = "Good day"'}})


def test_without_the_first_language_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(BrokenWording, match="no wording in en"):
        parse_wordings({"es": SMALL["es"]})


@pytest.mark.parametrize(
    ("first", "second", "signed"),
    [
        pytest.param("Dr Cole", "Dr Cole", "Dr Cole", id="both by one"),
        pytest.param("Dr Cole", "", "", id="one of two"),
        pytest.param("", "", "", id="none"),
    ],
)
def test_a_language_is_signed_off_only_when_all_of_it_is(first: str, second: str, signed: str) -> None:
    files = {"a.toml": f'approved_by = "{first}"\nx = "x"', "b.toml": f'approved_by = "{second}"\ny = "y"'}

    assert parse_wordings({"en": files}).in_language("en").approved_by == signed


def test_ours_is_shipped_unsigned() -> None:
    assert [OURS.in_language(language).approved_by for language in OURS.languages] == ["", ""]
