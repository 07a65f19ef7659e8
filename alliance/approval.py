"""What a clinic signs off before staff may rely on it, and whether what is in use is still what was signed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """What is signed off by itself, each in every language."""

    CRISIS_RULES = "crisis_rules"
    LANGUAGE_RULES = "language_rules"
    WORDING = "wording"


class Decision(StrEnum):
    """What somebody signed."""

    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How what is in use stands today; only the first one lets staff rely on it."""

    APPROVED = "approved"
    NEVER = "never_approved"
    CHANGED = "changed_since"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A part in one language as it is in use; `sha256` in hexadecimal, over everything it is made of."""

    part: Part
    language: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """The last that somebody signed about a part in one language."""

    decision: Decision
    sha256: str  # of what was in use then
    by: str
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A text in use with the last signature below it, if there is one, and how it stands by that."""

    text: Text
    signature: Signature | None

    @property
    def standing(self) -> Standing:
        """A signature holds for exactly what was signed: one changed letter ends it."""
        if self.signature is None:
            return Standing.NEVER
        if self.signature.decision is Decision.WITHDRAWN:
            return Standing.WITHDRAWN
        return Standing.APPROVED if self.signature.sha256 == self.text.sha256 else Standing.CHANGED


def fingerprint(files: Mapping[str, str]) -> str:
    """The SHA-256 of files given as their text by name, whatever order they come in."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        for piece in (name, text):
            content = piece.encode("utf-8", "backslashreplace")
            digest.update(len(content).to_bytes(8, "big") + content)  # so that no text runs into the next
    return digest.hexdigest()


def everything_is_approved(texts: Sequence[Signed]) -> bool:
    """Whether staff may be spared the warning. Where nothing is known nothing is approved."""
    return bool(texts) and all(signed.standing is Standing.APPROVED for signed in texts)
