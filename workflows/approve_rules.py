"""A clinic signs off the rules and the wording it uses, and may take its signature back."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from alliance.approval import Decision, Part, Signature, Signed, Standing, Text, everything_is_approved
from alliance.local_time import local_day
from storage import approvals, audit
from workflows.unit import Unit

LONGEST_NAME = 120  # characters
FEWEST_LETTERS = 2  # of a name
_CAN_BE_WITHDRAWN = frozenset({Standing.APPROVED, Standing.CHANGED})  # text that changed back would be approved again


class CannotApprove(ValueError):
    """A signature cannot be taken; the message says why in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which of the texts in use are meant; what is left empty means all."""

    parts: Collection[Part] = ()
    languages: Collection[str] = ()

    def among(self, texts: Sequence[Text]) -> tuple[Text, ...]:
        """Those that are meant; raises CannotApprove for a language that nothing is written in."""
        written = {text.language for text in texts if not self.parts or text.part in self.parts}
        unknown = sorted(set(self.languages) - written)
        if unknown or not written:
            there = ", ".join(sorted(written)) or "nothing"
            raise CannotApprove(
                f"There is nothing to sign in {', '.join(unknown) or 'any language'}; there is {there}."
            )
        return tuple(
            text
            for text in texts
            if (not self.parts or text.part in self.parts) and (not self.languages or text.language in self.languages)
        )


async def standing(session: AsyncSession, texts: Sequence[Text]) -> tuple[Signed, ...]:
    """Each of these texts with its last signature, in the same order."""
    signatures = await approvals.latest(session)
    return tuple(Signed(text=text, signature=signatures.get((text.part, text.language))) for text in texts)


async def is_everything_approved(unit: Unit) -> bool:
    """Whether every rule and sentence in use is exactly what somebody of the clinic has signed."""
    return everything_is_approved(await standing(unit.session, unit.clinic.to_approve))


async def approve(unit: Unit, choice: Choice, *, by: str, on: date | None = None) -> tuple[Signed, ...]:
    """Sign what is in use now, as this person, on this day or today; how it stands then. Raises CannotApprove."""
    return await _sign(unit, choice.among(unit.clinic.to_approve), Decision.APPROVED, by=by, on=on)


async def withdraw(unit: Unit, choice: Choice, *, by: str, on: date | None = None) -> tuple[Signed, ...]:
    """Take back the signatures below what is meant; raises CannotApprove where there is none to take back."""
    meant = choice.among(unit.clinic.to_approve)
    texts = tuple(one.text for one in await standing(unit.session, meant) if one.standing in _CAN_BE_WITHDRAWN)
    if not texts:
        raise CannotApprove("None of this is signed off, so there is nothing to withdraw.")
    return await _sign(unit, texts, Decision.WITHDRAWN, by=by, on=on)


async def _sign(
    unit: Unit, texts: Sequence[Text], decision: Decision, *, by: str, on: date | None
) -> tuple[Signed, ...]:
    name, day = _name(by), _day(unit, on)
    signed: list[Signed] = []
    for text in texts:
        signature = Signature(decision=decision, sha256=text.sha256, by=name, on=day)
        number = await approvals.add(unit.session, text, signature, now=unit.now)
        await audit.record(
            unit.session,
            at=unit.now,
            actor_id=unit.actor.person_id,
            action=f"rules_{decision}",
            object_kind="approval",
            object_id=number,
            detail={"part": text.part, "language": text.language, "sha256": text.sha256},
        )
        signed.append(Signed(text=text, signature=signature))
    return tuple(signed)


def _name(by: str) -> str:
    name = " ".join(by.split())
    if sum(map(str.isalpha, name)) < FEWEST_LETTERS or len(name) > LONGEST_NAME:
        raise CannotApprove(f"Whoever signs gives a name, of at most {LONGEST_NAME} characters.")
    if any(unicodedata.category(character).startswith("C") for character in name):
        raise CannotApprove("The name holds a character that cannot be seen.")
    return name


def _day(unit: Unit, on: date | None) -> date:
    today = local_day(unit.now, unit.clinic.zone)
    if on is not None and on > today:
        raise CannotApprove(f"{on} is still to come; a signature is dated today or earlier.")
    return on or today
