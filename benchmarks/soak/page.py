"""What a soak found, for programs, for a terminal and for the documents."""

from dataclasses import asdict
from datetime import datetime

from benchmarks.report import Report, Result, as_markdown, report
from benchmarks.soak.loop import PATIENTS, Plan, Story
from benchmarks.soak.proof import Outcome

NAME = "soak"


def found_in(outcome: Outcome, story: Story, plan: Plan, *, database: str, at: datetime) -> Report:
    """The report of one run."""
    units = {"extra_copies": "admitted copies", "uncertain": "messages that say so", "kills": "SIGKILL"}
    results = [
        *(
            Result(name=NAME, metric=metric, value=value, unit=units.get(metric, metric.replace("_", " ")))
            for metric, value in asdict(outcome).items()
        ),
        Result(name=NAME, metric="wall", value=round(story.seconds, 1), unit="s"),
    ]
    stopped_early = story.kills < plan.kills
    return report(results, at=at, more={"seed": plan.seed, "database": database, "stopped_early": stopped_early})


def verdict(outcome: Outcome, story: Story, plan: Plan) -> str:
    """One sentence that says what was done and what came of it."""
    early = f" The time was over before all {plan.kills:,} kills." if story.kills < plan.kills else ""
    if outcome.wrong:
        wrong = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in outcome.wrong.items())
        return f"After {story.kills:,} kills something is wrong: {wrong}.{early}"
    return (
        f"After {story.kills:,} kills each of {outcome.updates:,} updates was stored once and handled once, and each "
        f"of {outcome.messages_sent:,} messages has a true end.{early}"
    )


def page(found: Report, outcome: Outcome, story: Story, plan: Plan) -> str:
    """The page for the documents."""
    return _PAGE.format(
        verdict=verdict(outcome, story, plan),
        table=as_markdown(found),
        patients=PATIENTS,
        seed=plan.seed,
        updates=plan.updates,
        kills=plan.kills,
        database=found.more["database"],
    )


_PAGE = """# Soak: killed again and again

{verdict}

{patients} patients write numbered sentences and tap numbers through the sandbox, while `checkin run` on {database} is
killed with SIGKILL at seeded random moments, also during its start, and started again. After every tenth kill it may
finish what it has to do and is stopped as a service manager would; every other time everybody is asked anew then. At
the end what people did is held against the database and the sandbox's ledger.

{table}
All but the first six, `extra_copies` and `uncertain` should be zero. A copy is possible where a kill hides Telegram's
answer: there may be one of a message, and the outbox says so. The ten minutes that a check-in rests before its copy
are passed over by moving the row's date.

The lives are forked from a parent that has imported the program and opened nothing; `benchmarks/lives/parent.py` says
why that is fair. Repeat it with `./checkin bench soak --updates {updates} --kills {kills} --seed {seed}`; add
`--postgres` for PostgreSQL and `--minutes M` to stop killing in time.
"""
