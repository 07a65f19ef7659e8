"""The questions of a check-in: a versioned set of items, read from a file a clinic can replace."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NoReturn, TypeGuard

SHORTEST_SCALE = 3  # fewer points than this cannot show a change
WIDEST_ROW = 8  # what one row of buttons holds on a phone


class Domain(StrEnum):
    """The three parts of the working alliance (Bordin 1979)."""

    GOAL = "goal"
    TASK = "task"
    BOND = "bond"


class BrokenInstrument(ValueError):
    """The instrument file cannot be used; the message names the line and what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemWords:
    """One item in one language: the question and what the two ends of the scale mean."""

    question: str
    low: str
    high: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One question of an instrument; ``reverse`` says that a high rating is a low agreement.

    ``form`` names the form of the instrument that it belongs to; without a name it belongs to every one.
    """

    id: str
    domain: Domain
    words: Mapping[str, ItemWords]
    reverse: bool = False
    form: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpRule:
    """Which answers are low enough to be asked about once more, in points of the scale.

    ``low`` and everything worse, while nobody knows a person's usual; afterwards what lies ``below_usual`` points or
    more below it, so that somebody who is always low is not asked every time.
    """

    low: int
    below_usual: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrument:
    """A versioned set of items with one scale, whole numbers from ``lowest`` to ``highest``.

    Without a ``follow_up`` rule no answer is asked about once more. Where its items belong to several ``forms``, a
    check-in asks one of them (`alliance.forms`); the ratings of all forms are taken for the same thing.
    """

    id: str
    version: int
    lowest: int
    highest: int
    items: tuple[Item, ...]
    licence: str
    follow_up: FollowUpRule | None = None

    @property
    def name(self) -> str:
        """The name stored with every check-in, such as ``alliance-brief/1``."""
        return f"{self.id}/{self.version}"

    @property
    def points(self) -> int:
        """How many values a domain's mean rating can take: the scale's own for one item, more for several."""
        asked = Counter(item.domain for item in self.asked_as(self.forms[0] if self.forms else None).items)
        return (self.highest - self.lowest) * min(asked[domain] for domain in Domain) + 1

    @property
    def forms(self) -> tuple[str, ...]:
        """The names of its forms, in the order of the file; none where all items are asked every time."""
        return tuple(dict.fromkeys(item.form for item in self.items if item.form is not None))

    def asked_as(self, form: str | None) -> "Instrument":
        """The instrument as a check-in of that form asks it; all of it for a form it does not know."""
        if form not in self.forms:
            return self
        return replace(self, items=tuple(item for item in self.items if item.form in (None, form)))

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which every item can be asked."""
        return frozenset(language for language in self.items[0].words if all(language in i.words for i in self.items))

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None when this version has none."""
        return next((item for item in self.items if item.id == item_id), None)

    def fraction(self, item: Item, rating: int) -> float:
        """Where a rating lies in the scale's range, 0 to 1, with 1 always the good end."""
        share = (rating - self.lowest) / (self.highest - self.lowest)
        return 1 - share if item.reverse else share


def parse_instrument(text: str, *, name: str) -> Instrument:
    """Read an instrument from TOML; ``name`` is how the file is called in an error.

    Raises BrokenInstrument, naming the line, when the file is not TOML, lacks something, asks in
    different languages from item to item, or leaves a domain without an item.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenInstrument(f"{name}: {error}") from error
    return _Reader(name=name, text=text, content=content).instrument()


class _Reader:
    """Takes one file apart and knows on which line it is when something is wrong."""

    def __init__(self, *, name: str, text: str, content: dict[str, object]) -> None:
        self._name = name
        self._lines = text.splitlines()
        self._content = content
        self._line = 1

    def instrument(self) -> Instrument:
        """The whole instrument, checked."""
        lowest, highest = self._scale()
        instrument = Instrument(
            id=self._text(self._content, "id"),
            version=self._whole(self._content, "version"),
            lowest=lowest,
            highest=highest,
            items=self._items(),
            licence=self._text(self._content, "licence"),
            follow_up=self._follow_up(lowest, highest),
        )
        self._check(instrument)
        return instrument

    def _scale(self) -> tuple[int, int]:
        scale = self._table(self._content, "scale")
        lowest, highest = self._whole(scale, "lowest"), self._whole(scale, "highest")
        if not SHORTEST_SCALE <= highest - lowest + 1 <= WIDEST_ROW:
            self._refuse(f"a scale has {SHORTEST_SCALE} to {WIDEST_ROW} points", at=r"^\[scale\]")
        return lowest, highest

    def _follow_up(self, lowest: int, highest: int) -> FollowUpRule | None:
        if "follow_up" not in self._content:
            return None
        table = self._table(self._content, "follow_up")
        rule = FollowUpRule(low=self._whole(table, "low"), below_usual=self._whole(table, "below_usual"))
        if not lowest <= rule.low < highest:
            self._refuse(f"low is a number from {lowest} to {highest - 1}", at=r"^\[follow_up\]")
        if not 1 <= rule.below_usual <= highest - lowest:
            self._refuse(f"below_usual is a number from 1 to {highest - lowest}", at=r"^\[follow_up\]")
        return rule

    def _items(self) -> tuple[Item, ...]:
        rows = self._content.get("items")
        if not isinstance(rows, list) or not rows:
            self._refuse("there is no [[items]]")
        starts = [n for n, line in enumerate(self._lines, 1) if line.strip() == "[[items]]"]
        items: list[Item] = []
        for line, row in zip(starts, filter(_is_table, rows), strict=False):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # TOML is untyped; _is_table tells
            self._line = line
            items.append(self._item(row))
        return tuple(items)

    def _item(self, row: dict[str, object]) -> Item:
        domain = self._text(row, "domain")
        if domain not in set(Domain):
            self._refuse(f'domain "{domain}" is none of {", ".join(Domain)}')
        reverse = row.get("reverse", False)
        if not isinstance(reverse, bool):
            self._refuse("reverse is true or false")
        item_id = self._short_name(row, "id")
        form = self._short_name(row, "form") if "form" in row else None
        words = {language: self._words(language, table) for language, table in row.items() if _is_table(table)}
        if not words:
            self._refuse(f'item "{item_id}" has no language, such as [items.en]')
        return Item(id=item_id, domain=Domain(domain), words=words, reverse=reverse, form=form)

    def _short_name(self, row: Mapping[str, object], key: str) -> str:
        name = self._text(row, key)
        if not re.fullmatch(r"[a-z0-9_]{1,16}", name):
            self._refuse(f'item {key} "{name}" is not 1 to 16 small letters, digits or _')
        return name

    def _words(self, language: str, table: dict[str, object]) -> ItemWords:
        return ItemWords(
            question=self._text(table, "question", of=language),
            low=self._text(table, "low", of=language),
            high=self._text(table, "high", of=language),
        )

    def _check(self, instrument: Instrument) -> None:
        ids = [item.id for item in instrument.items]
        if len(set(ids)) < len(ids):
            self._refuse("two items have the same id")
        missing = set(Domain) - {item.domain for item in instrument.items}
        if missing:
            self._refuse(f"no item asks about {', '.join(sorted(missing))}")
        every = frozenset(language for item in instrument.items for language in item.words)
        if instrument.languages != every:
            self._refuse(f"not every item speaks every language ({', '.join(sorted(every))})")
        self._check_forms(instrument)

    def _check_forms(self, instrument: Instrument) -> None:
        """Every form covers the domains, and asks each as often as the first one does, so that ratings compare."""
        first: Counter[Domain] | None = None
        for form in instrument.forms:
            asked = Counter(item.domain for item in instrument.asked_as(form).items)
            at = rf'^\s*form\s*=\s*"{form}"'
            for domain in Domain:
                if not asked[domain]:
                    self._refuse(f'form "{form}" does not ask about {domain}', at=at)
                if first is not None and asked[domain] != first[domain]:
                    often = f"{asked[domain]} times, the first one {first[domain]}"
                    self._refuse(f'form "{form}" asks about {domain} {often}', at=at)
            first = first or asked

    def _table(self, table: Mapping[str, object], key: str) -> dict[str, object]:
        value = table.get(key)
        if not _is_table(value):
            self._refuse(f"[{key}] is missing")
        return value

    def _text(self, table: Mapping[str, object], key: str, *, of: str | None = None) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self._refuse(f"{key} is missing or empty{f' in {of}' if of else ''}")
        return value.strip()

    def _whole(self, table: Mapping[str, object], key: str) -> int:
        value = table.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self._refuse(f"{key} is missing or not a whole number")
        return value

    def _refuse(self, why: str, *, at: str | None = None) -> NoReturn:
        if at:
            self._line = next((n for n, line in enumerate(self._lines, 1) if re.match(at, line)), self._line)
        raise BrokenInstrument(f"{self._name}, line {self._line}: {why}")


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)  # TOML's keys are always strings
