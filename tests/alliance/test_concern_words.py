"""Listed words are found where they stand, and turned by what stands before them."""

import pytest

from alliance.concern_model import read_model, score
from alliance.concern_signs import signs
from alliance.concern_words import find, word_lists
from alliance.items import Domain
from alliance.normalise import normalise
from alliance.word_weights import grams

LISTS = word_lists(
    "en",
    {
        "praise": ["helpful", "good", "looked after"],
        "kindness": ["listen"],
        "complaint": ["rude", "disappoint*", "not good enough"],
        "no_complaint": ["no complaints"],
        "negation": ["not", "never"],
        "more": ["more"],
        "order": ["be", "listen"],
        "people": ["nurse"],
    },
    common=["the", "was"],
)


def found(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(hit.place, hit.length, hit.lists) for hit in find(normalise(text).words, LISTS)]


def signs_of(text: str) -> dict[str, float]:
    return signs(normalise(text), LISTS)


def test_the_longest_phrase_is_taken_and_its_words_are_not_read_again() -> None:
    assert found("It is not good enough") == [(2, 3, ("complaint",))]
    assert found("It is not good") == [(2, 1, ("negation",)), (3, 1, ("praise",))]


def test_a_stem_is_found_at_the_beginning_of_a_word_only() -> None:
    assert found("Disappointing!") == [(0, 1, ("complaint",))]
    assert found("undisappointed") == []


def test_praise_denied_is_no_praise() -> None:
    assert "denied_content" in signs_of("The nurse was not helpful")
    assert "denied_content" not in signs_of("No, not today. The nurse was helpful")


def test_a_complaint_denied_is_no_complaint() -> None:
    assert signs_of("The nurse was never rude")["balance"] < 0 < signs_of("The nurse was rude")["balance"]


def test_praise_wished_for_is_what_is_missing() -> None:
    assert "wished_content" in signs_of("Be more helpful")
    assert "wished_content" not in signs_of("She was helpful, be it ever so late")


def test_a_bare_verb_orders_at_the_start_of_a_sentence_only() -> None:
    assert "ordered" in signs_of("Fine. Listen to the nurse")
    assert "ordered" not in signs_of("I listen to the nurse")


def test_people_are_counted_with_the_mood_of_their_own_sentence() -> None:
    both = signs_of("The nurse was rude. The nurse was helpful.")

    assert {"people_badly", "people_well"} <= both.keys()
    assert "people_badly" not in signs_of("The nurse was helpful. It was rude.")


@pytest.mark.parametrize("text", ["", "...", "🙂"])
def test_a_message_without_words_has_no_mood(text: str) -> None:
    assert signs_of(text)["balance"] == 0


MODEL = read_model(
    '{"format": 1, "heads": ["concern", "bond", "task", "goal"], "intercepts": [-2, -2, -2, -2],'
    ' "signs": {"bad": [3, 0, 0, 0], "people_badly": [0, 4, 0, 0]},'
    ' "grams": {"en": {"rude": [2.0, 1, 0, 0, 0], "very rude": [1.5, 2, 0, 0, 0]}}}'
)


def test_each_sign_and_each_known_word_adds_its_weight() -> None:
    words = normalise("very rude").words
    by_signs = score(MODEL, {"bad": 1.0}, (), language="en")
    by_words = score(MODEL, {}, words, language="en")

    # 1 / (1 + e^-(-2 + 3)), and with words of length one: (2*1 + 1.5*2) / sqrt(2² + 1.5²) = 2
    assert by_signs.concern == pytest.approx(0.7311, abs=1e-4)
    assert by_words.concern == pytest.approx(0.5, abs=1e-4)


def test_words_of_a_language_without_weights_add_nothing() -> None:
    words = normalise("very rude").words

    assert score(MODEL, {}, words, language="es") == score(MODEL, {}, (), language="en")


def test_a_domain_that_is_named_stands_out() -> None:
    scores = score(MODEL, {"bad": 1.0, "people_badly": 1.0}, (), language="en").by_domain

    assert scores[Domain.BOND] > scores[Domain.GOAL] > scores[Domain.TASK]


def test_a_phrase_rule_lifts_its_own_domain_and_no_other() -> None:
    without = score(MODEL, {}, (), language="en").by_domain
    marked = score(MODEL, {"confrontation_task": 1.0}, (), language="en").by_domain

    assert marked[Domain.TASK] > 0.5 > without[Domain.TASK]
    assert marked[Domain.BOND] == without[Domain.BOND]


def test_each_word_and_each_pair_counts_once() -> None:
    assert grams(("no", "no", "no")) == ["no", "no no"]
