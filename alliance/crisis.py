"""Which messages need a person now: reviewed phrases found in any text, each hit with its rule and reason."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from alliance.crisis_rules import CrisisClass, CrisisRules, Cue, CueKind, Degree, Everyday, Rule, Sign
from alliance.normalise import Reading, normalise
from alliance.phrase_file import BrokenRules, parse_rules

# One door for everybody who screens; what stands behind it is for those who work on the rules themselves.
__all__ = ["BrokenRules", "CrisisClass", "CrisisRules", "Degree", "Hit", "hits", "parse_rules", "screen"]

_Found: TypeAlias = tuple[Rule, int, int]  # with the places of its first and last word
_TURNS_ROUND = "\u202e"  # what follows is shown backwards, so it is read both ways
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
    return min(_hits(text, rules), key=_urgency, default=None)


def hits(text: str, rules: CrisisRules) -> tuple[Hit, ...]:
    """Every hit, most urgent first: for people who review the rules. The first one is what `screen` returns."""
    return tuple(sorted(_hits(text, rules), key=_urgency))


def _urgency(hit: Hit) -> tuple[int, int, int, int, str]:
    """What comes first: the degree, then the class, then where it stands; the longer of two from one place."""
    first, beyond = hit.span
    return _DEGREES.index(hit.degree), _CLASSES.index(hit.crisis_class), first, -beyond, hit.rule


def _hits(text: str, rules: CrisisRules) -> Iterator[Hit]:
    lexicon = rules.matcher.lexicon
    yield from _hits_in(normalise(text, lexicon), rules)
    if _TURNS_ROUND in text:
        for hit in _hits_in(normalise(text[::-1], lexicon), rules):
            first, beyond = hit.span
            yield replace(hit, span=(len(text) - beyond, len(text) - first))


def _hits_in(reading: Reading, rules: CrisisRules) -> Iterator[Hit]:
    found: list[_Found] = []
    signs: list[tuple[Sign, int, int]] = []
    cues: list[tuple[Cue, int, int]] = []
    everyday: set[tuple[int, str]] = set()
    for first, last, meaning in rules.matcher.find(reading):
        match meaning:
            case Rule():
                found.append((meaning, first, last))
            case Sign():
                signs.append((meaning, first, last))
            case Cue():
                cues.append((meaning, first, last))
            case Everyday(language=language):
                everyday.update((place, language) for place in range(first, last + 1))
    found += _signs_together(signs, rules)
    # "hopeless with computers" goes on where "I am hopeless" ended: the last word says what the phrase became
    found = [one for one in found if (one[2], one[0].language) not in everyday]
    if not found:
        return
    before, after = _cues_beside(found, cues, reading)
    lowered_until: tuple[int, Cue | None] = -1, None
    for rule, first, last in sorted(found, key=_from_outside):
        beside = (*before.get(first, ()), *after.get(last, ()))
        cue = next((cue for cue in beside if _lowers(cue, rule)), None)
        if cue and last > lowered_until[0]:
            lowered_until = last, cue
        around = lowered_until[1] if last <= lowered_until[0] else None
        if not cue and around and _lowers(around, rule):  # inside "years ago I tried to kill myself"
            cue = around
        yield _hit(rule, first, last, cue, reading)


def _from_outside(found: _Found) -> tuple[int, int]:
    """The phrase around another comes before it."""
    return found[1], -found[2]


def _hit(rule: Rule, first: int, last: int, cue: Cue | None, reading: Reading) -> Hit:
    return Hit(
        crisis_class=rule.crisis_class,
        degree=Degree.REVIEW_NOW if cue else rule.degree,
        span=(reading.spans[first][0], reading.spans[last][1]),
        rule=rule.id,
        why=f"{rule.why.removesuffix('.')}; less urgent because {cue.why}." if cue else rule.why,
    )


def _signs_together(signs: Sequence[tuple[Sign, int, int]], rules: CrisisRules) -> Iterator[_Found]:
    """A rule of signs speaks once, from the first sign to the one that completes the number."""
    for rule in rules.rules if signs else ():
        if rule.signs:
            seen: dict[str, tuple[int, int]] = {}
            for sign, first, last in signs:
                if sign.language == rule.language:
                    seen.setdefault(sign.name, (first, last))
                if len(seen) == rule.signs:
                    yield rule, min(place for place, _ in seen.values()), max(place for _, place in seen.values())
                    break


def _cues_beside(
    found: Sequence[_Found], cues: Sequence[tuple[Cue, int, int]], reading: Reading
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
            beyond = last + 1 if cue.kind is CueKind.PAST else first  # "overdosed years ago" holds its own past
            for place in ends.intersection(range(first - 1 - cue.after, beyond)):
                if part[place] == part[first]:
                    after[place].append(cue)
    return before, after


def _lowers(cue: Cue, rule: Rule) -> bool:
    # "he" is another person in English and "I have" in Spanish, so a cue speaks to its own language only.
    if rule.degree is not Degree.NOW or cue.language != rule.language:
        return False
    return cue.kind is not CueKind.THIRD_PERSON or rule.crisis_class not in _OFTEN_ABOUT_ANOTHER
