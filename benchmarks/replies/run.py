"""One run: a ward is opened, everything is written, and what became of it is counted."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.replies.days import Day, Days, Reply
from benchmarks.replies.proof import prove_shown, prove_stored
from benchmarks.replies.sentences import Sentence
from benchmarks.replies.ward import FIRST_DAY, Ward, ward_of
from bot.clock import SystemClock
from storage import inbox, outbox

MOST_PATIENTS = 60
SENTENCES_EACH = 8  # a patient has at least so many to write, so that few sentences take more than one day too
LONGEST_WEEKEND = 3  # days on which no digest comes; after them something is wrong
ONE_DAY = timedelta(days=1)
CHECKS = ("stored", "screened", "answered", "shown")

Progress = Callable[[int], None]  # how many messages have been written so far


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A row that did not come through, by its number and never by its words."""

    row: int
    checks: tuple[str, ...]  # those it did not pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of all the sentences of one run."""

    sentences: int
    messages: int
    passed: dict[str, int]  # messages by check
    failures: tuple[Failure, ...]
    crises: int
    surplus: int  # stored rows and quotes on pages that nobody wrote
    trouble: int  # calls that Telegram would refuse, messages without a clear end, updates given up
    patients: int
    days: dict[date, Day]
    seconds: float  # of everything, the proof included

    @property
    def is_green(self) -> bool:
        """Whether every sentence came through and nothing else happened."""
        return not (self.failures or self.surplus or self.trouble)

    @property
    def per_second(self) -> float:
        """Replies written, stored, screened and answered in a second of the machine's time."""
        return self.messages / max(sum(day.seconds for day in self.days.values()), 1e-9)


async def run(sentences: Sequence[Sentence], *, folder: Path, seed: int, progress: Progress) -> Outcome:
    """Send every sentence through the sandbox and the running program, and look what became of it."""
    watch, chance = SystemClock(), random.Random(seed)  # noqa: S311  # repeatable on purpose, guards nothing
    started = watch.monotonic()
    number = min(MOST_PATIENTS, -(-len(sentences) // SENTENCES_EACH))
    async with ward_of(number, folder=folder, seed=seed) as ward:
        _hand_out(ward, sentences, chance)
        days = Days(ward=ward, chance=chance)
        surplus = await _write_all(days, progress)
        surplus += await prove_stored(ward, days.replies)
        return Outcome(
            sentences=len(sentences),
            messages=len(days.replies),
            passed={check: sum(bool(getattr(reply, check)) for reply in days.replies) for check in CHECKS},
            failures=_failures(days.replies),
            crises=sum(reply.is_crisis for reply in days.replies),
            surplus=surplus,
            trouble=await _trouble(ward),
            patients=number,
            days=days.days,
            seconds=watch.monotonic() - started,
        )


def _hand_out(ward: Ward, sentences: Sequence[Sentence], chance: random.Random) -> None:
    mixed = list(sentences)
    chance.shuffle(mixed)
    for place, sentence in enumerate(mixed):
        # the parts of a long sentence stay with one patient, in order
        parts = [(sentence.row, part) for part in sentence.parts]
        ward.patients[place % len(ward.patients)].to_write.extend(parts)


async def _write_all(days: Days, progress: Progress) -> int:
    """Let the days pass until all is written and every digest is read; how many quotes nobody wrote."""
    day, surplus, idle = FIRST_DAY, 0, 0
    while not days.is_quiet or (days.unread and idle <= LONGEST_WEEKEND):
        await days.begin(day)
        surplus += await prove_shown(days.ward, day, days.unread)
        if days.is_quiet:
            idle += 1
        else:
            await days.go_on(day)
        progress(len(days.replies))
        day += ONE_DAY
    return surplus


def _failures(replies: Sequence[Reply]) -> tuple[Failure, ...]:
    by_row: dict[int, dict[str, None]] = {}
    for reply in replies:
        missing = [check for check in CHECKS if not getattr(reply, check)]
        if missing:
            by_row.setdefault(reply.row, {}).update(dict.fromkeys(missing))
    return tuple(Failure(row=row, checks=tuple(checks)) for row, checks in sorted(by_row.items()))


async def _trouble(ward: Ward) -> int:
    async with ward.program.database.reading() as session:
        posts = await outbox.counts(session)
        dead = await inbox.dead(session)
    return len(ward.sandbox.ledger.violations()) + posts["rejected"] + posts["uncertain"] + dead
