"""The clinician's own view of a patient: one message that goes from question to question."""

from alliance.buttons import encode
from alliance.clinician_rating import ORDER
from alliance.digest_words import shown
from alliance.items import Domain
from alliance.saying import Button, Saying, headed
from alliance.visit_pages import Row, patient_button
from alliance.visit_presses import PatientStep, RateAsClinician
from alliance.wording import Wording


def view_question(
    wording: Wording, domain: Domain, *, rating_id: int, code_name: str, scale: tuple[int, int], is_first: bool
) -> Saying:
    """One question about one patient, with a row of numbers from end to end of the scale."""
    lowest, highest = scale
    numbers = tuple(
        Button(label=str(n), press=encode(RateAsClinician(rating_id=rating_id, domain=domain, rating=n)))
        for n in range(lowest, highest + 1)
    )
    skip = Button(label=wording("view.button.skip"), press=encode(RateAsClinician(rating_id=rating_id)))
    number = ORDER.index(domain) + 1
    lines = [wording(f"view.question.{domain}"), wording("view.ends", lowest=lowest, highest=highest)]
    if is_first:
        lines.append(wording("view.who_reads"))
    title = wording("view.title", who=shown(code_name), number=number, total=len(ORDER))
    return headed(title, "\n" + "\n\n".join(lines), rows=(numbers, (skip,)), protected=True)


def view_ended(
    wording: Wording, key: str, *, patient_id: int, code_name: str, given: dict[str, int] | None = None
) -> Saying:
    """That it is kept, was passed over or came too late; and what usually follows a visit."""
    rows: tuple[Row, ...] = ((patient_button(wording, patient_id, PatientStep.AGREE),),)
    numbers = ", ".join(
        wording("view.given", domain=wording(f"digest.domain.{domain}"), rating=rating)
        for domain, rating in (given or {}).items()
    )
    return headed(shown(code_name), f"\n{wording(f'view.{key}', numbers=numbers)}", rows=rows, protected=True)
