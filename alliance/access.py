"""Who may do what: one table, one question, and no by default."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from alliance.audience import USUAL, Audience, Whom
from alliance.people import Actor, Role


class Action(StrEnum):
    """Everything a command, a button or a command line can ask for."""

    ANSWER_CHECKIN = "answer_checkin"
    CHANGE_OWN_TAKING_PART = "change_own_taking_part"
    DECIDE_FOR_ONESELF = "decide_for_oneself"  # time, zone, language, quiet hours, goals
    HAVE_OWN_RECORD = "have_own_record"
    ERASE_ONESELF = "erase_oneself"
    INVITE = "invite"
    SET_CADENCE = "set_cadence"
    CHANGE_ENROLMENT = "change_enrolment"
    READ_DIGEST = "read_digest"
    REVIEW_FLAG = "review_flag"
    RECORD_CONTACT = "record_contact"
    WRITE_TO_PATIENT = "write_to_patient"
    HAND_OVER_FLAG = "hand_over_flag"
    READ_WORDS = "read_words"
    READ_ROUTED = "read_routed"  # answers about the relationship and free words, by those the patient chose
    ACKNOWLEDGE_ALERT = "acknowledge_alert"
    READ_CONTACT = "read_contact"
    SET_HOURS = "set_hours"
    SET_LEAVE = "set_leave"
    HOLD_CHECKINS = "hold_checkins"
    REASSIGN = "reassign"
    SET_ON_CALL = "set_on_call"
    READ_TEAM_DIGEST = "read_team_digest"
    PLAN_VISIT = "plan_visit"
    READ_BRIEF = "read_brief"
    WRITE_AGREEMENT = "write_agreement"
    ANSWER_AGREEMENT = "answer_agreement"
    RATE_AS_CLINICIAN = "rate_as_clinician"
    LIST_PATIENT = "list_patient"  # that somebody takes part, and how; nothing of what they say
    EXPORT_ANSWERS = "export_answers"


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an action is about; None means that it does not matter or is not known."""

    patient_id: int | None = None
    clinician_id: int | None = None  # the patient's primary clinician, or whose digest it is
    on_call: frozenset[int] = frozenset()  # who is being paged for it
    holders: frozenset[int] = frozenset()  # to whom a flag was handed over, or went because nobody touched it
    audience: Audience = USUAL  # whom the patient has chosen for it
    team: frozenset[int] = frozenset()  # who shares the patient with the clinician
    covers: frozenset[int] = frozenset()  # who stands in for that clinician at this moment


ANYTHING = About()

Rule = Callable[[Actor, About], bool]


def allowed(actor: Actor, action: Action, about: About = ANYTHING) -> bool:
    """Whether this person may do this to that; what the table does not name is refused."""
    return any(holds(actor, about) for role, holds in RULES[action] if role in actor.roles)


def _always(_actor: Actor, _about: About) -> bool:
    return True


def _anybody_known(actor: Actor, _about: About) -> bool:
    return actor.person_id is not None


def _self(actor: Actor, about: About) -> bool:
    return actor.person_id is not None and actor.person_id == about.patient_id


def _own_caseload(actor: Actor, about: About) -> bool:
    return actor.person_id is not None and actor.person_id == about.clinician_id


def _holds(actor: Actor, about: About) -> bool:
    return actor.person_id is not None and actor.person_id in about.holders


def _own_or_held(actor: Actor, about: About) -> bool:
    return _own_caseload(actor, about) or _holds(actor, about)


def _cover(actor: Actor, about: About) -> bool:
    return actor.person_id in about.covers


def _paged(actor: Actor, about: About) -> bool:
    return _own_caseload(actor, about) or actor.person_id in about.on_call


def _on_call(actor: Actor, about: About) -> bool:
    return actor.person_id in about.on_call


def _in_audience(actor: Actor, about: About) -> bool:
    """Somebody chosen by name reads alone; the whole team includes the patient's own clinician."""
    if about.audience.whom is Whom.PERSON:
        return actor.person_id is not None and actor.person_id == about.audience.reader_id
    in_team = about.audience.whom is Whom.TEAM and actor.person_id in about.team
    return in_team or _own_caseload(actor, about)


RULES: dict[Action, tuple[tuple[Role, Rule], ...]] = {
    Action.ANSWER_CHECKIN: ((Role.PATIENT, _self),),
    Action.CHANGE_OWN_TAKING_PART: ((Role.PATIENT, _self),),
    Action.DECIDE_FOR_ONESELF: ((Role.PATIENT, _self),),
    Action.HAVE_OWN_RECORD: ((Role.PATIENT, _self),),
    Action.ERASE_ONESELF: ((Role.PATIENT, _self),),
    Action.INVITE: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.SET_CADENCE: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.CHANGE_ENROLMENT: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.READ_DIGEST: ((Role.CLINICIAN, _own_caseload), (Role.CLINICIAN, _cover), (Role.OPERATOR, _always)),
    **dict.fromkeys(
        (Action.REVIEW_FLAG, Action.RECORD_CONTACT, Action.WRITE_TO_PATIENT, Action.HAND_OVER_FLAG),
        # a lead has flags of their own only where a patient has chosen the lead as a reader
        ((Role.CLINICIAN, _own_or_held), (Role.CLINICIAN, _cover), (Role.LEAD, _own_or_held)),
    ),
    Action.READ_WORDS: (
        (Role.CLINICIAN, _paged),
        (Role.CLINICIAN, _holds),
        (Role.CLINICIAN, _cover),
        (Role.COORDINATOR, _on_call),
        (Role.LEAD, _on_call),
        (Role.OPERATOR, _always),
    ),
    Action.READ_ROUTED: ((Role.CLINICIAN, _in_audience), (Role.LEAD, _in_audience)),
    Action.ACKNOWLEDGE_ALERT: ((Role.CLINICIAN, _paged), (Role.COORDINATOR, _paged), (Role.LEAD, _paged)),
    Action.READ_CONTACT: ((Role.CLINICIAN, _paged), (Role.COORDINATOR, _paged), (Role.LEAD, _paged)),
    Action.SET_HOURS: (
        (Role.CLINICIAN, _own_caseload),
        (Role.LEAD, _own_caseload),
        (Role.COORDINATOR, _always),
        (Role.OPERATOR, _always),
    ),
    Action.SET_LEAVE: (
        (Role.CLINICIAN, _own_caseload),
        (Role.COORDINATOR, _always),
        (Role.LEAD, _anybody_known),
        (Role.OPERATOR, _always),
    ),
    Action.HOLD_CHECKINS: (
        (Role.CLINICIAN, _own_caseload),
        (Role.CLINICIAN, _cover),
        (Role.COORDINATOR, _always),
        (Role.OPERATOR, _always),
    ),
    Action.REASSIGN: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.SET_ON_CALL: ((Role.COORDINATOR, _always), (Role.LEAD, _anybody_known), (Role.OPERATOR, _always)),
    Action.READ_TEAM_DIGEST: ((Role.LEAD, _self), (Role.OPERATOR, _always)),
    Action.PLAN_VISIT: ((Role.CLINICIAN, _own_caseload), (Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.READ_BRIEF: ((Role.CLINICIAN, _own_caseload),),
    Action.WRITE_AGREEMENT: ((Role.CLINICIAN, _own_caseload),),
    Action.ANSWER_AGREEMENT: ((Role.PATIENT, _self),),
    Action.RATE_AS_CLINICIAN: ((Role.CLINICIAN, _own_caseload),),
    Action.LIST_PATIENT: ((Role.CLINICIAN, _own_caseload), (Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.EXPORT_ANSWERS: ((Role.OPERATOR, _always),),
}
