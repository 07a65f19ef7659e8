"""Which rule of language spoke at which place of which message: all that is kept of words beside the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from alliance.items import Domain
from alliance.kind import RuptureKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A phrase found in a message, without the phrase: it is looked up when somebody who may read it does.

    `span` is half-open, in code points of the message as it was written. `evidence` is a logarithm: how much
    likelier the whole message is from somebody who voices a concern in that domain than from anybody else.
    """

    kind: RuptureKind
    domain: Domain
    rule: str  # stable id: "en.bond.not_heard"
    version: str  # of the rules that read it
    why: str  # one sentence for a clinician, kept because a rule may be gone a year later
    message: int  # the version of the message it was found in
    span: tuple[int, int]
    evidence: float


def kind_said(heard: Iterable[Heard], domain: Domain | None) -> RuptureKind | None:
    """What the words say a rupture is: those about its domain if there are any, else the others; None for no words.

    Confrontation wins: whoever says openly what is wrong has moved against, however politely it was wrapped.
    """
    told = tuple(heard)
    near = tuple(each for each in told if each.domain is domain) or told
    if not near:
        return None
    open_ones = any(each.kind is RuptureKind.CONFRONTATION for each in near)
    return RuptureKind.CONFRONTATION if open_ones else RuptureKind.WITHDRAWAL


def loudest(heard: Iterable[Heard]) -> Heard | None:
    """The one with the most evidence, among equals a confrontation; None for no words."""
    return max(heard, key=lambda each: (each.evidence, each.kind is RuptureKind.CONFRONTATION), default=None)


def together(known: Iterable[Heard], more: Iterable[Heard]) -> tuple[Heard, ...]:
    """Both, each rule once in each message, in the order in which they were heard."""
    return tuple({(each.message, each.rule): each for each in (*known, *more)}.values())


def as_json(heard: Heard) -> dict[str, object]:
    """The phrase as plain values."""
    return {
        "kind": str(heard.kind),
        "domain": str(heard.domain),
        "rule": heard.rule,
        "version": heard.version,
        "why": heard.why,
        "message": heard.message,
        "span": list(heard.span),
        "evidence": heard.evidence,
    }


def from_json(content: Mapping[str, object]) -> Heard:
    """The phrase that was written by `as_json`; raises KeyError, TypeError or ValueError for anything else."""
    first, last = cast("list[int]", content["span"])  # JSON has no types: what does not fit raises
    return Heard(
        kind=RuptureKind(str(content["kind"])),
        domain=Domain(str(content["domain"])),
        rule=str(content["rule"]),
        version=str(content["version"]),
        why=str(content["why"]),
        message=int(cast("int", content["message"])),
        span=(int(first), int(last)),
        evidence=float(cast("float", content["evidence"])),
    )
