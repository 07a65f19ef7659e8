"""What a run found, for programs, for a terminal and for the documents; every number comes from that run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.load.clinic import CASELOAD
from benchmarks.load.counting import Waits, percentile
from benchmarks.load.run import A_SECOND, BURST, DIGESTS, DIGESTS_EVERY, Ceiling, Found, Plan
from benchmarks.report import Report, Result, bars, in_figures, report, rows_as_markdown

NAME, CEILING = "load", "ceiling_store_and_send_only"
HEADER = ("what", "measured", "unit", "pass line", "")
MILLISECONDS, MEGABYTE = 1000, 2**20
HALF, NEARLY_ALL, ALL = 0.5, 0.99, 1.0
PASS_LINES = {  # of SAFETY.md, P9 and P21; the number itself still passes
    "lost": 0.0,
    "doubled": 0.0,
    "crises_unanswered": 0.0,
    "store_p99": 250.0,
    "safety_p99": 2_000.0,
    "safety_max": 5_000.0,
    "page_p99": 2_000.0,
    "page_max": 5_000.0,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One measure beside what it must not exceed, if there is such a line."""

    metric: str
    value: float
    unit: str
    limit: float | None

    @property
    def holds(self) -> bool:
        """Whether it passes, or has nothing to pass."""
        return self.limit is None or self.value <= self.limit


def lines(found: Found) -> list[Line]:
    """Everything that was measured of ours."""
    return [
        Line(metric=metric, value=round(value, 1), unit=unit, limit=PASS_LINES.get(metric))
        for metric, value, unit in (*_counts(found), *_waits(found.steady), *_burst(found), *_machine(found))
    ]


def failed(found: Found) -> list[Line]:
    """What missed its line."""
    return [line for line in lines(found) if not line.holds]


def found_in(found: Found, ceiling: Ceiling, plan: Plan, *, database: str, at: datetime) -> Report:
    """The report of one run: ours, the ceiling, and how many times the ceiling ours is."""
    ours = [Result(name=NAME, metric=line.metric, value=line.value, unit=line.unit) for line in lines(found)]
    beside = [
        Result(name=CEILING, ours=False, metric=f"ceiling_{metric}", value=round(value, 1), unit=unit)
        for metric, value, unit in _ceiling(ceiling)
    ]
    ratios = [
        Result(name=NAME, metric=f"{metric}_to_ceiling", value=round(mine / theirs, 2), unit="times")
        for metric, mine, theirs in _ratios(found, ceiling)
        if theirs
    ]
    more = {
        "seed": plan.seed,
        "seconds": plan.seconds,
        "patients": plan.patients,
        "database": database,
        "pass_lines": PASS_LINES,
        "failed": [line.metric for line in failed(found)],
    }
    return report([*ours, *beside, *ratios], at=at, more=more)


def rows(found: Found, measured: Report) -> Iterator[tuple[str, ...]]:
    """A row for each measure, with its pass line beside it."""
    verdicts = {line.metric: line for line in lines(found)}
    for result in measured.results:
        line = verdicts.get(result.metric)
        limit = "" if line is None or line.limit is None else f"at most {line.limit:,.0f}"
        verdict = "" if line is None or line.limit is None else "holds" if line.holds else "MISSED"
        yield result.metric.replace("_", " "), in_figures(result.value), result.unit, limit, verdict


def figure_in_letters(found: Found) -> str:
    """How long people waited, the slowest in a hundred of each."""
    return bars({label: percentile(values, NEARLY_ALL) for label, values in people_wait(found.steady)}, unit="s (p99)")


def people_wait(waits: Waits) -> Sequence[tuple[str, Sequence[float]]]:
    """The waits that a figure shows, in words."""
    return (
        ("until an update is stored", waits.store),
        ("from there to the safety message", waits.safety),
        ("from there to the first page", waits.page),
        ("until a tap is acknowledged", waits.tap_answered),
        ("until a tap shows", waits.tap_edited),
    )


def page(found: Found, measured: Report, plan: Plan, *, picture: str) -> str:
    """The page for the documents."""
    missed = failed(found)
    verdict = "Every pass line holds." if not missed else f"Missed: {', '.join(one.metric for one in missed)}."
    return _PAGE.format(
        verdict=verdict,
        table=rows_as_markdown(HEADER, rows(found, measured), measured),
        picture=picture,
        patients=plan.patients,
        a_second=A_SECOND,
        minutes=plan.seconds / 60,
        burst=A_SECOND * BURST,
        burst_seconds=plan.burst_seconds,
        digest_patients=DIGESTS * CASELOAD,
        every=DIGESTS_EVERY,
        database=measured.more["database"],
        seed=plan.seed,
    )


def _counts(found: Found) -> Iterator[tuple[str, float, str]]:
    yield "updates", found.updates, "updates"
    yield "lost", found.lost, "updates"
    yield "doubled", found.doubled, "updates"
    yield "dead_letters", found.dead_letters, "updates"
    yield "crises", found.steady.crises + found.burst.crises, "messages"
    yield "crises_unanswered", found.steady.crises_unanswered + found.burst.crises_unanswered, "messages"


def _waits(waits: Waits) -> Iterator[tuple[str, float, str]]:
    for name, values, shares in (
        ("store", waits.store, (HALF, NEARLY_ALL)),
        ("received", waits.received, (HALF, NEARLY_ALL)),
        ("safety", waits.safety, (HALF, NEARLY_ALL, ALL)),
        ("page", waits.page, (HALF, NEARLY_ALL, ALL)),
        ("tap_answered", waits.tap_answered, (HALF, NEARLY_ALL)),
        ("tap_edited", waits.tap_edited, (HALF, NEARLY_ALL)),
    ):
        for share in shares:
            yield f"{name}_{_NAMES[share]}", percentile(values, share) * MILLISECONDS, "ms"


_NAMES = {HALF: "p50", NEARLY_ALL: "p99", ALL: "max"}


def _burst(found: Found) -> Iterator[tuple[str, float, str]]:
    yield "burst_store_p99", percentile(found.burst.store, NEARLY_ALL) * MILLISECONDS, "ms"
    yield "burst_safety_max", percentile(found.burst.safety, ALL) * MILLISECONDS, "ms"
    yield "inbox_empty_after_burst", found.inbox_empty_after, "s"
    yield "outbox_at_burst_end", found.outbox_at_burst_end, "messages"
    if found.outbox_empty_after is not None:
        yield "outbox_empty_after_burst", found.outbox_empty_after, "s"
    yield "sent_after_burst", found.sends_needed, "messages"
    yield "outbox_left", found.outbox_left, "messages"


def _machine(found: Found) -> Iterator[tuple[str, float, str]]:
    yield "sends", found.a_second, "a second"
    yield "sends_too_fast", found.too_fast, "sends"
    yield "memory_at_start", found.memory_at_start / MEGABYTE, "MiB"
    yield "memory_at_end", found.memory_at_end / MEGABYTE, "MiB"
    yield "cpu_per_update", found.cpu_per_update * MILLISECONDS, "ms"
    yield "digests", found.digests, "digests"
    yield "backups", found.backups, "backups"
    yield "backups_failed", found.backups_failed, "backups"


def _ceiling(ceiling: Ceiling) -> Iterator[tuple[str, float, str]]:
    yield "store_p50", percentile(ceiling.store, HALF) * MILLISECONDS, "ms"
    yield "store_p99", percentile(ceiling.store, NEARLY_ALL) * MILLISECONDS, "ms"
    yield "sends", ceiling.a_second, "a second"
    yield "cpu_per_update", ceiling.cpu_per_update * MILLISECONDS, "ms"


def _ratios(found: Found, ceiling: Ceiling) -> Iterator[tuple[str, float, float]]:
    yield "store_p50", percentile(found.steady.store, HALF), percentile(ceiling.store, HALF)
    yield "store_p99", percentile(found.steady.store, NEARLY_ALL), percentile(ceiling.store, NEARLY_ALL)
    yield "sends", found.a_second, ceiling.a_second
    yield "cpu_per_update", found.cpu_per_update, ceiling.cpu_per_update


_PAGE = """# Load: a full clinic, and a crisis among sixty updates a second

{verdict}

{table}
![How long people waited]({picture})

{patients:,} patients with sealed names and an open check-in each are written into the database of `checkin run` on
{database}, a process of its own. For {minutes:g} minutes {a_second} updates a second come in: 60 % taps on those
check-ins, 38 % sentences of one patient in twenty, 1 % messages in danger, each by somebody else, 1 % voice messages
and stickers. Every {every:g} seconds the digests of {digest_patients} patients fall due, `checkin backup` runs again
and again, and whoever is paged takes the alert on. There is no on-call order, so the patient's own clinician is paged:
one chat takes one message a second. Then {burst} updates a second come for {burst_seconds:g} seconds.

- **store**: from the moment an update can be fetched until the program's next poll tells Telegram that it is committed;
  **received**: until the transaction that stored it had begun. Both of the steady part, as all waits but the burst's.
- **safety** and **page**: from stored until the safety message, and the first page, were handed to Telegram.
- **tap answered**: until the button stopped spinning; **tap edited**: until the next question stood there. Telegram
  takes about 30 messages a second, edits counted, and this load calls for more: what waits in the outbox grows while
  it lasts, and the first wait is what people feel. Edits that were still outstanding are not in the second.
- **lost**: not stored, without a disposition, or without its effect (the answer, the words); **doubled**: stored or
  kept once too often.
- **ceiling**: the same load on a process that polls, stores raw updates with the same durability and sends ready-made
  messages at the same pace, and does nothing else. **CPU per update** is everything the process did, divided.

Repeat it with `./checkin bench load --minutes {minutes:g} --seed {seed}`; add `--postgres` for PostgreSQL.
"""
