"""Patients: found, left to some, put in order, a page at a time."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from alliance.console import Page
from alliance.enrolment import EnrolmentState
from console.doors import Answer, Asking, Door, Looked, Shown
from console.forms import Malformed, number, one_of
from workflows.browse_patients import After, Sought, browse, clinicians_to_choose

_ORDERS = ("code", "next")


async def show(asking: Asking) -> Answer:
    """One page of the list. What was looked for stands in the address and nowhere else."""
    sought = _sought(asking)
    found = await browse(asking.unit, sought, after=_after(asking, by_next=sought.by_next))
    choice = {name: value for name in ("q", "state", "with", "order", "blocked") if (value := asking.asked(name))}
    return Shown(
        template="patients",
        values={
            "found": found,
            "choice": {name: asking.asked(name) for name in ("q", "state", "with", "order", "blocked")},
            "states": list(EnrolmentState),
            "clinicians": await clinicians_to_choose(asking.unit),
            "next_page": _next_page(choice, found.next_after),
            "first_page": _address(choice) if asking.asked("after") else "",
        },
        looked=Looked(action="looked_at_patients", kind="console"),
    )


def _sought(asking: Asking) -> Sought:
    clinician = asking.asked("with")
    return Sought(
        clinicians=frozenset(),  # whose they may be is decided where they are looked up
        words=asking.asked("q"),
        states=[state] if (state := one_of(asking.asked("state"), list(EnrolmentState))) else (),
        clinician_id=number(clinician) if clinician else None,
        unreachable=bool(one_of(asking.asked("blocked"), ("1",))),
        by_next=one_of(asking.asked("order"), _ORDERS) == "next",
    )


def _after(asking: Asking, *, by_next: bool) -> After | None:
    """Where the page before ended, as its link says it."""
    code_name, due = asking.asked("after"), asking.asked("due")
    if not code_name:
        return None
    try:
        due_at = datetime.fromisoformat(due) if due and by_next else None
    except ValueError as error:
        raise Malformed(Malformed.__doc__) from error
    if due_at is not None and due_at.tzinfo is None:
        raise Malformed(Malformed.__doc__)
    return After(code_name=code_name, due_at=due_at)


def _next_page(choice: Mapping[str, str], after: After | None) -> str:
    if after is None:
        return ""
    due = {"due": after.due_at.isoformat()} if after.due_at else {}
    return _address({**choice, "after": after.code_name, **due})


def _address(choice: Mapping[str, str]) -> str:
    return f"/console/patients?{urlencode(choice)}"


DOORS = (Door(page=Page.PATIENTS, path="/patients", does=show),)
