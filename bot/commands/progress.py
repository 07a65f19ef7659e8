"""How far a long command has come: a bar on a terminal, a line now and then anywhere else; on stderr."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")
A_LINE_EVERY = 2_000  # things done, where there is no terminal


def in_batches(things: Sequence[T], *, size: int, doing: str) -> Iterator[Sequence[T]]:
    """The things in batches of that size, telling of each as soon as the next one is asked for."""
    batches = [things[start : start + size] for start in range(0, len(things), size)]
    if len(batches) <= 1:
        yield from batches
    elif sys.stderr.isatty():
        yield from _with_a_bar(batches, total=len(things), doing=doing)
    else:
        yield from _with_lines(batches, total=len(things), doing=doing)


def _with_a_bar(batches: Sequence[Sequence[T]], *, total: int, doing: str) -> Iterator[Sequence[T]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        for batch in batches:
            yield batch
            bar.advance(task, len(batch))


def _with_lines(batches: Sequence[Sequence[T]], *, total: int, doing: str) -> Iterator[Sequence[T]]:
    done = told = 0
    for batch in batches:
        yield batch
        done += len(batch)
        if done - told >= A_LINE_EVERY or done == total:
            told = done
            sys.stderr.write(f"{doing}: {done} of {total}\n")
