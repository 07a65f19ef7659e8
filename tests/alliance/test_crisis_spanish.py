"""Spanish as patients write it: every sentence of the corpus, its disguises, and what was kept aside unseen."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from alliance.crisis import Degree, screen
from bot.phrases import shipped_phrases
from tests.alliance.spanish_disguises import DISGUISES

CORPUS = Path(__file__).parent / "corpus" / "es"
RULES = shipped_phrases()


def lists(name: str) -> dict[str, list[str]]:
    return tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))


def sections() -> dict[str, dict[str, list[str]]]:
    """By file and theme: the sentences by what must come of them; "near_" marks those that only look alike."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted(CORPUS.glob("*.toml")):
        if file.stem.startswith(("held_out", "worked_with", "ordinary_")):
            continue
        themes: Mapping[str, dict[str, list[str]]] = tomllib.loads(file.read_text(encoding="utf-8"))
        for theme, by_result in themes.items():
            near = "near_" if theme == "near_miss" or file.stem.endswith("near_miss") else ""
            found[f"{file.stem}: {theme}"] = {near + result: texts for result, texts in by_result.items()}
    return found


SECTIONS = sections()
POSITIVE = [
    text
    for section in SECTIONS.values()
    for result, texts in section.items()
    for text in texts
    if not result.startswith("near_")
]
NEAR_MISSES = [
    text
    for section in SECTIONS.values()
    for result, texts in section.items()
    for text in texts
    if result.startswith("near_")
]


def result_of(text: str) -> str:
    hit = screen(text, RULES)
    return str(hit.degree) if hit else "none"


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS.keys())
def test_every_sentence_of_the_corpus_gets_what_the_corpus_says(section: dict[str, list[str]]) -> None:
    expected = {text: result.removeprefix("near_") for result, texts in section.items() for text in texts}

    found = {text: result_of(text) for text in expected}

    assert found == expected


def test_the_corpus_is_as_large_as_promised_and_says_nothing_twice() -> None:
    every = POSITIVE + NEAR_MISSES

    assert len(POSITIVE) >= 600
    assert len(NEAR_MISSES) >= 600
    assert len(set(every)) == len(every)


def test_a_near_miss_that_is_found_is_lowered_and_says_why() -> None:
    found = [hit for text in NEAR_MISSES if (hit := screen(text, RULES))]

    assert found
    assert {hit.degree for hit in found} == {Degree.REVIEW_NOW}
    assert [hit.rule for hit in found if not hit.why] == []


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguise_does_not_silence_a_spanish_sentence(disguise: object) -> None:
    assert callable(disguise)
    missed = [text for text in POSITIVE if screen(str(disguise(text)), RULES) is None]

    assert len(missed) <= 0.02 * len(POSITIVE), missed  # 98 of 100 under each; ninety-five were asked of all together


# Found at first sight: group 1 with the old rules 72 of 210, group 2 56 of 135, group 3 56 of 95, group 4 55 of 85.
# The rules grew after 1 by the hand that had just written it, and after 2 and 3 by reading what was missed. Only 4 was
# never read for that, so only its 60 of 85 speaks of strangers. These are floors: nothing found is lost again.
@pytest.mark.parametrize(
    ("group", "found_at_least", "disturbed_at_most"),
    [("held_out", 203, 2), ("held_out_2", 131, 2), ("held_out_3", 88, 3), ("held_out_4", 60, 0)],
)
def test_what_was_kept_aside_is_found_as_often_as_it_was_measured(
    group: str, found_at_least: int, disturbed_at_most: int
) -> None:
    in_crisis = [text for texts in lists(f"{group}_crisis").values() for text in texts]
    ordinary = [text for texts in lists(f"{group}_ordinary").values() for text in texts]

    found = [text for text in in_crisis if screen(text, RULES)]
    disturbed = [text for text in ordinary if screen(text, RULES)]

    assert len(found) >= found_at_least
    assert len(disturbed) <= disturbed_at_most, disturbed


# The ninth was kept aside beside `worked_with` and read once: 43 of 60.
@pytest.mark.parametrize(
    ("group", "found_at_least"),
    [
        ("held_out_6_crisis", 107),
        ("held_out_7_crisis", 34),
        ("held_out_8_crisis", 21),
        ("held_out_9_crisis", 43),
        ("worked_with", 58),
    ],
)
def test_a_later_group_without_ordinary_ones_beside_it_is_found_as_often_as_it_was(
    group: str, found_at_least: int
) -> None:
    in_crisis = [text for texts in lists(group).values() for text in texts]

    found = [text for text in in_crisis if screen(text, RULES)]

    assert len(found) >= found_at_least


@pytest.mark.parametrize(("name", "disturbed_at_most"), [("ordinary_2", 9), ("ordinary_3", 3)])
def test_ordinary_sentences_that_sound_alike_are_seldom_taken_for_a_crisis(name: str, disturbed_at_most: int) -> None:
    disturbed = [text for text in lists(name)["comments"] if screen(text, RULES)]

    assert len(disturbed) <= disturbed_at_most, disturbed
