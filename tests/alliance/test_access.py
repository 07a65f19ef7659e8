"""Who may do what: each permission with the person next to them who may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.access import RULES, About, Action, allowed
from alliance.audience import Audience, Whom
from alliance.people import STRANGER, SYSTEM, Actor, Role

ANA, BEN, COLE, DAY, KIM = 1, 2, 3, 4, 5
ABOUT_ANA = About(patient_id=ANA, clinician_id=COLE)
COLE_IS_PAGED = About(patient_id=BEN, clinician_id=DAY, on_call=frozenset({COLE, KIM}))
WITH_DAY = About(patient_id=ANA, holders=frozenset({DAY}))  # COLE has handed it over
WITH_THE_LEAD = About(patient_id=ANA, clinician_id=COLE, holders=frozenset({KIM}))
FOR_DAY = About(patient_id=ANA, clinician_id=COLE, audience=Audience(whom=Whom.PERSON, reader_id=DAY))
FOR_KIM = About(patient_id=ANA, clinician_id=COLE, audience=Audience(whom=Whom.PERSON, reader_id=KIM))
FOR_TEAM = About(patient_id=ANA, clinician_id=COLE, audience=Audience(whom=Whom.TEAM), team=frozenset({DAY}))
COLE_IS_AWAY = About(patient_id=ANA, clinician_id=COLE, covers=frozenset({DAY}))
ABOUT_A_STRANGER = About(on_call=frozenset({KIM}))


def acting(person_id: int, *roles: Role) -> Actor:
    return Actor(person_id=person_id, roles=frozenset(roles))


ana = acting(ANA, Role.PATIENT)
ben = acting(BEN, Role.PATIENT)
cole = acting(COLE, Role.CLINICIAN)
day = acting(DAY, Role.CLINICIAN)
kim = acting(KIM, Role.COORDINATOR)
lead = acting(KIM, Role.LEAD)
auditor = acting(KIM, Role.AUDITOR)


@pytest.mark.parametrize(
    ("action", "about", "may", "may_not"),
    [
        pytest.param(Action.ANSWER_CHECKIN, ABOUT_ANA, [ana], [ben, cole, kim, SYSTEM], id="answer"),
        pytest.param(Action.CHANGE_OWN_TAKING_PART, ABOUT_ANA, [ana], [ben, cole, kim, SYSTEM], id="pause or leave"),
        *(
            pytest.param(action, ABOUT_ANA, [ana], [ben, cole, kim, lead, SYSTEM], id=action)
            for action in (Action.DECIDE_FOR_ONESELF, Action.HAVE_OWN_RECORD, Action.ERASE_ONESELF)
        ),
        pytest.param(Action.INVITE, About(), [kim, SYSTEM], [ana, cole, lead, auditor], id="invite"),
        pytest.param(Action.SET_CADENCE, ABOUT_ANA, [kim, SYSTEM], [ana, cole, lead], id="set a cadence"),
        pytest.param(Action.CHANGE_ENROLMENT, ABOUT_ANA, [kim, SYSTEM], [ana, cole, lead], id="discharge"),
        pytest.param(Action.READ_DIGEST, ABOUT_ANA, [cole, SYSTEM], [ana, day, kim, lead], id="read a digest"),
        pytest.param(Action.REVIEW_FLAG, ABOUT_ANA, [cole], [ana, day, kim, lead, SYSTEM], id="review a flag"),
        *(
            pytest.param(action, about, may, may_not, id=f"{action}, {where}")
            for action in (
                Action.REVIEW_FLAG,
                Action.RECORD_CONTACT,
                Action.WRITE_TO_PATIENT,
                Action.HAND_OVER_FLAG,
            )
            for where, about, may, may_not in (
                ("her own", ABOUT_ANA, [cole], [ana, day, kim, lead, auditor, SYSTEM]),
                ("handed over", WITH_DAY, [day], [ana, cole, kim, lead, SYSTEM]),
                ("gone to the lead", WITH_THE_LEAD, [cole, lead], [ana, day, kim, auditor, SYSTEM]),
            )
        ),
        pytest.param(Action.READ_WORDS, WITH_DAY, [day, SYSTEM], [cole, kim, lead], id="words of one handed over"),
        pytest.param(Action.READ_WORDS, WITH_THE_LEAD, [cole], [day, kim, lead], id="words stay with the clinician"),
        pytest.param(Action.READ_WORDS, ABOUT_ANA, [cole, SYSTEM], [ana, ben, day, kim, lead], id="read words"),
        pytest.param(
            Action.READ_WORDS, COLE_IS_PAGED, [cole, day, kim, lead, SYSTEM], [ana, ben, auditor], id="words when paged"
        ),
        pytest.param(Action.READ_WORDS, ABOUT_A_STRANGER, [kim, lead], [cole, day, ana], id="words of a stranger"),
        pytest.param(
            Action.READ_ROUTED, ABOUT_ANA, [cole], [ana, ben, day, kim, lead, SYSTEM], id="routed to nobody else"
        ),
        pytest.param(Action.READ_ROUTED, FOR_DAY, [day], [ana, cole, kim, lead, SYSTEM], id="routed to one colleague"),
        pytest.param(Action.READ_ROUTED, FOR_KIM, [lead], [ana, cole, day, kim], id="routed to the lead"),
        pytest.param(Action.READ_ROUTED, FOR_TEAM, [cole, day], [ana, kim, lead, SYSTEM], id="routed to the team"),
        pytest.param(
            Action.ACKNOWLEDGE_ALERT, COLE_IS_PAGED, [cole, day, kim, lead], [ana, ben, SYSTEM], id="take an alert"
        ),
        pytest.param(Action.ACKNOWLEDGE_ALERT, ABOUT_ANA, [cole], [day, kim, lead, ana], id="one not paged for it"),
        pytest.param(Action.READ_CONTACT, COLE_IS_PAGED, [cole, day, kim], [ana, ben, auditor], id="how to reach them"),
        pytest.param(Action.READ_CONTACT, ABOUT_ANA, [cole], [day, kim, ana], id="how to reach them, unpaged"),
        *(
            pytest.param(action, COLE_IS_AWAY, [cole, day], [ana, ben, kim, lead, auditor], id=f"{action}, covered")
            for action in (Action.REVIEW_FLAG, Action.READ_WORDS, Action.READ_DIGEST)
        ),
        pytest.param(Action.HOLD_CHECKINS, ABOUT_ANA, [cole, kim, SYSTEM], [ana, day, lead], id="hold check-ins"),
        pytest.param(Action.HOLD_CHECKINS, COLE_IS_AWAY, [cole, day, kim], [ana, ben, lead], id="hold, covered"),
        pytest.param(Action.SET_HOURS, ABOUT_ANA, [cole, kim, SYSTEM], [ana, day, lead], id="hours of a clinician"),
        pytest.param(Action.SET_LEAVE, ABOUT_ANA, [cole, kim, lead, SYSTEM], [ana, day, auditor], id="leave"),
        pytest.param(
            Action.LIST_PATIENT, ABOUT_ANA, [cole, kim, SYSTEM], [ana, day, lead, auditor], id="list a patient"
        ),
        pytest.param(Action.EXPORT_ANSWERS, ABOUT_ANA, [SYSTEM], [ana, cole, kim, lead, auditor], id="export answers"),
        pytest.param(Action.REASSIGN, ABOUT_ANA, [kim, SYSTEM], [ana, cole, day, lead], id="give to somebody else"),
    ],
)
def test_who_may_and_who_may_not(action: Action, about: About, may: list[Actor], may_not: list[Actor]) -> None:
    assert [allowed(who, action, about) for who in may] == [True] * len(may)
    assert [allowed(who, action, about) for who in may_not] == [False] * len(may_not)


@pytest.mark.parametrize("action", list(Action))
def test_every_action_is_in_the_table_and_a_stranger_may_do_none(action: Action) -> None:
    assert RULES[action]
    assert not allowed(STRANGER, action, ABOUT_ANA)
    assert not allowed(STRANGER, action)


@pytest.mark.parametrize("action", list(Action))
def test_nobody_is_nobody_s_patient(action: Action) -> None:
    unknown = Actor(person_id=None, roles=frozenset(Role) - {Role.OPERATOR, Role.COORDINATOR})

    assert not allowed(unknown, action, About())


@given(roles=st.sets(st.sampled_from(Role)), more=st.sampled_from(Role), action=st.sampled_from(Action))
def test_one_more_role_never_takes_a_permission_away(roles: set[Role], more: Role, action: Action) -> None:
    before = allowed(acting(COLE, *roles), action, COLE_IS_PAGED)

    after = allowed(acting(COLE, *roles, more), action, COLE_IS_PAGED)

    assert after or not before
