"""Forms and addresses, read strictly: each field once, short, and plain text."""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import parse_qsl

from starlette.requests import Request

LONGEST_FIELD = 500  # characters
MOST_FIELDS = 40
HIGHEST_ID = 2**63 - 1


class Malformed(ValueError):
    """A form or an address that none of our pages makes."""


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form; raises Malformed."""
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError as error:  # also bytes that are no text
        raise Malformed(Malformed.__doc__) from error
    return _once(pairs)


def read_query(request: Request) -> Mapping[str, str]:
    """What stands behind the question mark; raises Malformed."""
    return _once(request.query_params.multi_items())


def number(words: str) -> int:
    """An id in an address or a form; raises Malformed."""
    if not (words.isascii() and words.isdigit() and int(words) <= HIGHEST_ID):
        raise Malformed(Malformed.__doc__)
    return int(words)


def day(words: str) -> date | None:
    """A day as browsers write it, or None for an empty field; raises Malformed."""
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise Malformed(Malformed.__doc__) from error


def one_of(words: str, allowed: Iterable[str]) -> str:
    """One of these words, or an empty field; raises Malformed."""
    if words and words not in allowed:
        raise Malformed(Malformed.__doc__)
    return words


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in pairs:
        if (
            name in fields
            or len(value) > LONGEST_FIELD
            or "\x00" in value
            or (not value.isascii() and _is_broken(value))
        ):
            raise Malformed(Malformed.__doc__)
        fields[name] = value.strip()
    return fields


def _is_broken(value: str) -> bool:
    """Whether it holds half of a character: no browser sends that, and no database takes it."""
    return any("\ud800" <= letter <= "\udfff" for letter in value)
