"""What a clinician sees of her visits and her patients, as pages of buttons; code names only."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.buttons import encode
from alliance.digest_words import shown
from alliance.saying import Button, Saying, headed
from alliance.visit_presses import (
    ActOnVisit,
    Listing,
    OpenList,
    OpenPatient,
    PatientStep,
    VisitStep,
)
from alliance.visits import VisitState
from alliance.wording import Wording

ON_A_PAGE = 10  # buttons below each other; more hide their own text on a phone

Row = tuple[Button, ...]

_OPENS = {
    Listing.PLAN: PatientStep.PLAN,
    Listing.BRIEF: PatientStep.BRIEF,
    Listing.AGREE: PatientStep.AGREE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitLine:
    """One visit as a clinician reads it; ``when`` is in words, ``has_begun`` whether its time has come."""

    visit_id: int
    patient_id: int
    code_name: str
    when: str
    state: VisitState
    has_begun: bool


def visits_page(wording: Wording, visits: Sequence[VisitLine], *, start: int) -> Saying:
    """A clinician's planned visits, those not marked yet first, a page at a time."""
    rows = [
        (Button(label=_label(line, wording), press=encode(ActOnVisit(visit_id=line.visit_id, step=VisitStep.SHOW))),)
        for line in visits[start : start + ON_A_PAGE]
    ]
    plan = Button(label=wording("visit.button.plan"), press=encode(OpenList(listing=Listing.PLAN)))
    body = wording("visit.choose" if visits else "visit.none")
    turning = _turning(wording, Listing.VISITS, start=start, total=len(visits))
    return _page(wording("visit.title"), body, (*rows, *turning, (plan,)))


def visit_page(wording: Wording, line: VisitLine) -> Saying:
    """One visit, where it stands, and what can be done about it."""
    steps: tuple[VisitStep, ...] = ()
    if line.state is VisitState.PLANNED:
        steps = (*((VisitStep.DONE,) if line.has_begun else ()), VisitStep.MOVE, VisitStep.CANCEL)
    rows = [
        (Button(label=wording(f"visit.button.{step}"), press=encode(ActOnVisit(visit_id=line.visit_id, step=step))),)
        for step in steps
    ]
    opened = {
        VisitState.PLANNED: (PatientStep.BRIEF,),
        VisitState.DONE: (PatientStep.AGREE,),
        VisitState.CANCELLED: (PatientStep.PLAN,),
    }[line.state]
    rows += [(patient_button(wording, line.patient_id, step),) for step in opened]
    text = wording(f"visit.state.{line.state}", when=line.when)
    return _page(shown(line.code_name), text, (*rows, _back(wording)))


def patients_page(wording: Wording, listing: Listing, patients: Sequence[tuple[int, str]], *, start: int = 0) -> Saying:
    """A clinician's own patients by id and code name, to choose one of them."""
    step = _OPENS[listing]
    rows = [
        (Button(label=shown(code_name), press=encode(OpenPatient(patient_id=patient_id, step=step))),)
        for patient_id, code_name in patients[start : start + ON_A_PAGE]
    ]
    body = wording(f"visit.whom.{listing}" if patients else "visit.nobody")
    turning = _turning(wording, listing, start=start, total=len(patients))
    return _page(wording(f"visit.whom.title_{listing}"), body, (*rows, *turning))


def when_page(wording: Wording, code_name: str, *, moved_from: str | None = None) -> Saying:
    """The question for the day and hour of a visit."""
    key = "visit.ask_moved" if moved_from else "visit.ask"
    return _page(shown(code_name), wording(key, when=moved_from), (_back(wording),))


def refused(wording: Wording, key: str, **values: object) -> Saying:
    """Why something about a visit cannot be done, and the way on."""
    return Saying(text=wording(f"visit.refused.{key}", **values), rows=(_back(wording),))


def patient_button(wording: Wording, patient_id: int, step: PatientStep) -> Button:
    """A button that opens something for one patient."""
    return Button(
        label=wording(f"visit.button.for_{step}"), press=encode(OpenPatient(patient_id=patient_id, step=step))
    )


def _label(line: VisitLine, wording: Wording) -> str:
    key = "visit.line_open" if line.has_begun else "visit.line"
    return wording(key, who=shown(line.code_name), when=line.when)


def _turning(wording: Wording, listing: Listing, *, start: int, total: int) -> tuple[Row, ...]:
    places = (("earlier", start - ON_A_PAGE), ("further", start + ON_A_PAGE))
    row = tuple(
        Button(label=wording(f"visit.button.{key}"), press=encode(OpenList(listing=listing, start=place)))
        for key, place in places
        if 0 <= place < total
    )
    return (row,) if row else ()


def _back(wording: Wording) -> Row:
    return (Button(label=wording("visit.button.visits"), press=encode(OpenList(listing=Listing.VISITS))),)


def _page(title: str, body: str, rows: Sequence[Row]) -> Saying:
    return headed(title, f"\n{body}", rows=tuple(rows), protected=True)
