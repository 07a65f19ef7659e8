"""What a run found, for programs, for a terminal and for the documents; every number comes from that run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from benchmarks.losses.counting import Count
from benchmarks.losses.run import Plan
from benchmarks.report import Report, Result, bars, in_figures, report, rows_as_markdown

HEADER = ("what is done to it", "design", "", "of", "lost", "doubled", "and")
SHORT_HEADER = HEADER[:-1]  # of a terminal, which has less room
A_HUNDRED = 100
BAR = 20  # characters; the names beside it are long


def found_in(counts: Sequence[Count], plan: Plan, *, at: datetime) -> Report:
    """The report of one run: ``lost`` and ``doubled`` of each design, then what else was counted of it."""
    results = [result for count in counts for result in _results(count)]
    return report(
        results, at=at, more={"seed": plan.seed, "updates": plan.updates, "kills": plan.kills, "quick": plan.quick}
    )


def _results(count: Count) -> Iterable[Result]:
    for metric, value in {"lost": count.lost, "doubled": count.doubled, **count.more}.items():
        yield Result(
            name=count.design,
            ours=count.ours,
            metric=metric,
            value=value,
            unit=count.unit if metric in ("lost", "doubled") else metric.replace("_", " "),
            case=count.case,
            of=count.of,
        )


def short_rows(counts: Sequence[Count]) -> list[tuple[str, ...]]:
    """The same rows for a terminal."""
    return [row[:-1] for row in rows(counts)]


def rows(counts: Sequence[Count]) -> list[tuple[str, ...]]:
    """A row for each design, the case named once."""
    before = ""
    table: list[tuple[str, ...]] = []
    for count in counts:
        table.append(
            (
                count.case if count.case != before else "",
                count.design,
                "ours" if count.ours else "usual",
                f"{count.of:,} {count.unit}",
                in_figures(count.lost),
                in_figures(count.doubled),
                _in_words(count.more),
            )
        )
        before = count.case
    return table


def figure_in_letters(counts: Sequence[Count]) -> str:
    """Bars of percent for a terminal, a case after the other; a bar ends at a hundred."""
    lines: list[str] = []
    for case, alike in groupby(counts, key=lambda count: count.case):
        shares = {f"  {count.design}, {word}": _share(n, count) for count in alike for word, n in _worth_a_bar(count)}
        lines += [case, bars(shares, unit="%", full=A_HUNDRED, length=BAR)]
    return "\n".join(lines)


def is_green(counts: Sequence[Count]) -> bool:
    """Whether ours lost nothing and doubled nothing."""
    return not any(count.lost or count.doubled for count in counts if count.ours)


def page(found: Report, counts: Sequence[Count], plan: Plan, *, picture: str) -> str:
    """The page for the documents."""
    return _PAGE.format(
        table=rows_as_markdown(HEADER, rows(counts), found),
        picture=picture,
        updates=f"{plan.updates:,}",
        kills=plan.kills,
        seed=plan.seed,
    )


def _worth_a_bar(count: Count) -> list[tuple[str, int]]:
    doubled = [("doubled", count.doubled)] if count.doubled or count.ours else []
    admitted = [("admitted copies", count.admitted)] if count.admitted else []
    return [("lost", count.lost), *doubled, *admitted]


def _share(number: int, count: Count) -> float:
    return min(100.0, number * A_HUNDRED / count.of)


def _in_words(more: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {in_figures(value)}" for name, value in more.items())


_PAGE = """# Losses: the usual designs and ours

{updates} messages and `kill -9` {kills} times on each design, seed {seed}. One script measures both sides in one run on
one machine, against the same stand-in Telegram; the processes are really killed.

![Lost and doubled, in percent]({picture})

{table}
**Lost** is what was written, due or to be said and never happened in the end; **doubled** counts each time too many.

## How it is measured

- Both sides live as processes of their own, forked from a parent that has imported them and opened nothing
  (`benchmarks/lives/parent.py` says why that is fair), and are killed at the same seeded moments.
- **Killed while people write**: each life is met by an equal part of the messages, written at once when it begins to
  listen. Ours is `checkin run`: each message must be in the inbox once with a disposition and its words kept once,
  and no answer may be said more often than its row in the outbox admits.
- **One bad update ahead**: both get the same bounded time. Ours sets the bad one aside as a dead letter.
- **Update ids begin anew**: after a quiet week Telegram numbers from a random id. Doubled counts each redelivery that
  was handled again in that time; it would go on.
- **One answer in five never comes back**: the message was sent, then the connection closes. *A copy after a lost
  answer is possible in every design, ours included*: Telegram takes no key that would make it harmless, and silence
  may be worse than a copy. `extra copies` counts all of them on both sides. Ours makes at most one for a message,
  writes down that it may exist, and calls a message uncertain when a second answer is lost as well; `doubled` counts
  only copies that no record admits or that are more than one. The naive retry records nothing, so all its copies
  count. These are replies, whose copies rest two seconds; a check-in rests ten minutes first, because a tap in the
  meantime proves that it arrived, and both copies drive the same check-in.
- **Killed while things fall due**: something is due every second; the job store runs a job of 50 ms for each, ours
  asks a patient. The three designs are killed at the same moments, side by side. Before ours is counted, the ten
  minutes that an uncertain check-in rests are passed over by moving its row's date.
- **Workers killed, and paused past their lease**: SIGSTOP for longer than a lease lasts, then SIGCONT. The reference
  leases a job for half a second and writes without looking again; ours are `checkin run --role worker` on PostgreSQL,
  which keep a duty for twelve seconds and stand still for thirteen.
- **Several processes ask what is due**: four schedulers on one job store, and four workers of ours on one table.
- **01:30 in New York**: the cron trigger is asked as its scheduler asks it; ours runs on a simulated clock through
  enrolment, cadence, timers, sender and the sandbox.
- **Backed up while it is written**: everything was committed before the copy was begun; a copy of the file alone
  leaves behind what is still in the write-ahead log. Ours is `checkin backup`, made while `checkin run` goes on.
- **Sessions**: what one program's tasks do to each other without any kill. `lost with an error` says how many of the
  lost ones the program was told about.

Each usual design is one file under `benchmarks/losses/usual/`, which names the page of documentation it follows.
Counts of the usual designs vary from run to run with where a kill falls; what matters is that they are not zero.

Repeat it with `./checkin bench losses`; `--quick` does little of everything, on SQLite alone.
"""
