"""What the rupture-language rules are made of: kinds of sign, rules with their examples, and what silences them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from alliance.concern_model import ConcernModel
from alliance.concern_words import WordLists
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.phrase_matcher import Matcher
from alliance.wording import main_language


class Sign(StrEnum):
    """How withdrawal and confrontation sound, after the 3RS (Eubanks, Muran and Safran 2015), in our own words.

    The last three are ours: what patients tell between visits and observers of sessions do not hear.
    """

    DENIAL = "denial"  # withdrawal: makes little of it, answers as briefly as can be
    SHIFTING = "shifting"  # withdrawal: turns to something else
    DEFERENCE = "deference"  # withdrawal: gives in, apologises, smooths over
    SPLIT = "split"  # withdrawal: says something sad with a laugh
    SELF_CRITICISM = "self_criticism"  # withdrawal: blames oneself, without hope
    LEAVING_THE_WORK = "leaving_the_work"  # withdrawal: stops taking part
    ABOUT_CLINICIAN = "about_clinician"  # confrontation: a complaint about the person or their competence
    ABOUT_ACTIVITY = "about_activity"  # confrontation: about exercises, therapy, medicine
    ABOUT_FRAME = "about_frame"  # confrontation: about time, waiting, cost, place
    ABOUT_PROGRESS = "about_progress"  # confrontation: about what it has brought
    REJECTION = "rejection"  # confrontation: will not have what is proposed
    DEFENCE = "defence"  # confrontation: defends oneself
    PRESSURE = "pressure"  # confrontation: demands, warns
    SARCASM = "sarcasm"  # confrontation: says the opposite of what is meant
    UNSAID = "unsaid"  # withdrawal: holds something back, for fear or shame
    OFF_PLAN = "off_plan"  # withdrawal: stopped, changed or added something without telling


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageRule:
    """Phrases that mean the same to a clinician, with what must and what must not be found by them.

    `is_whole` if the phrase counts only as the whole message ("whatever").
    """

    id: str
    language: str
    kind: RuptureKind
    domain: Domain
    sign: Sign
    why: str  # one sentence for a clinician
    is_whole: bool
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]  # messages in which no rule of any language finds anything


@dataclass(frozen=True, kw_only=True, slots=True)
class Silencer:
    """Words that show a phrase beside them does not mean it; at most `before` (`after`) words between, None is never.

    Unlike a crisis, a marker may be silenced: a flag too many costs attention, a marker missed is one of many.
    """

    language: str
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Harmless:
    """A whole phrase that means something else ("can't complain"); a hit that touches it is no hit."""

    language: str


Meaning: TypeAlias = LanguageRule | Silencer | Harmless


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageRules:
    """Everything that reads a message for concern; `approved_*` are empty until every phrase file is signed off."""

    version: str  # short hash of the texts it was read from
    languages: tuple[str, ...]
    approved_by: str
    approved_on: str
    rules: tuple[LanguageRule, ...]
    matcher: Matcher[Meaning] = field(repr=False)
    words: tuple[WordLists, ...] = field(repr=False)
    model: ConcernModel = field(repr=False)

    def why(self, rule: str, *, language: str) -> str | None:
        """The reason of a rule in that language: rules of the same name mean the same; None where there is none."""
        _, _, name = rule.partition(".")
        named = {each.id: each.why for each in self.rules if each.id.endswith(name)}
        return named.get(f"{main_language(language)}.{name}", named.get(rule))

    def __len__(self) -> int:
        """How many phrase rules there are, in all languages together."""
        return len(self.rules)
