"""Characters that stand for others: drawn, borrowed, decorated or invisible ones, read as plain letters."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain, repeat

# One character for another that looks like it; escapes, because the point is that nobody can tell them apart.
_LOOKALIKES = (
    ("\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445", "abekmhopctyx"),  # Cyrillic
    ("\u0433\u0438\u043f\u044c\u044f\u0455\u0456\u0458\u0454", "runbrsije"),
    ("\u0501\u051b\u051d\u04bb\u04cf", "dqwhl"),
    ("\u03b1\u03b2\u03b3\u03b4\u03b5\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf", "abydenikuvo"),  # Greek
    ("\u03c0\u03c1\u03c3\u03c4\u03c5\u03c7\u03c9\u03f2\u03f3", "npotuxwcj"),
    ("\u0131\u0142\u00f8\u0111\u0127\u0251\u0261\u0269\u028b", "ilodhagiv"),  # Latin that does not decompose
    ("\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a", "abcdefghij"),  # small capitals
    ("\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c", "klmnoprstu"),
    ("\u1d20\u1d21\u028f\u1d22", "vwyz"),
    ("\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`\uff07\u055a\u02bb", "'''''''''''"),
    ("\u3002\uff0e\u037e\u2028\u2029\u00bf\u00a1", "..?\n\n  "),
)
# Where alphabets of drawn letters begin (bracketed, circled, squared, flags) that NFKD leaves alone.
_DRAWN_ALPHABETS = (0x249C, 0x1F150, 0x1F170, 0x1F1E6)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# What alone among pictures names a means or a grave; left as they are, to be read as words.
PICTURES = "\U0001f52b\U0001f52a\U0001f5e1\U0001fa92\U0001f48a\u26b0\U0001faa6\U0001faa2"
# Fillers that are letters by category and nothing to the eye.
_BLANKS = "\u115f\u1160\u3164\uffa0\u034f"


def fold(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain lower-case characters, and for each of them the place of the original it came from.

    Each character is folded by itself (Unicode NFKD, then the tables above), so the work is linear in the text.
    Some fold to nothing, some to several; a line end stays one.
    """
    folding = _Folding()
    pieces = list(map(folding.__getitem__, text))
    if all(len(folded) == 1 for folded in folding.values()):
        return "".join(pieces), range(len(pieces))
    origins = list(chain.from_iterable(map(repeat, range(len(pieces)), map(len, pieces))))
    return "".join(pieces), origins


class _Folding(dict[str, str]):
    """What each character folds to, worked out on first sight and remembered for one text only."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _folded(character)
        return folded


def _folded(character: str) -> str:
    if character.isascii():
        return _folded_ascii(character)
    drawn = _drawings().get(character)
    if drawn is not None:
        return drawn
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me", "Cc"}:
        return ""
    if category == "Lo" and not unicodedata.decomposition(character):
        return character
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    plain = "".join(_drawings().get(part, part) for part in plain if unicodedata.category(part) != "Mn")
    # Only letters may unfold into several: "a.m." in one character must not become several words.
    return plain if len(plain) == 1 or plain.isalnum() else " "


def _folded_ascii(character: str) -> str:
    if character in "\n\r":
        return "\n"
    if character == "_" or character.isspace():
        return " "
    if character == "`":
        return "'"
    return character.lower() if character.isprintable() else ""


@cache
def _drawings() -> Mapping[str, str]:
    pairs = {drawn: plain for left, right in _LOOKALIKES for drawn, plain in zip(left, right, strict=True)}
    pairs |= {drawn.upper(): plain for drawn, plain in pairs.items() if len(drawn.upper()) == 1}
    for first in _DRAWN_ALPHABETS:
        pairs |= {chr(first + place): letter for place, letter in enumerate(_ALPHABET)}
    return pairs | dict.fromkeys(_BLANKS, "") | {picture: picture for picture in PICTURES}
