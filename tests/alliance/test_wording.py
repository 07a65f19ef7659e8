"""Every sentence stands in every language with the same blanks, and none sounds as if somebody were watching."""

import re

import pytest

from alliance.wording import BrokenWording, Wording, Wordings, parse_wordings
from bot.clinic import read_wordings
from tests.alliance.small_catalogues import ENGLISH, catalogue, days, hello

OURS: Wordings = read_wordings()
POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
RUSSIAN = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
JAPANESE = "nplurals=1; plural=0;"


def translated(*entries: str, language: str = "es", **header: str) -> Wording:
    files = {"en": ENGLISH, language: {"a.po": catalogue(language, *entries, **header)}}
    return parse_wordings(files).in_language(language)


def test_ours_is_complete_in_english_and_spanish() -> None:
    spanish, english = OURS.in_language("es"), OURS.in_language("en")

    assert OURS.languages == ("en", "es")
    assert spanish.sentences.keys() == english.sentences.keys()
    assert spanish.counted.keys() == english.counted.keys()
    assert (spanish.untranslated, english.untranslated) == (frozenset(), frozenset())


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_sentence_is_empty_or_keeps_a_blank_that_reads_as_code(language: str) -> None:
    for key, sentence in OURS.in_language(language).texts():
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


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 dni"), (1, "1 dzień"), (2, "2 dni!"), (4, "4 dni!"), (5, "5 dni"), (22, "22 dni!")]
)
def test_a_language_has_as_many_forms_as_it_needs(count: int, said: str) -> None:
    polish = translated(days("{count} dzień", "{count} dni!", "{count} dni"), language="pl", plural=POLISH)

    assert polish("days", count=count) == said


def test_a_language_with_one_form_says_every_number_with_it() -> None:
    japanese = translated(days("{count}日"), language="ja", plural=JAPANESE)

    assert [japanese("days", count=count) for count in (0, 1, 2)] == ["0日", "1日", "2日"]


def test_a_form_for_one_number_alone_may_leave_it_out() -> None:
    assert translated(days("un día", "{count} días"))("days", count=1) == "un día"


def test_a_form_that_many_numbers_take_may_not() -> None:
    with pytest.raises(BrokenWording, match=r"ru/a\.po, line 7: days: other blanks than in its source: \{count\}"):
        translated(days("один день", "{count} дня", "{count} дней"), language="ru", plural=RUSSIAN)


def test_only_a_whole_number_is_counted() -> None:
    with pytest.raises(TypeError, match="'2' is no whole number"):
        translated()("days", count="2")


def test_a_sentence_with_a_count_and_one_form_is_said_as_it_is() -> None:
    assert OURS.in_language("en")("digest.alerts", count=1) == "Alerts: 1"


def test_a_missing_sentence_and_a_missing_value_are_mistakes_of_ours() -> None:
    english = parse_wordings({"en": ENGLISH}).in_language("en")

    with pytest.raises(KeyError):
        english("goodbye")
    with pytest.raises(KeyError):
        english("hello")
    assert english("hello", name="Ana") == "Hello Ana"


@pytest.mark.parametrize("name", ["{clinic}", "{0.__class__}", "100 %s {"])
def test_a_value_is_never_read_as_wording(name: str) -> None:
    assert parse_wordings({"en": ENGLISH}).in_language("en")("hello", name=name) == f"Hello {name}"


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param((), id="not there"),
        pytest.param((hello(), days()), id="empty"),
        pytest.param(("\n#, fuzzy" + hello("Hola {name}"), days("{count} día", "")), id="fuzzy or half"),
        pytest.param((hello("Hola {name}").replace("Hello", "Good day"),), id="made from another source"),
    ],
)
def test_what_is_not_translated_is_said_in_english_and_named(entries: tuple[str, ...]) -> None:
    spanish = translated(*entries)

    assert (spanish("hello", name="Ana"), spanish("days", count=1)) == ("Hello Ana", "1 day")
    assert spanish.untranslated == {"hello", "days"}


@pytest.mark.parametrize(
    ("spanish", "why"),
    [
        pytest.param(hello("Hola"), r"line 7: hello: other blanks than in its source: \{name\}", id="a missing blank"),
        pytest.param(hello("Hola {nombre}"), "hello: other blanks", id="a translated blank"),
        pytest.param(hello("Hola {name!r}"), "hello: other blanks", id="a blank that shows code"),
        pytest.param(hello("Hola {name} {}"), "hello: other blanks", id="a nameless blank"),
        pytest.param(hello("Hola {name"), "hello: a brace that belongs to no blank", id="an open brace"),
        pytest.param(hello("Hola {name}").replace('"hello"', '"bye"'), "bye: no template has this", id="one too many"),
        pytest.param(hello("Hola {name}") * 2, "line 11: hello stands twice", id="twice"),
        pytest.param(days("{count} días"), "days: there should be 2 plural forms", id="one form of two"),
        pytest.param(days("{count} día", "días"), r"days: other blanks than in its source: \{count\}", id="no number"),
    ],
)
def test_a_translation_that_does_not_fit_is_refused_with_its_line(spanish: str, why: str) -> None:
    with pytest.raises(BrokenWording, match=rf"es/a\.po, {why}" if why.startswith("line") else rf"es/a\.po.*{why}"):
        translated(spanish)


def test_a_sentence_that_stands_twice_is_refused() -> None:
    with pytest.raises(BrokenWording, match=r"en/b\.pot, line 7: hello stands twice"):
        parse_wordings({"en": {**ENGLISH, "b.pot": catalogue("en", hello())}})


def test_a_file_of_another_language_is_refused() -> None:
    with pytest.raises(BrokenWording, match=r"es/a\.po: the header says Language: pt"):
        parse_wordings({"en": ENGLISH, "es": {"a.po": catalogue("pt", hello("Olá {name}"))}})


def test_without_the_first_language_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(BrokenWording, match="no wording in en"):
        parse_wordings({"es": {"a.po": catalogue("es", hello("Hola {name}"))}})


def test_what_is_signed_off_is_every_sentence_as_it_is_said_and_nothing_else() -> None:
    before = translated(hello("Hola {name}"))

    noted = translated("\n# A note of the translator.\n#. Read by: patients", hello("Hola {name}"))
    changed = translated(hello("Hola, {name}"))
    counted = translated(hello("Hola {name}"), days("{count} día", "{count} días"))

    assert noted.sha256() == before.sha256()
    assert len({before.sha256(), changed.sha256(), counted.sha256()}) == 3


@pytest.mark.parametrize(
    ("first", "second", "signed"),
    [
        pytest.param("Dr Cole", "Dr Cole", "Dr Cole", id="both by one"),
        pytest.param("Dr Cole", "", "", id="one of two"),
        pytest.param("", "", "", id="none"),
    ],
)
def test_a_language_is_signed_off_only_when_all_of_it_is(first: str, second: str, signed: str) -> None:
    files = {"a.pot": catalogue("en", hello(), signed=first), "b.pot": catalogue("en", days(), signed=second)}

    assert parse_wordings({"en": files}).in_language("en").approved_by == signed


def test_ours_is_shipped_unsigned() -> None:
    assert [OURS.in_language(language).approved_by for language in OURS.languages] == ["", ""]
