"""What was agreed after a visit: its parts, where a version stands, and what an answer makes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import cast

from alliance.items import Domain

REMIND_AFTER = timedelta(days=3)  # once; a second reminder would be pressing for consent
WAITS_FOR = timedelta(days=14)  # from then on nobody waits; the answer still counts while no newer version is there
LONGEST_PART = 600  # characters; longer is no summary
LONGEST_TEXT = 2000  # characters of one pasted text: with its frame it stays one message


class AgreementState(StrEnum):
    """Where one version stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CONTESTED = "contested"  # the patient would like to change something
    UNANSWERED = "unanswered"
    REPLACED = "replaced"  # a newer version took its place


class Reply(StrEnum):
    """What a patient can say to a version."""

    FAIR = "fair"
    CHANGE = "change"


class Part(StrEnum):
    """What is asked of the clinician, step by step, in this order."""

    GOALS = "goals"
    CLINICIAN = "clinician"  # what she does
    PATIENT = "patient"  # what the patient does
    CONTACT = "contact"  # how to reach each other until the next visit


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementLine:
    """What a digest tells of one version: agreed, not answered yet, or not answered for as long as anybody waited."""

    patient_id: int
    code_name: str
    state: str  # an AgreementState
    since_on: date  # when it was agreed on; of the others, when it was sent


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """The clinician's sentences: one text, or part by part; an empty part was left out."""

    text: str = ""
    goals: str = ""
    clinician: str = ""
    patient: str = ""
    contact: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written."""
        return not any(self.as_table().values())

    def part(self, part: Part) -> str:
        """The sentences of one part."""
        return cast("str", getattr(self, part))

    def having(self, part: Part, words: str) -> "Parts":
        """The same with another part."""
        return replace(self, **{part.value: words})

    def as_table(self) -> dict[str, str]:
        """All parts by name."""
        return {field.name: cast("str", getattr(self, field.name)) for field in fields(self)}


def as_words(parts: Parts) -> str:
    """The parts as one text to be sealed; ``from_words`` reads it back."""
    return json.dumps({name: words for name, words in parts.as_table().items() if words})


def from_words(words: str) -> Parts:
    """The parts that ``as_words`` wrote; a part that a newer version knows is left out."""
    table = cast("Mapping[str, str]", json.loads(words))
    known = {field.name for field in fields(Parts)}
    return Parts(**{name: text for name, text in table.items() if name in known})


def fitting(words: str, *, longest: int) -> str | None:
    """What was written, without blank ends; None when it is empty or too long to stay one message."""
    text = words.strip()
    return text if 0 < len(text) <= longest else None


def after_reply(state: AgreementState, reply: Reply) -> AgreementState | None:
    """Where a patient's answer takes a version; None for one that a newer version has replaced.

    Both answers count at any time, also the other one later: what was fair on Monday may not be on Friday.
    """
    if state is AgreementState.REPLACED:
        return None
    return AgreementState.AGREED if reply is Reply.FAIR else AgreementState.CONTESTED


def about(parts: Parts, domain: Domain) -> tuple[str, ...]:
    """What was agreed about one domain, as far as it was written part by part."""
    if domain is Domain.GOAL:
        return tuple(filter(None, (parts.goals,)))
    if domain is Domain.TASK:
        return tuple(filter(None, (parts.clinician, parts.patient)))
    return ()
