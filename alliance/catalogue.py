"""A gettext catalogue, read strictly: what is not exactly key, source and translation is refused with its line."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from typing import NoReturn

_QUOTED = r'"[^"\\\n]*(?:\\[nt"\\][^"\\\n]*)*"'
_TEXT = rf"{_QUOTED}(?:\n{_QUOTED})*"  # a long one goes on over lines
_NOTES = re.compile(r"(?:#[^\n]*\n|[ \t]*\n)*")
_ENTRY = re.compile(
    rf"(?P<notes>{_NOTES.pattern})"
    rf"(?:msgctxt ({_TEXT})\n)?msgid ({_TEXT})\n(?:msgid_plural ({_TEXT})\n)?"
    rf"(?:msgstr ({_TEXT})\n|((?:msgstr\[\d\] {_TEXT}\n)+))"
)
_FORM = re.compile(rf"msgstr\[(\d)\] ({_TEXT})\n")
_LINE = re.compile(rf"#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]) )?{_QUOTED}")
_FUZZY = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_MEANS = {"n": "\n", "t": "\t"}  # anything else that is escaped means itself
_PLURAL_FORMS = re.compile(r"nplurals *= *([1-6]) *; *plural *= *([^;]+);?")
_NUMBERS = range(200)  # every plural rule of CLDR shows all it does below this


class BrokenWording(ValueError):
    """A file of sentences cannot be used; the message names the file, the line and what is wrong there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One sentence: what it is for, its English source, and what a translator made of it.

    ``source`` has a second form where it is about a number; ``forms`` is empty, or holds empty text, where nothing
    is translated. ``line`` counts from 1.
    """

    key: str
    source: tuple[str, ...]
    forms: tuple[str, ...]
    is_fuzzy: bool
    line: int

    @property
    def is_translated(self) -> bool:
        """Whether a translator has finished it; a fuzzy one was made for another source."""
        return all(self.forms) and not self.is_fuzzy


@dataclass(frozen=True, kw_only=True, slots=True)
class PluralRule:
    """Which of so many forms a number takes, by the catalogue's own Plural-Forms (the gettext manual, 12.6)."""

    written: str  # as in the header
    forms: int
    form_of: Callable[[int], int]

    def may_leave_out_the_number(self, form: int) -> bool:
        """Whether that form stands for one number only, so that "one day" may be said for "1 day"."""
        return sum(self.form_of(number) == form for number in _NUMBERS) == 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """One file: its header fields by their names in lower case, and its sentences in their order."""

    name: str
    header: Mapping[str, str]
    entries: tuple[Entry, ...]

    def plural_rule(self) -> PluralRule:
        """The rule in its header; raises BrokenWording where there is none or it leads outside the forms."""
        try:
            return _plural_rule(self.header.get("plural-forms", ""))
        except ValueError as error:
            raise BrokenWording(f"{self.name}: {error}") from error


def read_catalogue(text: str, *, name: str) -> Catalogue:
    """Read a .po or .pot file; ``name`` is how it is called in an error. Raises BrokenWording."""
    reader = _Reader(text.replace("\r\n", "\n"), name)
    header, *entries = reader.entries()
    if header.key or header.source != ("",):
        raise BrokenWording(f"{name}: there is no header")
    for entry in entries:
        if not entry.key or not entry.source[0]:
            reader.refuse(entry.line, "an entry needs its key (msgctxt) and its source (msgid)")
    fields = (line.partition(":") for line in header.forms[0].split("\n"))
    return Catalogue(
        name=name,
        header={field.strip().lower(): value.strip() for field, _, value in fields},
        entries=tuple(entries),
    )


@cache  # the files of a language have the same, and trying it out takes its time
def _plural_rule(written: str) -> PluralRule:
    found = _PLURAL_FORMS.fullmatch(written)
    if found is None:
        raise ValueError("the header has no Plural-Forms: nplurals=N; plural=EXPRESSION;")
    forms = int(found[1])
    try:
        form_of: Callable[[int], int] = c2py(found[2])
        leads_outside = any(form_of(number) not in range(forms) for number in _NUMBERS)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"Plural-Forms cannot be read: {found[2]}") from error
    if leads_outside:
        raise ValueError(f"Plural-Forms leads to a form that nplurals={forms} does not have")
    return PluralRule(written=written, forms=forms, form_of=form_of)


class _Reader:
    """Takes one file apart, an entry at a time: a line at a time takes twice as long, and every start waits for it."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text if text.endswith("\n") else f"{text}\n"
        self._name = name

    def entries(self) -> list[Entry]:
        """Every entry in its order, the header among them."""
        found: list[Entry] = []
        line = 1
        place = 0
        while (match := _ENTRY.match(self._text, place)) is not None:
            start = match.end("notes")
            line += self._text.count("\n", place, start)
            found.append(self._entry(match, line))
            line += self._text.count("\n", start, match.end())
            place = match.end()
        rest = _NOTES.match(self._text, place)
        if rest is None or rest.end() < len(self._text) or not found:
            self._refuse_from(rest.end() if rest else place)
        return found

    def _entry(self, match: re.Match[str], line: int) -> Entry:
        notes, key, source, plural, form, forms = match.groups()
        if (plural is None) is (form is None):
            self.refuse(line, f"{_words(key)}: msgid_plural and msgstr[0], msgstr[1] go together")
        numbers, texts = ("",), (form,)
        if form is None:
            numbers, texts = zip(*_FORM.findall(forms), strict=True)
        if form is None and numbers != tuple(str(number) for number in range(len(numbers))):
            self.refuse(line, f"{_words(key)}: msgstr[0], msgstr[1] and so on are out of order")
        return Entry(
            key=_words(key) if key else "",
            source=(_words(source),) if plural is None else (_words(source), _words(plural)),
            forms=tuple([_words(text) for text in texts]),
            is_fuzzy="#," in notes and _FUZZY.search(notes) is not None,
            line=line,
        )

    def _refuse_from(self, place: int) -> NoReturn:
        """Say which line is wrong, as far as a line by itself can be; otherwise where the entry begins."""
        first = self._text.count("\n", 0, place) + 1
        for number, line in enumerate(self._text[place:].split("\n\n")[0].splitlines(), start=first):
            if not _LINE.fullmatch(line):
                self.refuse(number, 'this is no line of a catalogue, such as msgid "Hello"')
        self.refuse(first, "this is no whole entry: msgctxt, msgid, msgstr, in this order and each once")

    def refuse(self, line: int, why: str) -> NoReturn:
        """The file cannot be used."""
        raise BrokenWording(f"{self._name}, line {line}: {why}")


def _words(quoted: str) -> str:
    """What stands between the quotes of all its lines."""
    words = quoted[1:-1] if "\n" not in quoted else "".join([line[1:-1] for line in quoted.split("\n")])
    return _ESCAPE.sub(_meant, words) if "\\" in words else words


def _meant(escaped: re.Match[str]) -> str:
    return _MEANS.get(escaped[1], escaped[1])
