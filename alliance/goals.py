"""The patient's own goals, in their words, and what was agreed: how much is kept, and how it stands by a question."""

from dataclasses import dataclass

from alliance.wording import Wording

MOST_GOALS = 3  # more do not fit beside a question on a phone
LONGEST_GOAL = 200  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What a patient wants named beside a question: their own goals, and what was agreed about it on a day."""

    goals: tuple[str, ...] = ()
    agreed_on: str = ""  # in words; empty: nothing was agreed
    agreed: tuple[str, ...] = ()  # as far as it was written about this question alone


NOTHING_BESIDE = Beside()


def as_goal(words: str) -> str | None:
    """A goal on one line, exactly as written otherwise; None when it is empty or too long to be one."""
    goal = " ".join(words.split())
    return goal if 0 < len(goal) <= LONGEST_GOAL else None


def named(beside: Beside, wording: Wording) -> str:
    """What stands beside a question; empty when there is nothing to name."""
    lines: list[str] = []
    if beside.goals:
        lines += [wording("own.goals.named", count=len(beside.goals)), *(f"• {goal}" for goal in beside.goals)]
    if beside.agreed_on:
        key = "agreement.beside.named" if beside.agreed else "agreement.beside.bare"
        lines += [wording(key, on=beside.agreed_on), *(f"• {part}" for part in beside.agreed)]
    return "\n".join(lines)
