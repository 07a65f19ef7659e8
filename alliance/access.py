"""Who may do what: one table, one question, and no by default."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

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
    READ_WORDS = "read_words"
    ACKNOWLEDGE_ALERT = "acknowledge_alert"
    READ_CONTACT = "read_contact"
    PLAN_VISIT = "plan_visit"
    READ_BRIEF = "read_brief"
    WRITE_AGREEMENT = "write_agreement"
    ANSWER_AGREEMENT = "answer_agreement"
    RATE_AS_CLINICIAN = "rate_as_clinician"


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an action is about; None means that it does not matter or is not known."""

    patient_id: int | None = None
    clinician_id: int | None = None  # the patient's primary clinician, or whose digest it is
    on_call: frozenset[int] = frozenset()  # who is being paged for it


ANYTHING = About()

Rule = Callable[[Actor, About], bool]


def allowed(actor: Actor, action: Action, about: About = ANYTHING) -> bool:
    """Whether this person may do this to that; what the table does not name is refused."""
    return any(holds(actor, about) for role, holds in RULES[action] if role in actor.roles)


def _always(_actor: Actor, _about: About) -> bool:
    return True


def _self(actor: Actor, about: About) -> bool:
    return actor.person_id is not None and actor.person_id == about.patient_id


def _own_caseload(actor: Actor, about: About) -> bool:
    return actor.person_id is not None and actor.person_id == about.clinician_id


def _paged(actor: Actor, about: About) -> bool:
    return _own_caseload(actor, about) or actor.person_id in about.on_call


def _on_call(actor: Actor, about: About) -> bool:
    return actor.person_id in about.on_call


RULES: dict[Action, tuple[tuple[Role, Rule], ...]] = {
    Action.ANSWER_CHECKIN: ((Role.PATIENT, _self),),
    Action.CHANGE_OWN_TAKING_PART: ((Role.PATIENT, _self),),
    Action.DECIDE_FOR_ONESELF: ((Role.PATIENT, _self),),
    Action.HAVE_OWN_RECORD: ((Role.PATIENT, _self),),
    Action.ERASE_ONESELF: ((Role.PATIENT, _self),),
    Action.INVITE: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.SET_CADENCE: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.CHANGE_ENROLMENT: ((Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.READ_DIGEST: ((Role.CLINICIAN, _own_caseload), (Role.OPERATOR, _always)),
    Action.REVIEW_FLAG: ((Role.CLINICIAN, _own_caseload),),
    Action.READ_WORDS: (
        (Role.CLINICIAN, _paged),
        (Role.COORDINATOR, _on_call),
        (Role.LEAD, _on_call),
        (Role.OPERATOR, _always),
    ),
    Action.ACKNOWLEDGE_ALERT: ((Role.CLINICIAN, _paged), (Role.COORDINATOR, _paged), (Role.LEAD, _paged)),
    Action.READ_CONTACT: ((Role.CLINICIAN, _paged), (Role.COORDINATOR, _paged), (Role.LEAD, _paged)),
    Action.PLAN_VISIT: ((Role.CLINICIAN, _own_caseload), (Role.COORDINATOR, _always), (Role.OPERATOR, _always)),
    Action.READ_BRIEF: ((Role.CLINICIAN, _own_caseload),),
    Action.WRITE_AGREEMENT: ((Role.CLINICIAN, _own_caseload),),
    Action.ANSWER_AGREEMENT: ((Role.PATIENT, _self),),
    Action.RATE_AS_CLINICIAN: ((Role.CLINICIAN, _own_caseload),),
}
