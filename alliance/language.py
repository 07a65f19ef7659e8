"""What a patient's words say about the alliance: marks of withdrawal and confrontation, and how likely a concern."""

from collections.abc import Mapping
from dataclasses import dataclass

from alliance.concern_model import score
from alliance.concern_signs import signs
from alliance.concern_words import WordLists
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.language_file import parse_language
from alliance.language_markers import Hit, hits
from alliance.language_rules import LanguageRule, LanguageRules, Sign
from alliance.normalise import Reading as Words
from alliance.normalise import normalise
from alliance.rule_file import BrokenRules

# One door for everybody who reads messages; what stands behind it is for those who work on the rules themselves.
__all__ = ["BrokenRules", "LanguageMarker", "LanguageRules", "Reading", "Sign", "parse_language", "read"]

TERSE = 3  # words; "all fine thanks" is as short as an answer gets
LONGEST_READ = 4096  # characters, a whole message of Telegram; nothing beyond it is read


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageMarker:
    """One phrase found. `span` is half-open, in code points of the text as it was written."""

    kind: RuptureKind
    domain: Domain
    sign: Sign
    span: tuple[int, int]
    rule: str  # stable id: "en.bond.not_heard"
    why: str  # one sentence for a clinician


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one message says. `scores` order messages and choose quotes; they are never shown as anybody's risk.

    `is_terse` and `is_deferential` are evidence only beside this patient's own habit.
    """

    markers: tuple[LanguageMarker, ...]
    scores: Mapping[Domain, float]  # 0 to 1: how likely a concern is voiced in that domain
    concern: float  # 0 to 1: how likely any is
    is_terse: bool
    is_deferential: bool
    version: str  # of the rules that read it


def read(text: str, rules: LanguageRules, *, language: str = "en") -> Reading:
    """Read one message in whatever language of the rules it is written in. Linear in the text; never raises on a str.

    `language` is the patient's own: it decides where the words ("no", "normal") do not. Phrases are found in every
    language. Markers come in the order of the text, each rule once, at its longest; overlapping ones are all told,
    because they differ in what they say.
    """
    words = normalise(text[:LONGEST_READ], rules.matcher.lexicon)
    found = hits(words, rules)
    lists = language_of(words, rules, likely=language)
    scores = score(rules.model, signs_of(words, found, lists), words.words, language=lists.language)
    return Reading(
        markers=tuple(_marker(hit, words) for hit in found),
        scores=scores.by_domain,
        concern=scores.concern,
        is_terse=len(words.words) <= TERSE,
        is_deferential=any(hit.rule.sign is Sign.DEFERENCE for hit in found),
        version=rules.version,
    )


def language_of(words: Words, rules: LanguageRules, *, likely: str) -> WordLists:
    """The lists of the language most of the words are known in; among equals the likely one."""
    return max(
        rules.words,
        key=lambda lists: (sum(map(lists.knows, words.words)), lists.language == likely),
    )


def signs_of(words: Words, found: tuple[Hit, ...], lists: WordLists) -> dict[str, float]:
    """Everything the model weighs but the words themselves: what stands in which list, and which rules were hit."""
    weighed = signs(words, lists)
    for hit in found:
        # waiting and cost are complaints about the frame of the work, and say little about the work itself
        is_frame = hit.rule.sign is Sign.ABOUT_FRAME
        weighed["about_frame" if is_frame else f"{hit.rule.kind}_{hit.rule.domain}"] = 1.0
    return weighed


def _marker(hit: Hit, words: Words) -> LanguageMarker:
    rule: LanguageRule = hit.rule
    return LanguageMarker(
        kind=rule.kind,
        domain=rule.domain,
        sign=rule.sign,
        span=(words.spans[hit.first][0], words.spans[hit.last][1]),
        rule=rule.id,
        why=rule.why,
    )
