"""The same questions in several wordings: each form covers the domains, and each comes as often as the others."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliance
from alliance.forms import form_of
from alliance.items import BrokenInstrument, Domain, parse_instrument

FOLDER = Path(alliance.__path__[0]) / "instruments"
OURS = (FOLDER / "alliance-brief-in-turn.toml").read_text("utf-8")
IN_TURN = parse_instrument(OURS, name="in-turn.toml")
PLAIN = parse_instrument((FOLDER / "alliance-brief.toml").read_text("utf-8"), name="alliance-brief.toml")


def test_every_form_asks_each_domain_once_with_the_same_ends() -> None:
    asked = [IN_TURN.asked_as(form).items for form in IN_TURN.forms]

    assert IN_TURN.forms == ("a", "b", "c")
    assert [[item.domain for item in items] for items in asked] == [[Domain.GOAL, Domain.TASK, Domain.BOND]] * 3
    assert IN_TURN.languages == {"en", "es"}
    for items in zip(*asked, strict=True):
        for language in IN_TURN.languages:
            assert len({item.words[language].question for item in items}) == 3
            assert len({(item.words[language].low, item.words[language].high) for item in items}) == 1


def test_a_rating_has_as_many_values_as_in_the_instrument_with_one_form() -> None:
    assert IN_TURN.points == PLAIN.points == 7  # and not 19: nobody answers three forms at once


def test_an_instrument_without_forms_is_asked_whole_and_so_is_a_form_it_does_not_know() -> None:
    assert form_of(PLAIN, patient_id=7, asked_before=3) is None
    assert PLAIN.forms == ()
    assert PLAIN.asked_as(None) is PLAIN
    assert IN_TURN.asked_as("z") is IN_TURN


@given(patient_id=st.integers(0, 2**62))
def test_forms_take_even_turns_and_none_comes_twice_in_a_row(patient_id: int) -> None:
    came = [form_of(IN_TURN, patient_id=patient_id, asked_before=number) for number in range(30)]

    assert Counter(came) == {"a": 10, "b": 10, "c": 10}
    assert all(one != after for one, after in pairwise(came))


def test_patients_begin_at_different_forms() -> None:
    assert {form_of(IN_TURN, patient_id=patient, asked_before=0) for patient in range(3)} == {"a", "b", "c"}


def without(text: str, item_id: str) -> str:
    """The file without one item."""
    head, *items = text.split("[[items]]")
    return "[[items]]".join([head, *(item for item in items if f'id = "{item_id}"' not in item)])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(
            without(OURS, "bond2").partition("[follow_up]")[0],
            r'own\.toml, line 57: form "b" does not ask about bond',
            id="a form leaves a domain out",
        ),
        pytest.param(
            OURS.replace('id = "bond3"\ndomain = "bond"', 'id = "bond3"\ndomain = "goal"'),
            r'line \d+: form "c" asks about goal 2 times, the first one 1',
            id="one domain twice in one form",
        ),
        pytest.param(
            OURS.replace('form = "b"', 'form = "B side"', 1),
            r'line 54: item form "B side" is not 1 to 16 small letters, digits or _',
            id="a name no button could carry",
        ),
        pytest.param(OURS.replace('id = "goal2"', 'id = "goal1"'), "two items have the same id", id="one id twice"),
    ],
)
def test_forms_that_do_not_cover_the_domains_are_refused_with_the_line(text: str, why: str) -> None:
    with pytest.raises(BrokenInstrument, match=why):
        parse_instrument(text, name="own.toml")


def test_an_item_without_a_form_is_asked_in_every_one() -> None:
    shared = without(without(OURS, "task2"), "task3").replace('domain = "task"\nform = "a"', 'domain = "task"')

    own = parse_instrument(shared, name="own.toml")

    assert [[item.id for item in own.asked_as(form).items] for form in own.forms] == [
        ["goal1", "task1", "bond1"],
        ["task1", "goal2", "bond2"],
        ["task1", "goal3", "bond3"],
    ]
