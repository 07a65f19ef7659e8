"""A message is read once, when it arrives; what was heard is kept beside it and never read out of it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import cast

from alliance.heard import Heard, as_json, from_json
from alliance.items import Domain
from alliance.language import LanguageRules, Reading, read
from alliance.thoughts import joined, part_of
from alliance.wording import main_language

# What the scores start from: of the comments they were learned from, this share voices a concern. Odds divided by
# these odds are a likelihood ratio, and as such words can be weighed beside ratings.
VOICE_A_CONCERN = 0.32
MOST_HEARD = 6  # of one message, the loudest; more explains nothing more
_SURE = 1e-4  # no message is surer than that


@dataclass(frozen=True, kw_only=True, slots=True)
class Listened:
    """What was heard in one message; `appeasing` says that it was deferential or as brief as can be."""

    appeasing: bool
    heard: tuple[Heard, ...]


def listen(text: str, rules: LanguageRules, *, language: str) -> dict[str, object] | None:
    """What there is to keep of a message, as plain values; None where nothing was read, so that nothing is guessed.

    That is a message in a language without rules (`language` is the patient's), and one without a single letter: a
    number typed instead of tapped says nothing.
    """
    spoken = main_language(language)
    if not has_rules(rules, language) or not any(character.isalpha() for character in text):
        return None
    return _kept(read(text, rules, language=spoken))


def listen_together(
    texts: Sequence[str], rules: LanguageRules, *, language: str
) -> tuple[dict[str, object] | None, ...]:
    """The same of several messages that are one thought, read once: what there is to keep of each of them.

    A phrase that goes from one message into the next is kept with the one in which it ends, from its first word there.
    """
    kept = listen(joined(texts), rules, language=language)
    if kept is None:
        return (None,) * len(texts)
    parts: list[list[dict[str, object]]] = [[] for _ in texts]
    for each in cast("list[dict[str, object]]", kept["heard"]):  # written by `_kept` alone
        first, last = cast("list[int]", each["span"])
        place, span = part_of((first, last), texts)
        parts[place].append({**each, "span": list(span)})
    return tuple({**kept, "heard": part} for part in parts)


def has_rules(rules: LanguageRules, language: str) -> bool:
    """Whether anything can be heard in that language."""
    return main_language(language) in rules.languages


def listened(kept: Mapping[str, object] | None, *, message: int) -> Listened | None:
    """What was heard in a message, from what was kept of it; None for a message that nothing has read."""
    if kept is None:
        return None
    heard = cast("list[dict[str, object]]", kept["heard"])  # written by `listen` alone
    return Listened(
        appeasing=bool(kept["appeasing"]), heard=tuple(from_json({**each, "message": message}) for each in heard)
    )


def _kept(reading: Reading) -> dict[str, object]:
    found = [
        Heard(
            kind=marker.kind,
            domain=marker.domain,
            rule=marker.rule,
            version=reading.version,
            why=marker.why,
            message=0,  # known by the row it is kept in
            span=marker.span,
            evidence=_evidence(reading, marker.domain),
        )
        for marker in reading.markers
    ]
    loudest = sorted(found, key=lambda each: -each.evidence)[:MOST_HEARD]
    return {"appeasing": reading.is_terse or reading.is_deferential, "heard": [as_json(each) for each in loudest]}


def _evidence(reading: Reading, domain: Domain) -> float:
    score = min(1 - _SURE, max(_SURE, reading.scores[domain]))
    return round(log(score / (1 - score)) - log(VOICE_A_CONCERN / (1 - VOICE_A_CONCERN)), 3)
