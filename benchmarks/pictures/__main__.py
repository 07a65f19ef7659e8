"""`./checkin bench pictures`: full pictures are drawn while the event loop wishes to wake every ten milliseconds."""

import asyncio
import sys
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from alliance.charts import MOST_ROWS, Chart, chart
from alliance.digest import Digest, FlagLine, Numbers, Point
from alliance.marks import Mark, MarkKind, UsualRange
from benchmarks.digests.clinic import EIGHT, TODAY
from benchmarks.report import PAGES, Result, as_json, as_markdown, print_table, report
from bot import logs
from bot.clinic import read_wordings
from bot.clock import SystemClock
from bot.draughtsman import Draughtsman

FULL, QUICK = 20, 5  # pictures after the first
EVERY = 0.01  # seconds between two wishes to wake up
REST = 2.0  # seconds of looking without drawing, to compare with


def main(
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK} pictures; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Take the times of drawing, and the longest time for which the event loop was held up meanwhile."""
    logs.set_up("CRITICAL")
    found = report(asyncio.run(_measured(QUICK if quick else FULL)), at=SystemClock().now())
    if json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        print_table(found, Console())
    if not quick:
        (PAGES / "pictures.md").write_text(_TOP + as_markdown(found), encoding="utf-8")


async def _measured(number: int) -> list[Result]:
    clock, draughtsman, full = SystemClock(), Draughtsman(), _full_chart()
    asleep = await _longest_wait(clock, asyncio.sleep(REST))
    began = clock.monotonic()
    picture = await draughtsman.draw(full)
    first, began = clock.monotonic() - began, clock.monotonic()

    async def drawn() -> None:
        for _ in range(number):
            await draughtsman.draw(full)

    held_up = await _longest_wait(clock, drawn())
    each = (clock.monotonic() - began) / number
    await draughtsman.go_home()
    values: list[tuple[str, float, str]] = [
        ("patients_in_a_picture", len(full.rows), "patients"),
        ("size_of_a_picture", len(picture) / 1024, "KiB"),
        ("first_picture_with_the_start_of_its_process", first, "s"),
        ("each_further_picture", each, "s"),
        ("event_loop_held_up_while_nothing_is_drawn", asleep * 1000, "ms at most"),
        ("event_loop_held_up_while_pictures_are_drawn", held_up * 1000, "ms at most"),
    ]
    return [Result(name="pictures", metric=metric, value=value, unit=unit) for metric, value, unit in values]


async def _longest_wait(clock: SystemClock, work: Coroutine[object, object, None]) -> float:
    """How much later than it wished somebody in the event loop woke up while the work was done."""
    task = asyncio.ensure_future(work)
    longest = 0.0
    while not task.done():
        began = clock.monotonic()
        await asyncio.sleep(EVERY)
        longest = max(longest, clock.monotonic() - began - EVERY)
    return longest


def _full_chart() -> Chart:
    nothing = Numbers(asked=0, answered=0, partly=0, still_open=0, unanswered=0, undeliverable=0, uncertain=0, missed=0)
    day = Digest(
        clinician="CLINICIAN-0001",
        on=TODAY,
        zone="Europe/Madrid",
        covers_from=EIGHT,
        caseload=60,
        alerts=(),
        flags=tuple(_flag(number) for number in range(MOST_ROWS)),
        wrote=(),
        undeliverable=(),
        left=(),
        numbers=nothing,
        rules_approved=True,
    )
    found = chart(day, wording=read_wordings().in_language("en"))
    if found is None:
        raise ValueError("there is something to draw")
    return found


def _flag(number: int) -> FlagLine:
    days = [TODAY - timedelta(days=3 * ago) for ago in range(24, 0, -1)]
    usuals = tuple(UsualRange(domain=domain, low=0.6, high=0.9) for domain in ("goal", "task", "bond"))
    bare = FlagLine(
        flag_id=number,
        patient_id=number,
        code_name=f"PATIENT-{number:02}",
        kind="withdrawal",
        domain="bond",
        signal="drop",
        strength=0.8,
        since_on=days[-2],
        rating=2,
        usual=5.5,
        usual_low=4.6,
        usual_high=6.4,
        usual_count=22,
        highest=7,
        unanswered=0,
        is_new=True,
        state="raised",
        rule="drop/1",
    )
    answers = tuple(
        Point(on=on, fractions={} if place % 7 == number else {"goal": 0.8, "task": 0.7, "bond": 0.75})
        for place, on in enumerate(days)
    )
    marks = (Mark(kind=MarkKind.VISIT, on=days[6]), Mark(kind=MarkKind.FLAG, on=days[-1], domain="bond"))
    return replace(bare, trend=answers, marks=marks, usuals=usuals)


_TOP = f"""# What drawing costs, and who waits for it

`./checkin bench pictures` has full pictures of {MOST_ROWS} patients with 24 check-ins each drawn as the running bot
does it: by a process of its own, which starts with the first picture and goes home when there is none left. Meanwhile
somebody in the bot's event loop wishes to wake up every {EVERY * 1000:.0f} ms, as the handling of a crisis message
would; the longest delay of that wish is what a picture can cost anybody else. Without drawing there is one as well:
the machine's other work.

"""

if __name__ == "__main__":
    typer.run(main)
