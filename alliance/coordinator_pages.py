"""What a coordinator sees on the move: the patients, one of them, a link, and how today stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alliance.buttons import encode
from alliance.coordinator_presses import About, ListPatients, OpenOne
from alliance.names_on_display import shown
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

ON_A_PAGE = 12  # patients, two beside each other
NAMED = 8  # patients of one kind on the page of today; the others are counted
_IN_A_ROW = 2

Row = tuple[Button, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OnThePage:
    """A patient as a button: whose page it opens, and the code name."""

    patient_id: int
    code_name: str


def patients_page(wording: Wording, found: Sequence[OnThePage], listed: ListPatients, *, total: int) -> Saying:
    """A part of the list, with what comes before and after it."""
    if not found:
        key = "patients.found_none" if listed.beginning else "patients.none"
        return Saying(text=wording(key, words=shown(listed.beginning)))
    turns: list[Button] = []
    if listed.start > 0:
        before = ListPatients(start=max(0, listed.start - ON_A_PAGE), beginning=listed.beginning)
        turns.append(Button(label=wording("patients.earlier"), press=encode(before)))
    if listed.start + len(found) < total:
        after = ListPatients(start=listed.start + ON_A_PAGE, beginning=listed.beginning)
        turns.append(Button(label=wording("patients.later"), press=encode(after)))
    last = listed.start + len(found)
    title = wording("patients.title", first=listed.start + 1, last=last, count=total)
    return headed(title, "", rows=(*_buttons(found), *((tuple(turns),) if turns else ())))


def patient_page(wording: Wording, patient: OnThePage, lines: Sequence[str], *, takes_part: bool) -> Saying:
    """How one patient is asked, in lines, and what can be done about it."""
    offered = (About.CADENCE, About.HOLD, About.INVITE) if takes_part else (About.INVITE,)
    rows = tuple((_button(wording(f"patient.button.{about}"), patient, about),) for about in offered)
    return headed(shown(patient.code_name), "\n".join(lines), rows=rows)


def today_page(wording: Wording, day: str, kinds: Mapping[str, tuple[int, Sequence[OnThePage]]]) -> Saying:
    """Who is asked today, what waits, what could not be delivered, who has no team.

    ``kinds`` holds of each how many there are, and the first of them, who are named.
    """
    lines: list[str] = []
    pressed: dict[int, OnThePage] = {}
    for kind, (number, patients) in kinds.items():
        lines += ["", wording(f"today.{kind}", count=number)]
        lines += [f"• {shown(patient.code_name)}" for patient in patients]
        if number > len(patients):
            lines.append(wording("today.more", count=number - len(patients)))
        if kind != "asked":  # nothing is to be done about these
            pressed |= {patient.patient_id: patient for patient in patients}
    return headed(wording("today.title", day=day), "\n".join(lines), rows=_buttons(list(pressed.values())))


def _buttons(patients: Sequence[OnThePage]) -> tuple[Row, ...]:
    buttons = [_button(shown(patient.code_name), patient, About.SHOW) for patient in patients]
    return tuple(tuple(buttons[start : start + _IN_A_ROW]) for start in range(0, len(buttons), _IN_A_ROW))


def _button(label: str, patient: OnThePage, about: About) -> Button:
    return Button(label=label, press=encode(OpenOne(patient_id=patient.patient_id, about=about)))
