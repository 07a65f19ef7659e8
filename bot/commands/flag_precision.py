"""`checkin flags --precision`: how often each rule for flags was right, by the verdicts of clinicians; no words."""

import json
import sys

from alliance.flag_figures import FlagPrecision
from bot.commands.session import at_work, run_async
from workflows.judge_flags import precision


def tell_precision(*, as_json: bool) -> None:
    """One line for each rule, the one that was wrong most often first."""
    for rule in run_async(_precision()):
        sys.stdout.write(f"{json.dumps(_plain(rule)) if as_json else _in_words(rule)}\n")


async def _precision() -> tuple[FlagPrecision, ...]:
    async with at_work() as unit:
        return await precision(unit)


def _plain(rule: FlagPrecision) -> dict[str, object]:
    return {
        "rule": rule.rule,
        "held": rule.held,
        "not_a_rupture": rule.not_a_rupture,
        "unjudged": rule.unjudged,
        "share": rule.share,
        "why_not": dict(rule.why_not),
    }


def _in_words(rule: FlagPrecision) -> str:
    judged = rule.held + rule.not_a_rupture
    reasons = ", ".join(f"{why} {count}" for why, count in rule.why_not.items())
    told = f"{rule.rule}: {rule.held} of {judged} judged held, {rule.unjudged} not judged"
    return f"{told}; not a rupture because: {reasons}" if reasons else told
