"""Which form of an instrument a check-in asks: each as often as the others, and none twice in a row."""

from alliance.items import Instrument


def form_of(instrument: Instrument, *, patient_id: int, asked_before: int) -> str | None:
    """The form for a patient who has been asked so often before; None where an instrument has no forms.

    Patients begin at different forms, so that the answers of one day do not all hang on one wording. Only check-ins
    that reached the patient are counted: one that never arrived wears no question out, and its form comes next.
    """
    forms = instrument.forms
    return forms[(patient_id + asked_before) % len(forms)] if forms else None
