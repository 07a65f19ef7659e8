"""Ways in which a Spanish sentence is disguised or mistyped, each the same every time it is asked."""

import random
import re
from collections.abc import Callable
from zlib import crc32

_LOOKALIKES = str.maketrans("aeopcxyi", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456")
_GREEK = str.maketrans("aoikvu", "\u03b1\u03bf\u03b9\u03ba\u03bd\u03c5")
_NO_MARKS = str.maketrans("áéíóúüñÁÉÍÓÚÑ", "aeiouunAEIOUN")
_LEET = str.maketrans("oiea", "0134")
_MARKS = "\u0300\u0301\u0302\u0308\u0323\u0331"  # combining: grave, acute, hat, dots, dot below, bar below
_CONTROLS = "\u200e\u200f\u202a\u202c\u2066\u2069\u202e"
# What people really type: k for qu, b for v and the other way, no h, s for c and z, y for ll; one of them a message.
_MISSPELLINGS = (
    (r"\bquiero\b", "kiero"),
    (r"\bquiero\b", "qiero"),
    (r"\bvivir\b", "bivir"),
    (r"\bvivir\b", "vibir"),
    (r"\bvida\b", "bida"),
    (r"\baqu[ií]\b", "aki"),
    (r"\bque\b", "k"),
    (r"\bque\b", "q"),
    (r"\bya no\b", "lla no"),
    (r"\bhacerme\b", "acerme"),
    (r"\bhacerme\b", "aserme"),
    (r"\bsuicidarme\b", "suisidarme"),
    (r"\bsuicidio\b", "suisidio"),
    (r"\bnecesito\b", "nesesito"),
    (r"\bdesaparecer\b", "desapareser"),
    (r"\bpastillas\b", "pastiyas"),
    (r"\bdespertar\b", "dispertar"),
    (r"\bvoy a\b", "boy a"),
    (r"\bseguir\b", "segir"),
    (r"\bhe\b", "e"),
    (r"\bm[aá]s\b", "maz"),
    (r"\bahorcarme\b", "aorcarme"),
    (r"\bbalc[oó]n\b", "valcon"),
    (r"\bventana\b", "bentana"),
    (r"\bsiento\b", "ciento"),
    (r"\bharta\b", "arta"),
    (r"\bcansad([oa])\b", r"kansad\1"),
    (r"\bporque\b", "xq"),
    (r"\bcortarme\b", "kortarme"),
    (r"\bhubiera\b", "ubiera"),
)


def _seeded(text: str) -> random.Random:
    return random.Random(crc32(text.encode()))  # noqa: S311  # a test that repeats itself, no secret


def _between(text: str, joint: str) -> str:
    return "  ".join(joint.join(word) for word in re.findall(r"\w+", text))


def _zero_width(text: str) -> str:
    return "\u200b".join(text)


def _confusables(text: str) -> str:
    return text.lower().translate(_LOOKALIKES)


def _fullwidth(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _spaced(text: str) -> str:
    return _between(text, " ")


def _dotted(text: str) -> str:
    return _between(text, ".")


def _dashed(text: str) -> str:
    return _between(text, "-")


def _leet(text: str) -> str:
    return " ".join(w.translate(_LEET) if len(w) > 2 else w for w in text.lower().translate(_NO_MARKS).split())


def _stretched(text: str) -> str:
    """One vowel of each word held, not always the same one."""
    draw = _seeded(text)

    def held(word: re.Match[str]) -> str:
        vowels = [place for place, letter in enumerate(word[0]) if letter in "aeiouáéíóú"]
        if not vowels:
            return word[0]
        place = draw.choice(vowels)
        return word[0][:place] + word[0][place] * 4 + word[0][place + 1 :]

    return re.sub(r"\w+", held, text)


def _bidi(text: str) -> str:
    draw = _seeded(text)
    return "".join(letter + (draw.choice(_CONTROLS) if draw.random() < 0.3 else "") for letter in text)


def _mixed_script(text: str) -> str:
    """Each letter Latin, Cyrillic or Greek as it falls."""
    draw = _seeded(text)
    return "".join(letter.translate(draw.choice((_LOOKALIKES, _GREEK, {}))) for letter in text.lower())


def _without_marks(text: str) -> str:
    return text.translate(_NO_MARKS)


def _with_marks(text: str) -> str:
    draw = _seeded(text)
    return "".join(c + (draw.choice(_MARKS) if c.isalpha() and draw.random() < 0.5 else "") for c in text)


def _capitals(text: str) -> str:
    return text.upper()


def _soft_hyphens(text: str) -> str:
    return "\u00ad".join(text)


def _bold(text: str) -> str:
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower())


def _mistyped(text: str) -> str:
    draw, typed = _seeded(text), text.lower()
    fitting = [slip for slip in _MISSPELLINGS if re.search(slip[0], typed)]
    if fitting:
        typed = re.sub(*draw.choice(fitting), typed, count=1)
    return _without_marks(typed)


DISGUISES: dict[str, Callable[[str], str]] = {
    "zero-width characters": _zero_width,
    "confusable letters": _confusables,
    "fullwidth": _fullwidth,
    "spaced": _spaced,
    "dotted": _dotted,
    "dashed": _dashed,
    "digits for letters": _leet,
    "repeated letters": _stretched,
    "direction controls": _bidi,
    "mixed script": _mixed_script,
    "accents left out": _without_marks,
    "accents added": _with_marks,
    "capitals": _capitals,
    "soft hyphens": _soft_hyphens,
    "bold script": _bold,
    "misspelt": _mistyped,
}
