"""Every sentence people read, in their language, looked up by what it is for."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

FIRST_LANGUAGE = "en"  # spoken where a person's language has no wording


class BrokenWording(ValueError):
    """A wording file cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The sentences of one language; ``approved_by`` is empty until a clinic has signed them off."""

    language: str
    sentences: Mapping[str, str]
    approved_by: str = ""

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of that key with its blanks filled in.

        A key with a ``count`` may come in two forms, ``key.one`` and ``key.other``. Raises KeyError for
        a sentence that does not exist and for a blank without a value: both are mistakes of ours.
        """
        if "count" in values and key not in self.sentences:
            key = f"{key}.one" if values["count"] == 1 else f"{key}.other"
        return self.sentences[key].format_map(values)


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
    """Read the wording of every language from TOML texts, given as language, file name, text.

    Raises BrokenWording when a file is not TOML, a sentence is not text or stands twice, the first
    language is missing, or a language lacks a sentence or a blank that the first one has.
    """
    if FIRST_LANGUAGE not in files:
        raise BrokenWording(f"there is no wording in {FIRST_LANGUAGE}")
    wordings = {language: _parse(language, texts) for language, texts in files.items()}
    for wording in wordings.values():
        _compare(wording, wordings[FIRST_LANGUAGE])
    return Wordings(by_language=wordings)


def _parse(language: str, texts: Mapping[str, str]) -> Wording:
    sentences: dict[str, str] = {}
    approved: set[str] = set()
    for name, text in texts.items():
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BrokenWording(f"{language}/{name}: {error}") from error
        approved.add(str(content.pop("approved_by", "")))
        content.pop("approved_on", None)
        for key, sentence in _flat(content).items():
            if key in sentences:
                raise BrokenWording(f"{language}/{name}: {key} stands twice")
            sentences[key] = sentence
    return Wording(language=language, sentences=sentences, approved_by=approved.pop() if len(approved) == 1 else "")


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")  # pyright: ignore[reportUnknownArgumentType]  # TOML is untyped
        elif isinstance(value, str):
            flat[f"{prefix}{key}"] = value.strip("\n")
        else:
            raise BrokenWording(f"{prefix}{key} is not a sentence")
    return flat


def _compare(wording: Wording, first: Wording) -> None:
    if wording.sentences.keys() != first.sentences.keys():
        odd = sorted(wording.sentences.keys() ^ first.sentences.keys())
        raise BrokenWording(f"{wording.language} and {first.language} do not have the same sentences: {odd[0]}")
    for key, sentence in wording.sentences.items():
        if _blanks(sentence) != _blanks(first.sentences[key]) and not key.endswith(".one"):
            raise BrokenWording(f"{wording.language}: {key} has other blanks than in {first.language}")


def _blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
