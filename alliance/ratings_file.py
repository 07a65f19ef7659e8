"""A clinic's past ratings, row by row: what can be used, and what is wrong with each row that cannot."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from math import isfinite

from alliance.items import Domain
from alliance.observation import Observation

COLUMNS = ("patient", "at", "domain", "rating")
ONE_CHECKIN = timedelta(hours=2)  # ratings of different domains so near each other were asked together
FEW_VALUES = 25  # more different ones are no scale of points
ENOUGH_TO_TELL = 200  # values; in fewer the upper end may be missing by chance
NEARLY_ALL = 0.99  # of the values; a slip of the pen does not make another scale
_DOMAINS = {name: domain for domain in Domain for name in (domain.value, f"{domain.value}s")}


class UnusableRow(ValueError):
    """A row that cannot be used; the message says why, without its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """The ends of a scale and how many values it has."""

    lowest: float
    highest: float
    points: int

    def fraction(self, rating: float) -> float:
        """Where a rating lies in the range; raises UnusableRow outside it."""
        if not (isfinite(rating) and self.lowest <= rating <= self.highest):
            raise UnusableRow(f"rating {rating:g} is not from {self.lowest:g} to {self.highest:g}")
        return (rating - self.lowest) / (self.highest - self.lowest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """One row: who was asked about what, when, and what came back, a fraction of the scale; None for nothing."""

    patient: str
    at: datetime
    domain: Domain | None  # None: asked about everything, nothing answered
    rating: float | None


@dataclass(kw_only=True, slots=True)
class Rows:
    """Reads rows after their header; it remembers whether the file's moments carry an offset.

    Raises ValueError for a header that lacks a column.
    """

    header: Sequence[str]
    scale: Scale
    zone: tzinfo = UTC
    _places: Mapping[str, int] | None = None
    _with_offset: bool | None = None

    def __post_init__(self) -> None:
        """Find the columns by name, in whatever order."""
        self._places = places(self.header)

    def rated(self, row: Sequence[str]) -> Rated:
        """The row's content; raises UnusableRow, saying why."""
        assert self._places is not None  # noqa: S101  # set when it was made
        if len(row) != len(self.header):
            raise UnusableRow(f"{len(row)} columns instead of {len(self.header)}")
        patient, at, domain, rating = (row[self._places[name]].strip() for name in COLUMNS)
        if not patient:
            raise UnusableRow("no patient")
        number = _number(rating)
        return Rated(
            patient=patient,
            at=self._moment(at),
            domain=_domain(domain, is_asked_only=number is None),
            rating=None if number is None else self.scale.fraction(number),
        )

    def _moment(self, words: str) -> datetime:
        try:
            at = datetime.fromisoformat(words)
        except ValueError:
            raise UnusableRow(f"{words!r} is no moment such as 2026-03-02T09:00+01:00") from None
        has_offset = at.tzinfo is not None
        if self._with_offset is None:
            self._with_offset = has_offset
        if has_offset is not self._with_offset:
            # read in a guessed zone it might be hours off, and its check-in another one
            raise UnusableRow("an offset from UTC where others have none" if has_offset else "no offset from UTC")
        try:
            return (at if has_offset else at.replace(tzinfo=self.zone)).astimezone(UTC)
        except OverflowError:
            raise UnusableRow(f"{words} lies outside all calendars") from None


def places(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands; raises ValueError, naming those that are missing or there twice."""
    names = [name.strip().lower() for name in header]
    wrong = [name for name in COLUMNS if names.count(name) != 1]
    if wrong:
        raise ValueError(f"the header has no single column called {', '.join(wrong)}; it needs {', '.join(COLUMNS)}")
    return {name: names.index(name) for name in COLUMNS}


def scale_of(ratings: Iterable[str]) -> Scale | None:
    """The usual scale that fits nearly all of some ratings; None when there are none or no scale does.

    Five, seven and eleven points from 0 or 1, ten from 1, up to a hundred, or fractions of the range. A file that
    means another one has to say so.
    """
    numbers = [number for number in (_lenient(words) for words in ratings) if number is not None]
    if not numbers:
        return None
    counted = Counter(numbers)
    if all(0 <= number <= 1 for number in counted) and not all(number.is_integer() for number in counted):
        return Scale(lowest=0, highest=1, points=len(counted) if len(counted) <= FEW_VALUES else 101)
    has_zero = counted[0.0] > (1 - NEARLY_ALL) * len(numbers)
    sizes = (4, 6, 10, 100) if has_zero else (5, 7, 10, 11, 100)
    if len(numbers) < ENOUGH_TO_TELL:
        sizes = sizes[1:]
    for highest in sizes:
        lowest = 0 if has_zero or highest == 100 else 1  # noqa: PLR2004  # a hundred is counted from nothing
        fitting = sum(times for number, times in counted.items() if lowest <= number <= highest)
        if fitting >= NEARLY_ALL * len(numbers):
            return Scale(lowest=lowest, highest=highest, points=highest - lowest + 1)
    return None


def checkins(rows: Iterable[Rated]) -> Iterable[Observation]:
    """One patient's rows, oldest first, as check-ins: what was asked within two hours belongs together."""
    gathered: list[Rated] = []
    for row in rows:
        if gathered and (row.at - gathered[0].at > ONE_CHECKIN or row.domain in {each.domain for each in gathered}):
            yield _checkin(gathered)
            gathered = []
        gathered.append(row)
    if gathered:
        yield _checkin(gathered)


def _checkin(rows: Sequence[Rated]) -> Observation:
    ratings = {row.domain: row.rating for row in rows if row.domain is not None and row.rating is not None}
    return Observation(at=rows[0].at, ratings=ratings, replied=bool(ratings))


def _domain(words: str, *, is_asked_only: bool) -> Domain | None:
    if not words and is_asked_only:
        return None
    try:
        return _DOMAINS[words.lower()]
    except KeyError:
        raise UnusableRow(f"domain {words!r} is none of {', '.join(Domain)}") from None


def _number(words: str) -> float | None:
    if not words:
        return None
    try:
        return float(words.replace(",", "."))
    except ValueError:
        raise UnusableRow(f"rating {words!r} is no number") from None


def _lenient(words: str) -> float | None:
    try:
        number = _number(words.strip())
    except UnusableRow:
        return None
    return number if number is not None and isfinite(number) else None
