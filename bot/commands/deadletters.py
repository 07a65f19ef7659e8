"""`checkin deadletters`: the updates that nobody could handle, for a person to deal with."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.commands.session import BadInput, at_work, run_async
from storage.dead_letters import DeadLetter
from workflows import settle_dead_letters
from workflows.settle_dead_letters import CloseReason

app = typer.Typer(help="Updates that nobody could handle; each is somebody's message.", invoke_without_command=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(min=1, help="Its number, as listed.")]


@app.callback()
def without_a_word(context: typer.Context, as_json: AsJson = False) -> None:
    """List them, when nothing else is asked for."""
    if context.invoked_subcommand is None:
        show_all(as_json=as_json)


@app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List them: number, when, kind, cause and attempts, without a word of what is in them."""

    async def story() -> Sequence[DeadLetter]:
        async with at_work() as unit:
            return await settle_dead_letters.all_dead_letters(unit)

    letters = run_async(story())
    sys.stdout.write(_as_json(letters) if as_json else _for_people(letters))


@app.command("show")
def show(
    number: Number,
    words: Annotated[bool, typer.Option("--words", help="With what was written; that is noted in the audit.")] = False,
) -> None:
    """Show one: what it is made of, and with --words what was written."""

    async def story() -> object:
        async with at_work() as unit:
            if words:
                raw = await settle_dead_letters.words(unit, number)
                return None if raw is None else _parsed(raw)
            return await settle_dead_letters.structure(unit, number)

    sys.stdout.write(json.dumps(run_async(story()), ensure_ascii=words is False, indent=1) + "\n")


@app.command("retry")
def retry(
    number: Annotated[int | None, typer.Argument(min=1, help="Its number, as listed.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Have one, or all, handled again by the running bot, from the start."""
    if (number is None) is not every:
        raise BadInput("Say either the number of one dead letter or --all.")

    async def story() -> Sequence[int]:
        async with at_work() as unit:
            return await settle_dead_letters.handle_again(unit, number)

    again = run_async(story())
    if as_json:
        sys.stdout.write(json.dumps({"retried": list(again)}) + "\n")
    else:
        named = ", ".join(map(str, again)) or "none"
        sys.stdout.write(f"Handed back to the bot: {named}.\n")


@app.command("close")
def close(
    number: Number,
    reason: Annotated[CloseReason, typer.Option(help="Why nothing more has to be done.")],
    as_json: AsJson = False,
) -> None:
    """Close one that a person has dealt with."""

    async def story() -> None:
        async with at_work() as unit:
            await settle_dead_letters.close(unit, number, reason)

    run_async(story())
    said = (
        json.dumps({"closed": number, "reason": reason}) if as_json else f"Dead letter {number} is closed ({reason})."
    )
    sys.stdout.write(f"{said}\n")


def _for_people(letters: Sequence[DeadLetter]) -> str:
    if not letters:
        return "There are no dead letters.\n"
    lines = [
        f"{letter.number:>8}  {letter.received_at:%Y-%m-%d %H:%M:%S} UTC  {letter.kind:<20} "
        f"{letter.cause}, {letter.attempts} attempts"
        for letter in letters
    ]
    return "\n".join([*lines, ""])


def _as_json(letters: Sequence[DeadLetter]) -> str:
    rows = [
        {
            "number": letter.number,
            "received_at": letter.received_at.isoformat(),
            "kind": letter.kind,
            "cause": letter.cause,
            "attempts": letter.attempts,
        }
        for letter in letters
    ]
    return json.dumps(rows) + "\n"


def _parsed(raw: str) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return raw
