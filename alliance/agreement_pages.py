"""How an agreement reads: the frame in "we" language around the clinician's sentences, and every page beside it."""

from collections.abc import Sequence
from zlib import crc32

from alliance.agreement import AgreementState, Part, Parts, Reply, as_words
from alliance.asking import help_row
from alliance.buttons import encode
from alliance.digest_words import shown
from alliance.saying import Button, Saying, headed
from alliance.visit_pages import Row
from alliance.visit_presses import ActOnDraft, AnswerAgreement, DraftStep
from alliance.wording import Wording


def agreement_text(wording: Wording, parts: Parts, *, clinician: str, clinic_contact: str) -> str:
    """What both sides agreed on, in the patient's language; the clinician's sentences stand as she wrote them."""
    blocks = [wording("agreement.opening", clinician=clinician)]
    if parts.text:
        blocks.append(parts.text)
    blocks += [
        f"{wording(f'agreement.part.{part}', clinician=clinician)}\n{words}"
        for part in Part
        if (words := parts.part(part))
    ]
    if clinic_contact:
        blocks.append(wording("agreement.clinic", contact=clinic_contact))
    return "\n\n".join(blocks)


def proposal(
    wording: Wording, parts: Parts, *, agreement_id: int, clinician: str, clinic_contact: str, reminder: bool = False
) -> Saying:
    """A version as the patient gets it, with the two answers."""
    text = agreement_text(wording, parts, clinician=clinician, clinic_contact=clinic_contact)
    asked = wording("agreement.reminder" if reminder else "agreement.ask")
    rows = ((_answer(wording, agreement_id, Reply.FAIR),), (_answer(wording, agreement_id, Reply.CHANGE),))
    return headed(wording("agreement.title"), f"\n{text}\n\n{asked}", rows=(*rows, help_row(wording)), protected=True)


def answered(
    wording: Wording,
    parts: Parts,
    *,
    agreement_id: int,
    state: AgreementState,
    on: str,
    clinician: str,
    clinic_contact: str,
) -> Saying:
    """A version after its answer, which can still be changed; or replaced by a newer one, and then only read."""
    text = agreement_text(wording, parts, clinician=clinician, clinic_contact=clinic_contact)
    said = wording(f"agreement.said.{state}", on=on, clinician=clinician)
    other = {AgreementState.AGREED: Reply.CHANGE, AgreementState.CONTESTED: Reply.FAIR}.get(state)
    rows: tuple[Row, ...] = ((_answer(wording, agreement_id, other, after_all=True),),) if other else ()
    return headed(wording("agreement.title"), f"\n{text}\n\n{said}", rows=(*rows, help_row(wording)), protected=True)


def ask_what(wording: Wording, *, agreement_id: int, clinician: str) -> Saying:
    """The question for the sentence that goes with a change; nothing has to be written."""
    back = Button(
        label=wording("agreement.button.back"), press=encode(AnswerAgreement(agreement_id=agreement_id, reply=None))
    )
    return Saying(text=wording("agreement.what", clinician=clinician), rows=((back,), help_row(wording)))


def begin_page(wording: Wording, *, patient_id: int, code_name: str, standing: str) -> Saying:
    """How a clinician begins: paste one text now, or go step by step."""
    rows = (
        (_draft(wording, patient_id, DraftStep.STEPS),),
        (_draft(wording, patient_id, DraftStep.DROP),),
    )
    lines = [line for line in (standing, wording("agreement.write.begin")) if line]
    return _page(wording("agreement.write.title", who=shown(code_name)), lines, rows)


def part_page(wording: Wording, part: Part, *, patient_id: int, code_name: str) -> Saying:
    """One part to be written, or left out."""
    parts = tuple(Part)
    rows = (
        (_draft(wording, patient_id, DraftStep.WITHOUT),),
        (_draft(wording, patient_id, DraftStep.DROP),),
    )
    step = wording("agreement.write.step", number=parts.index(part) + 1, total=len(parts))
    return _page(
        wording("agreement.write.title", who=shown(code_name)), [step, wording(f"agreement.write.{part}")], rows
    )


def preview(wording: Wording, text: str, parts: Parts, *, patient_id: int, code_name: str) -> Saying:
    """Just what the patient will read, before anything is sent."""
    rows = tuple(
        (_draft(wording, patient_id, step, print_of(parts)),)
        for step in (DraftStep.SEND, DraftStep.ANEW, DraftStep.DROP)
    )
    title = wording("agreement.write.preview", who=shown(code_name))
    return headed(title, f"\n{text}", rows=rows, protected=True)


def print_of(parts: Parts) -> int:
    """A number that another text would not have, for the button that sends it."""
    return crc32(as_words(parts).encode("utf-8", errors="replace"))


def _answer(wording: Wording, agreement_id: int, reply: Reply, *, after_all: bool = False) -> Button:
    key = f"agreement.button.{reply}_after_all" if after_all else f"agreement.button.{reply}"
    return Button(label=wording(key), press=encode(AnswerAgreement(agreement_id=agreement_id, reply=reply)))


def _draft(wording: Wording, patient_id: int, step: DraftStep, printed: int = 0) -> Button:
    press = ActOnDraft(patient_id=patient_id, step=step, print=printed)
    return Button(label=wording(f"agreement.write.button.{step}"), press=encode(press))


def _page(title: str, lines: Sequence[str], rows: tuple[Row, ...]) -> Saying:
    return headed(title, "\n" + "\n\n".join(lines), rows=rows, protected=True)
