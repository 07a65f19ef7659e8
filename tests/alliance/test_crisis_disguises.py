"""However the words are hidden, or come out in a hurry, the sentence is found."""

import pytest

from alliance.crisis import hits, screen
from benchmarks.screen.corpora import phrases
from benchmarks.screen.disguises import disguises
from bot.phrases import shipped_phrases

RULES = shipped_phrases()
POSITIVE = [phrase.text for phrase in phrases("en") if not phrase.is_near_miss]
DISGUISES = disguises()
OVERALL = 0.95
# A dash may part two words as well ("be-at me up"), a star may hide in a run of letters: these are found less often.
FLOORS = {"dash inside words": 0.75, "stars for vowels": 0.9}


def hidden_by(kind: str) -> list[str]:
    return [hidden for text in POSITIVE if (hidden := DISGUISES[kind](text)) != text]


def share_found(texts: list[str]) -> float:
    return sum(screen(text, RULES) is not None for text in texts) / len(texts)


@pytest.mark.parametrize("kind", DISGUISES)
def test_a_disguise_does_not_silence_the_screen(kind: str) -> None:
    hidden = hidden_by(kind)

    assert len(hidden) >= 100
    assert share_found(hidden) >= FLOORS.get(kind, OVERALL)


def test_all_disguises_together_are_seen_through() -> None:
    everything = [text for kind in DISGUISES for text in hidden_by(kind)]

    assert len(DISGUISES) >= 10
    assert share_found(everything) >= OVERALL


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("iwanttodie", "en.suicide.want_to_die", id="no spaces"),
        pytest.param("i wanttokillmyself tonight", "en.suicide.kill_myself", id="some spaces missing"),
        pytest.param("I want to k*ll myself", "en.suicide.kill_myself", id="a star"),
        pytest.param("I want to d*e", "en.suicide.want_to_die", id="a star in a short word"),
        pytest.param("su!c!de is on my mind", "en.suicide.other_words", id="signs for letters"),
        pytest.param("I feel suicidle", "en.suicide.suicidal", id="as it is often misspelt"),
        pytest.param("im going to kill mysefl", "en.suicide.kill_myself", id="two letters exchanged"),
        pytest.param("I want to \U0001f52b myself", "en.suicide.slang", id="a picture of a gun"),
        pytest.param("I want \U0001f614 to \U0001f614 die", "en.suicide.want_to_die", id="faces between words"),
    ],
)
def test_a_hidden_sentence_is_found(text: str, rule: str) -> None:
    hit = screen(text, RULES)

    assert hit is not None
    assert hit.degree == "now"
    assert rule in {found.rule for found in hits(text, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("my therapist and the manslaughter trial", id="words inside words"),
        pytest.param("skilled and painkillers", id="kill inside words"),
        pytest.param("one pill \U0001f48a at eight", id="a picture of a pill"),
        pytest.param("well-being, and/or 10.30 o'clock", id="signs of ordinary writing"),
        pytest.param("vitamin b 1 2 d 3", id="single letters"),
    ],
)
def test_ordinary_writing_is_not_taken_apart(text: str) -> None:
    assert screen(text, RULES) is None


def test_what_is_shown_backwards_is_read_both_ways() -> None:
    backwards = "see you \u202emonday\u202c \u202eeid ot tnaw i\u202c"

    hit = screen(backwards, RULES)

    assert hit is not None
    first, beyond = hit.span
    assert backwards[first:beyond] == "eid ot tnaw"
