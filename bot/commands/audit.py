"""`checkin audit`: whether anything of what was done was changed afterwards, and who did what."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from alliance.audit_trail import Act, Damage, Harm, Link, read_link
from bot.commands.moments import moment_in_words, read_moment
from bot.commands.session import BadInput, run_async
from bot.settings import read_settings
from bot.wiring import opened
from storage import audit_inspection, people, schema

app = typer.Typer(help="Who did what to what, and whether anything of that was changed.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MOST_NAMED = 20  # damages; what comes after a break is often its consequence
_SAID = {
    Harm.CHANGED: "Entry {number} (place {position}) says something else than when it was noted, or stands elsewhere.",
    Harm.REMOVED: "The entry of place {position} is gone.",
    Harm.SLIPPED_IN: "Entry {number} was put in beside the program.",
    Harm.CUT_OFF: "The chain ends at place {position}, and its seal says another one: it was cut off or rewritten.",
    Harm.NOT_THAT_ONE: "Place {position} is not what it was: an older state was put back, or all was rewritten.",
}


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A head that was printed before, kept elsewhere; it has to be met again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look through every entry: changed, removed, reordered and added ones are found; then the exit status is 1."""
    seen_before = None if head is None else read_link(head)
    if head is not None and seen_before is None:
        raise BadInput("--head is what this command prints: a number, a colon, and 64 digits from 0 to f.")
    end, damages = run_async(_inspected(seen_before))
    sys.stdout.write(_verdict_as_json(end, damages) if as_json else _verdict_for_people(end, damages))
    raise typer.Exit(1 if damages else 0)


@app.command()
def show(
    about: Annotated[str | None, typer.Option(help="Only about the person of this code name.")] = None,
    by: Annotated[str | None, typer.Option(help="Only what the person of this code name did.")] = None,
    action: Annotated[str | None, typer.Option(help="Only of this kind, such as read_words.")] = None,
    since: Annotated[str | None, typer.Option(help="Since then, with its zone: 2026-03-02T00:00+01:00.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Print the latest acts, the newest first; people by their code names, and never anybody's words."""

    async def story() -> tuple[Sequence[Act], dict[int, str]]:
        async with opened(read_settings()) as database:
            await schema.check(database)
            async with database.reading() as session:
                named: dict[str, int] = {}
                for code_name in filter(None, (about, by)):
                    person = await people.by_code_name(session, code_name)
                    if person is None:
                        raise BadInput(f"Nobody is called {code_name}.")
                    named[code_name] = person.id
                acts = await audit_inspection.latest(
                    session,
                    object_id=named[about] if about else None,
                    actor_id=named[by] if by else None,
                    action=action,
                    since=None if since is None else read_moment(since, option="--since"),
                    limit=limit,
                )
                ids = {one for act in acts for one in (act.actor_id, act.object_id) if one is not None}
                return acts, await people.code_names(session, sorted(ids))

    acts, names = run_async(story())
    sys.stdout.write(_acts_as_json(acts, names) if as_json else _acts_for_people(acts, names))


async def _inspected(seen_before: Link | None) -> tuple[Link, tuple[Damage, ...]]:
    async with opened(read_settings()) as database:
        await schema.check(database)
        async with database.reading() as session:
            return await audit_inspection.inspect(session, seen_before=seen_before)


def _verdict_for_people(end: Link, damages: Sequence[Damage]) -> str:
    lines = [_sentence(damage) for damage in damages[:MOST_NAMED]]
    more = len(damages) - len(lines)
    lines += [f"And {more} more of the kind."] if more else []
    lines += [] if damages else [f"{end.position:,} entries, and nothing was changed."]
    lines += [f"Head: {end}", "Keep the head elsewhere: with --head it shows that an older state was put back."]
    return "\n".join([*lines, ""])


def _sentence(damage: Damage) -> str:
    return _SAID[damage.harm].format(number=damage.number, position=damage.position)


def _verdict_as_json(end: Link, damages: Sequence[Damage]) -> str:
    found = [{"harm": one.harm, "position": one.position, "entry": one.number} for one in damages]
    return json.dumps({"holds": not damages, "entries": end.position, "head": str(end), "damages": found}) + "\n"


def _acts_for_people(acts: Sequence[Act], names: dict[int, str]) -> str:
    lines = [
        f"{moment_in_words(act.at)}  {_who(act.actor_id, names):<14} {act.action:<24} "
        f"{act.object_kind} {_what(act.object_id, names)} {json.dumps(act.detail) if act.detail else ''}".rstrip()
        for act in acts
    ]
    return "\n".join([*(lines or ["Nothing of that kind was noted."]), ""])


def _acts_as_json(acts: Sequence[Act], names: dict[int, str]) -> str:
    rows = [
        {
            "entry": act.number,
            "at": act.at.isoformat(),
            "by": None if act.actor_id is None else names.get(act.actor_id, str(act.actor_id)),
            "action": act.action,
            "object_kind": act.object_kind,
            "object": None if act.object_id is None else names.get(act.object_id, str(act.object_id)),
            "detail": dict(act.detail),
        }
        for act in acts
    ]
    return json.dumps(rows, ensure_ascii=False) + "\n"


def _who(actor_id: int | None, names: dict[int, str]) -> str:
    return "the program" if actor_id is None else names.get(actor_id, str(actor_id))


def _what(object_id: int | None, names: dict[int, str]) -> str:
    return "" if object_id is None else names.get(object_id, str(object_id))
