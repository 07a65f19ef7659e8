"""`./checkin bench screen`: what the crisis screen finds, what it takes for a crisis, and how long it needs."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.replies.sentences import CannotRead, read_sentences
from benchmarks.report import PAGES, as_json, print_table, report
from benchmarks.screen.found import explained, figure, page
from benchmarks.screen.measure import (
    Comments,
    measured_comments,
    measured_disguises,
    measured_in_spanish,
    measured_posts,
    measured_suite,
)
from benchmarks.screen.speed import measured_speed
from bot.clock import SystemClock
from bot.phrases import shipped_phrases

LANGUAGE = "en"
UNREADABLE = 2  # exit status


def main(
    file: Annotated[Path | None, typer.Option(help="A CSV file of ordinary comments, to count false alarms.")] = None,
    column: Annotated[str, typer.Option(help="The column that holds the comments.")] = "text",
    quick: Annotated[bool, typer.Option("--quick", help="Speed with fewer repetitions; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    source: Annotated[str, typer.Option(help="Where the comments come from, for the page.")] = "",
    out: Annotated[Path | None, typer.Option(help="The page; docs/benchmarks/screen.md if not given.")] = None,
) -> None:
    """Measure the shipped phrase base; exit status 1 if one of its own sentences gets what it should not."""
    rules = shipped_phrases()
    try:
        comments = file and measured_comments(_comments(file, column), rules)
    except CannotRead as error:
        sys.stderr.write(f"screen: {error}\n")
        raise typer.Exit(UNREADABLE) from None
    suite = measured_suite(LANGUAGE, rules)
    disguised = measured_disguises(LANGUAGE, rules)
    results = [
        *measured_posts(LANGUAGE, rules),
        *measured_in_spanish(rules),
        *suite.results,
        *disguised,
        *(comments.results if comments else ()),
        *measured_speed(LANGUAGE, rules, repetitions=2 if quick else 7),
    ]
    more = {"wrong": list(suite.wrong), "comments": _rows(comments)}
    found = report(results, at=SystemClock().now(), more=more)
    if json:
        typer.echo(as_json(found))
    else:
        console = Console()
        print_table(found, console)
        console.print(figure(disguised), highlight=False, markup=False)
        console.print(explained(comments), highlight=False, markup=False)
    target = out or (None if quick else PAGES / "screen.md")
    if target is not None:
        target.write_text(
            page(found, disguised, comments, source=source or (file.name if file else "")), encoding="utf-8"
        )
    raise typer.Exit(1 if suite.wrong else 0)


def _comments(file: Path, column: str) -> list[str]:
    return ["".join(sentence.parts) for sentence in read_sentences(file, column=column).sentences]


def _rows(comments: Comments | None) -> list[dict[str, str]]:
    """Rules and reasons of the false alarms; never a comment's words."""
    return [{"rule": hit.rule, "degree": hit.degree, "why": hit.why} for hit in comments.hits] if comments else []


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
