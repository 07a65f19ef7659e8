"""Team: who does what, who is away and who reads meanwhile, who is on call; and somebody's leaving."""

from alliance.access import Action, allowed
from alliance.console import Page
from alliance.local_time import local_day
from console.doors import Answer, Asking, Does, Door, NotHere, Onward, Shown
from console.forms import Malformed, day, number
from workflows.look_at_team import leave_of_number, look_at_team, somebody
from workflows.plan_visits import read_moment
from workflows.reassign import end_staff
from workflows.set_leave import end_leave, set_leave
from workflows.set_on_call import add_shift, remove_shift, set_on_call
from workflows.sign_in import sign_out_everywhere
from workflows.unit import Person


async def show(asking: Asking) -> Answer:
    """The team as it is now."""
    return Shown(
        template="team",
        values={
            "team": await look_at_team(asking.unit),
            "ends_roles": allowed(asking.unit.actor, Action.REASSIGN),
            "sets_on_call": allowed(asking.unit.actor, Action.SET_ON_CALL),
            "today": local_day(asking.unit.now, asking.me.person.zone),
        },
    )


async def plan_leave(asking: Asking) -> Answer:
    """Somebody is away from a day on; the cover is told."""
    starts_on = day(asking.sent("starts"))
    if starts_on is None:
        raise Malformed(Malformed.__doc__)
    cover = await _somebody(asking, "cover") if asking.sent("cover") else None
    person = await _somebody(asking, "person")
    await set_leave(asking.unit, person, starts_on=starts_on, back_on=day(asking.sent("back")), cover=cover)
    return Onward(to="/team", done="leave")


async def call_off_leave(asking: Asking) -> Answer:
    """She is back, or does not go."""
    try:
        leave = await leave_of_number(asking.unit, number(asking.sent("leave")))
    except LookupError as error:
        raise NotHere from error
    await end_leave(asking.unit, leave)
    return Onward(to="/team", done="leave_over")


async def order(asking: Asking) -> Answer:
    """Who is paged first, second, third; an empty place is left out."""
    places = [number(value) for name, value in sorted(asking.form.items()) if name.startswith("place-") and value]
    people = [await _of(asking, person_id) for person_id in dict.fromkeys(places)]
    await set_on_call(asking.unit, [person.code_name for person in people])
    return Onward(to="/team", done="on_call")


async def plan_shift(asking: Asking) -> Answer:
    """Somebody is on shift, on the clock of whoever plans it."""
    person, zone = await _somebody(asking, "person"), asking.me.person.zone
    starts_at = read_moment(asking.unit, asking.sent("from"), zone=zone)
    ends_at = read_moment(asking.unit, asking.sent("until"), zone=zone)
    await add_shift(asking.unit, person.code_name, starts_at=starts_at, ends_at=ends_at)
    return Onward(to="/team", done="shift")


async def drop_shift(asking: Asking) -> Answer:
    """A shift is taken away."""
    await remove_shift(asking.unit, number(asking.sent("shift")))
    return Onward(to="/team", done="shift_over")


async def end(asking: Asking) -> Answer:
    """Somebody leaves the team: roles, sessions and links end now."""
    if asking.sent("sure") != "yes":
        raise Malformed(Malformed.__doc__)
    await end_staff(asking.unit, await _somebody(asking, "person"))
    return Onward(to="/team", done="left")


async def sign_out(asking: Asking) -> Answer:
    """Every session of somebody ends: a telephone is lost, a screen was left open."""
    if not allowed(asking.unit.actor, Action.REASSIGN):
        raise NotHere
    await sign_out_everywhere(asking.unit, await _somebody(asking, "person"))
    return Onward(to="/team", done="signed_out")


async def _somebody(asking: Asking, field: str) -> Person:
    return await _of(asking, number(asking.sent(field)))


async def _of(asking: Asking, person_id: int) -> Person:
    try:
        return await somebody(asking.unit, person_id)
    except LookupError as error:
        raise NotHere from error


def _form(path: str, does: Does) -> Door:
    return Door(page=Page.TEAM, path=f"/team/{path}", does=does, method="POST", again=show)


DOORS = (
    Door(page=Page.TEAM, path="/team", does=show),
    _form("leave", plan_leave),
    _form("leave-over", call_off_leave),
    _form("on-call", order),
    _form("shift", plan_shift),
    _form("shift-over", drop_shift),
    _form("end", end),
    _form("sign-out", sign_out),
)
