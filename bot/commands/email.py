"""`checkin email`: where clinicians' digests go by e-mail."""

import json
import sys
from typing import Annotated

import typer

from alliance.places import MailContent
from bot.commands.session import at_work, run_async
from workflows.set_email import emails, set_email

app = typer.Typer(help="Where clinicians' digests go by e-mail.", no_args_is_help=True)


@app.command("set")
def set_address(
    code_name: Annotated[str, typer.Argument(help="Code name of the clinician.")],
    address: Annotated[str, typer.Argument(help="Such as name@example.org.")],
) -> None:
    """Send a clinician's digests to an address as well."""

    async def story() -> tuple[str, str | None, MailContent]:
        async with at_work() as unit:
            return *await set_email(unit, code_name, address), unit.clinic.digest_mail

    known, kept, content = run_async(story())
    off = "" if content is not MailContent.OFF else " No digest goes by e-mail while CHECKIN_DIGEST_EMAIL is off."
    sys.stdout.write(f"Digests of {known} go to {kept} as well.{off}\n")


@app.command("remove")
def remove_address(code_name: Annotated[str, typer.Argument(help="Code name of the clinician.")]) -> None:
    """Send a clinician's digests to Telegram alone."""

    async def story() -> str:
        async with at_work() as unit:
            known, _ = await set_email(unit, code_name, None)
            return known

    sys.stdout.write(f"Digests of {run_async(story())} go to Telegram alone.\n")


@app.command("show")
def show(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show every clinician's address."""

    async def story() -> dict[str, str | None]:
        async with at_work() as unit:
            return await emails(unit)

    found = run_async(story())
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{name}  {address or '-'}\n" for name, address in found.items()))
