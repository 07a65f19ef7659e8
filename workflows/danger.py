"""Danger in an update that is not handled the usual way: the words in it are screened as they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from alliance.crisis import Hit, screen
from workflows.unit import Clinic

SPOKEN = ("text", "caption")  # where a person's words stand in an update
DEEPEST = 6  # levels of an update that are looked through


@dataclass(frozen=True, kw_only=True, slots=True)
class Danger:
    """Words that need a human, and where they came from; ``language`` is what the person's app speaks."""

    chat_id: int
    language: str | None
    hit: Hit


def danger_in(update: Mapping[str, object], clinic: Clinic) -> Danger | None:
    """The first words in a raw update that speak of danger, if there is somebody to answer."""
    sender = next(_senders(update), None)
    if sender is None:
        return None
    for words in _words(update):
        hit = screen(words, clinic.crisis_rules)
        if hit is not None:
            language = sender.get("language_code")
            return Danger(
                chat_id=cast("int", sender["id"]), language=language if isinstance(language, str) else None, hit=hit
            )
    return None


def _senders(update: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for part in update.values():
        sender = _table(_table(part).get("from"))
        if isinstance(sender.get("id"), int):
            yield sender


def _words(part: object, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        return
    for key, value in _table(part).items():
        if key in SPOKEN and isinstance(value, str):
            yield value
        yield from _words(value, depth + 1)


def _table(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}  # JSON's keys are always strings
