"""The command line: every command one sentence long when something is wrong, with exit status 0, 1 or 2."""

import os
import sys

import typer

if __name__ == "__main__" and sys.argv[1:2] == ["screen"]:
    # Trying phrases needs nothing of the bot, and everything else it imports takes a second to read.
    from bot.commands.screen import alone

    alone()

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot asks for it; before it is imported anywhere

from bot.commands import (
    alerts,
    backup,
    cadence,
    deadletters,
    demo,
    digest,
    enrolment,
    flags,
    invite,
    oncall,
    rules,
    run,
    screen,
    setup,
)
from bot.commands.session import explained

app = typer.Typer(
    name="checkin",
    help="Brief check-ins between visits; possible ruptures of the working alliance in one daily digest.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("init")(setup.init)
app.command("migrate")(setup.migrate)
app.command("check")(setup.check)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("invite")(invite.invite)
app.command("enrolment")(enrolment.enrolment)
app.command("digest")(digest.digest)
app.command("screen")(screen.screen)
app.command("flags")(flags.flags)
app.add_typer(cadence.app, name="cadence")
app.add_typer(oncall.app, name="oncall")
app.add_typer(rules.app, name="rules")
app.add_typer(alerts.app, name="alerts")
app.add_typer(deadletters.app, name="deadletters")


def main() -> None:
    """Run one command; an expected failure is one line on stderr and exit status 1 or 2."""
    try:
        app()
    except BaseException as error:
        line = explained(error)
        if line is None:
            raise
        sys.stderr.write(f"checkin: {line.text}\n")
        sys.exit(line.status)


if __name__ == "__main__":
    main()
