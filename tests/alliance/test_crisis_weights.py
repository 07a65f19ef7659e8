"""Words that weigh something together: only where no phrase speaks, and only in a language they know."""

import json
from importlib.resources import files

import pytest

from alliance.crisis import BrokenRules, CrisisRules, Degree, hits, parse_rules, screen
from alliance.crisis_weights import FEWEST_WORDS, MOST_WORDS, BrokenWeights, read_weights
from bot.phrases import shipped_phrases

WEIGHTS = (files("alliance") / "weights" / "crisis.json").read_text(encoding="utf-8")
RULES = shipped_phrases()
BY_WORDS = "en.suicide.words_together"
NO_PHRASE = "I've made up my mind and nothing anyone says on here will change it"


def only_english(text: str) -> str:
    return json.dumps({"format": 1, "languages": {"en": json.loads(text)["languages"]["en"]}})


def rule_of(text: str, rules: CrisisRules = RULES) -> str | None:
    hit = screen(text, rules)
    return hit.rule if hit else None


def test_words_together_call_for_a_look_where_no_phrase_does() -> None:
    hit = screen(NO_PHRASE, RULES)

    assert hit is not None
    assert (hit.rule, hit.degree) == (BY_WORDS, Degree.REVIEW_NOW)


def test_words_never_speak_beside_a_phrase() -> None:
    found = [hit.rule for hit in hits(f"{NO_PHRASE}. I want to die", RULES)]

    assert "en.suicide.want_to_die" in found
    assert BY_WORDS not in found


def test_what_is_shown_is_the_sentence_that_weighs_most_and_no_word_of_it_is_in_the_reason() -> None:
    text = f"Hello all. {NO_PHRASE}. Thank you."

    hit = screen(text, RULES)

    assert hit is not None
    assert text[slice(*hit.span)] == NO_PHRASE
    assert "made up my mind" not in hit.why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I cried every evening this week and I rang my sister on Thursday", id="sad, and not alone"),
        pytest.param("nothing anyone says will change it", id="too few words"),
        pytest.param("heute habe ich mit der kollegin gesprochen und morgen ist frei", id="another language"),
        pytest.param("", id="nothing"),
    ],
)
def test_sadness_few_words_and_other_languages_are_not_weighed_into_a_crisis(text: str) -> None:
    assert rule_of(text) is None


def test_what_stands_beyond_the_words_of_one_message_is_not_weighed() -> None:
    before = "the bus was late and the nurse was kind " * (MOST_WORDS // 8)

    assert rule_of(before + NO_PHRASE) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "Expecting value", id="empty"),
        pytest.param("[]", "the file is not an object", id="no object"),
        pytest.param('{"format": 9}', "format 1", id="another format"),
        pytest.param('{"format": 1}', "languages is not an object", id="no languages"),
        pytest.param(
            '{"format": 1, "languages": {"en": {"begins_at": 0, "words": {"i": [1, 1]}}}}',
            f"at least {FEWEST_WORDS}",
            id="nearly empty",
        ),
        pytest.param(
            '{"format": 1, "languages": {"en": {"begins_at": 0, "words": {"i": [1, 1e999]}}}}',
            "numbers are expected",
            id="beyond all measure",
        ),
        pytest.param(
            '{"format": 1, "languages": {"en": {"begins_at": 0, "words": {"i": ["1", 1]}}}}',
            "numbers are expected",
            id="a word for a number",
        ),
    ],
)
def test_weights_that_are_not_as_they_were_written_are_refused(text: str, said: str) -> None:
    with pytest.raises(BrokenWeights, match=said):
        read_weights(text)


def test_a_language_whose_words_are_to_be_weighed_is_refused_without_its_weights() -> None:
    texts = {
        language: (files("alliance") / "phrases" / f"crisis_{language}.toml").read_text(encoding="utf-8")
        for language in ("en", "es")
    }

    with pytest.raises(BrokenRules, match=r"es\.suicide\.words_together needs") as refused:
        parse_rules(texts, weights=only_english(WEIGHTS))

    assert refused.value.file == "crisis.json"


def test_other_weights_are_another_version() -> None:
    texts = {"en": (files("alliance") / "phrases" / "crisis_en.toml").read_text(encoding="utf-8")}

    one = parse_rules(texts, weights=WEIGHTS, languages=["en"])
    other = parse_rules(texts, weights=only_english(WEIGHTS), languages=["en"])

    assert one.version != other.version
