"""The command line: every command one sentence long when something is wrong, with exit status 0, 1 or 2."""

import os
import sys

import typer

from bot import command_list

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot asks for it; before it is imported anywhere

app = typer.Typer(
    name="checkin",
    cls=command_list.LazyGroup,
    help="Brief check-ins between visits; possible ruptures of the working alliance in one daily digest.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
command_list.list_in(app)


def main() -> None:
    """Run one command; an expected failure is one line on stderr and exit status 1 or 2."""
    try:
        app()
    except SystemExit:  # the usual end
        raise
    except BaseException as error:
        from bot.commands.session import explained  # noqa: PLC0415  # a command that went well needs none of it

        line = explained(error)
        if line is None:
            raise
        sys.stderr.write(f"checkin: {line.text}\n")
        sys.exit(line.status)


if __name__ == "__main__":
    main()
