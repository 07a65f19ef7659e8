"""Who may see what a patient said: those chosen when it was said, whatever is chosen afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.audience import USUAL, Audience, Choice, Routing, Subject, Whom
from alliance.people import Actor, Role
from alliance.sight import Sight

ANA, COLE, DAY, EVE = 1, 2, 3, 4
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TO_DAY, TO_TEAM = Audience(whom=Whom.PERSON, reader_id=DAY), Audience(whom=Whom.TEAM)
audiences = st.sampled_from([USUAL, TO_DAY, TO_TEAM, Audience(whom=Whom.PERSON, reader_id=EVE)])
choices = st.lists(st.tuples(st.sampled_from(Subject), audiences, st.integers(0, 30)), max_size=8)


def routing(*chosen: tuple[Subject, Audience, int]) -> Routing:
    """Decisions by the day on which they were made."""
    ordered = sorted(chosen, key=lambda one: one[2])
    return Routing(
        choices=tuple(Choice(subject=s, audience=a, since=MONDAY + timedelta(days=day)) for s, a, day in ordered)
    )


def sight(reader: int, chosen: Routing, *, team: tuple[int, ...] = (), role: Role = Role.CLINICIAN) -> Sight:
    actor = Actor(person_id=reader, roles=frozenset({role}))
    return Sight(reader=actor, patient_id=ANA, clinician_id=COLE, routing=chosen, team=frozenset(team))


@pytest.mark.parametrize("audience", [USUAL, TO_DAY, TO_TEAM])
def test_a_button_names_an_audience_and_is_read_back(audience: Audience) -> None:
    assert Audience.of(audience.word) == audience


@pytest.mark.parametrize("word", ["", "person", "nobody", "-3", "3.5", "\u0663", "1 2"])
def test_a_word_that_names_nobody_names_nobody(word: str) -> None:
    assert Audience.of(word) is None


def test_nothing_chosen_is_the_own_clinician_s_and_nobody_else_s() -> None:
    assert sight(COLE, routing()).is_whole
    assert [sight(who, routing()).sees(Subject.BOND, at=MONDAY) for who in (COLE, DAY)] == [True, False]


def test_a_choice_holds_from_its_moment_on_and_moves_nothing_given_before() -> None:
    chosen = routing((Subject.BOND, TO_DAY, 3), (Subject.BOND, USUAL, 6))
    days = [MONDAY + timedelta(days=day) for day in (2, 3, 5, 6)]

    assert [sight(COLE, chosen).sees(Subject.BOND, at=at) for at in days] == [True, False, False, True]
    assert [sight(DAY, chosen).sees(Subject.BOND, at=at) for at in days] == [False, True, True, False]
    assert all(sight(COLE, chosen).sees(Subject.REMARKS, at=at) for at in days)  # each subject by itself


def test_the_team_is_the_own_clinician_and_who_is_in_it() -> None:
    chosen = routing((Subject.BOND, TO_TEAM, 0))

    assert sight(COLE, chosen).sees(Subject.BOND, at=MONDAY)
    assert sight(DAY, chosen, team=(DAY,)).sees(Subject.BOND, at=MONDAY)
    assert not sight(EVE, chosen, team=(DAY,)).sees(Subject.BOND, at=MONDAY)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR, Role.SUPPORTER])
def test_a_chosen_reader_in_another_role_reads_nothing(role: Role) -> None:
    assert not sight(DAY, routing((Subject.BOND, TO_DAY, 0)), role=role).sees(Subject.BOND, at=MONDAY)


def test_a_sentence_about_the_relationship_needs_both_and_other_domains_stay_with_the_own_clinician() -> None:
    bond_only = sight(DAY, routing((Subject.BOND, TO_DAY, 0)))
    both = sight(DAY, routing((Subject.BOND, TO_DAY, 0), (Subject.REMARKS, TO_DAY, 0)))

    assert not bond_only.sees_heard("bond", at=MONDAY)
    assert both.sees_heard("bond", at=MONDAY)
    assert [both.sees_domain(domain, at=MONDAY) for domain in ("goal", "task", "bond")] == [False, False, True]


@given(chosen=choices, day=st.integers(0, 40))
def test_whatever_is_chosen_somebody_may_see_it_and_one_chosen_by_name_alone(
    chosen: list[tuple[Subject, Audience, int]], day: int
) -> None:
    decided, at = routing(*chosen), MONDAY + timedelta(days=day)
    for subject in Subject:
        seen_by = {who for who in (COLE, DAY, EVE) if sight(who, decided, team=(DAY, EVE)).sees(subject, at=at)}
        audience = decided.audience(subject, at=at)
        expected = {Whom.CLINICIAN: {COLE}, Whom.TEAM: {COLE, DAY, EVE}, Whom.PERSON: {audience.reader_id}}
        assert seen_by == expected[audience.whom]
