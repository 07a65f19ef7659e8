"""What the buttons of acting are about: one step with one flag, or a contact with one patient."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alliance.acting import OFFERED_CONTACTS
from alliance.press_words import read_whole


class Step(StrEnum):
    """One letter each: three numbers of nineteen digits leave no room for more."""

    MORE = "m"  # the second page
    BACK = "b"  # the card again
    CONTACT = "c"  # a code of OFFERED_CONTACTS, or none for the page
    WRITE = "w"  # a scripted note's id, or none for the page
    WRITE_OWN = "o"
    SEND = "s"  # the note's row
    DROP = "d"  # the note's row
    PUT_OFF = "z"  # days, or none for the page
    PUT_OFF_UNTIL = "u"  # a day is typed
    HAND_OVER = "h"  # the colleague's id, or none for the page
    NAME_COLLEAGUE = "n"  # a code name is typed
    GIVE_BACK = "g"
    WHY = "y"  # a Why
    WHY_OWN = "t"  # a reason is typed


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagStep:
    """One step with a flag, from the card of one digest (0: of none); ``choice`` is what was chosen, if anything."""

    flag_id: int
    digest_id: int
    step: Step
    choice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactWith:
    """A patient of a digest was reached outside the tool; ``how`` is a code of OFFERED_CONTACTS, or empty to ask."""

    patient_id: int
    how: str = ""


ActingPress = FlagStep | ContactWith


def encode(press: ActingPress) -> str:
    """Write a press as button data of at most 64 bytes."""
    match press:
        case FlagStep():
            return f"x:{press.flag_id}:{press.digest_id}:{press.step}:{press.choice}"
        case ContactWith():
            return f"y:{press.patient_id}:{press.how}"


def _flag_step(rest: str) -> FlagStep:
    flag, digest, step, choice = rest.split(":")
    return FlagStep(flag_id=read_whole(flag), digest_id=read_whole(digest), step=Step(step), choice=choice)


def _contact_with(rest: str) -> ContactWith:
    patient, how = rest.split(":")
    if how and how not in OFFERED_CONTACTS:
        raise ValueError(how)
    return ContactWith(patient_id=read_whole(patient), how=how)


READERS: Mapping[str, Callable[[str], ActingPress]] = {"x": _flag_step, "y": _contact_with}
