"""Where a message bears the marks of a withdrawal or a confrontation, phrase by phrase."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alliance.language_rules import Harmless, LanguageRule, LanguageRules, Silencer
from alliance.normalise import Reading


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule found, with the places of its first and last word."""

    rule: LanguageRule
    first: int
    last: int


def hits(reading: Reading, rules: LanguageRules) -> tuple[Hit, ...]:
    """What the rules find and nothing silences, in order of the text; each rule once, at its longest."""
    found: list[Hit] = []
    silencers: list[tuple[Silencer, int, int]] = []
    harmless: list[tuple[str, int, int]] = []
    for first, last, meaning in rules.matcher.find(reading):
        match meaning:
            case LanguageRule():
                if not meaning.is_whole or (first == 0 and last == len(reading.words) - 1):
                    found.append(Hit(meaning, first, last))
            case Silencer():
                silencers.append((meaning, first, last))
            case Harmless(language=language):
                harmless.append((language, first, last))
    heard = (hit for hit in found if not _is_harmless(hit, harmless) and not _is_silenced(hit, silencers, reading))
    return tuple(sorted(_longest(heard), key=lambda hit: (hit.first, -hit.last, hit.rule.id)))


def _longest(found: Iterator[Hit]) -> list[Hit]:
    longest: dict[str, Hit] = {}
    for hit in found:
        known = longest.get(hit.rule.id)
        if known is None or hit.last - hit.first > known.last - known.first:
            longest[hit.rule.id] = hit
    return list(longest.values())


def _is_harmless(hit: Hit, harmless: Sequence[tuple[str, int, int]]) -> bool:
    return any(
        language == hit.rule.language and first <= hit.last and hit.first <= last for language, first, last in harmless
    )


def _is_silenced(hit: Hit, silencers: Sequence[tuple[Silencer, int, int]], reading: Reading) -> bool:
    """Whether a silencer of its language stands beside it in the same sentence; in front, in the same clause."""
    for silencer, first, last in silencers:
        if silencer.language != hit.rule.language:
            continue
        if silencer.before is not None and 0 < hit.first - last <= silencer.before + 1:
            # "No, she does not listen" denies nothing
            if reading.clauses[last] == reading.clauses[hit.first]:
                return True
        if silencer.after is not None and 0 < first - hit.last <= silencer.after + 1:
            if reading.sentences[first] == reading.sentences[hit.last]:
                return True
    return False
