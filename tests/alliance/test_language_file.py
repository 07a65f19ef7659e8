"""A language file that is damaged, shrunken or unproven is refused with its line."""

import json
from collections.abc import Mapping

import pytest

from alliance.language import BrokenRules, parse_language
from tests.alliance.test_language import RULES, TEXTS

RULE = 'id = "en.bond.rushed"'


def broken(changed: Mapping[str, str]) -> BrokenRules:
    with pytest.raises(BrokenRules) as refused:
        parse_language({**TEXTS, **changed})
    return refused.value


def changed(name: str, old: str, new: str) -> dict[str, str]:
    assert old in TEXTS[name]
    return {name: TEXTS[name].replace(old, new, 1)}


def line_of(name: str, text: str) -> int:
    return TEXTS[name][: TEXTS[name].index(text)].count("\n") + 1


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_missing_file_is_named(name: str) -> None:
    rest = {other: text for other, text in TEXTS.items() if other != name}

    with pytest.raises(BrokenRules) as refused:
        parse_language(rest)

    assert refused.value.file == name


@pytest.mark.parametrize(
    ("old", "new", "said", "at"),
    [
        pytest.param(RULE, 'id = "bond.rushed"', "begins with its language", None, id="an id without its language"),
        pytest.param(RULE, 'id = "en.bond.not_heard"', "used once", None, id="an id twice"),
        pytest.param(f'{RULE}\nkind = "confrontation"', f'{RULE}\nkind = "anger"', "no such kind", RULE, id="a kind"),
        pytest.param(f"{RULE}\n", f"{RULE}\nurgent = true\n", "unknown key urgent", RULE, id="an unknown key"),
        pytest.param("(rush|rushes|rushed|hurries", "(rush|rushes|rushed|(hurries", "bracket", None, id="a bracket"),
        pytest.param("{who} [{adv}] (rush", "{whom} [{adv}] (rush", "no slot called whom", None, id="an unknown slot"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_and_named(old: str, new: str, said: str, at: str | None) -> None:
    refused = broken(changed("language_en.toml", old, new))

    assert said in refused.what
    assert refused.file == "language_en.toml"
    if at:
        assert refused.line == line_of("language_en.toml", at)


def test_a_rule_without_its_near_misses_is_refused() -> None:
    rule = next(rule for rule in RULES.rules if rule.id == "en.bond.rushed")
    text = TEXTS["language_en.toml"]
    start = text.index("near_misses", text.index(RULE))
    without = text[:start] + f"near_misses = {json.dumps(rule.near_misses[:1])}" + text[text.index("\n", start) :]

    assert "near misses" in broken({"language_en.toml": without}).what


def test_a_list_of_rules_cut_short_is_refused() -> None:
    text = TEXTS["language_es.toml"]
    cut = text[: text.index("[[rule]]", len(text) // 2)]

    assert "rules, at least" in broken({"language_es.toml": cut}).what


def test_a_line_that_is_no_toml_is_named() -> None:
    refused = broken({"language_en.toml": 'language = "en"\napproved_by = \n'})

    assert refused.line == 2


def test_a_file_in_another_language_than_its_name_is_refused() -> None:
    refused = broken(changed("concern_words_es.toml", 'language = "es"', 'language = "en"'))

    assert "another language than es" in refused.what


@pytest.mark.parametrize("entry", ["abc*", "two words*", "!"])
def test_a_listed_word_that_cannot_be_found_is_refused(entry: str) -> None:
    refused = broken(changed("concern_words_en.toml", "excellent, excellant", f"excellent, {entry}, excellant"))

    assert entry in refused.what


def test_one_more_language_is_welcome_once_it_has_rules_and_lists() -> None:
    french = {
        name.replace("_en", "_fr"): text.replace('language = "en"', 'language = "fr"').replace('"en.', '"fr.')
        for name, text in TEXTS.items()
        if "_en" in name
    }

    assert parse_language({**TEXTS, **french}).languages == ("en", "es", "fr")
    assert broken({"language_fr.toml": french["language_fr.toml"]}).file == "concern_words_fr.toml"


def test_a_clinic_has_signed_off_only_when_every_phrase_file_is() -> None:
    signing = ('approved_by = ""\napproved_on = ""', 'approved_by = "Dr Cole"\napproved_on = "2026-11-01"')
    english = changed("language_en.toml", *signing)
    spanish = changed("language_es.toml", *signing)

    assert parse_language({**TEXTS, **english}).approved_by == ""
    assert parse_language({**TEXTS, **english, **spanish}).approved_by == "Dr Cole"


def test_the_version_changes_with_every_change_of_any_file() -> None:
    other = parse_language({**TEXTS, **changed("concern_words_en.toml", "superb*", "superbly")})

    assert other.version != RULES.version


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('"format": 1', '"format": 9', "format 1", id="another format"),
        pytest.param('"concern",', '"sorrow",', "heads", id="other heads"),
        pytest.param('"intercepts": [', '"intercepts": [null, ', "numbers are expected", id="a number too many"),
        pytest.param('"signs": {', '"sings": {', "signs are missing", id="no signs"),
    ],
)
def test_a_model_that_is_not_as_it_was_written_is_refused(old: str, new: str, said: str) -> None:
    refused = broken(changed("concern.json", old, new))

    assert refused.file == "concern.json"
    assert said in refused.what


def test_a_model_cut_short_is_refused_with_the_line() -> None:
    refused = broken({"concern.json": '{\n"format": 1,\n'})

    assert refused.line == 3
