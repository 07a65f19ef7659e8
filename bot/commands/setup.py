"""`checkin init`, `checkin migrate`, `checkin check`: from nothing to a clinic that can start."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from alliance.local_time import known_zone
from bot import checks
from bot.commands.session import BadInput, run_async
from bot.env_file import SHIPPED, written
from bot.keys import make_key_file
from bot.settings import Settings, read_settings
from bot.wiring import opened
from storage import schema

ENV = Path(".env")


def init(
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take the settings as they are.")] = False,
) -> None:
    """Set a clinic up: settings in .env, an encryption key, and the database."""
    if not ENV.exists():
        answers = {} if yes else _asked()
        ENV.write_text(written(SHIPPED, answers), encoding="utf-8")
        ENV.chmod(0o600)
        sys.stdout.write(f"Wrote {ENV.absolute()}.\n")
    settings = read_settings()
    key_file = settings.encryption_keys_file
    if not settings.encryption_keys.get_secret_value() and key_file is not None:
        make_key_file(key_file)
        sys.stdout.write(f"Wrote {key_file.absolute()}: keep a copy apart from the database. Without it nothing\n")
        sys.stdout.write("that patients wrote can be read again.\n")
        settings = read_settings()
    run_async(_migrate(settings))
    sys.stdout.write("Next: `checkin check`, then `checkin run`, then `checkin invite clinician --code-name NAME`.\n")


def _asked() -> dict[str, str]:
    say = sys.stdout.write
    say("A few questions; Enter takes what stands in brackets.\n")
    answers = {
        "CHECKIN_BOT_TOKEN": typer.prompt("Bot token from @BotFather", default="", show_default=False),
        "CHECKIN_CLINIC_NAME": typer.prompt("Name of the clinic, as patients know it", default="Your clinic"),
        "CHECKIN_CLINIC_ZONE": typer.prompt("Time zone, such as Europe/Madrid", default="UTC"),
        "CHECKIN_LANGUAGE": typer.prompt("Language of the clinic (en, es)", default="en"),
        "CHECKIN_EMERGENCY_NUMBER": typer.prompt("Emergency number, such as 112", default="", show_default=False),
        "CHECKIN_CRISIS_LINE": typer.prompt(
            "Crisis line in one sentence: what it is and how to reach it", default="", show_default=False
        ),
        "CHECKIN_CLINIC_CONTACT": typer.prompt(
            "How patients reach the clinic, with its hours", default="", show_default=False
        ),
    }
    if not known_zone(answers["CHECKIN_CLINIC_ZONE"]):
        raise BadInput(f"There is no time zone called {answers['CHECKIN_CLINIC_ZONE']}; write it as Europe/Madrid.")
    return {name: value for name, value in answers.items() if value}


def migrate(
    to: Annotated[
        str | None, typer.Option(help="Another state than this version's: the way back to an older version.")
    ] = None,
) -> None:
    """Bring the database to this version of the program. Stop the bot and make a backup first."""
    run_async(_migrate(read_settings(), to=to))


async def _migrate(settings: Settings, *, to: str | None = None) -> None:
    async with opened(settings) as database:
        before, after = await schema.migrate(database, to=to)
        where = database.url_for_humans
    if before == after:
        sys.stdout.write(f"The database is up to date ({after}): {where}\n")
    else:
        sys.stdout.write(f"The database went from {before or 'nothing'} to {after}: {where}\n")


def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Telegram.")] = False,
    running: Annotated[bool, typer.Option("--running", help="The bot should be running: fail when it is not.")] = False,
) -> None:
    """Test settings, database, token, crisis wording, clock and disk; exit status 1 when something is wrong."""
    findings = run_async(checks.all_findings(read_settings(), offline=offline, should_run=running))
    if as_json:
        sys.stdout.write(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False) + "\n")
    else:
        for finding in findings:
            sys.stdout.write(f"{finding.level.upper():7}  {finding.what}: {finding.says}\n")
    if any(finding.level is checks.Level.WRONG for finding in findings):
        raise typer.Exit(1)
