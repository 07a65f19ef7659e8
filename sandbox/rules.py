"""What Telegram accepts as a text and its entities."""

from collections.abc import Callable
from typing import cast

from sandbox.refusals import bad_request
from sandbox.wire import JsonObject, Request, as_integer, as_object

LONGEST_TEXT = 4096  # UTF-16 units: the strictest reading of the documented "characters"
LONGEST_CAPTION = 1024
LARGEST_TEXT = 32_768  # bytes
MOST_ENTITIES = 100
PARSE_MODES = frozenset({"html", "markdown", "markdownv2"})
_ENTITY_TYPES_WORDS = """
    mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler
    blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time
"""
ENTITY_TYPES = frozenset(_ENTITY_TYPES_WORDS.split())
_ENTITY_NEEDS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, the unit entity offsets count in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(request: Request) -> tuple[str, tuple[JsonObject, ...]]:
    """Return the text of a message and its entities as Telegram would store them, or refuse."""
    text = request.text("text") or ""
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text.encode()) > LARGEST_TEXT:
        raise bad_request("text is too long")
    text, entities = _tidy(text, _read_entities(request, "entities", text))
    if utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(request: Request) -> tuple[str | None, tuple[JsonObject, ...]]:
    """Return the caption, None when there is none, and its entities, or refuse."""
    caption = request.text("caption") or ""
    entities = _read_entities(request, "caption_entities", caption)
    if not caption.strip():
        return None, ()
    caption, entities = _tidy(caption, entities)
    if utf16_length(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return caption, entities


def _read_entities(request: Request, name: str, text: str) -> tuple[JsonObject, ...]:
    mode = request.text("parse_mode")
    if mode:
        if mode.lower() not in PARSE_MODES:
            raise bad_request("unsupported parse_mode")
        request.remarks.append("parse_mode is shown as it was written: this sandbox reads entities only")
    if request.values.get(name) is None:
        return ()
    given = request.json_array(name)
    if given is None:
        raise bad_request(f"can't parse {name}: expected an Array")
    if len(given) > MOST_ENTITIES:
        raise bad_request(f"can't parse {name}: more than {MOST_ENTITIES}")
    starts = _is_character_start(text)
    return tuple(_read_entity(each, utf16_length(text), starts) for each in given)


def _read_entity(given: object, size: int, starts: Callable[[int], bool]) -> JsonObject:
    entity = as_object(given)
    if entity is None:
        raise bad_request("can't parse entities: expected an Object")
    kind, offset, length = (
        entity.get("type"),
        as_integer(entity.get("offset")),
        as_integer(entity.get("length")),
    )
    if not isinstance(kind, str) or kind not in ENTITY_TYPES:
        raise bad_request("can't parse entities: unsupported entity type")
    if kind in _ENTITY_NEEDS and not entity.get(_ENTITY_NEEDS[kind]):
        raise bad_request(f"can't parse entities: {kind} without {_ENTITY_NEEDS[kind]}")
    if offset is None or length is None or offset < 0 or length < 1 or offset + length > size:
        raise bad_request("can't parse entities: an entity lies outside the text")
    if not (starts(offset) and starts(offset + length)):
        raise bad_request("can't parse entities: an entity begins or ends in the middle of a UTF-16 symbol")
    return {**entity, "offset": offset, "length": length}


def _is_character_start(text: str) -> Callable[[int], bool]:
    if utf16_length(text) == len(text):
        return lambda _unit: True
    units = text.encode("utf-16-le", "surrogatepass")
    # the second half of a surrogate pair is a unit from 0xDC00 to 0xDFFF
    return lambda unit: unit * 2 >= len(units) or units[unit * 2 + 1] & 0xFC != 0xDC  # noqa: PLR2004  as said above


def _tidy(text: str, entities: tuple[JsonObject, ...]) -> tuple[str, tuple[JsonObject, ...]]:
    """Drop blanks at the end, and at the beginning up to the first entity, as Telegram does."""
    kept = text.rstrip()
    lead = len(kept) - len(kept.lstrip())  # blanks are one UTF-16 unit each
    spans = [(cast("int", each["offset"]), cast("int", each["length"])) for each in entities]  # read above
    lead = min([lead, *(offset for offset, _ in spans)])
    size = utf16_length(kept)
    tidied = (
        {**entity, "offset": offset - lead, "length": min(offset + length, size) - offset}
        for entity, (offset, length) in zip(entities, spans, strict=True)
        if offset < size
    )
    return kept[lead:], tuple(tidied)
