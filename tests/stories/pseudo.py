"""A language nobody speaks: every sentence of a catalogue accented, longer and in brackets, its blanks kept.

Whatever reaches a screen in plain letters has not come from a catalogue (pseudo-localisation, as Unicode's CLDR does
it with en-XA).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser

from alliance.items import Instrument, Item, ItemWords
from alliance.wording import Counted, Wording, Wordings
from sandbox.ledger import Entry
from workflows.unit import Clinic

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
LONGER = {vowel: vowel * 2 for vowel in "ȧḗīǿŭ"}  # about a third longer, as German is
_KEPT = re.compile(r"\{[^}]*\}|/[a-z_]+(?: CODE| [A-Z]+-\d+| \d+ \w+| \d+)?")  # blanks, commands and how to use them
_PLAIN_LETTERS = re.compile(r"[A-Za-z\u00c0-\u00ff]+")
_SAID = {"text", "caption", "description", "title", "file_name", "alt", "aria-label", "input_field_placeholder"}


def pseudo(clinic: Clinic) -> Clinic:
    """The clinic with every sentence and every question in the language nobody speaks, whatever a person speaks."""
    wordings = Wordings(by_language={name: _wording(spoken) for name, spoken in clinic.wordings.by_language.items()})
    return replace(clinic, wordings=wordings, instruments=tuple(map(_instrument, clinic.instruments)))


def plain_letters(texts: Iterable[str], *, allowed: re.Pattern[str]) -> dict[str, str]:
    """The lines that hold a letter from no catalogue, what is allowed left out, each with those letters."""
    lines = {line for text in texts for line in text.splitlines()}
    found = {line: " ".join(_PLAIN_LETTERS.findall(allowed.sub("·", line))) for line in sorted(lines)}
    return {line: letters for line, letters in found.items() if letters}


def said_in(calls: Iterable[Entry]) -> Iterator[str]:
    """Every text that these calls would put before a person: messages, buttons, toasts, commands, names of files."""
    for call in calls:
        for name, value in call.parameters.items():
            yield from _said(name, value)


def on_page(html: str) -> list[str]:
    """What a person reads on a page: its texts, and the attributes that are read out."""
    page = _Page()
    page.feed(html)
    return page.texts


def _wording(wording: Wording) -> Wording:
    counted = {
        key: Counted(forms=tuple(map(_sentence, one.forms)), rule=one.rule) for key, one in wording.counted.items()
    }
    return replace(wording, sentences={k: _sentence(v) for k, v in wording.sentences.items()}, counted=counted)


def _instrument(instrument: Instrument) -> Instrument:
    return replace(instrument, items=tuple(map(_item, instrument.items)))


def _item(item: Item) -> Item:
    words = {
        language: ItemWords(question=_sentence(said.question), low=_sentence(said.low), high=_sentence(said.high))
        for language, said in item.words.items()
    }
    return replace(item, words=words)


def _sentence(sentence: str) -> str:
    pieces: list[str] = []
    reached = 0
    for kept in _KEPT.finditer(sentence):
        pieces += [_accented(sentence[reached : kept.start()]), kept[0]]
        reached = kept.end()
    return f"⟦{''.join(pieces)}{_accented(sentence[reached:])}⟧"


def _accented(text: str) -> str:
    bare = "".join(letter for letter in text if not ("\u00c0" <= letter <= "\u00ff"))  # Spanish letters go
    return "".join(LONGER.get(letter, letter) for letter in bare.translate(str.maketrans(PLAIN, ACCENTED)))


def _said(name: str, value: object) -> Iterator[str]:
    if isinstance(value, str) and value[:1] in "[{" and name not in _SAID:
        value = json.loads(value)
    if isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _said(str(inner_name), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(name, inner)
    elif isinstance(value, str) and name in _SAID:
        yield value


class _Page(HTMLParser):
    """Gathers texts, leaving style sheets out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.texts += [value for name, value in attrs if name in _SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside != "style" and data.strip():
            self.texts.append(data.strip())
