"""Crisis phrase files, read with suspicion: a list that is damaged, shrunken or unproven screens nobody."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

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
from alliance.crisis_weights import BrokenWeights, CrisisWeights, read_weights
from alliance.normalise import normalise
from alliance.phrase_linter import refuse_too_wide
from alliance.phrase_manifest import expected_rules
from alliance.phrase_pattern import PatternReader, UnreadablePattern
from alliance.phrase_weaver import Weaver
from alliance.rule_file import BrokenRules, PhraseFile, Table, signed_off
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
WEIGHTS = "crisis.json"
_HEADER = {"language", "approved_by", "approved_on", "sources", "fillers", "guarded", "misspelt", "lowered_by"}
_KEYS_OF_A_RULE = {"id", "class", "degree", "patterns", "signs", "weighed", "why", "examples", "near_misses"}
_LOWERED_BY = "less urgent because"  # where a file does not say it in its own language


def parse_rules(texts: Mapping[str, str], *, weights: str, languages: Collection[str] = SHIPPED) -> CrisisRules:
    """Read the phrase files, given as their TOML text by language ("en"), and the JSON text of what words weigh.

    `languages` are those that must be there; more are welcome. Raises BrokenRules, naming the file and where possible
    the line, if one of them is missing, if anything is unreadable, unknown, doubled or unproven by examples, if a
    language has fewer rules of a class than FEWEST_RULES, or if it has a rule of weighed words and no weights.
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
    approved_by, approved_on = signed_off([*files])
    fingerprint = hashlib.sha256(repr([*sorted(texts.items()), weights]).encode("utf-8", "backslashreplace"))
    return CrisisRules(
        version=fingerprint.hexdigest()[:12],
        languages=tuple(file.language for file in files),
        approved_by=approved_by,
        approved_on=approved_on,
        rules=tuple(rules),
        matcher=speaking.matcher(lexicon),
        softeners=softening.matcher(lexicon),
        weighed=_weighed(rules, weights),
    )


def _file_name(language: str) -> str:
    return f"crisis_{language}.toml"


def _weighed(rules: Sequence[Rule], text: str) -> tuple[tuple[Rule, CrisisWeights], ...]:
    """Each rule of weighed words with what its language's words weigh."""
    try:
        weights = read_weights(text)
    except BrokenWeights as broken:
        raise BrokenRules(file=WEIGHTS, what=broken.what, line=broken.line) from broken
    for rule in rules:
        if rule.is_weighed and rule.language not in weights:
            raise BrokenRules(file=WEIGHTS, what=f"nothing is said of {rule.language}, which {rule.id} needs")
    return tuple((rule, weights[rule.language]) for rule in rules if rule.is_weighed)


def _kinds(table: Table) -> int:
    """How many kinds of rule it says it is: one of phrases, of signs, or of weighed words."""
    return ("patterns" in table) + bool(table.get("signs", 0)) + (table.get("weighed") is True)


class _File(PhraseFile):
    """One language's phrase file on its way into the weavers."""

    def __init__(self, language: str, text: str) -> None:
        super().__init__(_file_name(language), text, language)
        self.only(self.top, _HEADER | {"slots", "rule", "sign", "cue", "everyday"})
        self.fillers = self._words("fillers")
        self.guarded = self._words("guarded")
        self.lowered_by = self.text_of(self.top, "lowered_by") if "lowered_by" in self.top else _LOWERED_BY
        misspelt = self.table(self.top.get("misspelt", {}), "misspelt")
        self.misspelt = {typed: str(word) for typed, word in misspelt.items()}

    def rules(self, reader: PatternReader, speaking: Weaver[Speaking], softening: Weaver[Softening]) -> list[Rule]:
        """Every rule of this file; its patterns and signs are handed to the one weaver, what softens to the other."""
        self.read_slots(reader)
        rules = [self._rule(table, speaking) for table in self.tables("rule")]
        self._refuse_shrunken(rules)
        for table in self.tables("sign"):
            self.weave(table, self._sign(table), speaking)
        for table in self.tables("cue"):
            self.weave(table, self._cue(table), softening)
        for table in self.tables("everyday"):
            self.only(table, {"patterns"})
            self.weave(table, Everyday(language=self.language), softening)
        return rules

    def _rule(self, table: Table, weaver: Weaver[Speaking]) -> Rule:
        name = self.text_of(table, "id")
        self.only(table, _KEYS_OF_A_RULE, at=name)
        crisis_class, degree = self.text_of(table, "class"), self.text_of(table, "degree")
        if crisis_class not in tuple(CrisisClass) or degree not in tuple(Degree):
            raise self.broken(f"{name}: no such class or degree", at=name)
        examples = self._examples(table, name, Degree(degree))
        why = self.text_of(table, "why")
        signs, is_weighed = table.get("signs", 0), table.get("weighed") is True
        if not isinstance(signs, int) or (0 < signs < FEWEST_SIGNS) or _kinds(table) != 1:
            wanted = f"patterns, or signs of a weight of at least {FEWEST_SIGNS}, or weighed words"
            raise self.broken(f"{name}: has either {wanted}", at=name)
        rule = Rule(
            id=name,
            language=self.language,
            crisis_class=CrisisClass(crisis_class),
            degree=Degree(degree),
            why=why,
            examples=examples,
            signs=signs,
            is_weighed=is_weighed,
        )
        if "patterns" in table:
            self._refuse_too_wide(table, rule, weaver)
        return rule

    def _examples(self, table: Table, name: str, degree: Degree) -> tuple[Example, ...]:
        positive, missed = (
            self.strings(table, "examples", at=name),
            self.strings(table, "near_misses", at=name),
        )
        if len(set(positive)) < FEWEST_EXAMPLES or len(set(missed)) < FEWEST_NEAR_MISSES:
            raise self.broken(f"{name}: needs {FEWEST_EXAMPLES} examples and {FEWEST_NEAR_MISSES} near misses", at=name)
        near_misses: list[Example] = []
        for line in missed:
            expected, colon, text = line.partition(": ")
            if not colon or expected not in {"none", Degree.REVIEW_NOW}:
                raise self.broken(f'{name}: a near miss begins with "none: " or "review_now: "', at=name)
            degree_or_none = None if expected == "none" else Degree.REVIEW_NOW
            near_misses.append(Example(text=text, expected=degree_or_none, rule=name, is_near_miss=True))
        return (
            *(Example(text=text, expected=degree, rule=name, is_near_miss=False) for text in positive),
            *near_misses,
        )

    def _sign(self, table: Table) -> Sign:
        self.only(table, {"name", "weight", "patterns"})
        name, weight = self.text_of(table, "name"), table.get("weight", 1)
        if not isinstance(weight, int) or not 0 < weight < FEWEST_SIGNS:
            raise self.broken(f"{name}: a sign weighs less than {FEWEST_SIGNS}, so that none speaks alone", at=name)
        return Sign(name=name, language=self.language, weight=weight)

    def _cue(self, table: Table) -> Cue:
        self.only(table, {"kind", "before", "after", "patterns", "why"})
        kind, why = self.text_of(table, "kind"), self.text_of(table, "why")
        if kind not in tuple(CueKind):
            raise self.broken(f"no such kind of cue: {kind}", at=kind)
        before, after = self.beside(table, "cue", at=why)
        return Cue(
            kind=CueKind(kind),
            language=self.language,
            before=before,
            after=after,
            why=why,
            joined_by=self.lowered_by,
        )

    def _refuse_too_wide(self, table: Table, rule: Rule, weaver: Weaver[Speaking]) -> None:
        for written, read in self.weave(table, rule, weaver):
            try:
                refuse_too_wide(read)
            except UnreadablePattern as wide:
                raise self.broken(f"{written!r}: {wide}", at=written) from wide

    def _words(self, key: str) -> frozenset[str]:
        """Words given as "one|two", in normalised spelling."""
        given = self.text_of(self.top, key, may_be_empty=True) if key in self.top else ""
        return frozenset(word for part in given.split("|") for word in normalise(part).words)

    def _refuse_shrunken(self, rules: Sequence[Rule]) -> None:
        counted, names = Counter(rule.crisis_class for rule in rules), {rule.id for rule in rules}
        self.each_once((rule.id for rule in rules), language=self.language)
        for crisis_class, fewest in FEWEST_RULES.items():
            if counted[crisis_class] < fewest:
                raise self.broken(
                    f"only {counted[crisis_class]} rules for {crisis_class}, at least {fewest} are expected"
                )
        lost = sorted(expected_rules(self.language) - names)
        if lost:
            raise self.broken(
                f"{', '.join(lost)} was lost; a rule given up on purpose leaves alliance/phrase_manifest.py as well"
            )
