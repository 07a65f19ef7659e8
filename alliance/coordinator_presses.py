"""What a coordinator presses on the move: a list of patients, one patient, and what can be opened from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alliance.press_words import read_whole

LONGEST_BEGINNING = 40  # bytes of a button


class About(StrEnum):
    """What can be opened about one patient."""

    SHOW = "show"
    CADENCE = "cadence"
    HOLD = "hold"
    INVITE = "invite"  # a new link; the one before stops working


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPatients:
    """The list of patients from a place in it on; ``beginning`` is what their code names begin with."""

    start: int = 0
    beginning: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenOne:
    """One page of one patient."""

    patient_id: int
    about: About = About.SHOW


CoordinatorPress = ListPatients | OpenOne


def encode(press: CoordinatorPress) -> str:
    """Write a press as button data of at most 64 bytes; a beginning that is too long for it is left out."""
    match press:
        case ListPatients():
            beginning = press.beginning if len(press.beginning.encode()) <= LONGEST_BEGINNING else ""
            return f"CL:{press.start}:{beginning}"
        case OpenOne():
            return f"CO:{press.patient_id}:{press.about}"


def _list(rest: str) -> ListPatients:
    start, _, beginning = rest.partition(":")
    return ListPatients(start=read_whole(start), beginning=beginning)


def _one(rest: str) -> OpenOne:
    patient, about = rest.split(":")
    return OpenOne(patient_id=read_whole(patient), about=About(about))


READERS: Mapping[str, Callable[[str], CoordinatorPress]] = {"CL": _list, "CO": _one}
