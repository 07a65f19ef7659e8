"""`checkin alerts`: how each alert went, how long things took, and how often each rule was right; never words."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer

from alliance.alert_figures import Precision, spread
from bot.commands.moments import moment_in_words, read_moment
from bot.commands.session import BadInput, at_work, run_async
from workflows import review_alerts
from workflows.review_alerts import AlertSeen, AlertShown

app = typer.Typer(help="Alerts: how each went, and how long things took.", invoke_without_command=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OnlyOpen = Annotated[bool, typer.Option("--open", help="Only those that nobody has closed.")]
Since = Annotated[str | None, typer.Option(help="Raised since then, with its zone: 2026-03-02T00:00+01:00.")]
OfRules = Annotated[bool, typer.Option("--precision", help="How often each rule was right, instead of a list.")]


@app.callback()
def without_a_word(
    context: typer.Context,
    as_json: AsJson = False,
    only_open: OnlyOpen = False,
    since: Since = None,
    precision: OfRules = False,
) -> None:
    """List them, when nothing else is asked for."""
    if context.invoked_subcommand is None:
        show_all(as_json=as_json, only_open=only_open, since=since, precision=precision)


@app.command("list")
def show_all(
    as_json: AsJson = False, only_open: OnlyOpen = False, since: Since = None, precision: OfRules = False
) -> None:
    """List them with their times, and how long dispatch, acknowledgement and closing took."""
    if precision and only_open:
        raise BadInput("An open alert says nothing about a rule yet: give --precision without --open.")
    moment = None if since is None else read_moment(since, option="--since")

    async def seen() -> tuple[AlertSeen, ...]:
        async with at_work() as unit:
            return await review_alerts.all_alerts(unit, since=moment, only_open=only_open)

    async def rules() -> tuple[Precision, ...]:
        async with at_work() as unit:
            return await review_alerts.precision(unit, since=moment)

    if precision:
        figures = run_async(rules())
        sys.stdout.write(_rules_as_json(figures) if as_json else _rules_for_people(figures))
    else:
        found = run_async(seen())
        sys.stdout.write(_as_json(found) if as_json else _for_people(found))


@app.command("show")
def show(number: Annotated[int, typer.Argument(min=1, help="Its number, as listed.")], as_json: AsJson = False) -> None:
    """Show one with the way to reach the person; that somebody looked is noted in the audit."""

    async def story() -> AlertShown:
        async with at_work() as unit:
            return await review_alerts.show_alert(unit, number)

    shown = run_async(story())
    if as_json:
        more = {
            "paged": shown.paged,
            "said": [{"said": said, "at": at.isoformat()} for said, at in shown.said],
            "reach": dict(shown.reach),
        }
        sys.stdout.write(json.dumps(_plain(shown.seen) | more, ensure_ascii=False) + "\n")
        return
    lines = [_line(shown.seen), f"Paged: {', '.join(shown.paged) or 'nobody'}"]
    lines += [f"Pressed: {said}, {moment_in_words(at)}" for said, at in shown.said]
    lines += [f"{kind}: {value}" for kind, value in shown.reach] or ["Nothing is known but the chat."]
    sys.stdout.write("\n".join([*lines, ""]))


def _for_people(found: Sequence[AlertSeen]) -> str:
    if not found:
        return "There are no alerts.\n"
    lines = [_line(alert) for alert in found]
    for name, took in _durations(found).items():
        measured = spread(took)
        if measured is not None:
            lines.append(
                f"{name}, of {measured.count}: half within {_took(measured.p50)}, "
                f"nine of ten within {_took(measured.p90)}, longest {_took(measured.longest)}"
            )
    return "\n".join([*lines, ""])


def _line(alert: AlertSeen) -> str:
    ended = f"{alert.state}{f' ({alert.resolution})' if alert.resolution else ''}"
    return (
        f"{alert.number:>6}  {alert.code_name:<12} {alert.cause}, {alert.degree}: written "
        f"{moment_in_words(alert.written_at)}, raised {moment_in_words(alert.raised_at)}, dispatched after "
        f"{_took(alert.dispatched_after)}, acknowledged after {_took(alert.acknowledged_after)} by "
        f"{alert.acknowledged_by or '-'}, closed after {_took(alert.closed_after)}: {ended}"
    )


def _took(duration: timedelta | None) -> str:
    return "-" if duration is None else f"{duration.total_seconds():.1f} s"


def _durations(found: Sequence[AlertSeen]) -> dict[str, list[timedelta]]:
    return {
        "dispatched": review_alerts.dispatched(found),
        "acknowledged": review_alerts.acknowledged(found),
        "closed": review_alerts.closed(found),
    }


def _as_json(found: Sequence[AlertSeen]) -> str:
    figures = {name: spread(took) for name, took in _durations(found).items()}
    spreads = {
        name: None if one is None else {k: _value(v) for k, v in asdict(one).items()} for name, one in figures.items()
    }
    return json.dumps({"alerts": [_plain(alert) for alert in found], "seconds": spreads}) + "\n"


def _plain(alert: AlertSeen) -> dict[str, object]:
    return {name: _value(value) for name, value in asdict(alert).items()}


def _value(value: object) -> object:
    match value:
        case timedelta():
            return value.total_seconds()
        case datetime():
            return value.isoformat()
        case _:
            return value


def _rules_for_people(figures: Sequence[Precision]) -> str:
    if not figures:
        return "There are no alerts.\n"
    lines = [
        f"{rule.rule} ({rule.rules_version or 'version unknown'}): "
        + (
            "nobody has judged one yet"
            if rule.share is None
            else f"{rule.held} of {rule.held + rule.false} held, {rule.share:.0%}"
        )
        + f"; {rule.unsettled} not settled"
        for rule in figures
    ]
    return "\n".join([*lines, ""])


def _rules_as_json(figures: Sequence[Precision]) -> str:
    return json.dumps([asdict(rule) | {"precision": rule.share} for rule in figures]) + "\n"
