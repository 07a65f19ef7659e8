"""Flags: what may be a rupture, with its reasons, and the three things one press can do about it."""

from alliance.console import Page
from alliance.flags import FlagAction
from console.doors import Answer, Asking, Door, Looked, NotHere, Onward, Shown
from console.flag_view import flag_views
from console.forms import Malformed, number, one_of
from workflows.flags_board import flags_board
from workflows.review_flags import act_on

_DONE = {"toast.flag_reviewed": "reviewed", "toast.flag_raise": "raise", "toast.flag_not": "not"}
_NOT_THEIRS = frozenset({"toast.unknown", "toast.not_yours"})


async def show(asking: Asking) -> Answer:
    """The board: what nobody has looked at comes first."""
    board = await flags_board(asking.unit)
    return Shown(
        template="flags",
        values={
            "raised": flag_views(asking, board.raised),
            "looked_at": flag_views(asking, board.looked_at),
            "more": board.more,
        },
        looked=Looked(action="looked_at_flags", kind="console"),
    )


async def act(asking: Asking) -> Answer:
    """One press; of two who press at once the first one counts."""
    action = one_of(asking.sent("action"), list(FlagAction))
    if not action:
        raise Malformed(Malformed.__doc__)
    said = await act_on(asking.unit, number(asking.request.path_params["id"]), FlagAction(action))
    if said in _NOT_THEIRS:
        raise NotHere
    back = asking.sent("back")
    patient = back.removeprefix("/console/patients/")
    to = f"/patients/{number(patient)}" if patient != back else "/flags"
    return Onward(to=to, done=_DONE.get(said, "flag_before"))


DOORS = (
    Door(page=Page.FLAGS, path="/flags", does=show),
    Door(page=Page.FLAGS, path="/flags/{id}", does=act, method="POST"),
)
