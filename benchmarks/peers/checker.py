"""Runs where aiogram is: reads what a Bot API said, one JSON object a line, and says what aiogram finds wrong with it.

A line in: {"name", "method": "sendMessage" or null for an update, "status", "body"}. A line out, one for each line in:
{"name", "wrong": [..]}; what is wrong is a field that is missing, of another type, or one aiogram does not know.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from typing import Any, cast

# by name, because it is not there where this file is type-checked; hence Any: aiogram's own models
_types: Any = importlib.import_module("aiogram.types")
_methods: Any = importlib.import_module("aiogram.methods")
_pydantic: Any = importlib.import_module("pydantic")

OK = 200


def wrong_with(said: dict[str, Any]) -> list[str]:
    """Return what is wrong with one thing that was said, empty when nothing is."""
    try:
        model = _read(said)
    except _pydantic.ValidationError as error:
        return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return [f"{path}: not a field aiogram knows" for path in _unknown(model, "")]


def _read(said: dict[str, Any]) -> Any:
    method, body = said["method"], said["body"]
    if method is None:
        return _types.Update.model_validate(body)
    name = method[:1].upper() + method[1:]
    returning = getattr(_methods, name).__returning__ if said["status"] == OK else Any
    answer = _methods.Response[returning].model_validate(body)
    if answer.ok is not (said["status"] == OK) or (not answer.ok and answer.error_code != said["status"]):
        raise _pydantic.ValidationError.from_exception_data(
            "Response", [{"type": "value_error", "loc": ("ok",), "input": body, "ctx": {"error": "not its status"}}]
        )
    return answer


def _unknown(found: Any, path: str) -> Iterator[str]:
    """Yield the path of every field that was given and is none of the model's own."""
    if isinstance(found, _pydantic.BaseModel):
        extra: dict[str, Any] = found.model_extra or {}
        yield from (f"{path}.{name}" for name in extra)
        for name in found.model_fields_set - extra.keys():
            yield from _unknown(getattr(found, name), f"{path}.{name}")
    elif isinstance(found, list):
        for each in cast("list[Any]", found):
            yield from _unknown(each, f"{path}[]")


def main() -> None:
    for line in sys.stdin:
        said = json.loads(line)
        sys.stdout.write(json.dumps({"name": said["name"], "wrong": wrong_with(said)}) + "\n")


if __name__ == "__main__":
    main()
