"""How words are hidden from a machine that reads them, or come out by themselves in a hurry."""

from collections.abc import Callable, Mapping

_MISSPELT = {
    "suicide": "sucide",
    "suicidal": "suicidle",
    "myself": "mysefl",
    "killing": "killling",
    "overdose": "overdsoe",
    "overdosed": "overdosd",
    "anymore": "anymroe",
    "don't": "dont",
    "can't": "cant",
    "won't": "wont",
    "i'm": "im",
    "i've": "ive",
    "want": "wnat",
    "going": "goin",
    "everyone": "everyon",
    "nobody": "nobdy",
    "tablets": "tabelts",
    "pills": "pils",
    "because": "becuase",
    "tonight": "tonigt",
    "living": "livign",
    "attempt": "attmept",
    "goodbye": "goodby",
    "breathe": "breath",
}
_CYRILLIC = str.maketrans("aeopcxyi", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456")
_GREEK = str.maketrans("aioukvt", "\u03b1\u03b9\u03bf\u03c5\u03ba\u03bd\u03c4")
_LEET = str.maketrans("oiea", "0134")
_ACUTE, _VOWELS = "\u0301", "aeiou"
_LONG = 3  # letters; shorter words stay as they are where a disguise would leave nothing to read


def disguises() -> Mapping[str, Callable[[str], str]]:
    """Each kind by name. A sentence that a kind leaves as it is says nothing about that kind."""
    return {
        "zero-width": "\u200b".join,
        "soft hyphens": "\u00ad".join,
        "direction marks": lambda text: " ".join(f"\u202e{word}\u202c" for word in text.split(" ")),
        "written backwards": lambda text: f"\u202e{text[::-1]}\u202c",
        "fullwidth": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        "bold script": lambda text: "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower()),
        "struck out": "\u0336".join,
        "accents": lambda text: "".join(c + _ACUTE if c in _VOWELS else c for c in text),
        "Cyrillic lookalikes": lambda text: text.translate(_CYRILLIC),
        "Greek lookalikes": lambda text: text.translate(_GREEK),
        "spaced": lambda text: _between(text, " "),
        "dotted": lambda text: _between(text, "."),
        "emoji between": lambda text: _between(text, "\U0001f480"),
        "dash inside words": _broken,
        "stars for vowels": lambda text: " ".join(map(_starred, text.split(" "))),
        "leet": lambda text: _each_long_word(text.lower(), lambda word: word.translate(_LEET)),
        "repeated letters": lambda text: _each_long_word(text, _stretched),
        "upper case": str.upper,
        "misspellings": lambda text: " ".join(_MISSPELT.get(word.lower(), word) for word in text.split(" ")),
        "line breaks": lambda text: "\n".join(text.split(" ")),
        "curly apostrophes": lambda text: text.replace("'", "\u2019"),
        "no apostrophes": lambda text: text.replace("'m ", " am ").replace("n't", "nt"),
    }


def _between(text: str, joint: str) -> str:
    """Each word's letters with a joint between them, the words further apart."""
    return "  ".join(joint.join(word.replace("'", "")) for word in text.split())


def _each_long_word(text: str, disguise: Callable[[str], str]) -> str:
    return " ".join(disguise(word) if len(word) >= _LONG else word for word in text.split(" "))


def _stretched(word: str) -> str:
    """One vowel held: "waaaant"."""
    return next((word.replace(vowel, vowel * 4, 1) for vowel in _VOWELS if vowel in word), word)


def _broken(text: str) -> str:
    """A dash in the middle of each word of four letters or more: "ki-ll"."""
    return " ".join(
        f"{w[: len(w) // 2]}-{w[len(w) // 2 :]}" if len(w) > _LONG and w.isalpha() else w for w in text.split(" ")
    )


def _starred(word: str) -> str:
    """The first inner vowel of the words people star out."""
    hidden = {
        "kill",
        "die",
        "dead",
        "suicide",
        "suicidal",
        "killing",
        "dying",
        "hang",
        "overdose",
        "overdosed",
        "pills",
        "hanging",
        "cutting",
    }
    if word.lower() not in hidden:
        return word
    place = next(place for place, letter in enumerate(word) if place and letter.lower() in _VOWELS)
    return f"{word[:place]}*{word[place + 1 :]}"
