"""A digest as it is kept, so that the one of any past date can be read again exactly as it was."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import UnionType
from typing import TypeGuard, TypeVar, get_args, get_origin, get_type_hints

from alliance.digest import Digest

T = TypeVar("T")
ERASED = "erased"  # the key under which stands how many lines were taken out


class BrokenDigest(ValueError):
    """What was kept of a digest cannot be read; the message names the place, never the content."""


def as_json(digest: Digest) -> dict[str, object]:
    """The digest as plain values for JSON: dates and times (UTC) in ISO 8601, numbers as they are.

    Raises ValueError for a moment without an offset.
    """
    return _written_fields(digest)


def from_json(content: Mapping[str, object]) -> Digest:
    """The digest that was written by ``as_json``; equal to it in every field.

    A field that did not exist yet when it was written gets its default. Raises BrokenDigest for anything
    missing, unknown or of another type: a digest read wrongly is worse than one that is refused.
    """
    return built(Digest, content)


def written(value: object) -> dict[str, object]:
    """Any value made of our own values, tuples and plain ones, as plain values for JSON."""
    return _written_fields(value)


def built(kind: Callable[..., T], content: Mapping[str, object]) -> T:
    """The value that ``written`` wrote; raises BrokenDigest for anything missing, unknown or of another type."""
    return _built(kind, content, "digest")


def without_patient(content: Mapping[str, object], *, patient_id: int, code_name: str) -> dict[str, object]:
    """A kept digest without the lines about one patient; its numbers, which name nobody, stay.

    In their place stands how many lines were taken out, so that nobody takes what is left for what was sent.
    """

    def is_about(line: object) -> bool:
        if _is_table(line):
            return line.get("patient_id") == patient_id or line.get("code_name") == code_name
        return line == code_name

    kept = {
        key: [line for line in value if not is_about(line)] if _is_row(value) else value
        for key, value in content.items()
    }
    removed = sum(len(value) - len(_row(kept[key])) for key, value in content.items() if _is_row(value))
    before = content.get(ERASED, 0)
    return {**kept, ERASED: (before if isinstance(before, int) else 0) + removed} if removed else kept


def in_words(content: Mapping[str, object]) -> str:
    """A digest as it is printed for programs: of one that was kept the same bytes every time, whatever the version."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _row(value: object) -> list[object] | tuple[object, ...]:
    return value if _is_row(value) else ()


def _written_fields(value: object) -> dict[str, object]:
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return {field.name: _written(getattr(value, field.name)) for field in fields(value)}


def _written(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):  # before date, which it is as well
        if value.tzinfo is None:
            raise ValueError("a moment needs its offset from UTC")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if _is_row(value):
        return [_written(each) for each in value]
    if _is_table(value):
        return {key: _written(each) for key, each in value.items()}
    return _written_fields(value)


def _built(kind: Callable[..., T], content: object, where: str) -> T:
    """A value of ours from its table, field by field."""
    if not _is_table(content):
        raise BrokenDigest(f"{where} is not a table")
    hints, needed = _shape(kind)
    if odd := (content.keys() - hints.keys()) | (needed - content.keys()):
        raise BrokenDigest(f"{where}: {min(odd)} is missing or unknown")
    return kind(**{name: _read(hints[name], content[name], f"{where}.{name}") for name in content})


@cache
def _shape(kind: Callable[..., object]) -> tuple[Mapping[str, object], frozenset[str]]:
    """The fields of a value with their types, and the names of those that cannot be left out."""
    if not is_dataclass(kind):
        raise TypeError(kind)
    needed = (f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)
    return get_type_hints(kind), frozenset(needed)


def _read(hint: object, value: object, where: str) -> object:
    if get_origin(hint) is UnionType:  # the only unions here are with None
        return None if value is None else _read(get_args(hint)[0], value, where)
    if get_origin(hint) is tuple:
        if not _is_row(value):
            raise BrokenDigest(f"{where} is not a list")
        return tuple(_read(get_args(hint)[0], each, where) for each in value)
    if get_origin(hint) is dict:
        if not _is_table(value):
            raise BrokenDigest(f"{where} is not a table")
        return {key: _read(get_args(hint)[1], each, where) for key, each in value.items()}
    if hint is date or hint is datetime:
        return _read_day(value, where) if hint is date else _read_moment(value, where)
    if _is_value(hint):
        return _built(hint, value, where)
    return _read_plain(hint, value, where)


def _read_plain(hint: object, value: object, where: str) -> object:
    # a whole number may stand for a fraction and stays as it was written, so that it is written so again
    accepted: tuple[object, ...] = (int, float) if hint is float else (hint,)
    if type(value) not in accepted:
        raise BrokenDigest(f"{where} is of the wrong type")
    return value


def _read_day(value: object, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BrokenDigest(f"{where} is not a date") from error


def _read_moment(value: object, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BrokenDigest(f"{where} is not a moment") from error
    if moment.tzinfo is None:
        raise BrokenDigest(f"{where} has no offset from UTC")
    return moment.astimezone(UTC)


def _is_value(hint: object) -> TypeGuard[Callable[..., object]]:
    return isinstance(hint, type) and is_dataclass(hint)


def _is_row(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, list | tuple)


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)  # the keys of JSON are strings
