"""`./checkin bench peers`: every answer and update of the sandbox, read by aiogram's types."""

import asyncio
import json as json_module
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.peers.conversation import Said, everything_said
from benchmarks.peers.environment import HOME, CannotMake, made
from benchmarks.report import PAGES, Report, Result, as_json, as_markdown, print_table, report
from bot.clock import SystemClock
from sandbox.wire import JsonObject

ROUNDS, QUICK_ROUNDS = 50, 5
READ_WITHIN = 300.0  # seconds
UNMADE = 2  # exit status
_CHAT: JsonObject = {"id": 1, "type": "private"}
_MOODY: JsonObject = {"message_id": 1, "date": 1, "chat": _CHAT, "dice": {"emoji": "x", "value": 1, "mood": "low"}}


def _update(kind: str, payload: JsonObject) -> JsonObject:
    return {"update_id": 5_000_000, kind: payload}


# what a checker that sleeps would let pass; each breaks one answer that is right
PLANTED = (
    Said(name="a message without its chat", method="sendMessage", status=200, body={"message_id": 1, "date": 1}),
    Said(name="an update without its id", method=None, status=200, body={"poll": {"id": "1"}}),
    Said(name="a tap by nobody", method=None, status=200, body=_update("callback_query", {"id": "1"})),
    Said(name="a field nobody documents, deep inside", method=None, status=200, body=_update("message", _MOODY)),
    Said(name="a flag that is no flag", method="deleteMessage", status=200, body={"ok": True, "result": {"id": 1}}),
    Said(name="an error that says ok", method="getMe", status=403, body={"ok": True, "result": True}),
    Said(
        name="a field nobody documents",
        method="setWebhook",
        status=200,
        body={"ok": True, "result": True, "parameters": {"mood": "low"}},
    ),
)

_PAGE = """# A second opinion on the sandbox

`./checkin bench peers` lets a bot call every method of the sandbox, lets people do everything they can, and has
aiogram's types (Bot API 10, an environment of its own under `benchmarks/peers/`) read every answer and every update.
A field that is missing, of another type, or unknown to aiogram is a mismatch. A few mistakes are planted to see that
the checker notices.

{table}
```
{complaints}
```
"""


def main(
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    seed: Annotated[int, typer.Option(help="Same seed, same updates.")] = 1,
) -> None:
    """Exit status 1 when aiogram disagrees with the sandbox anywhere, 2 when its environment cannot be made."""
    try:
        python = made()
    except CannotMake as error:
        typer.echo(f"peers: the environment for aiogram cannot be made: {error}", err=True)
        raise typer.Exit(UNMADE) from None
    said = asyncio.run(everything_said(rounds=QUICK_ROUNDS if quick else ROUNDS, seed=seed))
    wrong = _wrong(python, [*said, *PLANTED])
    wrong, noticed = wrong[: len(said)], wrong[len(said) :]
    unnoticed = [planted.name for planted, found in zip(PLANTED, noticed, strict=True) if not found]
    found = _found(said, wrong, unnoticed)
    if json:
        typer.echo(as_json(found))
    else:
        print_table(found, Console())
        typer.echo("\n".join(_complaints(said, wrong, unnoticed)))
    if not quick:
        page = _PAGE.format(table=as_markdown(found), complaints="\n".join(_complaints(said, wrong, unnoticed)))
        (PAGES / "peers.md").write_text(page, encoding="utf-8")
    raise typer.Exit(0 if not any(wrong) and not unnoticed else 1)


def _wrong(python: Path, said: Sequence[Said]) -> list[list[str]]:
    """What aiogram finds wrong with each, in their order."""
    lines = "".join(json_module.dumps(asdict(each)) + "\n" for each in said)
    ended = subprocess.run(
        [str(python), "-I", str(HOME / "checker.py")],
        input=lines,
        capture_output=True,
        text=True,
        timeout=READ_WITHIN,
        check=False,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"the checker failed: {ended.stderr.strip()}")
    return [json_module.loads(line)["wrong"] for line in ended.stdout.splitlines()]


def _found(said: Sequence[Said], wrong: Sequence[Sequence[str]], unnoticed: Sequence[str]) -> Report:
    answers = [each for each in said if each.method is not None]
    counted = {
        "answers_validated": len(answers),
        "refusals_among_them": sum(each.status != 200 for each in answers),  # noqa: PLR2004  a status
        "updates_validated": len(said) - len(answers),
        "methods": len({each.method for each in answers}),
        "kinds_of_update": len({each.name for each in said if each.method is None}),
        "mismatches": sum(map(bool, wrong)),
        "planted_mistakes_not_noticed": len(unnoticed),
    }
    results = [Result(name="sandbox", metric=name, value=value, unit="") for name, value in counted.items()]
    return report(results, at=SystemClock().now(), more={"mismatches": _mismatches(said, wrong)})


def _complaints(said: Sequence[Said], wrong: Sequence[Sequence[str]], unnoticed: Sequence[str]) -> list[str]:
    lines = [*_mismatches(said, wrong), *(f"not noticed, though planted: {name}" for name in unnoticed)]
    return lines or ["aiogram disagrees nowhere, and noticed every planted mistake"]


def _mismatches(said: Sequence[Said], wrong: Sequence[Sequence[str]]) -> list[str]:
    """Each kind of mismatch once."""
    found = (f"{each.name}: {what}" for each, whats in zip(said, wrong, strict=True) for what in whats)
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(main)
    app()
