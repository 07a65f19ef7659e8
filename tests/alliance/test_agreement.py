"""What an answer makes of a version, and what of it stands beside which question."""

import pytest

from alliance.agreement import (
    AgreementState,
    Part,
    Parts,
    Reply,
    about,
    after_reply,
    as_words,
    fitting,
    from_words,
)
from alliance.items import Domain


@pytest.mark.parametrize("state", [each for each in AgreementState if each is not AgreementState.REPLACED])
def test_both_answers_count_until_a_newer_version_is_there(state: AgreementState) -> None:
    assert after_reply(state, Reply.FAIR) is AgreementState.AGREED
    assert after_reply(state, Reply.CHANGE) is AgreementState.CONTESTED
    assert after_reply(AgreementState.REPLACED, Reply.FAIR) is None


def test_what_was_written_is_read_back_and_a_part_of_a_newer_version_is_left_out() -> None:
    parts = Parts(goals="Walk <b>\n\ud83d", contact="Call").having(Part.PATIENT, "You rest")

    assert from_words(as_words(parts)) == parts
    assert from_words('{"goals": "Walk", "place": "Park"}') == Parts(goals="Walk")
    assert Parts().is_empty


def test_a_summary_is_neither_empty_nor_long() -> None:
    assert fitting("  Walk \n", longest=4) == "Walk"
    assert fitting(" \n ", longest=4) is None
    assert fitting("Walks", longest=4) is None


def test_each_question_is_beside_its_own_part() -> None:
    parts = Parts(goals="Walk", clinician="I ask", patient="You rest", contact="Call")

    assert [about(parts, domain) for domain in Domain] == [("Walk",), ("I ask", "You rest"), ()]
    assert about(Parts(text="All of it"), Domain.GOAL) == ()
