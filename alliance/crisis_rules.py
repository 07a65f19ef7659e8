"""What a crisis phrase base is made of: classes, degrees, rules with their examples, and what lowers them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from alliance.crisis_weights import CrisisWeights
from alliance.phrase_matcher import Matcher


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
class Example:
    """A sentence the list was reviewed with; `expected` is None for a near miss that must stay silent."""

    text: str
    expected: Degree | None
    rule: str
    is_near_miss: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Phrases that mean the same to a clinician, with the examples that prove them.

    A rule with `signs` has no phrases of its own: it speaks when different signs of that weight together stand in
    one message; one that is weighed, when the words of a message together weigh enough (see `crisis_weights`).
    """

    id: str
    language: str
    crisis_class: CrisisClass
    degree: Degree
    why: str
    examples: tuple[Example, ...]
    signs: int = 0
    is_weighed: bool = False


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
    joined_by: str  # between the rule's reason and this one, in their language


@dataclass(frozen=True, kw_only=True, slots=True)
class Everyday:
    """A whole phrase that means something else ("shoot myself in the foot"); what lies inside it is no hit."""

    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """Words too common to mean anything alone ("so tired", "all alone"); several different ones together do."""

    name: str
    language: str
    weight: int  # how much it says beside others


Speaking: TypeAlias = Rule | Sign  # what makes a hit
Softening: TypeAlias = Cue | Everyday  # what is looked for only where something was found


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisRules:
    """A parsed phrase base. `approved_by` and `approved_on` are empty until every file has been signed off."""

    version: str  # short hash of the texts it was read from
    languages: tuple[str, ...]
    approved_by: str
    approved_on: str
    rules: tuple[Rule, ...]
    matcher: Matcher[Speaking] = field(repr=False)
    softeners: Matcher[Softening] = field(repr=False)
    weighed: tuple[tuple[Rule, CrisisWeights], ...] = field(repr=False)

    def __len__(self) -> int:
        """How many rules there are, in all languages together."""
        return len(self.rules)
