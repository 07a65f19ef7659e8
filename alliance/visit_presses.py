"""What the buttons around a visit are about: the visit itself, the agreement, the clinician's rating, the brief."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alliance.agreement import Reply
from alliance.items import Domain
from alliance.press_words import read_whole


class VisitStep(StrEnum):
    """What can be done about a visit, or opened from one."""

    SHOW = "show"
    DONE = "done"
    MOVE = "move"
    CANCEL = "cancel"


class PatientStep(StrEnum):
    """What a clinician can open for one of her patients."""

    PLAN = "plan"  # a visit
    BRIEF = "brief"
    WORDS = "words"  # the patient's own goals, and what was agreed
    AGREE = "agree"


class DraftStep(StrEnum):
    """What can be done about an agreement that is being written."""

    STEPS = "steps"  # write it part by part
    WITHOUT = "without"  # leave this part out
    SEND = "send"
    ANEW = "anew"
    DROP = "drop"


class Listing(StrEnum):
    """A list of a clinician's own: of visits, or of patients to choose from."""

    VISITS = "visits"
    PLAN = "plan"
    BRIEF = "brief"
    AGREE = "agree"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenList:
    """Show one of a clinician's lists, from a place in it on."""

    listing: Listing
    start: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ActOnVisit:
    """One step about one visit."""

    visit_id: int
    step: VisitStep


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPatient:
    """One thing about one of a clinician's patients."""

    patient_id: int
    step: PatientStep


@dataclass(frozen=True, kw_only=True, slots=True)
class ActOnDraft:
    """One step about what is being written for one patient; ``print`` is of the text that the button stood under."""

    patient_id: int
    step: DraftStep
    print: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerAgreement:
    """What a patient says to one version of an agreement; None shows it again."""

    agreement_id: int
    reply: Reply | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RateAsClinician:
    """A clinician's number for one domain of one asking; no domain passes the patient over."""

    rating_id: int
    domain: Domain | None = None
    rating: int = 0


VisitPress = OpenList | ActOnVisit | OpenPatient | ActOnDraft | AnswerAgreement | RateAsClinician

_AGAIN = "again"
_SKIP = "skip"


def encode(press: VisitPress) -> str:
    """Write a press as button data of at most 64 bytes."""
    match press:
        case OpenList():
            return f"list:{press.listing}:{press.start}"
        case ActOnVisit():
            return f"visit:{press.visit_id}:{press.step}"
        case OpenPatient():
            return f"for:{press.patient_id}:{press.step}"
        case ActOnDraft():
            return f"draft:{press.patient_id}:{press.step}:{press.print}"
        case AnswerAgreement():
            return f"agree:{press.agreement_id}:{press.reply or _AGAIN}"
        case RateAsClinician():
            return f"view:{press.rating_id}:{press.domain or _SKIP}:{press.rating}"


def _list(rest: str) -> OpenList:
    listing, start = rest.split(":")
    return OpenList(listing=Listing(listing), start=read_whole(start))


def _visit(rest: str) -> ActOnVisit:
    visit, step = rest.split(":")
    return ActOnVisit(visit_id=read_whole(visit), step=VisitStep(step))


def _patient(rest: str) -> OpenPatient:
    patient, step = rest.split(":")
    return OpenPatient(patient_id=read_whole(patient), step=PatientStep(step))


def _draft(rest: str) -> ActOnDraft:
    patient, step, print_ = rest.split(":")
    return ActOnDraft(patient_id=read_whole(patient), step=DraftStep(step), print=read_whole(print_))


def _agree(rest: str) -> AnswerAgreement:
    agreement, reply = rest.split(":")
    return AnswerAgreement(agreement_id=read_whole(agreement), reply=None if reply == _AGAIN else Reply(reply))


def _view(rest: str) -> RateAsClinician:
    rating, domain, number = rest.split(":")
    return RateAsClinician(
        rating_id=read_whole(rating), domain=None if domain == _SKIP else Domain(domain), rating=read_whole(number)
    )


READERS: Mapping[str, Callable[[str], VisitPress]] = {
    "list": _list,
    "visit": _visit,
    "for": _patient,
    "draft": _draft,
    "agree": _agree,
    "view": _view,
}
