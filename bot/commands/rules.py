"""`checkin rules`: what of the rules and the wording the clinic has signed off, by whom, and signing it."""

import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from typing import Annotated, Any, TypeAlias

import typer

from alliance.approval import Part, Signed
from bot.approval_words import say_standing
from bot.commands.session import BadInput, at_work, run_async
from workflows.approve_rules import Choice, approve, standing, withdraw

SHOWN = 12  # characters of a fingerprint that people compare; --json has them all

app = typer.Typer(help="Sign off the rules and the wording, and see what is signed.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Parts = Annotated[list[Part] | None, typer.Option("--part", help="Only this; may be given several times.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Only in this; may be given several times.")]
Everything = Annotated[bool, typer.Option("--all", help="Every part in every language.")]
By = Annotated[str, typer.Option("--by", help="The name of whoever signs, as it is to be shown.")]
On = Annotated[
    str | None, typer.Option("--on", help="The day of the signature, such as 2026-03-02; today if not given.")
]
_Sign: TypeAlias = Callable[..., Coroutine[Any, Any, tuple[Signed, ...]]]  # approve and withdraw are called alike


@app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show every part in every language, with its fingerprint and its last signature."""

    async def story() -> tuple[Signed, ...]:
        async with at_work() as unit:
            return await standing(unit.session, unit.clinic.to_approve)

    _print(run_async(story()), as_json=as_json)


@app.command("approve")
def sign(
    by: By,
    parts: Parts = None,
    languages: Languages = None,
    everything: Everything = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Sign off what is in use now; it holds until a letter of it changes."""
    _signed(approve, _choice(parts, languages, everything=everything), by=by, on=on, as_json=as_json)


@app.command("withdraw")
def take_back(
    by: By,
    parts: Parts = None,
    languages: Languages = None,
    everything: Everything = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Take signatures back; the screen goes on, and staff read that it is not approved."""
    _signed(withdraw, _choice(parts, languages, everything=everything), by=by, on=on, as_json=as_json)


def _choice(parts: list[Part] | None, languages: list[str] | None, *, everything: bool) -> Choice:
    if everything is bool(parts or languages):
        raise BadInput("Say what is meant: --all, or --part and --language, and not both.")
    return Choice(parts=parts or (), languages=languages or ())


def _signed(act: _Sign, choice: Choice, *, by: str, on: str | None, as_json: bool) -> None:
    day = None if on is None else _day(on)

    async def story() -> tuple[Signed, ...]:
        async with at_work() as unit:
            return await act(unit, choice, by=by, on=day)

    _print(run_async(story()), as_json=as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--on: {text!r} is no day; write it as 2026-03-02.") from None


def _print(texts: Sequence[Signed], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps([_as_json(signed) for signed in texts], ensure_ascii=False) + "\n")
        return
    for signed in texts:
        text = signed.text
        sys.stdout.write(f"{text.part:<15} {text.language:<6} {text.sha256[:SHOWN]}  {say_standing(signed)}\n")


def _as_json(signed: Signed) -> dict[str, object]:
    return {
        "part": signed.text.part,
        "language": signed.text.language,
        "sha256": signed.text.sha256,
        "standing": signed.standing,
        "signed_by": signed.signature.by if signed.signature else None,
        "signed_on": signed.signature.on.isoformat() if signed.signature else None,
        "signed_sha256": signed.signature.sha256 if signed.signature else None,
    }
