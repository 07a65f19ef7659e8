"""What one request carries: parameters as a form, multipart or JSON, read narrowly."""

import json
import re
from dataclasses import dataclass
from typing import TypeAlias, cast
from urllib.parse import parse_qsl

from sandbox.refusals import bad_request

JsonObject: TypeAlias = dict[str, object]

_NAME = re.compile(rb'[;\s]name="([^"]*)"')
_FILENAME = re.compile(rb'[;\s]filename="([^"]*)"')
_PART_TYPE = re.compile(rb"content-type:\s*([^\r\n;]+)", re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file a bot sent, kept byte for byte."""

    filename: str
    content_type: str
    content: bytes


def as_object(value: object) -> JsonObject | None:
    return cast("JsonObject", value) if isinstance(value, dict) else None  # the keys of parsed JSON are strings


def as_array(value: object) -> list[object] | None:
    return cast("list[object]", value) if isinstance(value, list) else None  # isinstance leaves the items unknown


def as_integer(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,19}\s*", value):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else None


class Request:
    """One call of a method, with what it asked for and what is odd about how it asked."""

    __slots__ = ("files", "method", "remarks", "values")

    def __init__(self, method: str, values: JsonObject, files: dict[str, Upload]) -> None:
        self.method = method
        self.values = values
        self.files = files
        self.remarks: list[str] = []

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None:
            return None
        words = value if isinstance(value, str) else json.dumps(value)
        if not words.isascii():
            try:
                words.encode()
            except UnicodeEncodeError:
                raise bad_request("strings must be encoded in UTF-8") from None
        return words

    def integer(self, name: str) -> int | None:
        return as_integer(self.values.get(name))

    def flag(self, name: str) -> bool:
        return self.values.get(name) in (True, 1, "1", "true", "True")

    def json_object(self, name: str) -> JsonObject | None:
        return as_object(self._json(name))

    def json_array(self, name: str) -> list[object] | None:
        return as_array(self._json(name))

    def _json(self, name: str) -> object:
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {name} JSON object") from None


def read_request(method: str, *, query: bytes, content_type: str, body: bytes) -> Request:
    """Read the parameters from the address and the body, whichever way they came."""
    values: JsonObject = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {}
    files: dict[str, Upload] = {}
    if not body:
        return Request(method, values, files)
    if content_type.startswith("application/json"):
        values.update(_json_body(body))
    elif content_type.startswith("multipart/form-data"):
        _read_multipart(body, content_type, values, files)
    else:
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Request(method, values, files)


def _json_body(body: bytes) -> JsonObject:
    try:
        parsed = as_object(json.loads(body))
    except (ValueError, RecursionError):
        parsed = None
    if parsed is None:
        raise bad_request("can't parse request: expected a JSON object")
    return parsed


def _read_multipart(body: bytes, content_type: str, values: JsonObject, files: dict[str, Upload]) -> None:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise bad_request("can't parse request: boundary not found")
    # every part begins after a line break and the boundary; the first has no break before it
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name, filename = _NAME.search(head), _FILENAME.search(head)
        if name is None:
            raise bad_request("can't parse request: a part without a name")
        if filename is None:
            values[name[1].decode("utf-8", "replace")] = content.decode("utf-8", "replace")
            continue
        part_type = _PART_TYPE.search(head)
        files[name[1].decode("utf-8", "replace")] = Upload(
            filename=filename[1].decode("utf-8", "replace"),
            content_type=part_type[1].decode("latin-1") if part_type else "application/octet-stream",
            content=content,
        )
