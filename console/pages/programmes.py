"""Programmes: said in words, read back with their dates before they are saved, and given to many at once."""

from collections.abc import Callable
from datetime import date

from alliance.console import Page
from alliance.enrolment import EnrolmentState
from alliance.local_time import local_day
from alliance.not_arranged import NotArranged
from console.doors import Answer, Asking, Does, Door, Looked, Onward, Shown, reason
from console.forms import Malformed, number, one_of
from workflows.browse_patients import Sought, clinicians_to_choose, everybody_found
from workflows.change_programme import Change, CountFrom, Seen, apply, look
from workflows.foresee import Foreseen, from_enrolment
from workflows.keep_programmes import every, retire, save, understand
from workflows.set_cadence import CannotSet

MOST_AT_ONCE = 500  # patients in one change: what a person can still look through
SHOWN_ROWS = 100
SHOWN_DATES = 3  # of each patient, before and after


async def show(asking: Asking) -> Answer:
    """All programmes, and what is being written, as it is understood so far."""
    words = asking.asked("words")
    trial, why = await _trial(asking, words) if words else (None, "")
    return Shown(
        template="programmes",
        values={
            "programmes": await every(asking.unit),
            "trial": trial,
            "why": why,
            "name": asking.asked("name") or asking.sent("name"),
            "words": words or asking.sent("words"),
            "states": (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.ON_HOLD, EnrolmentState.INVITED),
            "clinicians": await clinicians_to_choose(asking.unit),
            "counts": list(CountFrom),
        },
    )


async def keep(asking: Asking) -> Answer:
    """A new programme, or a new version of one; nobody is moved by it."""
    await save(asking.unit, name=asking.sent("name"), words=asking.sent("words"))
    return Onward(to="/programmes", done="programme")


async def end(asking: Asking) -> Answer:
    """No new patients; those who are on it stay."""
    await retire(asking.unit, asking.sent("name"))
    return Onward(to="/programmes", done="retired")


async def preview(asking: Asking) -> Answer:
    """What putting these patients on that programme would change for each of them."""
    field = asking.sent if asking.form else asking.asked
    seen, total = await _seen(asking, field)
    return Shown(
        template="change",
        values={
            "seen": seen,
            "total": total,
            "most": MOST_AT_ONCE,
            "rows": seen.rows[:SHOWN_ROWS] if seen else (),
            "choice": {name: field(name) for name in ("programme", "state", "with", "q", "count_from")},
        },
        looked=Looked(action="looked_at_patients", kind="console"),
    )


async def change(asking: Asking) -> Answer:
    """Exactly what was looked at, or nothing: when something has changed since, it is looked at again."""
    seen, _ = await _seen(asking, asking.sent)
    if seen is None or seen.mark != asking.sent("mark"):
        raise NotArranged("console.changed_since", "Something has changed since you looked; please look again.")
    for some in seen.slices():
        async with asking.changing() as unit:
            await apply(unit, seen, some)
    return Onward(to="/programmes", done="moved")


async def _trial(asking: Asking, words: str) -> tuple[Foreseen | None, str]:
    zone = asking.unit.clinic.zone
    begins: date = local_day(asking.unit.now, zone)
    try:
        programme = understand(asking.unit, words)
        return await from_enrolment(asking.unit, programme, zone=zone, enrolled_on=begins), ""
    except CannotSet as refused:
        return None, reason(refused, asking.say)


async def _seen(asking: Asking, field: Callable[[str], str]) -> tuple[Seen | None, int]:
    """The change as it would be now; None for more patients than a person can look through."""
    if not field("programme"):
        raise Malformed(Malformed.__doc__)
    clinician = field("with")
    sought = Sought(
        clinicians=None,
        words=field("q"),
        states=[one_of(field("state"), list(EnrolmentState)) or EnrolmentState.ACTIVE],
        clinician_id=number(clinician) if clinician else None,
    )
    found = await everybody_found(asking.unit, sought)
    if len(found) > MOST_AT_ONCE:
        return None, len(found)
    count_from = CountFrom(one_of(field("count_from"), list(CountFrom)) or CountFrom.KEEP)
    wanted = Change(programme=field("programme"), patient_ids=tuple(found), count_from=count_from)
    return await look(asking.unit, wanted, count=SHOWN_DATES), len(found)


def _form(path: str, does: Does, *, in_slices: bool = False) -> Door:
    again = preview if in_slices else show
    return Door(page=Page.PROGRAMMES, path=path, does=does, method="POST", again=again, in_slices=in_slices)


DOORS = (
    Door(page=Page.PROGRAMMES, path="/programmes", does=show),
    Door(page=Page.PROGRAMMES, path="/programmes/change", does=preview),
    _form("/programmes", keep),
    _form("/programmes/retire", end),
    _form("/programmes/change", change, in_slices=True),
)
