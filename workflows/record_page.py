"""Everything kept about one person as a page to read: self-contained, and without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import cast

from jinja2 import Environment, StrictUndefined, Template

from alliance.items import Instrument
from alliance.wording import Wording
from workflows.words import day_and_time

Row = Mapping[str, object]

_SECTIONS = ("me", "taking_part", "consents", "goals", "checkins", "messages", "flags", "alerts", "visits", "sent")
_MOMENTS = ("received_at", "decided_at", "set_at", "due_at", "raised_at", "starts_at", "sent_at", "created_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One thing that is kept: when it happened, and what it is."""

    when: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Section:
    """Everything of one kind."""

    title: str
    entries: tuple[_Entry, ...]


def render_record(
    kept: Mapping[str, object],
    *,
    instruments: Sequence[Instrument],
    zone: str,
    wording: Wording,
    clinic: str,
    made: str,
) -> str:
    """The page for what ``storage.everything.about`` has gathered, ready to be written as UTF-8."""
    reader = _Reader(kept=kept, instruments=instruments, zone=zone, wording=wording)
    sections = [_Section(title=wording(f"own.file.{name}"), entries=tuple(reader.entries(name))) for name in _SECTIONS]
    others = _Section(title=wording("own.file.others"), entries=tuple(reader.others()))
    person = cast("Row", kept["person"])
    return _template().render(
        language=wording.language,
        title=wording("own.file.title", clinic=clinic),
        made=wording("own.file.made", when=made, who=person["name"], zone=zone),
        nothing=wording("own.file.nothing"),
        sections=[*sections, others],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    kept: Mapping[str, object]
    instruments: Sequence[Instrument]
    zone: str
    wording: Wording

    def entries(self, section: str) -> list[_Entry]:
        match section:
            case "me":
                return [self._entry(self._one("person")), self._entry(self._one("contact"))]
            case "taking_part":
                return [self._entry(row) for name in ("enrolment", "preferences") for row in self._rows(name)]
            case "checkins":
                return [self._checkin(row) for row in self._rows("checkins")]
            case "messages" | "goals":
                return [self._words(row) for row in self._rows(section)]
            case _:
                return [self._entry(row) for row in self._rows(section)]

    def others(self) -> list[_Entry]:
        shown = {"person", "contact", "enrolment", "preferences", *_SECTIONS}
        return [
            _Entry(when="", lines=(f"{name}: {_flat(value)}",))
            for name, value in self.kept.items()
            if name not in shown
        ]

    def _one(self, name: str) -> Row:
        return cast("Row", self.kept[name])

    def _rows(self, name: str) -> Sequence[Row]:
        return cast("Sequence[Row]", self.kept[name])

    def _checkin(self, row: Row) -> _Entry:
        instrument = next((known for known in self.instruments if known.name == row["instrument"]), None)
        items = {item.id: item for item in instrument.items} if instrument else {}
        lines = [f"state: {row['state']}"]
        for answer in cast("Sequence[Row]", row["answers"]):
            item = items.get(str(answer["item_id"]))
            words = item and (item.words.get(self.wording.language) or next(iter(item.words.values())))
            question = words.question if words else answer["item_id"]
            lines.append(f"{question}: {answer['rating']}")
        return _Entry(when=self._when(row), lines=tuple(lines))

    def _words(self, row: Row) -> _Entry:
        words = row.get("words") or self.wording("own.file.not_in_words")
        return _Entry(when=self._when(row), lines=(str(words),))

    def _entry(self, row: Row) -> _Entry:
        lines = tuple(f"{name}: {_flat(value)}" for name, value in row.items() if value not in (None, [], {}, ""))
        return _Entry(when=self._when(row), lines=lines)

    def _when(self, row: Row) -> str:
        moment = next((str(row[name]) for name in _MOMENTS if row.get(name)), None)
        return day_and_time(datetime.fromisoformat(moment), self.zone, self.wording) if moment else ""


def _flat(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_flat(each) for each in cast("list[object]", value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {_flat(each)}" for key, each in cast("dict[str, object]", value).items())
    return str(value)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = files("workflows").joinpath("templates", "record.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text)
