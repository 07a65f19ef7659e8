"""`checkin invite`: a one-time link, and a QR code to print or to show."""

import json
import sys
from io import StringIO
from typing import Annotated

import segno
import typer

from alliance.people import Role
from bot.commands.session import at_work, run_async
from workflows.invite import Invited
from workflows.invite import invite as make_invitation


def invite(
    role: Annotated[Role, typer.Argument(help="Whom to invite.")],
    code_name: Annotated[str, typer.Option(help="What Telegram shows, such as BIRCH-07 or COLE.")],
    name: Annotated[str | None, typer.Option(help="The name; kept sealed. Patients see their clinician's.")] = None,
    clinician: Annotated[str | None, typer.Option(help="A patient's clinician, by code name.")] = None,
    language: Annotated[str | None, typer.Option(help="en or es; the clinic's own if not given.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, such as Europe/Madrid; else the clinic's.")] = None,
    phone: Annotated[str, typer.Option(help="How the person on call reaches a patient; kept sealed.")] = "",
    emergency_contact: Annotated[str, typer.Option(help="Whom else to call; kept sealed.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Invite somebody: prints a one-time link and its QR code."""

    async def story() -> Invited:
        async with at_work(ask_name=True) as unit:
            return await make_invitation(
                unit,
                role,
                code_name=code_name,
                name=name,
                clinician=clinician,
                language=language,
                zone=zone,
                phone=phone,
                emergency_contact=emergency_contact,
            )

    invited = run_async(story())
    sys.stdout.write(_as_json(invited) if as_json else _for_people(invited))


def _as_json(invited: Invited) -> str:
    return (
        json.dumps(
            {
                "link": invited.link,
                "code": invited.code,
                "expires_at": invited.expires_at.isoformat(),
                "person": invited.person.code_name,
            }
        )
        + "\n"
    )


def _for_people(invited: Invited) -> str:
    picture = StringIO()
    segno.make(invited.link, error="m").terminal(out=picture, compact=True)
    return (
        f"{picture.getvalue()}\n{invited.link}\n"
        f"For {invited.person.code_name} ({invited.role}), once, until {invited.expires_at:%d %B %Y %H:%M} UTC.\n"
    )
