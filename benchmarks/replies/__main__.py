"""`./checkin bench replies`: real sentences as replies, each stored, screened, answered and shown as written."""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.replies.found import failed_rows, figure, found_in, page
from benchmarks.replies.run import Outcome, run
from benchmarks.replies.sentences import CannotRead, Sentence, read_sentences
from benchmarks.report import PAGES, as_json, print_table
from bot import logs
from bot.clock import SystemClock

QUICK = 500  # sentences; well within 50 seconds on two cores
UNREADABLE = 2  # exit status


def main(
    file: Annotated[Path, typer.Option(help="A CSV file with a header, in UTF-8.")],
    column: Annotated[str, typer.Option(help="The column that holds the sentences.")],
    quick: Annotated[bool, typer.Option("--quick", help=f"A sample of {QUICK} sentences; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    seed: Annotated[int, typer.Option(help="Who writes what, and when.")] = 1,
    source: Annotated[str, typer.Option(help="Where the sentences come from, for the page.")] = "",
    out: Annotated[Path | None, typer.Option(help="The page; docs/benchmarks/replies.md if not given.")] = None,
) -> None:
    """Send every sentence as a reply through the sandbox and the running bot; exit status 1 if one is harmed."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot's own switch; without it durations warn
    logs.set_up("CRITICAL")  # what goes wrong is counted
    target = out or (None if quick else PAGES / "replies.md")
    try:
        reading = read_sentences(file, column=column)
        if target is not None:
            target.touch()  # better to know now than after all the work
    except CannotRead as error:
        raise _given_up(str(error)) from None
    except OSError as error:
        raise _given_up(f"{target} cannot be written: {error.strerror}.") from None
    sentences = _sample(reading.sentences, seed) if quick else reading.sentences
    outcome = _run(sentences, seed=seed)
    found = found_in(reading, outcome, at=SystemClock().now(), seed=seed)
    if json:
        typer.echo(as_json(found))
    else:
        console = Console()
        print_table(found, console)
        console.print(figure(outcome), highlight=False, markup=False)
        console.print(failed_rows(outcome), highlight=False, markup=False)
    if target is not None:
        target.write_text(page(found, outcome, source=source or file.name), encoding="utf-8")
    raise typer.Exit(0 if outcome.is_green else 1)


def _given_up(why: str) -> typer.Exit:
    typer.echo(f"replies: {why}", err=True)
    return typer.Exit(UNREADABLE)


def _sample(sentences: Sequence[Sentence], seed: int) -> tuple[Sentence, ...]:
    drawn = random.Random(seed).sample(range(len(sentences)), min(QUICK, len(sentences)))  # noqa: S311  # guards nothing
    return tuple(sentences[place] for place in sorted(drawn))


def _run(sentences: Sequence[Sentence], *, seed: int) -> Outcome:
    total = sum(len(sentence.parts) for sentence in sentences)
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="checkin-bench-") as folder,
        Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as shown,
    ):
        task = shown.add_task("patients write", total=total)
        return asyncio.run(
            run(sentences, folder=Path(folder), seed=seed, progress=lambda done: shown.update(task, completed=done))
        )


if __name__ == "__main__":
    # plain errors, and no traceback that shows variables: they hold what people wrote
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
