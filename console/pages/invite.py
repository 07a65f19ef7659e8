"""Invite: a one-time link with its code to print, and the links that nobody has opened yet."""

from io import BytesIO

import segno
from markupsafe import Markup

from alliance.console import Page
from alliance.people import Role
from console.doors import Answer, Asking, Door, NotHere, Onward, Shown
from console.forms import Malformed, number, one_of
from workflows.browse_patients import clinicians_to_choose
from workflows.invite import CannotInvite, invite
from workflows.open_invitations import open_invitations, revoke

ROLES = (Role.PATIENT, Role.CLINICIAN, Role.COORDINATOR, Role.LEAD)


async def show(asking: Asking) -> Answer:
    """The form, and what is open."""
    return Shown(
        template="invite",
        values={
            "roles": ROLES,
            "clinicians": await clinicians_to_choose(asking.unit),
            "languages": asking.unit.clinic.wordings.languages,
            "zone": asking.unit.clinic.zone,
            "open": await open_invitations(asking.unit),
        },
    )


async def make(asking: Asking) -> Answer:
    """The link is on the answer to the form and nowhere else: nobody, not even we, can show it a second time."""
    role = one_of(asking.sent("role"), list(ROLES))
    if not role:
        raise Malformed(Malformed.__doc__)
    invited = await invite(
        asking.unit,
        Role(role),
        code_name=asking.sent("code_name"),
        name=asking.sent("name") or None,
        clinician=await _clinician(asking) if role == Role.PATIENT else None,
        language=asking.sent("language") or None,
        zone=asking.sent("zone") or None,
        phone=asking.sent("phone"),
        emergency_contact=asking.sent("emergency_contact"),
    )
    return Shown(template="invited", values={"invited": invited, "qr": _qr(invited.link)})


async def take_back(asking: Asking) -> Answer:
    """A link that has gone astray stops working."""
    try:
        await revoke(asking.unit, number(asking.sent("person")))
    except LookupError as error:
        raise NotHere from error
    return Onward(to="/invite", done="revoked")


async def _clinician(asking: Asking) -> str | None:
    if not asking.sent("clinician"):
        return None
    wanted = number(asking.sent("clinician"))
    found = next((one for one in await clinicians_to_choose(asking.unit) if one.id == wanted), None)
    if found is None:
        raise CannotInvite("no_clinician", "There is no such clinician; invite the clinician first.", who=str(wanted))
    return found.code_name


def _qr(link: str) -> Markup:
    drawn = BytesIO()
    # without a size of its own it takes that of the page; with one, its modules would stay a pixel wide
    segno.make(link, error="m").save(
        drawn, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, border=2, omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  # drawn from our own link, which holds no mark-up


DOORS = (
    Door(page=Page.INVITE, path="/invite", does=show),
    Door(page=Page.INVITE, path="/invite", does=make, method="POST", again=show),
    Door(page=Page.INVITE, path="/invite/revoke", does=take_back, method="POST", again=show),
)
