"""What a run found, as numbers, as a figure and as a page; rows by their number, never their words."""

from datetime import datetime

from benchmarks.replies.run import CHECKS, Outcome
from benchmarks.replies.sentences import Reading
from benchmarks.report import Report, Result, as_markdown, bars, report

NAME = "replies"
ROWS_NAMED = 20  # on a terminal and on the page; the JSON has all
A_THOUSAND = 1000


def found_in(reading: Reading, outcome: Outcome, *, at: datetime, seed: int) -> Report:
    """The report of one run."""
    failures = [{"row": failure.row, "checks": list(failure.checks)} for failure in outcome.failures]
    return report(
        [
            Result(name=NAME, metric=metric, value=value, unit=unit)
            for metric, value, unit in _numbers(reading, outcome)
        ],
        at=at,
        more={"seed": seed, "patients": outcome.patients, "failures": failures},
    )


def _numbers(reading: Reading, outcome: Outcome) -> list[tuple[str, float, str]]:
    return [
        ("rows", reading.rows, "rows of the file"),
        ("empty", reading.empty, "rows, not sent"),
        ("commands", reading.commands, "rows, not sent: they begin like /pause"),
        ("too_long", reading.too_long, "rows, too long for one message: sent in parts"),
        ("with_nul", reading.with_nul, "rows with a NUL, sent"),
        ("sentences", outcome.sentences, "rows sent"),
        ("messages", outcome.messages, "messages sent"),
        *((check, outcome.passed[check], "messages") for check in CHECKS),
        ("lost", outcome.messages - outcome.passed["stored"], "messages"),
        ("doubled", outcome.surplus, "stored messages or quotes that nobody wrote"),
        ("trouble", outcome.trouble, "refused calls, unclear sends, updates given up"),
        ("failed", len(outcome.failures), "rows"),
        ("crisis_hits", outcome.crises / max(outcome.messages, 1) * A_THOUSAND, "per 1,000 messages"),
        ("replies", outcome.per_second, "replies/s"),
        ("wall", outcome.seconds, "s"),
    ]


def figure(outcome: Outcome) -> str:
    """How fast replies were taken, day by day: it must not fall while the tables grow."""
    speeds = {f"{day:%a %d %b}": took.replies / took.seconds for day, took in outcome.days.items() if took.replies}
    return bars(speeds, unit="replies/s")


def failed_rows(outcome: Outcome) -> str:
    """The rows that did not come through, and what they did not pass."""
    if not outcome.failures:
        return "Every sentence came through." if outcome.is_green else "Every sentence came through, but see trouble."
    lines = [f"row {failure.row}: not {', not '.join(failure.checks)}" for failure in outcome.failures[:ROWS_NAMED]]
    left = len(outcome.failures) - len(lines)
    return "\n".join([*lines, *([f"and {left} more rows"] if left else [])])


def page(found: Report, outcome: Outcome, *, source: str) -> str:
    """The page for the documents."""
    return _PAGE.format(
        source=source.rstrip("."),
        patients=outcome.patients,
        table=as_markdown(found),
        figure=figure(outcome),
        failures=failed_rows(outcome),
    )


_PAGE = """# Real sentences as replies

Sentences: {source}.

{patients} simulated patients wrote them over several days to the real program, which spoke HTTP to the sandbox on a
simulated clock and kept everything in SQLite. They wrote early in the morning, as the remark of a check-in, instead of
a tap on its question, and later in the day. Each message was then looked for in four places:

- **stored**: opened from the database, it is the sentence code point by code point, and the patient's;
- **screened**: its row carries the version of the crisis rules and what they make of the sentence;
- **answered**: the patient saw a reply or a changed check-in; in a crisis, the safety message;
- **shown**: a parser of HTML finds it word for word under that patient in the clinician's next digest.

{table}
Speed is counted from writing to the last answer, with tables that grow from day to day:

```
{figure}
```

{failures}

Repeat it with `./checkin bench replies --file CSV --column NAME`; `--quick` draws a sample.
"""
