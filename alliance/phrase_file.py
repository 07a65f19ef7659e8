"""Crisis phrase files, read with suspicion: a list that is damaged, shrunken or unproven screens nobody."""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias, TypeVar, cast

from alliance.crisis_rules import (
    CrisisClass,
    CrisisRules,
    Cue,
    CueKind,
    Degree,
    Everyday,
    Example,
    Rule,
    Sign,
    Softening,
    Speaking,
)
from alliance.normalise import normalise
from alliance.phrase_linter import refuse_too_wide
from alliance.phrase_manifest import expected_rules
from alliance.phrase_pattern import OneOf, PatternReader, UnreadablePattern
from alliance.phrase_weaver import Weaver
from alliance.spelling import Lexicon

SHIPPED = ("en", "es")  # languages; a list of ours that is not there was lost on the way
# A list that lost this much was cut by accident. Rules per language and class; a clinic may add, not take away.
FEWEST_RULES: Mapping[CrisisClass, int] = {
    CrisisClass.SUICIDE: 28,
    CrisisClass.SELF_HARM: 6,
    CrisisClass.HARM_TO_OTHERS: 5,
    CrisisClass.ABUSE: 7,
    CrisisClass.MEDICAL: 8,
    CrisisClass.DRUG_REACTION: 5,
}
FEWEST_EXAMPLES, FEWEST_NEAR_MISSES = 3, 2
FEWEST_SIGNS = 4  # together in one message; less would be a phrase
_HEADER = {"language", "approved_by", "approved_on", "sources", "fillers", "guarded", "misspelt", "lowered_by"}
_LOWERED_BY = "less urgent because"  # where a file does not say it in its own language
_SLOT = re.compile(r"\{(\w+)\}")
_Table: TypeAlias = dict[str, object]
Meaning = TypeVar("Meaning")


class BrokenRules(Exception):
    """A phrase list cannot be trusted as it is written, so nobody may be screened with it."""

    def __init__(self, *, file: str, what: str, line: int | None = None) -> None:
        super().__init__(f"{file}:{line}: {what}" if line else f"{file}: {what}")
        self.file = file
        self.line = line
        self.what = what


def parse_rules(texts: Mapping[str, str], *, languages: Collection[str] = SHIPPED) -> CrisisRules:
    """Read the phrase files, given as their TOML text by language ("en").

    `languages` are those that must be there; more are welcome. Raises BrokenRules, naming the file and where possible
    the line, if one of them is missing, if anything is unreadable, unknown, doubled or unproven by examples, or if a
    language has fewer rules of a class than FEWEST_RULES.
    """
    missing = sorted(set(languages) - texts.keys())
    if missing or not texts:
        raise BrokenRules(
            file=", ".join(map(_file_name, missing)) or "crisis rules",
            what="the phrase list is missing, so nobody who writes in its language would be screened",
        )
    files = [_File(language, texts[language]) for language in sorted(texts)]
    fillers = frozenset(word for file in files for word in file.fillers)
    reader, speaking, softening = PatternReader(fillers=fillers), Weaver[Speaking](), Weaver[Softening]()
    rules = [rule for file in files for rule in file.rules(reader, speaking, softening)]
    guarded = frozenset(word for file in files for word in file.guarded)
    misspelt = {typed: word for file in files for typed, word in file.misspelt.items()}
    lexicon = Lexicon.of(speaking.words | softening.words, fillers=fillers, guarded=guarded, misspelt=misspelt)
    signed = all(file.approved_by and file.approved_on for file in files)
    fingerprint = hashlib.sha256(repr(sorted(texts.items())).encode("utf-8", "backslashreplace"))
    return CrisisRules(
        version=fingerprint.hexdigest()[:12],
        languages=tuple(file.language for file in files),
        approved_by=", ".join(sorted({file.approved_by for file in files})) if signed else "",
        approved_on=min(file.approved_on for file in files) if signed else "",
        rules=tuple(rules),
        matcher=speaking.matcher(lexicon),
        softeners=softening.matcher(lexicon),
    )


def _file_name(language: str) -> str:
    return f"crisis_{language}.toml"


class _File:
    """One language's phrase file on its way into the weaver."""

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self.text = text
        try:
            self.top: _Table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            line = re.search(r"at line ([0-9]+)", str(broken))
            raise self._broken(str(broken), line=int(line[1]) if line else None) from broken
        self._only(self.top, _HEADER | {"slots", "rule", "sign", "cue", "everyday"})
        if self._text(self.top, "language") != language:
            raise self._broken(f"the file says it is another language than {language}", at="language")
        self.approved_by = self._text(self.top, "approved_by", may_be_empty=True)
        self.approved_on = self._text(self.top, "approved_on", may_be_empty=True)
        self.fillers = self._words("fillers")
        self.guarded = self._words("guarded")
        self.lowered_by = self._text(self.top, "lowered_by") if "lowered_by" in self.top else _LOWERED_BY
        misspelt = self._table(self.top.get("misspelt", {}), "misspelt")
        self.misspelt = {typed: str(word) for typed, word in misspelt.items()}

    def rules(self, reader: PatternReader, speaking: Weaver[Speaking], softening: Weaver[Softening]) -> list[Rule]:
        """Every rule of this file; its patterns and signs are handed to the one weaver, what softens to the other."""
        self._read_slots(reader)
        rules = [self._rule(table, speaking) for table in self._tables("rule")]
        self._refuse_shrunken(rules)
        for table in self._tables("sign"):
            self._weave(table, self._sign(table), speaking)
        for table in self._tables("cue"):
            self._weave(table, self._cue(table), softening)
        for table in self._tables("everyday"):
            self._only(table, {"patterns"})
            self._weave(table, Everyday(language=self.language), softening)
        return rules

    def _read_slots(self, reader: PatternReader) -> None:
        self.reader = reader
        self.slots: dict[str, OneOf] = {}
        for name, ways in self._table(self.top.get("slots", {}), "slots").items():
            self._refuse_unknown_slots(str(ways), at=name)
            try:
                self.slots[name] = reader.slot(str(ways), self.slots)
            except UnreadablePattern as unreadable:
                raise self._broken(f"{name}: {unreadable}", at=name) from unreadable

    def _rule(self, table: _Table, weaver: Weaver[Speaking]) -> Rule:
        name = self._text(table, "id")
        self._only(table, {"id", "class", "degree", "patterns", "signs", "why", "examples", "near_misses"}, at=name)
        crisis_class, degree = self._text(table, "class"), self._text(table, "degree")
        if crisis_class not in tuple(CrisisClass) or degree not in tuple(Degree):
            raise self._broken(f"{name}: no such class or degree", at=name)
        examples = self._examples(table, name, Degree(degree))
        why = self._text(table, "why")
        signs = table.get("signs", 0)
        if not isinstance(signs, int) or (0 < signs < FEWEST_SIGNS) or bool(signs) is ("patterns" in table):
            raise self._broken(f"{name}: has either patterns, or signs of a weight of at least {FEWEST_SIGNS}", at=name)
        rule = Rule(
            id=name,
            language=self.language,
            crisis_class=CrisisClass(crisis_class),
            degree=Degree(degree),
            why=why,
            examples=examples,
            signs=signs,
        )
        if not signs:
            self._weave(table, rule, weaver)
        return rule

    def _examples(self, table: _Table, name: str, degree: Degree) -> tuple[Example, ...]:
        positive, missed = (
            self._strings(table, "examples", at=name),
            self._strings(table, "near_misses", at=name),
        )
        if len(set(positive)) < FEWEST_EXAMPLES or len(set(missed)) < FEWEST_NEAR_MISSES:
            raise self._broken(
                f"{name}: needs {FEWEST_EXAMPLES} examples and {FEWEST_NEAR_MISSES} near misses", at=name
            )
        near_misses: list[Example] = []
        for line in missed:
            expected, colon, text = line.partition(": ")
            if not colon or expected not in {"none", Degree.REVIEW_NOW}:
                raise self._broken(f'{name}: a near miss begins with "none: " or "review_now: "', at=name)
            degree_or_none = None if expected == "none" else Degree.REVIEW_NOW
            near_misses.append(Example(text=text, expected=degree_or_none, rule=name, is_near_miss=True))
        return (
            *(Example(text=text, expected=degree, rule=name, is_near_miss=False) for text in positive),
            *near_misses,
        )

    def _sign(self, table: _Table) -> Sign:
        self._only(table, {"name", "weight", "patterns"})
        name, weight = self._text(table, "name"), table.get("weight", 1)
        if not isinstance(weight, int) or not 0 < weight < FEWEST_SIGNS:
            raise self._broken(f"{name}: a sign weighs less than {FEWEST_SIGNS}, so that none speaks alone", at=name)
        return Sign(name=name, language=self.language, weight=weight)

    def _cue(self, table: _Table) -> Cue:
        self._only(table, {"kind", "before", "after", "patterns", "why"})
        kind, before, after = self._text(table, "kind"), table.get("before"), table.get("after")
        why = self._text(table, "why")
        if kind not in tuple(CueKind):
            raise self._broken(f"no such kind of cue: {kind}", at=kind)
        if not isinstance(before, int | None) or not isinstance(after, int | None) or before is after is None:
            raise self._broken("a cue needs before or after, in words", at=why)
        return Cue(
            kind=CueKind(kind),
            language=self.language,
            before=before,
            after=after,
            why=why,
            joined_by=self.lowered_by,
        )

    def _weave(self, table: _Table, meaning: Meaning, weaver: Weaver[Meaning]) -> None:
        for pattern in self._strings(table, "patterns"):
            self._refuse_unknown_slots(pattern, at=pattern)
            try:
                read = self.reader.read(pattern, self.slots)
                weaver.add(read, meaning)
                if isinstance(meaning, Rule):
                    refuse_too_wide(read)
            except UnreadablePattern as unreadable:
                raise self._broken(f"{pattern!r}: {unreadable}", at=pattern) from unreadable

    def _refuse_unknown_slots(self, pattern: str, *, at: str) -> None:
        missing = {name for name in _SLOT.findall(pattern) if name not in self.slots}
        if missing:
            raise self._broken(f"{at}: no slot called {', '.join(sorted(missing))} above it", at=at)

    def _words(self, key: str) -> frozenset[str]:
        """Words given as "one|two", in normalised spelling."""
        given = self._text(self.top, key, may_be_empty=True) if key in self.top else ""
        return frozenset(word for part in given.split("|") for word in normalise(part).words)

    def _refuse_shrunken(self, rules: Sequence[Rule]) -> None:
        counted, names = Counter(rule.crisis_class for rule in rules), Counter(rule.id for rule in rules)
        for name, times in names.items():
            if times > 1 or not name.startswith(f"{self.language}."):
                raise self._broken(f"{name}: an id is used once and begins with its language", at=name)
        for crisis_class, fewest in FEWEST_RULES.items():
            if counted[crisis_class] < fewest:
                raise self._broken(
                    f"only {counted[crisis_class]} rules for {crisis_class}, at least {fewest} are expected"
                )
        lost = sorted(expected_rules(self.language) - names.keys())
        if lost:
            raise self._broken(
                f"{', '.join(lost)} was lost; a rule given up on purpose leaves alliance/phrase_manifest.py as well"
            )

    def _tables(self, key: str) -> list[_Table]:
        found = self.top.get(key, [])
        if not isinstance(found, list):
            raise self._broken(f"{key} is written as [[{key}]]", at=key)
        return [self._table(entry, key) for entry in cast("list[object]", found)]  # TOML arrays hold anything

    def _table(self, value: object, at: str) -> _Table:
        if not isinstance(value, dict):
            raise self._broken(f"{at} is not a table", at=at)
        return cast("_Table", value)  # TOML keys are strings

    def _text(self, table: _Table, key: str, *, may_be_empty: bool = False) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not (value or may_be_empty):
            raise self._broken(f"{key} is missing or not a text, in {table.get('id', 'the header or a cue')}")
        return value

    def _strings(self, table: _Table, key: str, at: str | None = None) -> list[str]:
        values = table.get(key)
        if not isinstance(values, list) or not values:
            raise self._broken(f"{at or 'an entry'}: {key} is missing or not a list", at=at)
        return [str(value) for value in cast("list[object]", values)]  # TOML arrays hold anything

    def _only(self, table: _Table, keys: set[str], at: str | None = None) -> None:
        unknown = sorted(table.keys() - keys)
        if unknown:
            raise self._broken(f"unknown key {', '.join(unknown)}", at=at or unknown[0])

    def _broken(self, what: str, *, at: str | None = None, line: int | None = None) -> BrokenRules:
        place = self.text.find(at) if at else -1
        if place >= 0:
            line = self.text.count("\n", 0, place) + 1
        return BrokenRules(file=_file_name(self.language), what=what, line=line)
