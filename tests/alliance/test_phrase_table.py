"""The table of steps is worked out where messages lead: what it says does not depend on who wrote before."""

import pytest

from alliance.normalise import normalise
from alliance.phrase_matcher import Matcher
from alliance.phrase_pattern import PatternReader, UnreadablePattern
from alliance.phrase_table import MOST_STATES
from alliance.phrase_weaver import Weaver
from alliance.spelling import NO_WORDS
from bot.phrases import shipped_language, shipped_phrases

PATTERNS = ("i want [so much] to (die|be dead)", "(want|wish) to be ..2 alone", "# {pills} $", "in ##")
MESSAGES = ("i want to be dead", "i wish to be quite alone", "i took 30 pills", "it was in 2015", "want so much to die")


def woven() -> Matcher[str]:
    reader, weaver = PatternReader(), Weaver[str]()
    slots = {"pills": reader.slot("pills|sleeping pills")}
    for pattern in PATTERNS:
        weaver.add(reader.read(pattern, slots), pattern)
    return weaver.matcher(NO_WORDS)


def found(text: str, matcher: Matcher[str]) -> list[tuple[int, int, str]]:
    return matcher.find(normalise(text))


def test_what_is_found_does_not_depend_on_what_was_read_before() -> None:
    used = woven()
    for text in MESSAGES:
        found(text, used)

    assert [found(text, used) for text in MESSAGES] == [found(text, woven()) for text in MESSAGES]
    assert found("i want to be dead", used) == [(0, 4, PATTERNS[0])]
    assert found("i wish to be quite alone", used) == [(1, 5, PATTERNS[1])]
    assert found("i took 30 pills", used) == [(2, 3, PATTERNS[2])]
    assert found("it was in 2015", used) == [(2, 3, PATTERNS[3])]


def test_only_the_rows_that_messages_lead_to_are_worked_out() -> None:
    fresh, used = woven(), woven()

    found("i want to be dead", used)

    assert len(fresh.steps) == 1
    assert 1 < len(used.steps) < len([row for row in woven().steps if len(row) >= 0])


def test_a_stretch_that_every_text_would_match_is_refused() -> None:
    with pytest.raises(UnreadablePattern, match="no word at all"):
        Weaver[str]().add(PatternReader().read("[so] [much]"), "anything")


def test_two_choices_written_alike_are_one_and_two_that_differ_are_two() -> None:
    reader = PatternReader()

    assert reader.slot("one|two") is reader.slot("one|two|two")
    assert reader.slot("one|two") is not reader.slot("two|one")


def test_the_whole_table_of_the_shipped_lists_stays_small_enough_to_hold() -> None:
    for matcher in (shipped_phrases().matcher, shipped_phrases().softeners, shipped_language().matcher):
        rows = [len(row) for row in matcher.steps]  # a row that is asked for its length is worked out

        assert 1_000 < len(rows) < MOST_STATES
