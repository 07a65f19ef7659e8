"""Where a message bears the marks of a withdrawal or a confrontation, phrase by phrase."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alliance.language_rules import Harmless, LanguageRule, LanguageRules, Silencer
from alliance.normalise import Reading


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule found, with the places of its first and last word."""

    rule: LanguageRule
    first: int
    last: int


@dataclass(slots=True)
class _Silence:
    """Where, in each language, no phrase may begin, none may end, and none may reach at all."""

    reading: Reading
    starts: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    ends: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    inside: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])

    def add(self, silencer: Silencer, first: int, last: int) -> None:
        clauses, sentences = self.reading.clauses, self.reading.sentences
        if silencer.before is not None:
            reach = range(last + 1, min(last + 2 + silencer.before, len(clauses)))
            # "No, she does not listen" denies nothing: in front it reaches to the comma only
            self.starts.update((silencer.language, place) for place in reach if clauses[place] == clauses[last])
        if silencer.after is not None:
            reach = range(max(0, first - 1 - silencer.after), first)
            self.ends.update((silencer.language, place) for place in reach if sentences[place] == sentences[first])

    def covers(self, hit: Hit) -> bool:
        language = hit.rule.language
        return (
            (language, hit.first) in self.starts
            or (language, hit.last) in self.ends
            or any((language, place) in self.inside for place in range(hit.first, hit.last + 1))
        )


def hits(reading: Reading, rules: LanguageRules) -> tuple[Hit, ...]:
    """What the rules find and nothing silences, in order of the text; each rule once, at its longest."""
    found: list[Hit] = []
    silence = _Silence(reading)
    for first, last, meaning in rules.matcher.find(reading):
        match meaning:
            case LanguageRule(is_whole=is_whole):
                if not is_whole or (first == 0 and last == len(reading.words) - 1):
                    found.append(Hit(meaning, first, last))
            case Silencer():
                silence.add(meaning, first, last)
            case Harmless(language=language):
                silence.inside.update((language, place) for place in range(first, last + 1))
    heard = _longest(hit for hit in found if not silence.covers(hit))
    return tuple(sorted(heard, key=lambda hit: (hit.first, -hit.last, hit.rule.id)))


def _longest(found: Iterable[Hit]) -> Iterable[Hit]:
    longest: dict[str, Hit] = {}
    for hit in found:
        known = longest.get(hit.rule.id)
        if known is None or hit.last - hit.first > known.last - known.first:
            longest[hit.rule.id] = hit
    return longest.values()
