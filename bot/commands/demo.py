"""`checkin demo`: the whole story against the sandbox."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.commands.session import BadInput, run_async
from bot.demo.folder import NotADemo
from bot.demo.run import Demo, DemoProgress, demo_in
from bot.demo.serve import serve
from bot.demo.show import show

MOST_PATIENTS, MOST_WEEKS = 500, 52
BROKEN_RULES = 1  # exit status


def demo(
    patients: Annotated[int, typer.Option(help="How many patients are invited, 1 to 500.")] = 24,
    weeks: Annotated[int, typer.Option(help="How many weeks pass, 1 to 52.")] = 8,
    seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 7,
    out: Annotated[Path, typer.Option(help="Folder to write into: a new one, or that of a former demo.")] = Path(
        "demo"
    ),
    serve_: Annotated[bool, typer.Option("--serve", help="Keep the chat page open afterwards.")] = False,
) -> None:
    """Watch weeks of a clinic's life in about a minute: the real bot, simulated patients, no Telegram account."""
    if not 1 <= patients <= MOST_PATIENTS:
        raise BadInput(f"--patients: {patients} is not between 1 and {MOST_PATIENTS}.")
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInput(f"--weeks: {weeks} is not between 1 and {MOST_WEEKS}.")
    try:
        violations = run_async(_run(patients=patients, weeks=weeks, seed=seed, out=out, stays=serve_))
    except NotADemo as error:
        raise BadInput(str(error)) from None
    if violations:
        sys.stderr.write(f"checkin: {violations} calls broke Telegram's rules; {out / 'demo.log'} says more.\n")
        raise typer.Exit(BROKEN_RULES)


async def _run(*, patients: int, weeks: int, seed: int, out: Path, stays: bool) -> int:
    with _bar() as bar:
        task = bar.add_task("", total=timedelta(weeks=weeks).days)

        def progress(reached: DemoProgress) -> None:
            week = min(reached.done // timedelta(weeks=1) + 1, weeks)
            bar.update(task, completed=reached.done.days, description=f"week {week} of {weeks}")

        async with demo_in(out, patients=patients, weeks=weeks, seed=seed, progress=progress) as ended:
            bar.update(task, completed=timedelta(weeks=weeks).days)
            bar.stop()
            await _after(ended, stays=stays)
            return ended.violations


async def _after(ended: Demo, *, stays: bool) -> None:
    show(ended, Console())
    if stays:
        await serve(ended, typer.echo)


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
