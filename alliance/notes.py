"""What a clinician can write to a patient: a scripted set that the clinic edits, and her own words; always signed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from alliance.saying import utf16_length

LONGEST_NOTE = 2000  # UTF-16 units; with the signature it fits into one message, and nobody reads more on a phone
NOTE_KEY = "note:"  # begins the keys of such messages in the outbox
_ID = re.compile(r"[a-z0-9_]{1,16}")
_TITLE = 32  # characters; more has no room on a button
_HEAD = frozenset({"approved_by", "approved_on", "notes"})


class NoteState(StrEnum):
    """Where a note to a patient stands."""

    DRAFT = "draft"  # shown to its author and to nobody else
    SENT = "sent"  # on its way
    ARRIVED = "arrived"
    LOST = "lost"  # Telegram did not take it, or nobody knows
    DROPPED = "dropped"


class BrokenNotes(ValueError):
    """The scripted notes cannot be used; the message names the file, the note and what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """One scripted note: its name on a button and its text, by language."""

    id: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    def title(self, language: str) -> str:
        """The name in the clinician's language, or in one that there is."""
        return self.titles.get(language) or next(iter(self.titles.values()))


def fits(words: str) -> bool:
    """Whether there is something to send and it is short enough."""
    return bool(words.strip()) and utf16_length(words) <= LONGEST_NOTE


def parse_scripts(text: str, *, name: str) -> tuple[Script, ...]:
    """Read a clinic's scripted notes from TOML: ``[[notes]]`` with an ``id`` and a ``title`` and ``text`` a language.

    Raises BrokenNotes for what is no TOML, a missing, unknown, empty or too long part, and an id that stands twice.
    A note is offered for patients whose language it has. The text is taken as it is, without blanks to fill in.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenNotes(f"{name}: {error}") from error
    if odd := content.keys() - _HEAD:
        raise BrokenNotes(f"{name}: {min(odd)} is not known here")
    notes = content.get("notes")
    if not isinstance(notes, list):
        raise BrokenNotes(f"{name}: there is no [[notes]]")
    scripts = tuple(_script(note, f"{name}, note {at}") for at, note in enumerate(cast("list[object]", notes), 1))
    ids = [script.id for script in scripts]
    if twice := [each for each in ids if ids.count(each) > 1]:
        raise BrokenNotes(f"{name}: {twice[0]} stands twice")
    return scripts


def _script(note: object, where: str) -> Script:
    table = _table(note, where)
    script_id = table.get("id")
    if not isinstance(script_id, str) or not _ID.fullmatch(script_id):
        raise BrokenNotes(f"{where}: write an id of at most 16 small letters, digits and underscores")
    where = f"{where} ({script_id})"
    spoken = {language: _table(words, f"{where}.{language}") for language, words in table.items() if language != "id"}
    if not spoken:
        raise BrokenNotes(f"{where}: there is no language, such as [notes.en]")
    for language, words in spoken.items():
        if odd := words.keys() ^ {"title", "text"}:
            raise BrokenNotes(f"{where}.{language}: {min(odd)} is missing or unknown")
    return Script(
        id=script_id,
        titles={language: _title(words["title"], f"{where}.{language}") for language, words in spoken.items()},
        texts={language: _text(words["text"], f"{where}.{language}") for language, words in spoken.items()},
    )


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BrokenNotes(f"{where} is not a table")
    return cast("Mapping[str, object]", value)


def _title(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _TITLE:
        raise BrokenNotes(f"{where}.title: write 1 to {_TITLE} characters")
    return value.strip()


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not fits(value):
        raise BrokenNotes(f"{where}.text: write at most {LONGEST_NOTE} characters, and at least one")
    return value.strip()
