"""What people write in crisis, sentence by sentence and post by post, and what they write when all is well."""

from collections.abc import Sequence

import pytest

from alliance.crisis import screen
from benchmarks.screen.corpora import (
    IN_DISTRESS,
    ORDINARY,
    SOUNDS_ALIKE,
    TUNING,
    WORKED_WITH,
    Phrase,
    phrases,
    posts,
)
from bot.phrases import shipped_phrases

RULES = shipped_phrases()
SUITE = phrases("en")
CLASSES = sorted({phrase.crisis_class for phrase in SUITE})
FEWEST = 600  # sentences of each sort
# Measured on the day they were frozen into the tests; a rule that is given up must not cost more than this.
FLOORS = {
    "held_out_1": {"ideation": 0.88, "plan": 0.84, "behaviour": 0.95, "attempt": 0.95},
    "held_out_2": {"ideation": 0.74, "plan": 0.80, "behaviour": 0.88, "attempt": 0.90},
    "held_out_3": {"ideation": 0.95, "plan": 0.95, "behaviour": 0.90, "attempt": 0.95},
    "held_out_4": {"ideation": 0.95, "plan": 0.95, "behaviour": 0.95, "attempt": 0.85},
    "held_out_5": {"ideation": 0.60, "plan": 0.75, "behaviour": 0.75, "attempt": 0.50},
    "held_out_6_forum": {"ideation": 0.95, "plan": 0.90, "behaviour": 0.95, "attempt": 0.95},
    "held_out_6_oblique": {"ideation": 0.95, "plan": 0.95, "behaviour": 0.80, "attempt": 0.70},
    "held_out_6_terse": {"ideation": 0.95, "plan": 0.75, "behaviour": 0.95, "attempt": 0.95},
    "held_out_7": {"ideation": 0.95, "plan": 0.90, "behaviour": 0.83, "attempt": 0.95, "terse": 0.90},
    "held_out_8": {"ideation": 0.70, "plan": 0.40, "behaviour": 0.80, "attempt": 0.90, "terse": 0.80},
    "held_out_9": {"ideation": 0.70, "plan": 0.95, "behaviour": 0.95, "attempt": 0.95},
    "held_out_10": {"ideation": 0.83, "plan": 0.73, "behaviour": 0.80, "attempt": 0.90},
    WORKED_WITH: {"ideation": 0.93, "plan": 0.95, "behaviour": 0.95, "attempt": 0.95},
    TUNING: {"ideation": 0.95, "plan": 0.95, "behaviour": 0.95, "attempt": 0.95},
}
# Of hard ones: bereaved by suicide, asked about it, in an abusive marriage once; of those that sound alike; of replies
# of people who suffer and are in no danger.
MOST_ORDINARY_HITS = {ORDINARY: 8, SOUNDS_ALIKE: 26, IN_DISTRESS: 7}
FEWEST_ORDINARY = {ORDINARY: 150, SOUNDS_ALIKE: 230, IN_DISTRESS: 100}


def verdict(text: str) -> str:
    hit = screen(text, RULES)
    return str(hit.degree) if hit else "none"


def found(texts: Sequence[str]) -> float:
    return sum(screen(text, RULES) is not None for text in texts) / len(texts)


@pytest.mark.parametrize("is_near_miss", [False, True], ids=["positive", "near misses"])
@pytest.mark.parametrize("crisis_class", CLASSES)
def test_every_sentence_of_the_suite_gets_what_the_list_says(crisis_class: str, is_near_miss: bool) -> None:
    own = [phrase for phrase in SUITE if (phrase.crisis_class, phrase.is_near_miss) == (crisis_class, is_near_miss)]

    wrong = {phrase.text: verdict(phrase.text) for phrase in own if verdict(phrase.text) != phrase.expected}

    assert own
    assert wrong == {}


def test_the_suite_is_large_enough_to_mean_something() -> None:
    def different(of: Sequence[Phrase]) -> int:
        return len({phrase.text for phrase in of})

    positive = different([phrase for phrase in SUITE if not phrase.is_near_miss])
    near_misses = different([phrase for phrase in SUITE if phrase.is_near_miss])

    assert positive >= FEWEST
    assert near_misses >= FEWEST


@pytest.mark.parametrize("name", FLOORS)
def test_messages_in_crisis_are_found_no_less_often_than_they_were(name: str) -> None:
    messages = posts("en", name)

    shares = {kind: found(messages[kind]) for kind in FLOORS[name]}

    assert {kind: share for kind, share in shares.items() if share < FLOORS[name][kind]} == {}


def test_at_least_three_hundred_messages_were_held_out() -> None:
    held_out = [
        text
        for name in ("held_out_1", "held_out_2", "held_out_3")
        for kind in posts("en", name).values()
        for text in kind
    ]

    assert len(set(held_out)) >= 300


@pytest.mark.parametrize("name", MOST_ORDINARY_HITS)
def test_hard_ordinary_comments_are_seldom_taken_for_a_crisis(name: str) -> None:
    comments = posts("en", name)["comments"]

    taken = [text for text in comments if screen(text, RULES)]

    assert len(comments) >= FEWEST_ORDINARY[name]
    assert len(taken) <= MOST_ORDINARY_HITS[name], taken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("I took all my tablets", "review_now", id="all tablets, no more said"),
        pytest.param("I took all my tablets at once", "now", id="at once"),
        pytest.param("I took all my tablets this morning", "none", id="this morning"),
        pytest.param("I took all my tablets as prescribed", "none", id="as prescribed"),
        pytest.param("I took all my pills this week", "none", id="this week"),
        pytest.param("I overdid it at the gym", "none", id="overdid it"),
        pytest.param("my appointment at the chest pain clinic", "none", id="a clinic's name"),
        pytest.param("no chest pain", "none", id="no pain"),
        pytest.param("allergic to penicillin", "none", id="an allergy, known"),
        pytest.param("I have chest pain", "now", id="pain, now"),
    ],
)
def test_words_of_a_clinics_everyday_are_told_from_an_emergency(text: str, expected: str) -> None:
    assert verdict(text) == expected
