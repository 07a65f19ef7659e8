"""Wall-clock times in a person's zone: what instant they mean, and which zone was meant.

Two decisions hold everywhere. A wall time that the clocks skip means the first moment after the skip; a wall
time that happens twice means the first of the two. Both are one rule: a wall time means the first moment at
which the clock on that wall shows it or something later. A whole skipped day (Samoa, 30 December 2011) is no
exception: all its times mean the midnight that came instead, so a weekly check-in planned for it is late but
not lost.
"""

import difflib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND = timedelta(seconds=1)  # clocks change on whole seconds, also in the tables of a century ago
LONGEST_ZONE_WORDS = 64  # characters; the longest IANA name has 32
LEAST_ALIKE = 0.75  # of 1, difflib's ratio: forgives two swapped letters in "madird", not another city

# names of zones that mean "whatever this machine is set to" or nothing at all
NOT_A_PLACE = frozenset({"Factory", "localtime", "posixrules"})
NOT_A_PLACE_UNDER = ("posix/", "right/")

# zones named after cities come first; "Mexico/General" or "US/Eastern" are old names kept for compatibility
PLACES_UNDER = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/",
    "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/",
)  # fmt: skip

# what Spanish speakers type for a city that the zone database knows by its English name
SPANISH_NAMES = {
    "argel": "algiers",
    "atenas": "athens",
    "berna": "zurich",
    "bogota": "bogota",
    "bruselas": "brussels",
    "ciudad de mexico": "mexico city",
    "copenhague": "copenhagen",
    "el cairo": "cairo",
    "espana": "madrid",
    "estambul": "istanbul",
    "estocolmo": "stockholm",
    "ginebra": "zurich",
    "la habana": "havana",
    "lisboa": "lisbon",
    "londres": "london",
    "moscu": "moscow",
    "nueva york": "new york",
    "pekin": "shanghai",
    "roma": "rome",
    "tokio": "tokyo",
    "varsovia": "warsaw",
    "viena": "vienna",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """From start (quiet) to end (no longer quiet) by the wall; they span midnight when start is later."""

    start: time
    end: time

    def __post_init__(self) -> None:
        """Refuse hours of which nobody can say whether they are always or never."""
        if self.start == self.end:
            raise ValueError("quiet hours need two different times")


def instant(day: date, at: time, zone: str) -> datetime:
    """The moment, in UTC, at which clocks in that zone show `at` on `day`.

    Skipped wall times mean the first moment after the skip, repeated ones the first time round (see above).
    Raises ZoneInfoNotFoundError for an unknown zone. How zoneinfo treats both cases: PEP 495.
    """
    clock = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    moment = wall.replace(tzinfo=clock, fold=0).astimezone(UTC)
    if _wall(moment, clock) == wall:
        return moment
    # in a skip, fold=1 counts with the offset of after the change and so lands before it
    before = wall.replace(tzinfo=clock, fold=1).astimezone(UTC)
    return _first_showing_later(wall, clock, before=before, after=moment)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day at that moment in that zone; the moment must be aware."""
    return _wall(_aware(moment), ZoneInfo(zone)).date()


def local_time(moment: datetime, zone: str) -> time:
    """The time of day, without an offset, that clocks in that zone show at that (aware) moment."""
    return _wall(_aware(moment), ZoneInfo(zone)).time()


def known_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that means the same on every machine."""
    if name in NOT_A_PLACE or name.startswith(NOT_A_PLACE_UNDER):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such name; not a name at all; a folder of names
        return False
    return True


def out_of_quiet(moment: datetime, zone: str, quiet: QuietHours) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into; never earlier, in UTC.

    The hours are read off the wall, so an hour that happens twice is quiet twice.
    """
    clock = ZoneInfo(zone)
    moment = _aware(moment).astimezone(UTC)
    while _is_quiet(_wall(moment, clock).time(), quiet):
        # more than one round only where a skipped day ends inside the next night
        moment = _end_of_quiet(moment, zone, quiet)
    return moment


def find_zones(words: str, names: Collection[str], limit: int = 6) -> list[str]:
    """The zones, best first and at most `limit`, that somebody who typed `words` may have meant.

    `words` may be a city, the beginning of one, a whole IANA name, with or without accents and capitals, or a
    Spanish name; `names` are the zones to choose from. A slip of the pen is forgiven when nothing else fits.
    """
    wanted = _plain(words[:LONGEST_ZONE_WORDS])
    wanted = SPANISH_NAMES.get(wanted, wanted)
    if not wanted:
        return []
    ranked = [(_rank(wanted, name), name) for name in names]
    found = sorted((rank, not name.startswith(PLACES_UNDER), len(name), name) for rank, name in ranked if rank)
    if found:
        return [name for *_, name in found[:limit]]
    cities = {_city(name): name for name in sorted(names)}
    return [cities[city] for city in difflib.get_close_matches(wanted, cities, n=limit, cutoff=LEAST_ALIKE)]


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    return moment


def _wall(moment: datetime, clock: ZoneInfo) -> datetime:
    return moment.astimezone(clock).replace(tzinfo=None, fold=0)


def _first_showing_later(wall: datetime, clock: ZoneInfo, *, before: datetime, after: datetime) -> datetime:
    """Halve until the second of the clock change is found; at most 17 steps for a whole day."""
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _wall(middle, clock) > wall:
            after = middle
        else:
            before = middle
    return after


def _is_quiet(at: time, quiet: QuietHours) -> bool:
    if quiet.start < quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def _end_of_quiet(moment: datetime, zone: str, quiet: QuietHours) -> datetime:
    wall = _wall(moment, ZoneInfo(zone))
    day = wall.date() if wall.time() < quiet.end else wall.date() + timedelta(days=1)
    end = instant(day, quiet.end, zone)
    if end > moment:
        return end
    # the end fell into an hour that happens twice and we are in its second round
    return datetime.combine(day, quiet.end, tzinfo=ZoneInfo(zone)).replace(fold=1).astimezone(UTC)


def _plain(words: str) -> str:
    """Lower case, no accents, single spaces for everything that is neither letter nor digit."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", bare).strip()


def _city(name: str) -> str:
    return _plain(name.rpartition("/")[2])


def _rank(wanted: str, name: str) -> int:
    """How well the name fits, 1 best, 0 not at all."""
    whole, city = _plain(name), _city(name)
    fits = (
        wanted == whole,
        wanted == city,
        city.startswith(wanted),
        whole.startswith(wanted),
        f" {wanted}" in f" {whole}",
    )
    return next((rank for rank, fit in enumerate(fits, start=1) if fit), 0)
