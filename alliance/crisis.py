"""Which messages need a person now: reviewed phrases found in any text, each hit with its rule and reason."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alliance.crisis_rules import CrisisClass, CrisisRules, Cue, CueKind, Degree, Everyday, Rule
from alliance.normalise import Reading, normalise
from alliance.phrase_file import BrokenRules, parse_rules

# One door for everybody who screens; what stands behind it is for those who work on the rules themselves.
__all__ = ["BrokenRules", "CrisisClass", "CrisisRules", "Degree", "Hit", "hits", "parse_rules", "screen"]

_DEGREES, _CLASSES = tuple(Degree), tuple(CrisisClass)
# "No, I want to die" denies nothing: these reach no further than a comma, the others as far as the full stop.
_ENDS_AT_A_COMMA = frozenset({CueKind.NEGATION, CueKind.THIRD_PERSON})
# Here somebody else belongs to the sentence: "he hits me", "she is not breathing".
_OFTEN_ABOUT_ANOTHER = frozenset({CrisisClass.ABUSE, CrisisClass.MEDICAL, CrisisClass.DRUG_REACTION})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One phrase found. `span` is half-open, in code points of the text as it was written."""

    crisis_class: CrisisClass
    degree: Degree
    span: tuple[int, int]
    rule: str  # stable id: "en.suicide.want_to_die"
    why: str  # one sentence for a clinician


def screen(text: str, rules: CrisisRules) -> Hit | None:
    """The most urgent hit in any language, or None. Linear in the text; never raises on a str."""
    reading = normalise(text, rules.matcher.lexicon)
    verdict = min(_verdicts(reading, rules), key=_urgency, default=None)
    return verdict and _hit(verdict, reading)


def hits(text: str, rules: CrisisRules) -> tuple[Hit, ...]:
    """Every hit, most urgent first: for people who review the rules. The first one is what `screen` returns."""
    reading = normalise(text, rules.matcher.lexicon)
    return tuple(_hit(verdict, reading) for verdict in sorted(_verdicts(reading, rules), key=_urgency))


@dataclass(frozen=True, slots=True)
class _Verdict:
    rule: Rule
    first: int  # places of the first and last word
    last: int
    cue: Cue | None

    @property
    def degree(self) -> Degree:
        return Degree.REVIEW_NOW if self.cue else self.rule.degree


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
