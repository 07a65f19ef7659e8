"""What is counted of a design in one circumstance, and what every circumstance is given to work with."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.lives.chance import chance_of
from benchmarks.lives.nursery import Nursery


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many of so many things one design lost, and how often it did one of them once more than it should.

    ``more`` holds what else was counted there; ``unit`` says what the things are.
    """

    case: str
    design: str
    ours: bool = False
    of: int
    unit: str
    lost: int
    doubled: int
    more: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def admitted(self) -> int:
        """Extra copies that its own record admits, so that they do not count as doubled."""
        return max(0, self.more.get("extra_copies", 0) - self.doubled)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """One run: where it works, how much it does, and the seed of everything that is left to chance."""

    nursery: Nursery
    folder: Path
    postgres: str | None  # address of a server, where there is one
    quick: bool
    updates: int
    kills: int
    seed: int

    def place(self, name: str) -> Path:
        """A new folder."""
        place = self.folder / name.replace(" ", "-")
        place.mkdir(parents=True)
        return place

    def moments(self, case: str, *, shortest: float, longest: float) -> list[float]:
        """When to kill, in seconds of a life: the same for each design of that case, whatever came before."""
        chance = self.chance(case)
        return [chance.uniform(shortest, longest) for _ in range(self.kills)]

    def chance(self, case: str) -> random.Random:
        """The same draws for everybody in that case."""
        return chance_of(self.seed, case)

    def portions(self, number: int, *, parts: int | None = None) -> list[int]:
        """That number in equal parts: by default one for each life, before each kill and for the last one."""
        parts = parts or self.kills + 1
        return [number * (n + 1) // parts - number * n // parts for n in range(parts)]


def count_of(wanted: Sequence[object], done: Iterable[object]) -> tuple[int, int]:
    """How many of the wanted were never done, and how many doings were one too many."""
    times = Counter(done)
    return sum(times[one] == 0 for one in wanted), sum(max(0, times[one] - 1) for one in wanted)


def rows_of(file: Path, question: str) -> list[tuple[object, ...]]:
    """What a victim's own SQLite file holds; nothing where the file or the table was never made."""
    if not file.exists():
        return []
    # not read-only: where a kill has cut a transaction short, the next to look has to roll it back
    connection = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=30)
    try:
        return connection.execute(question).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    finally:
        connection.close()
