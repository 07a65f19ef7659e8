"""Danger in an update that is not handled the usual way: what the person said in it is screened as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from alliance.buttons import decode
from alliance.crisis import Degree, screen
from alliance.presses import HelpNow
from workflows.keep_message import ASKED_FOR_HELP, SCREEN_FAILED
from workflows.unit import Clinic

SPOKEN = ("text", "caption", "question", "explanation")  # where a person's words stand in an update
SAID_BY_OTHERS = ("reply_to_message", "callback_query", "pinned_message", "external_reply", "quote", "reply_markup")
WRITTEN_IN = {"contact": ("first_name", "last_name"), "checklist": ("title",), "venue": ("title", "address")}
DEEPEST = 6  # levels of an update that are looked through
HELP_COMMAND = "/help_now"


@dataclass(frozen=True, kw_only=True, slots=True)
class Danger:
    """Somebody who needs a human, and why; ``language`` is what the person's app speaks."""

    chat_id: int
    language: str | None
    cause: str  # of an alert
    degree: Degree
    rule: str
    why: str
    words: str | None


def danger_in(update: Mapping[str, object], clinic: Clinic) -> Danger | None:
    """The first sign of danger in a raw update, if there is somebody to answer; a screen that fails is one."""
    sender = next(_senders(update), None)
    if sender is None:
        return None
    language = sender.get("language_code")
    for cause, degree, rule, why, words in _signs(update, clinic):
        return Danger(
            chat_id=cast("int", sender["id"]),
            language=language if isinstance(language, str) else None,
            cause=cause,
            degree=degree,
            rule=rule,
            why=why,
            words=words,
        )
    return None


def _signs(update: Mapping[str, object], clinic: Clinic) -> Iterator[tuple[str, Degree, str, str, str | None]]:
    pressed = _table(update.get("callback_query")).get("data")
    if isinstance(pressed, str) and decode(pressed) == HelpNow():
        yield ASKED_FOR_HELP, Degree.NOW, ASKED_FOR_HELP, "", None
    for words in _words(update):
        if words.startswith(HELP_COMMAND):
            yield ASKED_FOR_HELP, Degree.NOW, ASKED_FOR_HELP, "", words
        try:
            hit = screen(words, clinic.crisis_rules)
        except Exception:  # noqa: BLE001  # whatever goes wrong in the screen, a human looks
            yield SCREEN_FAILED, Degree.NOW, SCREEN_FAILED, "", words
        else:
            if hit is not None:
                yield hit.crisis_class, hit.degree, hit.rule, hit.why, words


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
        if key in WRITTEN_IN:
            named = [_table(value).get(name) for name in WRITTEN_IN[key]]
            yield " ".join(word for word in named if isinstance(word, str))
        if key not in SAID_BY_OTHERS:
            for inside in cast("list[object]", value) if isinstance(value, list) else [value]:  # JSON
                yield from _words(inside, depth + 1)


def _table(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}  # JSON's keys are always strings
