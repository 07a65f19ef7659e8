"""The patient's own goals, in their words: how many are kept, how long one may be, and how they are shown."""

from collections.abc import Sequence

from alliance.wording import Wording

MOST_GOALS = 3  # more do not fit beside a question on a phone
LONGEST_GOAL = 200  # characters


def as_goal(words: str) -> str | None:
    """A goal on one line, exactly as written otherwise; None when it is empty or too long to be one."""
    goal = " ".join(words.split())
    return goal if 0 < len(goal) <= LONGEST_GOAL else None


def named(goals: Sequence[str], wording: Wording) -> str:
    """The goals as they stand beside the question about them; empty when there are none to name."""
    if not goals:
        return ""
    return "\n".join([wording("own.goals.named", count=len(goals)), *(f"• {goal}" for goal in goals)])
