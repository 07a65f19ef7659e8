"""Updates no documentation knows: unknown kinds, missing fields, wrong types, half characters, sizes and depths."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from sandbox.kinds import every_kind
from sandbox.wire import JsonObject, as_array, as_object

DEEP = 200  # levels; no parser of JSON should mind, and no reader of messages expects it
LONG = 500 * 1024  # characters; just below what Telegram carries
_NO_VALUES: tuple[object, ...] = (None, True, 5, -1, 2**63, 0.5, "", "5", [], {}, [None], {"id": "x"})
_HALVES = ("\ud83d", "\udc4b", "\ud83d hello", "hello \udfff")  # of surrogate pairs; legal in JSON, not in UTF-8

_Change = Callable[[JsonObject, random.Random], JsonObject]


def strange_updates(
    number: int, *, seed: int, sender: JsonObject, chat: JsonObject, at: datetime
) -> Iterator[tuple[str, JsonObject]]:
    """Yield so many updates without ids, each with the name of what is strange about it; same seed, same updates."""
    chance = random.Random(seed)  # noqa: S311  repeatable on purpose, guards nothing
    known = list(every_kind(sender, chat, at))
    return islice(_forever(known, chance), number)


def _forever(known: list[tuple[str, JsonObject]], chance: random.Random) -> Iterator[tuple[str, JsonObject]]:
    while True:
        for what, change in _CHANGES.items():  # in turn, so that a few updates hold every strangeness
            name, update = chance.choice(known)
            yield f"{what} ({name})", change(_copied(update), chance)


def _unknown_kind(update: JsonObject, chance: random.Random) -> JsonObject:
    (payload,) = update.values()
    return {f"mood_{chance.randrange(1000)}": payload}


def _unknown_field(update: JsonObject, chance: random.Random) -> JsonObject:
    _somewhere(update, chance)[f"new_in_bot_api_{chance.randrange(11, 99)}"] = {"value": [1, "two"]}
    return update


def _two_kinds(update: JsonObject, _chance: random.Random) -> JsonObject:
    (payload,) = update.values()
    return {**update, "mood": payload, "edited_message": payload}


def _nothing(_update: JsonObject, _chance: random.Random) -> JsonObject:
    return {}


def _missing_field(update: JsonObject, chance: random.Random) -> JsonObject:
    place = _somewhere(update, chance)
    if place:
        del place[chance.choice(list(place))]
    return update


def _wrong_type(update: JsonObject, chance: random.Random) -> JsonObject:
    place = _somewhere(update, chance)
    if place:
        place[chance.choice(list(place))] = chance.choice(_NO_VALUES)
    return update


def _no_object(update: JsonObject, chance: random.Random) -> JsonObject:
    (kind,) = update
    return {kind: chance.choice(_NO_VALUES)}


def _half_a_character(update: JsonObject, chance: random.Random) -> JsonObject:
    (payload,) = update.values()
    message = as_object(payload)
    if message is not None:
        message["text"] = chance.choice(_HALVES)
    return update


def _too_long(update: JsonObject, _chance: random.Random) -> JsonObject:
    (payload,) = update.values()
    message = as_object(payload)
    if message is not None:
        message["text"] = "x" * (LONG - 20_000)  # what else the update holds comes on top
    return update


def _deep(update: JsonObject, chance: random.Random) -> JsonObject:
    nested: object = "the bottom"
    for _ in range(DEEP):
        nested = {"reply_to_message": nested} if chance.random() < 0.5 else [nested]  # noqa: PLR2004  a coin
    _somewhere(update, chance)["reply_to_message"] = nested
    return update


def _odd_ids(update: JsonObject, chance: random.Random) -> JsonObject:
    for place in _places(update):
        for name in ("id", "message_id", "date"):
            if name in place and chance.random() < 0.5:  # noqa: PLR2004  a coin
                place[name] = chance.choice((0, -1, 2**52, 2**63, "9" * 40))
    return update


_CHANGES: dict[str, _Change] = {
    "unknown kind": _unknown_kind,
    "unknown field": _unknown_field,
    "two kinds at once": _two_kinds,
    "nothing at all": _nothing,
    "missing field": _missing_field,
    "wrong type": _wrong_type,
    "no object": _no_object,
    "half a character": _half_a_character,
    "500 KiB of text": _too_long,
    "very deep": _deep,
    "odd ids": _odd_ids,
}
STRANGENESSES = tuple(_CHANGES)


def _somewhere(update: JsonObject, chance: random.Random) -> JsonObject:
    return chance.choice(list(_places(update))[1:] or [update])  # not the update itself: that is another strangeness


def _places(found: object) -> Iterator[JsonObject]:
    """Yield every object in it, the outermost first."""
    place = as_object(found)
    if place is not None:
        yield place
        for each in place.values():
            yield from _places(each)
    for each in as_array(found) or []:
        yield from _places(each)


def _copied(update: JsonObject) -> JsonObject:
    return {name: _copy(value) for name, value in update.items()}


def _copy(found: object) -> object:
    place, row = as_object(found), as_array(found)
    if place is not None:
        return _copied(place)
    return found if row is None else [_copy(each) for each in row]
