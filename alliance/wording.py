"""Every sentence people read, in their language, looked up by what it is for.

English has its one home in the templates, ``locales/en/*.pot``; every other language translates them, sentence by
sentence, in ``locales/<language>/*.po``. The key of a sentence is its ``msgctxt``.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

from alliance.approval import fingerprint
from alliance.catalogue import BrokenWording, Catalogue, Entry, PluralRule, read_catalogue
from alliance.direction import set_apart

FIRST_LANGUAGE = "en"  # spoken where a person's language has no wording, and where a sentence has no translation

__all__ = ["FIRST_LANGUAGE", "BrokenWording", "Counted", "Wording", "Wordings", "main_language", "parse_wordings"]

_Blank: TypeAlias = tuple[str, str, str]
_THE_NUMBER: set[_Blank] = {("count", "", "")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A sentence about a number, in the forms of its language."""

    forms: tuple[str, ...]
    rule: PluralRule

    def about(self, count: object) -> str:
        """The form this number takes. Raises TypeError for what is not a whole number."""
        if not isinstance(count, int):
            raise TypeError(f"{count!r} is no whole number")
        return self.forms[self.rule.form_of(abs(count))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The sentences of one language; ``approved_by`` is empty until a clinic has signed them off.

    ``counted`` holds those that are about a number, ``sentences`` all others. What is ``untranslated`` stands among
    them in English.
    """

    language: str
    sentences: Mapping[str, str]
    counted: Mapping[str, Counted] = field(default_factory=dict[str, Counted])
    untranslated: frozenset[str] = frozenset()
    approved_by: str = ""

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of that key with its blanks filled in; the ``count`` decides between its plural forms.

        A value written in the other direction is set apart. Raises KeyError for a sentence that does not exist and
        for a blank without a value: both are mistakes of ours.
        """
        counted = self.counted.get(key)
        sentence = self.sentences[key] if counted is None else counted.about(values["count"])
        return sentence.format_map({name: set_apart(value, language=self.language) for name, value in values.items()})

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every sentence in each of its forms, with its key."""
        yield from self.sentences.items()
        for key, counted in self.counted.items():
            yield from ((key, form) for form in counted.forms)

    def sha256(self) -> str:
        """The SHA-256 of every sentence as it is said; what a translator notes beside one changes nothing."""
        forms = {
            f"{key}[{number}] {counted.rule.written}": form
            for key, counted in self.counted.items()
            for number, form in enumerate(counted.forms)
        }
        return fingerprint({**self.sentences, **forms})


@dataclass(frozen=True, kw_only=True, slots=True)
class Wordings:
    """All languages the program speaks."""

    by_language: Mapping[str, Wording]

    def in_language(self, language: str) -> Wording:
        """The wording of a language, of its main language (``es`` for ``es-MX``), or the first one."""
        return self.by_language.get(main_language(language), self.by_language[FIRST_LANGUAGE])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages spoken, in alphabetical order."""
        return tuple(sorted(self.by_language))


def main_language(language: str) -> str:
    """The language without its country: ``es`` for ``es-MX``."""
    return language.replace("_", "-").partition("-")[0].lower()


def parse_wordings(files: Mapping[str, Mapping[str, str]]) -> Wordings:
    """Read the wording of every language from gettext catalogues, given as language, file name, text.

    Raises BrokenWording, with file and line, when a file cannot be read, a sentence stands twice or in no template,
    a blank is not the source's, or the plural forms are not those the file announces. A sentence that is not
    translated, or was translated from another source, is said in the first language.
    """
    if not files.get(FIRST_LANGUAGE):
        raise BrokenWording(f"there is no wording in {FIRST_LANGUAGE}")
    first = _Reader(language=FIRST_LANGUAGE, files=files[FIRST_LANGUAGE])
    wordings = {FIRST_LANGUAGE: first.source()}
    for language, texts in files.items():
        if language != FIRST_LANGUAGE:
            reader = _Reader(language=language, files=texts)
            wordings[language] = reader.translation(first.entries, wordings[FIRST_LANGUAGE])
    return Wordings(by_language=wordings)


class _Reader:
    """The catalogues of one language and where each of their sentences stands."""

    def __init__(self, *, language: str, files: Mapping[str, str]) -> None:
        self._language = language
        self._catalogues = [read_catalogue(text, name=f"{language}/{name}") for name, text in files.items()]
        self._rules = {catalogue.name: catalogue.plural_rule() for catalogue in self._catalogues}
        self._names: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        for catalogue in self._catalogues:
            self._take(catalogue)

    def source(self) -> Wording:
        """The first language as its templates have it."""
        for entry in self.entries.values():
            self._check_blanks(entry, entry.source, entry)
        return self._wording({key: entry.source for key, entry in self.entries.items()})

    def translation(self, source: Mapping[str, Entry], first: Wording) -> Wording:
        """What is translated here, and the first language for the rest."""
        said: dict[str, tuple[str, ...]] = {}
        for key, entry in self.entries.items():
            if key not in source:
                self._refuse(entry, "no template has this sentence")
            if entry.is_translated and entry.source == source[key].source:
                self._check(entry, source[key])
                said[key] = entry.forms
        return self._wording(said, first=first)

    def _wording(self, said: Mapping[str, tuple[str, ...]], *, first: Wording | None = None) -> Wording:
        about_a_number = {key for key in said if len(self.entries[key].source) > 1}
        sentences = {key: forms[0] for key, forms in said.items() if key not in about_a_number}
        counted = {key: Counted(forms=said[key], rule=self._rules[self._names[key]]) for key in about_a_number}
        return Wording(
            language=self._language,
            sentences={**first.sentences, **sentences} if first else sentences,
            counted={**first.counted, **counted} if first else counted,
            untranslated=frozenset((*first.sentences, *first.counted)) - said.keys() if first else frozenset(),
            approved_by=self._approved_by(),
        )

    def _take(self, catalogue: Catalogue) -> None:
        written_in = catalogue.header.get("language")
        if written_in != self._language:
            raise BrokenWording(f"{catalogue.name}: the header says Language: {written_in}")
        for entry in catalogue.entries:
            if entry.key in self.entries:
                raise BrokenWording(f"{catalogue.name}, line {entry.line}: {entry.key} stands twice")
            self.entries[entry.key] = entry
            self._names[entry.key] = catalogue.name

    def _approved_by(self) -> str:
        signed = {catalogue.header.get("x-approved-by", "") for catalogue in self._catalogues}
        return signed.pop() if len(signed) == 1 else ""

    def _check(self, entry: Entry, source: Entry) -> None:
        rule = self._rules[self._names[entry.key]]
        wanted = rule.forms if len(source.source) > 1 else 1
        if len(entry.forms) != wanted:
            self._refuse(entry, f"there should be {wanted} plural forms, by the header")
        self._check_blanks(entry, entry.forms, source)

    def _check_blanks(self, entry: Entry, forms: tuple[str, ...], source: Entry) -> None:
        wanted = self._blanks(source.source[-1], source)
        rule = self._rules[self._names[entry.key]]
        for number, form in enumerate(forms):
            odd = wanted ^ self._blanks(form, entry)
            if odd and not (odd == _THE_NUMBER <= wanted and len(forms) > 1 and rule.may_leave_out_the_number(number)):
                self._refuse(entry, f"other blanks than in its source: {{{min(odd)[0]}}}")

    def _blanks(self, sentence: str, entry: Entry) -> set[_Blank]:
        """Name, format and conversion of each."""
        if "{" not in sentence and "}" not in sentence:
            return set()
        try:
            parsed = list(string.Formatter().parse(sentence))
        except ValueError as error:
            self._refuse(entry, f"a brace that belongs to no blank ({error})")
        return {(name, form or "", conversion or "") for _, name, form, conversion in parsed if name is not None}

    def _refuse(self, entry: Entry, why: str) -> NoReturn:
        raise BrokenWording(f"{self._names[entry.key]}, line {entry.line}: {entry.key}: {why}")
