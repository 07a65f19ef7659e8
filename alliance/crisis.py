"""Which messages need a person now: reviewed phrases found in any text, each hit with its rule and reason."""

import hashlib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, cast

from alliance.normalise import Lexicon, Reading, normalise


class CrisisClass(StrEnum):
    """What a hit is about; where one message holds several, the order here breaks the tie."""

    SUICIDE = "suicide"
    MEDICAL = "medical_emergency"
    HARM_TO_OTHERS = "harm_to_others"
    ABUSE = "abuse"
    SELF_HARM = "self_harm"
    DRUG_REACTION = "drug_reaction"


class Degree(StrEnum):
    """How soon a person must look: NOW pages at once, REVIEW_NOW within minutes; both are hits."""

    NOW = "now"
    REVIEW_NOW = "review_now"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One phrase found. `span` is half-open, in code points of the text as it was written."""

    crisis_class: CrisisClass
    degree: Degree
    span: tuple[int, int]
    rule: str  # stable id: "en.suicide.want_to_die"
    why: str  # one sentence for a clinician


class BrokenRules(Exception):
    """A phrase list cannot be trusted as it is written, so nobody may be screened with it."""

    def __init__(self, *, file: str, what: str, line: int | None = None) -> None:
        super().__init__(f"{file}:{line}: {what}" if line else f"{file}: {what}")
        self.file = file
        self.line = line
        self.what = what


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
WIDEST_GAP = 6  # words; a wider one joins what was never one thought
MOST_STATES = 60_000  # of the matcher; a pattern that needs more repeats itself too freely


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A sentence the list was reviewed with; `expected` is None for a near miss that must stay silent."""

    text: str
    expected: Degree | None
    rule: str
    is_near_miss: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Phrases that mean the same to a clinician, with the examples that prove them."""

    id: str
    language: str
    crisis_class: CrisisClass
    degree: Degree
    why: str
    examples: tuple[Example, ...]


class CueKind(StrEnum):
    """Why a hit may be less urgent than it reads. A cue lowers NOW to REVIEW_NOW; it never silences."""

    NEGATION = "negation"
    THIRD_PERSON = "third_person"
    PAST = "past"
    IDIOM = "idiom"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """Words that lower a hit beside them: at most `before` (`after`) words may lie between, None is never."""

    kind: CueKind
    language: str
    before: int | None
    after: int | None
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Everyday:
    """A whole phrase that means something else ("shoot myself in the foot"); a hit inside it is no hit."""

    language: str


Meaning: TypeAlias = Rule | Cue | Everyday


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisRules:
    """A parsed phrase base. `approved_by` and `approved_on` are empty until every file has been signed off."""

    version: str  # short hash of the texts it was read from
    languages: tuple[str, ...]
    approved_by: str
    approved_on: str
    rules: tuple[Rule, ...]
    matcher: "Matcher" = field(repr=False)

    def __len__(self) -> int:
        """How many rules there are, in all languages together."""
        return len(self.rules)


def screen(text: str, rules: CrisisRules) -> Hit | None:
    """The most urgent hit in any language, or None. Linear in the text; never raises on a str."""
    reading = normalise(text, rules.matcher.lexicon)
    verdict = min(_verdicts(reading, rules), key=_urgency, default=None)
    return verdict and _hit(verdict, reading)


def hits(text: str, rules: CrisisRules) -> tuple[Hit, ...]:
    """Every hit, most urgent first: for people who review the rules. The first one is what `screen` returns."""
    reading = normalise(text, rules.matcher.lexicon)
    return tuple(_hit(verdict, reading) for verdict in sorted(_verdicts(reading, rules), key=_urgency))


# ---- judging: what was found, and what stands beside it ----


@dataclass(frozen=True, slots=True)
class _Verdict:
    rule: Rule
    first: int  # places of the first and last word
    last: int
    cue: Cue | None

    @property
    def degree(self) -> Degree:
        return Degree.REVIEW_NOW if self.cue else self.rule.degree


_DEGREES, _CLASSES = tuple(Degree), tuple(CrisisClass)
# "No, I want to die" denies nothing: these reach no further than a comma, the others as far as the full stop.
_ENDS_AT_A_COMMA = frozenset({CueKind.NEGATION, CueKind.THIRD_PERSON})


# Here somebody else belongs to the sentence: "he hits me", "she is not breathing".
_OFTEN_ABOUT_ANOTHER = frozenset({CrisisClass.ABUSE, CrisisClass.MEDICAL, CrisisClass.DRUG_REACTION})


def _urgency(verdict: _Verdict) -> tuple[int, int, int, int]:
    return (
        _DEGREES.index(verdict.degree),
        _CLASSES.index(verdict.rule.crisis_class),
        verdict.first,
        -verdict.last,
    )


def _hit(verdict: _Verdict, reading: Reading) -> Hit:
    why = verdict.rule.why
    if verdict.cue:
        why = f"{why.removesuffix('.')}; less urgent because {verdict.cue.why}."
    return Hit(
        crisis_class=verdict.rule.crisis_class,
        degree=verdict.degree,
        span=(reading.spans[verdict.first][0], reading.spans[verdict.last][1]),
        rule=verdict.rule.id,
        why=why,
    )


def _verdicts(reading: Reading, rules: CrisisRules) -> Iterator[_Verdict]:
    found: list[tuple[Rule, int, int]] = []
    cues: list[tuple[Cue, int, int]] = []
    everyday_until: dict[tuple[int, str], int] = {}
    for first, last, meaning in rules.matcher.find(reading):
        match meaning:
            case Rule():
                found.append((meaning, first, last))
            case Cue():
                cues.append((meaning, first, last))
            case Everyday(language=language):
                for place in range(first, last + 1):
                    everyday_until[place, language] = max(last, everyday_until.get((place, language), last))
    if not found:
        return
    before, after = _cues_beside(found, cues, reading)
    for rule, first, last in found:
        if everyday_until.get((first, rule.language), -1) < last:
            beside = (*before.get(first, ()), *after.get(last, ()))
            yield _Verdict(rule, first, last, next((cue for cue in beside if _lowers(cue, rule)), None))


def _cues_beside(
    found: Sequence[tuple[Rule, int, int]], cues: Sequence[tuple[Cue, int, int]], reading: Reading
) -> tuple[Mapping[int, list[Cue]], Mapping[int, list[Cue]]]:
    """The cues in front of where something found begins, and those behind where something ends."""
    before: defaultdict[int, list[Cue]] = defaultdict(list)
    after: defaultdict[int, list[Cue]] = defaultdict(list)
    begins, ends = {first for _, first, _ in found}, {last for _, _, last in found}
    for cue, first, last in cues:
        part = reading.clauses if cue.kind in _ENDS_AT_A_COMMA else reading.sentences
        if cue.before is not None:
            for place in begins.intersection(range(last + 1, last + 2 + cue.before)):
                if part[place] == part[last]:
                    before[place].append(cue)
        if cue.after is not None:
            for place in ends.intersection(range(first - 1 - cue.after, first)):
                if part[place] == part[first]:
                    after[place].append(cue)
    return before, after


def _lowers(cue: Cue, rule: Rule) -> bool:
    # "he" is another person in English and "I have" in Spanish, so a cue speaks to its own language only.
    if rule.degree is not Degree.NOW or cue.language != rule.language:
        return False
    return cue.kind is not CueKind.THIRD_PERSON or rule.crisis_class not in _OFTEN_ABOUT_ANOTHER


# ---- matching: patterns as one table of steps, walked once ----


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One stretch of a pattern without gaps, reached from the stretch before it across at most `gap` words."""

    previous: int | None
    gap: int
    completes: tuple[tuple[Meaning, bool], ...]  # what is then found; whether its clause must end here


_NUMBER = "#"  # in a pattern: any number written in digits


@dataclass(frozen=True, kw_only=True, slots=True)
class Matcher:
    """All patterns together. Work per word is bounded by the longest stretch, whatever the text.

    `steps[state][word]` is the next state; `accepts[state]` are the stages whose last word was just read.
    `awaited` are the stages something may follow across a gap.
    """

    lexicon: Lexicon
    steps: tuple[Mapping[str, int], ...]
    accepts: tuple[tuple[int, ...], ...]
    stages: tuple[Stage, ...]
    awaited: frozenset[int]

    def find(self, reading: Reading) -> Iterator[tuple[int, int, Meaning]]:
        """Each meaning found, with the places of its first and last word, in order of the last."""
        reached: defaultdict[int | None, list[tuple[int, int]]] = defaultdict(list)
        live: list[tuple[int, int]] = []
        steps, accepts, stages, clauses = self.steps, self.accepts, self.stages, reading.clauses
        for place, word in enumerate(reading.words):
            symbol = _NUMBER if word.isdecimal() else word
            live.append((0, place))
            still_live: list[tuple[int, int]] = []
            for state, start in live:
                after = steps[state].get(symbol)
                if after is None:
                    continue
                still_live.append((after, start))
                for number in accepts[after]:
                    stage = stages[number]
                    first = start if stage.previous is None else _begin(stage, start, reached, reading.sentences)
                    if first is None:
                        continue
                    if number in self.awaited:
                        reached[number].append((first, place))
                    for meaning, at_end_only in stage.completes:
                        if not at_end_only or place + 1 == len(clauses) or clauses[place + 1] != clauses[place]:
                            yield first, place, meaning
            live = still_live


def _begin(
    stage: Stage, start: int, reached: Mapping[int | None, list[tuple[int, int]]], sentences: Sequence[int]
) -> int | None:
    """Where the match began that a stretch begun at `start` continues; None if it continues none."""
    for first, last in reversed(reached.get(stage.previous, ())):
        if last < start:  # those that overlap are as few as the words of this stretch
            near = start - last - 1 <= stage.gap
            return first if near and sentences[last] == sentences[start] else None
    return None


# ---- the pattern language: word  (a|b c)  [optional]  ..3  #  {slot}  and a final $ for the end of a clause ----


@dataclass(frozen=True, slots=True)
class _OneOf:
    ways: tuple["_Phrase", ...]


_Phrase: TypeAlias = tuple[str | _OneOf, ...]
_Stretch: TypeAlias = tuple[int, _Phrase]  # at most so many words after the stretch before; the words
_PIECE = re.compile(r"\.\.[0-9]+|[()|\[\]$#]|[^\s()|\[\]$#]+")
_SLOT = re.compile(r"\{(\w+)\}")


class _Unreadable(Exception):
    """A pattern breaks the pattern language."""


def _stretches(pattern: str) -> tuple[list[_Stretch], bool]:
    pieces = _PIECE.findall(pattern)
    at_end_only = pieces[-1:] == ["$"]
    if at_end_only:
        pieces.pop()
    stretches: list[_Stretch] = []
    gap, here = 0, list[str]()
    for piece in [*pieces, "..0"]:
        if not piece.startswith(".."):
            here.append(piece)
            continue
        phrase, rest = _phrase(here)
        if rest or not phrase or gap > WIDEST_GAP:
            raise _Unreadable(f"brackets left open, or an empty stretch, or a gap over {WIDEST_GAP} words")
        stretches.append((gap, phrase))
        gap, here = int(piece[2:]), []
    return stretches, at_end_only


def _phrase(pieces: Sequence[str]) -> tuple[_Phrase, Sequence[str]]:
    """Read up to whatever closes this phrase; give back the rest, beginning with the closing piece."""
    items: list[str | _OneOf] = []
    while pieces and pieces[0] not in {"|", ")", "]"}:
        piece, pieces = pieces[0], pieces[1:]
        if piece in {"(", "["}:
            ways: list[_Phrase] = [()] if piece == "[" else []
            closing = "|"
            while closing == "|":
                way, pieces = _phrase(pieces)
                if not pieces or not way:
                    raise _Unreadable("a bracket is left open or an alternative is empty")
                ways.append(way)
                closing, pieces = pieces[0], pieces[1:]
            if closing != {"(": ")", "[": "]"}[piece]:
                raise _Unreadable("brackets do not pair up")
            items.append(_OneOf(tuple(ways)))
        elif piece in {"$", _NUMBER}:
            if piece == "$":
                raise _Unreadable("$ may only stand at the very end")
            items.append(piece)
        else:
            items.extend(normalise(piece).words)
    return tuple(items), pieces


class _Weaver:
    """Lays every pattern into one table. A position is a word with what may follow it; accepts are negative."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.follows: list[frozenset[int]] = []
        self.entries: set[int] = set()
        self.stage_of: dict[tuple[int | None, int, _Phrase], int] = {}
        self.completes: list[list[tuple[Meaning, bool]]] = []

    def add(self, pattern: str, meaning: Meaning) -> None:
        stretches, at_end_only = _stretches(pattern)
        previous: int | None = None
        for gap, phrase in stretches:
            key = (previous, gap, phrase)
            if key not in self.stage_of:
                self.stage_of[key] = len(self.completes)
                self.completes.append([])
                entries = self._lay(phrase, frozenset({~self.stage_of[key]}))
                if ~self.stage_of[key] in entries:
                    raise _Unreadable("a stretch could be matched by no word at all")
                self.entries |= entries
            previous = self.stage_of[key]
        if previous is not None:
            self.completes[previous].append((meaning, at_end_only))

    def _lay(self, phrase: _Phrase, then: frozenset[int]) -> frozenset[int]:
        for item in reversed(phrase):
            if isinstance(item, _OneOf):
                then = frozenset(position for way in item.ways for position in self._lay(way, then))
            else:
                self.words.append(item)
                self.follows.append(then)
                then = frozenset({len(self.words) - 1})
        return then

    def matcher(self) -> Matcher:
        """Merge positions that are reached by the same words (subset construction), so that each text has one path."""
        numbers: dict[frozenset[int], int] = {frozenset(self.entries): 0}
        steps: list[dict[str, int]] = []
        accepts: list[tuple[int, ...]] = []
        for positions in (waiting := list(numbers)):
            onward: defaultdict[str, set[int]] = defaultdict(set)
            for position in positions:
                if position >= 0:
                    onward[self.words[position]] |= self.follows[position]
            accepts.append(tuple(sorted(~position for position in positions if position < 0)))
            steps.append({})
            for word, reached in onward.items():
                target = frozenset(reached)
                if target not in numbers:
                    numbers[target] = len(numbers)
                    waiting.append(target)
                steps[-1][word] = numbers[target]
            if len(numbers) > MOST_STATES:
                raise _Unreadable(f"the patterns together need more than {MOST_STATES} states")
        stages = [
            Stage(previous=previous, gap=gap, completes=tuple(self.completes[number]))
            for (previous, gap, _), number in self.stage_of.items()
        ]
        return Matcher(
            lexicon=Lexicon.of(word for word in self.words if word != _NUMBER),
            steps=tuple(steps),
            accepts=tuple(accepts),
            stages=tuple(stages),
            awaited=frozenset(stage.previous for stage in stages if stage.previous is not None),
        )


# ---- reading the files ----

_Table: TypeAlias = dict[str, object]


def parse_rules(texts: Mapping[str, str]) -> CrisisRules:
    """Read the phrase files, given as their TOML text by language.

    Raises BrokenRules, naming the file and where possible the line, if anything is unreadable, unknown, doubled or
    unproven by examples, or if a language has fewer rules of a class than FEWEST_RULES.
    """
    if not texts:
        raise BrokenRules(file="crisis rules", what="there is no phrase list at all")
    weaver = _Weaver()
    files = [_File(language, texts[language], weaver) for language in sorted(texts)]
    rules = [rule for file in files for rule in file.rules()]
    try:
        matcher = weaver.matcher()
    except _Unreadable as tangle:
        raise BrokenRules(file="crisis rules", what=str(tangle)) from tangle
    signed = all(file.approved_by and file.approved_on for file in files)
    fingerprint = hashlib.sha256(repr(sorted(texts.items())).encode("utf-8", "backslashreplace"))
    return CrisisRules(
        version=fingerprint.hexdigest()[:12],
        languages=tuple(file.language for file in files),
        approved_by=", ".join(sorted({file.approved_by for file in files})) if signed else "",
        approved_on=min(file.approved_on for file in files) if signed else "",
        rules=tuple(rules),
        matcher=matcher,
    )


class _File:
    """One language's phrase file on its way into the weaver."""

    def __init__(self, language: str, text: str, weaver: _Weaver) -> None:
        self.language = language
        self.text = text
        self.weaver = weaver
        try:
            self.top: _Table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            line = re.search(r"at line ([0-9]+)", str(broken))
            raise self._broken(str(broken), line=int(line[1]) if line else None) from broken
        self._only(
            self.top,
            {"language", "approved_by", "approved_on", "sources", "slots", "rule", "cue", "everyday"},
        )
        if self._text(self.top, "language") != language:
            raise self._broken(f"the file says it is another language than {language}", at="language")
        self.approved_by = self._text(self.top, "approved_by", may_be_empty=True)
        self.approved_on = self._text(self.top, "approved_on", may_be_empty=True)
        self.slots: dict[str, str] = {}
        for name, ways in self._table(self.top.get("slots", {}), "slots").items():
            self.slots[name] = f"({self._filled(str(ways), at=name)})"

    def rules(self) -> list[Rule]:
        """Every rule of this file, its patterns, cues and everyday phrases handed to the weaver."""
        rules = [self._rule(table) for table in self._tables("rule")]
        self._refuse_shrunken(rules)
        for table in self._tables("cue"):
            self._weave(table, self._cue(table))
        for table in self._tables("everyday"):
            self._only(table, {"patterns"})
            self._weave(table, Everyday(language=self.language))
        return rules

    def _rule(self, table: _Table) -> Rule:
        name = self._text(table, "id")
        self._only(table, {"id", "class", "degree", "patterns", "why", "examples", "near_misses"}, at=name)
        crisis_class, degree = self._text(table, "class"), self._text(table, "degree")
        if crisis_class not in _CLASSES or degree not in _DEGREES:
            raise self._broken(f"{name}: no such class or degree", at=name)
        examples = self._examples(table, name, Degree(degree))
        why = self._text(table, "why")
        rule = Rule(
            id=name,
            language=self.language,
            crisis_class=CrisisClass(crisis_class),
            degree=Degree(degree),
            why=why,
            examples=examples,
        )
        self._weave(table, rule)
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

    def _cue(self, table: _Table) -> Cue:
        self._only(table, {"kind", "before", "after", "patterns", "why"})
        kind, before, after = self._text(table, "kind"), table.get("before"), table.get("after")
        why = self._text(table, "why")
        if kind not in tuple(CueKind):
            raise self._broken(f"no such kind of cue: {kind}", at=kind)
        if not isinstance(before, int | None) or not isinstance(after, int | None) or before is after is None:
            raise self._broken("a cue needs before or after, in words", at=why)
        return Cue(kind=CueKind(kind), language=self.language, before=before, after=after, why=why)

    def _weave(self, table: _Table, meaning: Meaning) -> None:
        for pattern in self._strings(table, "patterns"):
            try:
                self.weaver.add(self._filled(pattern, at=pattern), meaning)
            except _Unreadable as unreadable:
                raise self._broken(f"{pattern!r}: {unreadable}", at=pattern) from unreadable

    def _filled(self, pattern: str, *, at: str) -> str:
        missing = {name for name in _SLOT.findall(pattern) if name not in self.slots}
        if missing:
            raise self._broken(f"{at}: no slot called {', '.join(sorted(missing))} above it", at=at)
        return _SLOT.sub(lambda slot: self.slots[slot[1]], pattern)

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
        return BrokenRules(file=f"crisis_{self.language}.toml", what=what, line=line)
