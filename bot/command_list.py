"""Every command in one sentence; what it is made of is imported when it is called."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_group


class Listed(NamedTuple):
    """Where a command is, and the first sentence of its help."""

    module: str  # of bot.commands
    name: str  # of the function, or of the group of commands
    says: str


COMMANDS: Mapping[str, Listed] = MappingProxyType(
    {
        "demo": Listed(
            "demo",
            "demo",
            "Watch weeks of a clinic's life in about a minute: the real bot, simulated patients, no Telegram account.",
        ),
        "run": Listed("run", "run", "Run the bot until it is told to stop (Ctrl-C, or a stop of the service)."),
        "init": Listed("setup", "init", "Set a clinic up: settings in .env, an encryption key, and the database."),
        "migrate": Listed("setup", "migrate", "Bring the database to this version of the program."),
        "check": Listed(
            "setup",
            "check",
            "Test settings, database, token, crisis wording, clock and disk; exit status 1 when something is wrong.",
        ),
        "backup": Listed("backup", "backup", "Back the database up while the bot goes on, and verify the backup."),
        "restore": Listed("backup", "restore", "Put a backup in the place of the database."),
        "invite": Listed("invite", "invite", "Invite somebody: prints a one-time link and its QR code."),
        "enrolment": Listed(
            "enrolment",
            "enrolment",
            "Put a patient on hold, let check-ins go on, end taking part, or give the patient to another clinician.",
        ),
        "hold": Listed("hold", "app", "Hold a patient's check-ins for a while."),
        "staff": Listed("staff", "app", "When digests come, who is away, and who reads in the meantime."),
        "team": Listed(
            "team",
            "team",
            "Print a team digest: flags and their age, follow-up times, alerts, and patients without a team.",
        ),
        "clinicians": Listed(
            "clinicians",
            "clinicians",
            "Show or change a patient's clinicians; the question about the bond means each of them in turn.",
        ),
        "digest": Listed("digest", "digest", "Print a digest."),
        "email": Listed("email", "app", "Where clinicians' digests go by e-mail."),
        "visits": Listed("visits", "app", "Visits: whom a clinician sees when; each is preceded by a brief."),
        "brief": Listed("brief", "brief", "Print the brief of one patient for one clinician: only what she may see."),
        "screen": Listed(
            "screen",
            "screen",
            "Read messages on standard input, one a line, and say what the crisis screen makes of each, and why.",
        ),
        "flags": Listed(
            "flags",
            "flags",
            "What the detector says now of every patient, or with --history would have said of past ratings.",
        ),
        "cadence": Listed("cadence", "app", "How often and when patients are asked."),
        "programme": Listed("programme", "app", "Programmes: cadences by name, for many patients."),
        "preview": Listed("preview", "preview", "Show a patient's cadence in words, and the next dates."),
        "rules": Listed("rules", "app", "Sign off the rules and the wording, and see what is signed."),
        "oncall": Listed("oncall", "app", "The order in which people are paged about an alert."),
        "alerts": Listed("alerts", "app", "Alerts: how each went, and how long things took."),
        "deadletters": Listed("deadletters", "app", "Updates that nobody could handle; each is somebody's message."),
    }
)


class LazyGroup(TyperGroup):
    """The commands by name; all together they take a second to import, and a call needs one of them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # Any: typer's own click
        """The command that was called, instead of its place in the list."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name is not None and name in COMMANDS else listed, rest


def list_in(app: typer.Typer) -> None:
    """Give each command its place in the list."""
    for name, listed in COMMANDS.items():
        app.command(name, help=listed.says)(_listed_only)


def loaded(name: str) -> Any:  # Any: typer's own click is not typed
    """The command itself, imported."""
    listed = COMMANDS[name]
    command = getattr(import_module(f"bot.commands.{listed.module}"), listed.name)
    alone = typer.Typer(rich_markup_mode=None)
    if isinstance(command, typer.Typer):
        alone.add_typer(command, name=name)
    else:
        alone.command(name)(command)
    return get_group(alone).commands[name]


def _listed_only() -> None:
    """Never run: `resolve_command` puts the command itself here."""
