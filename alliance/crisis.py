"""Which messages need a person now: reviewed phrases found in any text, each hit with its rule and reason."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from alliance.crisis_rules import CrisisClass, CrisisRules, Cue, CueKind, Degree, Rule, Sign
from alliance.crisis_weights import heaviest_sentence
from alliance.normalise import Reading, normalise
from alliance.phrase_file import parse_rules
from alliance.rule_file import BrokenRules

# One door for everybody who screens; what stands behind it is for those who work on the rules themselves.
__all__ = ["BrokenRules", "CrisisClass", "CrisisRules", "Degree", "Hit", "hits", "parse_rules", "screen"]

_Found: TypeAlias = tuple[Rule, int, int]  # with the places of its first and last word
_TURNS_ROUND = "\u202e"  # what follows is shown backwards, so it is read both ways
_LONGEST_TURNED = 4_096  # characters, what Telegram takes in one message
# characters: one message, and enough behind it for what could lower its end; longer texts come from no messenger, and
# may be made to keep us busy
_BEGINNING = _LONGEST_TURNED + 1_024
_DEGREES = {degree: rank for rank, degree in enumerate(Degree)}
_CLASSES = {crisis_class: rank for rank, crisis_class in enumerate(CrisisClass)}
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
    if len(text) > _BEGINNING:
        early = _most_urgent(text[:_BEGINNING], rules)
        if early is not None and _nothing_outdoes(early):
            return early
    return _most_urgent(text, rules)


def _most_urgent(text: str, rules: CrisisRules) -> Hit | None:
    readings = [(read, backwards, _what_is_in(read, rules)) for read, backwards in _readings(text, rules)]
    found = [
        _hit(min(verdicts, key=lambda verdict, spans=read.spans: verdict.rank(spans)), read, backwards)
        for read, backwards, there in readings
        if (verdicts := list(_lowered(_earliest(there), there.cues, read)) or list(_weighed(read, rules)))
    ]
    return min(found, key=_urgency, default=None)


def _nothing_outdoes(early: Hit) -> bool:
    """Whether a hit at the beginning of a long text is the first whatever follows: what could lower it is read too."""
    is_foremost = early.degree is Degree.NOW and early.crisis_class is CrisisClass.SUICIDE
    return is_foremost and early.span[1] <= _LONGEST_TURNED


def hits(text: str, rules: CrisisRules) -> tuple[Hit, ...]:
    """Every hit, most urgent first: for people who review the rules. The first one is what `screen` returns."""
    found = [
        _hit(verdict, read, backwards)
        for read, backwards in _readings(text, rules)
        for there in (_what_is_in(read, rules),)
        for verdict in (list(_lowered(there.found, there.cues, read)) or _weighed(read, rules))
    ]
    return tuple(sorted(found, key=_urgency))


def _readings(text: str, rules: CrisisRules) -> Iterator[tuple[Reading, int]]:
    """The text as it is read and, where a sign turns part of it round, that part from its end.

    With each reading goes the place its last character had in the text if it was turned round, else zero.
    """
    yield normalise(text, rules.matcher.lexicon), 0
    turned = text.find(_TURNS_ROUND)
    if turned >= 0:
        beyond = min(len(text), turned + _LONGEST_TURNED)
        yield normalise(text[turned:beyond][::-1], rules.matcher.lexicon), beyond


class _Verdict(NamedTuple):  # a long message can hold thousands of them
    rule: Rule
    first: int  # places of the first and last word
    last: int
    cue: Cue | None

    def rank(self, spans: Sequence[tuple[int, int]]) -> tuple[int, int, int, int, str]:
        """As `_urgency`: by characters, since "don't" is two words of one place."""
        degree = Degree.REVIEW_NOW if self.cue else self.rule.degree
        first, beyond = spans[self.first][0], spans[self.last][1]
        return _DEGREES[degree], _CLASSES[self.rule.crisis_class], first, -beyond, self.rule.id


def _urgency(hit: Hit) -> tuple[int, int, int, int, str]:
    """What comes first: the degree, then the class, then where it stands; the longer of two from one place."""
    first, beyond = hit.span
    return _DEGREES[hit.degree], _CLASSES[hit.crisis_class], first, -beyond, hit.rule


class _There(NamedTuple):
    """What is in a reading: phrases that are hits, and the cues that may lower them."""

    found: Sequence[_Found]
    cues: Sequence[tuple[Cue, int, int]]


def _what_is_in(reading: Reading, rules: CrisisRules) -> _There:
    found: list[_Found] = []
    signs: dict[Sign, tuple[int, int]] = {}  # each where it stands first
    for first, last, meaning in rules.matcher.find(reading):
        if isinstance(meaning, Rule):
            found.append((meaning, first, last))
        else:
            signs.setdefault(meaning, (first, last))
    found += _signs_together(signs, rules)
    if not found:
        return _There((), ())
    cues: list[tuple[Cue, int, int]] = []
    everyday: set[tuple[int, str]] = set()
    for first, last, meaning in rules.softeners.find(reading):
        if isinstance(meaning, Cue):
            cues.append((meaning, first, last))
        elif _is_one_phrase(first, last, reading):
            everyday.update((place, meaning.language) for place in range(first, last + 1))
    # "hopeless with computers" goes on where "I am hopeless" ended: the last word says what the phrase became
    return _There([one for one in found if not everyday or (one[2], one[0].language) not in everyday], cues)


def _earliest(there: _There) -> Sequence[_Found]:
    """Where nothing is lowered only the first of each rule can come before all others, the longest of those."""
    if there.cues:
        return there.found
    earliest: dict[str, _Found] = {}
    for one in there.found:  # in order of their last words, so that of two from one place the longer comes later
        held = earliest.get(one[0].id)
        if held is None or one[1] <= held[1]:
            earliest[one[0].id] = one
    return tuple(earliest.values())


def _is_one_phrase(first: int, last: int, reading: Reading) -> bool:
    """Not across a full stop, and not where its first word is an answer: "No, me duele" is not "no me duele"."""
    answers = first < last and reading.clauses[first] != reading.clauses[first + 1]
    return reading.sentences[first] == reading.sentences[last] and not answers


def _lowered(found: Sequence[_Found], cues: Sequence[tuple[Cue, int, int]], reading: Reading) -> Iterator[_Verdict]:
    """Each phrase with the cue that lowers it, its own or that of a phrase around it."""
    if not cues:
        yield from (_Verdict(rule, first, last, None) for rule, first, last in found)
        return
    before, after = _cues_beside(found, cues, reading)
    around_until, around = -1, None
    for rule, first, last in sorted(found, key=_from_outside):
        beside = (*before.get(first, ()), *after.get(last, ()))
        cue = next((cue for cue in beside if _lowers(cue, rule)), None)
        if cue and last > around_until:
            around_until, around = last, cue
        if not cue and around and last <= around_until and _lowers(around, rule):
            cue = around  # "kill myself" inside "years ago I tried to kill myself"
        yield _Verdict(rule, first, last, cue)


def _from_outside(found: _Found) -> tuple[int, int]:
    """The phrase around another comes before it."""
    return found[1], -found[2]


def _hit(verdict: _Verdict, reading: Reading, turned_from: int) -> Hit:
    rule, cue = verdict.rule, verdict.cue
    first, beyond = reading.spans[verdict.first][0], reading.spans[verdict.last][1]
    return Hit(
        crisis_class=rule.crisis_class,
        degree=Degree.REVIEW_NOW if cue else rule.degree,
        span=(turned_from - beyond, turned_from - first) if turned_from else (first, beyond),
        rule=rule.id,
        why=f"{rule.why.removesuffix('.')}; {cue.joined_by} {cue.why}." if cue else rule.why,
    )


def _signs_together(signs: Mapping[Sign, tuple[int, int]], rules: CrisisRules) -> Iterator[_Found]:
    """A rule of signs speaks once, from the first sign to the one that completes the weight."""
    for rule in rules.rules if signs else ():
        if rule.signs:
            weight = 0
            seen: list[tuple[int, int]] = []
            for sign, place in signs.items():
                if sign.language == rule.language:
                    weight += sign.weight
                    seen.append(place)
                if weight >= rule.signs:
                    yield rule, min(first for first, _ in seen), max(last for _, last in seen)
                    break


def _weighed(reading: Reading, rules: CrisisRules) -> Iterator[_Verdict]:
    """Where no phrase says it: the sentence that weighs most of a message whose words together weigh enough."""
    for rule, weights in rules.weighed:
        places = heaviest_sentence(reading, weights)
        if places:
            yield _Verdict(rule, *places, None)


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
