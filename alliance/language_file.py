"""Rupture-language files, read with suspicion: phrase rules, word lists and the model's numbers."""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from alliance.concern_model import BrokenModel, ConcernModel, read_model
from alliance.concern_words import WordLists, word_lists
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.language_rules import Harmless, LanguageRule, LanguageRules, Meaning, Sign, Silencer
from alliance.phrase_file import BrokenRules
from alliance.phrase_pattern import OneOf, PatternReader, UnreadablePattern
from alliance.phrase_weaver import Weaver
from alliance.spelling import Lexicon

RULES, WORDS, MODEL = "language", "concern_words", "concern.json"  # language_en.toml, concern_words_en.toml
SHIPPED = ("en", "es")
FEWEST_RULES = 30  # a language; a list that lost this much was cut by accident
FEWEST_EXAMPLES, FEWEST_NEAR_MISSES = 4, 4
_SLOT = re.compile(r"\{(\w+)\}")
_Table: TypeAlias = dict[str, object]


def parse_language(texts: Mapping[str, str]) -> LanguageRules:
    """Read the files, given as their text by file name ("language_en.toml", "concern_words_en.toml", "concern.json").

    Raises BrokenRules, naming the file and where possible the line, for a file that is missing, unreadable, shrunken,
    or holds something unknown, doubled or unproven by examples.
    """
    languages = sorted({*SHIPPED, *(_language_of(name) for name in texts if name.startswith(f"{RULES}_"))})
    reader, weaver = PatternReader(), Weaver[Meaning]()
    phrases = [_Phrases(_file(texts, f"{RULES}_{language}.toml"), language, reader, weaver) for language in languages]
    rules = [rule for file in phrases for rule in file.rules()]
    words = tuple(_words(_file(texts, f"{WORDS}_{language}.toml"), language) for language in languages)
    signed = all(file.approved_by and file.approved_on for file in phrases)
    fingerprint = hashlib.sha256(repr(sorted(texts.items())).encode("utf-8", "backslashreplace"))
    return LanguageRules(
        version=fingerprint.hexdigest()[:12],
        languages=tuple(languages),
        approved_by=", ".join(sorted({file.approved_by for file in phrases})) if signed else "",
        approved_on=min(file.approved_on for file in phrases) if signed else "",
        rules=tuple(rules),
        matcher=weaver.matcher(Lexicon.of(weaver.words)),
        words=words,
        model=_model(texts),
    )


def _language_of(name: str) -> str:
    return name.removeprefix(f"{RULES}_").removesuffix(".toml")


def _file(texts: Mapping[str, str], name: str) -> "_File":
    if name not in texts:
        raise BrokenRules(file=name, what="it is missing, so nobody who writes in its language would be understood")
    return _File(name, texts[name])


def _model(texts: Mapping[str, str]) -> ConcernModel:
    if MODEL not in texts:
        raise BrokenRules(file=MODEL, what="it is missing, so no message would be weighed")
    try:
        return read_model(texts[MODEL])
    except BrokenModel as broken:
        raise BrokenRules(file=MODEL, what=broken.what, line=broken.line) from broken


def _words(file: "_File", language: str) -> WordLists:
    file.only(file.top, {"language", "common", "lists"})
    file.is_in(language)
    entries: dict[str, Sequence[str]] = {}
    for name, table in file.table(file.top.get("lists"), "lists").items():
        listed = file.table(table, name)
        file.only(listed, {"about", "words"}, at=f"lists.{name}")
        entries[name] = _between_commas(file.text_of(listed, "words", at=name))
    common = _between_commas(file.text_of(file.top, "common"))
    try:
        return word_lists(language, entries, common=common)
    except ValueError as wrong:
        entry = re.search(r"'(.+)'", str(wrong))
        raise file.broken(str(wrong), at=entry[1] if entry else None) from wrong


def _between_commas(text: str) -> list[str]:
    return [entry.strip() for entry in " ".join(text.split()).split(",") if entry.strip()]


class _File:
    """One TOML file and where its mistakes are."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        try:
            self.top: _Table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            line = re.search(r"at line ([0-9]+)", str(broken))
            raise self.broken(str(broken), line=int(line[1]) if line else None) from broken

    def is_in(self, language: str) -> None:
        if self.text_of(self.top, "language") != language:
            raise self.broken(f"the file says it is another language than {language}", at="language")

    def table(self, value: object, at: str) -> _Table:
        if not isinstance(value, dict):
            raise self.broken(f"{at} is not a table", at=at)
        return cast("_Table", value)  # TOML keys are strings

    def tables(self, key: str) -> list[_Table]:
        found = self.top.get(key, [])
        if not isinstance(found, list):
            raise self.broken(f"{key} is written as [[{key}]]", at=key)
        return [self.table(entry, key) for entry in cast("list[object]", found)]  # TOML arrays hold anything

    def text_of(self, table: _Table, key: str, *, at: str | None = None, may_be_empty: bool = False) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not (value or may_be_empty):
            raise self.broken(f"{at or table.get('id', 'the file')}: {key} is missing or not a text", at=at)
        return value

    def strings(self, table: _Table, key: str, *, at: str | None = None) -> tuple[str, ...]:
        values = table.get(key)
        if not isinstance(values, list) or not values:
            raise self.broken(f"{at or 'an entry'}: {key} is missing or not a list", at=at)
        return tuple(str(value) for value in cast("list[object]", values))  # TOML arrays hold anything

    def only(self, table: _Table, keys: set[str], *, at: str | None = None) -> None:
        unknown = sorted(table.keys() - keys)
        if unknown:
            raise self.broken(f"unknown key {', '.join(unknown)}", at=at or unknown[0])

    def broken(self, what: str, *, at: str | None = None, line: int | None = None) -> BrokenRules:
        place = self.text.find(at) if at else -1
        if place >= 0:
            line = self.text.count("\n", 0, place) + 1
        return BrokenRules(file=self.name, what=what, line=line)


class _Phrases:
    """One language's phrase rules on their way into the weaver."""

    def __init__(self, file: _File, language: str, reader: PatternReader, weaver: Weaver[Meaning]) -> None:
        self.file = file
        self.language = language
        self.reader = reader
        self.weaver = weaver
        file.only(
            file.top,
            {"language", "approved_by", "approved_on", "sources", "slots", "rule", "silencer", "harmless"},
        )
        file.is_in(language)
        self.approved_by = file.text_of(file.top, "approved_by", may_be_empty=True)
        self.approved_on = file.text_of(file.top, "approved_on", may_be_empty=True)
        self.slots: dict[str, OneOf] = {}
        for name, ways in file.table(file.top.get("slots", {}), "slots").items():
            self._refuse_unknown_slots(str(ways), at=name)
            try:
                self.slots[name] = reader.slot(str(ways), self.slots)
            except UnreadablePattern as unreadable:
                raise file.broken(f"{name}: {unreadable}", at=name) from unreadable

    def rules(self) -> list[LanguageRule]:
        """Every rule of this file, its patterns, silencers and harmless phrases handed to the weaver."""
        rules = [self._rule(table) for table in self.file.tables("rule")]
        self._refuse_shrunken(rules)
        for table in self.file.tables("silencer"):
            self._weave(table, self._silencer(table))
        for table in self.file.tables("harmless"):
            self.file.only(table, {"patterns"})
            self._weave(table, Harmless(language=self.language))
        return rules

    def _rule(self, table: _Table) -> LanguageRule:
        name = self.file.text_of(table, "id")
        keys = {"id", "kind", "domain", "sign", "whole", "patterns", "why", "examples", "near_misses"}
        self.file.only(table, keys, at=name)
        kind, domain, sign = (self.file.text_of(table, key, at=name) for key in ("kind", "domain", "sign"))
        if kind not in tuple(RuptureKind) or domain not in tuple(Domain) or sign not in tuple(Sign):
            raise self.file.broken(f"{name}: no such kind, domain or sign", at=name)
        rule = LanguageRule(
            id=name,
            language=self.language,
            kind=RuptureKind(kind),
            domain=Domain(domain),
            sign=Sign(sign),
            why=self.file.text_of(table, "why", at=name),
            is_whole=table.get("whole") is True,
            examples=self.file.strings(table, "examples", at=name),
            near_misses=self.file.strings(table, "near_misses", at=name),
        )
        if len(set(rule.examples)) < FEWEST_EXAMPLES or len(set(rule.near_misses)) < FEWEST_NEAR_MISSES:
            wanted = f"{FEWEST_EXAMPLES} examples and {FEWEST_NEAR_MISSES} near misses"
            raise self.file.broken(f"{name}: needs {wanted}", at=name)
        self._weave(table, rule)
        return rule

    def _silencer(self, table: _Table) -> Silencer:
        self.file.only(table, {"before", "after", "patterns", "why"})
        why, before, after = self.file.text_of(table, "why"), table.get("before"), table.get("after")
        if not isinstance(before, int | None) or not isinstance(after, int | None) or before is after is None:
            raise self.file.broken("a silencer needs before or after, in words", at=why)
        return Silencer(language=self.language, before=before, after=after)

    def _weave(self, table: _Table, meaning: Meaning) -> None:
        for pattern in self.file.strings(table, "patterns"):
            self._refuse_unknown_slots(pattern, at=pattern)
            try:
                self.weaver.add(self.reader.read(pattern, self.slots), meaning)
            except UnreadablePattern as unreadable:
                raise self.file.broken(f"{pattern!r}: {unreadable}", at=pattern) from unreadable

    def _refuse_unknown_slots(self, pattern: str, *, at: str) -> None:
        missing = {name for name in _SLOT.findall(pattern) if name not in self.slots}
        if missing:
            raise self.file.broken(f"{at}: no slot called {', '.join(sorted(missing))} above it", at=at)

    def _refuse_shrunken(self, rules: Sequence[LanguageRule]) -> None:
        for name, times in Counter(rule.id for rule in rules).items():
            if times > 1 or not name.startswith(f"{self.language}."):
                raise self.file.broken(f"{name}: an id is used once and begins with its language", at=name)
        if len(rules) < FEWEST_RULES:
            raise self.file.broken(f"only {len(rules)} rules, at least {FEWEST_RULES} are expected")
