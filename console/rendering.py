"""Templates, escaped by default, and the few things that every one of them can say."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from alliance import digest_words
from alliance.local_time import local_day, local_time
from alliance.names_on_display import shown
from alliance.wording import Wording

STATIC = files("console") / "static"
KINDS = {
    "console.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "console.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "htmx.LICENSE.txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Moments as one reader reads them: on the wall of their own zone, beside the day it is there."""

    now: datetime
    zone: str
    say: Wording

    def moment(self, at: datetime, zone: str | None = None) -> str:
        """A day and a time; today and tomorrow by their names. In another zone when one is given."""
        there = zone or self.zone
        time = f"{local_time(at, there):%H:%M}"
        return self.say("console.moment", day=self.day(local_day(at, there), zone), time=time)

    def day(self, on: date, zone: str | None = None) -> str:
        """A day; today, yesterday and tomorrow by their names."""
        today = local_day(self.now, zone or self.zone)
        near = {-1: "console.yesterday", 0: "console.today", 1: "console.tomorrow"}.get((on - today).days)
        return self.say(near) if near else digest_words.day(on, beside=today, wording=self.say)


def render(template: str, *, say: Wording, clock: Clock, values: Mapping[str, object]) -> str:
    """A page as text."""
    return (
        _templates()
        .get_template(f"{template}.html.j2")
        .render(say=say, moment=clock.moment, day=clock.day, asset=address_of, known=_known(say), **values)
    )


def _known(say: Wording) -> Callable[[str, object], str]:
    """The words for one of a closed set, such as a state."""

    def words(kind: str, one: object) -> str:
        return say(f"console.{kind}.{one}")

    return words


@cache
def static_file(name: str) -> bytes:
    """One of the files that every page may fetch."""
    return (STATIC / name).read_bytes()


@cache
def address_of(name: str) -> str:
    """Where a page fetches that file; another content has another address."""
    return f"/console/static/{name}?v={hashlib.sha256(static_file(name)).hexdigest()[:12]}"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = shown  # pyright: ignore[reportUnknownMemberType]  # Jinja2 says only that it is a dict
    return made
