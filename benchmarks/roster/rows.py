"""A roster as a clinic's own system writes it, with rows that are broken in the ways people break them."""

from collections.abc import Callable
from dataclasses import dataclass

HEADER = ("clinic_id", "code_name", "name", "language", "zone", "clinician", "cadence", "phone")
EVERY = 33  # rows; one of them is broken, which is three in a hundred
CLINICIANS = 20

Cells = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The text of a roster, and which of its lines are broken."""

    text: str
    rows: int
    broken: frozenset[int]


def roster(rows: int, *, renamed_every: int = 0) -> Written:
    """A roster of so many rows; every ``renamed_every``th patient has another name than in the one without."""
    lines = [";".join(HEADER)]
    broken: set[int] = set()
    for number in range(rows):
        cells = _cells(number, is_renamed=bool(renamed_every) and number % renamed_every == 0)
        if number % EVERY == EVERY - 1:
            _BREAKS[number // EVERY % len(_BREAKS)](cells)
            broken.add(number + 2)  # the header is line 1
        lines.append(";".join(cells[column] for column in HEADER))
    return Written(text="\r\n".join(lines) + "\r\n", rows=rows, broken=frozenset(broken))


def _cells(number: int, *, is_renamed: bool) -> Cells:
    return {
        "clinic_id": f"MRN-{number:06}",
        "code_name": f"TREE-{number:05}",
        "name": f"Person {'of another name' if is_renamed else 'of the clinic'} {number}",
        "language": ("en", "es", "")[number % 3],
        "zone": ("Europe/Madrid", "America/Bogota", "")[number % 3],
        "clinician": f"CLINICIAN-{number % CLINICIANS}",
        "cadence": ("weekly", "twice a week at 18:00", "")[number % 3],
        "phone": f"+34 600 {number:06}",
    }


def _set(**cells: str) -> Callable[[Cells], None]:
    def change(row: Cells) -> None:
        row.update(cells)

    return change


_BREAKS: tuple[Callable[[Cells], None], ...] = (
    _set(clinic_id=""),
    _set(zone="Europe/Nowhere"),
    _set(clinician="NOBODY"),
    _set(name="=HYPERLINK(A1)"),
    _set(language="xx"),
    _set(phone="3.46E+10"),
    _set(name="N" * 500),
    _set(cadence="now and then"),
    _set(code_name=""),
    _set(code_name="CLINICIAN-1"),
)
