"""One TOML file of rules, read with suspicion: what is wrong is named with its line."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias, TypeVar, cast

from alliance.phrase_pattern import OneOf, Pattern, PatternReader, UnreadablePattern
from alliance.phrase_weaver import Weaver

Table: TypeAlias = dict[str, object]
Meaning = TypeVar("Meaning")
_SLOT = re.compile(r"\{(\w+)\}")


class BrokenRules(Exception):
    """A phrase list cannot be trusted as it is written, so nobody may be screened with it."""

    def __init__(self, *, file: str, what: str, line: int | None = None) -> None:
        super().__init__(f"{file}:{line}: {what}" if line else f"{file}: {what}")
        self.file = file
        self.line = line
        self.what = what


class RuleFile:
    """The tables, texts and lists of one file; each is asked for by name and refused if it is something else."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        try:
            self.top: Table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            line = re.search(r"at line ([0-9]+)", str(broken))
            raise self.broken(str(broken), line=int(line[1]) if line else None) from broken

    def is_in(self, language: str) -> None:
        """Refuse a file that says it is another language than its name."""
        if self.text_of(self.top, "language") != language:
            raise self.broken(f"the file says it is another language than {language}", at="language")

    def table(self, value: object, at: str) -> Table:
        """The value as a table."""
        if not isinstance(value, dict):
            raise self.broken(f"{at} is not a table", at=at)
        return cast("Table", value)  # TOML keys are strings

    def tables(self, key: str) -> list[Table]:
        """Every [[key]], none if there is none."""
        found = self.top.get(key, [])
        if not isinstance(found, list):
            raise self.broken(f"{key} is written as [[{key}]]", at=key)
        return [self.table(entry, key) for entry in cast("list[object]", found)]  # TOML arrays hold anything

    def text_of(self, table: Table, key: str, *, at: str | None = None, may_be_empty: bool = False) -> str:
        """The text under a key."""
        value = table.get(key)
        if not isinstance(value, str) or not (value or may_be_empty):
            where = at or table.get("id", "the header or an entry")
            raise self.broken(f"{where}: {key} is missing or not a text", at=at)
        return value

    def strings(self, table: Table, key: str, *, at: str | None = None) -> tuple[str, ...]:
        """The list under a key, never empty."""
        values = table.get(key)
        if not isinstance(values, list) or not values:
            raise self.broken(f"{at or 'an entry'}: {key} is missing or not a list", at=at)
        return tuple(str(value) for value in cast("list[object]", values))  # TOML arrays hold anything

    def beside(self, table: Table, what: str, *, at: str) -> tuple[int | None, int | None]:
        """How many words may lie before and after; one of the two must be said."""
        before, after = table.get("before"), table.get("after")
        if not isinstance(before, int | None) or not isinstance(after, int | None) or before is after is None:
            raise self.broken(f"a {what} needs before or after, in words", at=at)
        return before, after

    def only(self, table: Table, keys: set[str], *, at: str | None = None) -> None:
        """Refuse what nobody would read."""
        unknown = sorted(table.keys() - keys)
        if unknown:
            raise self.broken(f"unknown key {', '.join(unknown)}", at=at or unknown[0])

    def each_once(self, names: Iterable[str], *, language: str) -> None:
        """Refuse ids that are used twice or belong to another language."""
        for name, times in Counter(names).items():
            if times > 1 or not name.startswith(f"{language}."):
                raise self.broken(f"{name}: an id is used once and begins with its language", at=name)

    def broken(self, what: str, *, at: str | None = None, line: int | None = None) -> BrokenRules:
        """What to raise; the line is that where `at` stands first."""
        place = self.text.find(at) if at else -1
        if place >= 0:
            line = self.text.count("\n", 0, place) + 1
        return BrokenRules(file=self.name, what=what, line=line)


class PhraseFile(RuleFile):
    """A file whose tables hold patterns, with the slots named at its head and whether it is signed off."""

    def __init__(self, name: str, text: str, language: str) -> None:
        super().__init__(name, text)
        self.is_in(language)
        self.language = language
        self.approved_by = self.text_of(self.top, "approved_by", may_be_empty=True)
        self.approved_on = self.text_of(self.top, "approved_on", may_be_empty=True)
        self._slots: dict[str, OneOf] = {}

    def read_slots(self, reader: PatternReader) -> None:
        """Read what stands under [slots]; one may hold those above it."""
        self._reader = reader
        for name, ways in self.table(self.top.get("slots", {}), "slots").items():
            self._refuse_unknown_slots(str(ways), at=name)
            try:
                self._slots[name] = reader.slot(str(ways), self._slots)
            except UnreadablePattern as unreadable:
                raise self.broken(f"{name}: {unreadable}", at=name) from unreadable

    def weave(self, table: Table, meaning: Meaning, weaver: Weaver[Meaning]) -> list[tuple[str, Pattern]]:
        """Hand the table's patterns to the weaver, and give back each as written and as read."""
        woven: list[tuple[str, Pattern]] = []
        for pattern in self.strings(table, "patterns"):
            self._refuse_unknown_slots(pattern, at=pattern)
            try:
                read = self._reader.read(pattern, self._slots)
                weaver.add(read, meaning)
            except UnreadablePattern as unreadable:
                raise self.broken(f"{pattern!r}: {unreadable}", at=pattern) from unreadable
            woven.append((pattern, read))
        return woven

    def _refuse_unknown_slots(self, pattern: str, *, at: str) -> None:
        missing = {name for name in _SLOT.findall(pattern) if name not in self._slots}
        if missing:
            raise self.broken(f"{at}: no slot called {', '.join(sorted(missing))} above it", at=at)


def signed_off(files: list[PhraseFile]) -> tuple[str, str]:
    """By whom and since when all of them are, empty until every one is."""
    if not all(file.approved_by and file.approved_on for file in files):
        return "", ""
    return ", ".join(sorted({file.approved_by for file in files})), min(file.approved_on for file in files)
