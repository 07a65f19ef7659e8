"""Names and words of the other direction of writing, set apart so that they cannot turn a sentence around."""

import re
import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"  # Unicode Standard Annex 9, 2.4
_TO_THE_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})  # written so
_RIGHT_TO_LEFT = frozenset({"R", "AL"})  # bidirectional classes of letters
_LEFT_TO_RIGHT = frozenset({"L"})
_SET_APART = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")


def set_apart(value: object, *, language: str) -> object:
    """What goes into a blank, between isolates if it holds letters of the other direction than the language's.

    Anything but text, and text of the language's own direction, stays as it is; what is set apart already counts
    for nothing. Each line gets its own isolates, because a line break would end them (UAX 9, X8).
    """
    return name_apart(value, language=language) if isinstance(value, str) else value


def name_apart(value: str, *, language: str) -> str:
    """As ``set_apart`` does it, for text that is put into a sentence which is no wording, such as a question."""
    against = _LEFT_TO_RIGHT if language in _TO_THE_LEFT else _RIGHT_TO_LEFT
    if against is _RIGHT_TO_LEFT and value.isascii():  # nearly every time
        return value
    return "\n".join(_apart(line, against) for line in value.split("\n"))


def _apart(line: str, against: frozenset[str]) -> str:
    open_letters = _SET_APART.sub("", line)
    if any(unicodedata.bidirectional(letter) in against for letter in open_letters):
        return f"{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}"
    return line
