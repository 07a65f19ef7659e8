"""How a typed word is spelt out: contractions, digits for letters and stretched letters undone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_STRETCHED = re.compile(r"(.)\1\1")
_ODD = re.compile(rf"[0-9@$]|{_STRETCHED.pattern}")
_HELD = 3  # times in a row, and a letter is no longer spelling; no English or Spanish word needs that
_RUN = re.compile(r"(.)\1*")
_REPEATED = re.compile(r"(.)\1+")
_GLUED_NUMBER = re.compile(r"([0-9]{1,4})([^\W\d]{3,})")
# A one may stand for an i or for an l, so both readings are tried.
_LEET = (str.maketrans("013457@$", "oieastas"), str.maketrans("013457@$", "oleastas"))

_ENDINGS = {"re": "are", "ll": "will", "ve": "have", "d": "would", "m": "am"}
_IS_SHORTENED_AFTER = frozenset(["he", "she", "it", "that", "there", "what", "who", "everyone", "nobody"])
_TAKES_NOT = (
    "do",
    "does",
    "did",
    "is",
    "are",
    "was",
    "were",
    "have",
    "has",
    "had",
    "would",
    "could",
    "should",
)
# As typed without their apostrophe, and spoken forms. Those that would also be another word ("ill", "were",
# "id", "hell") are left to their apostrophe.
_CONTRACTIONS: Mapping[str, str] = {
    **{f"{verb}nt": f"{verb} not" for verb in _TAKES_NOT},
    **dict.fromkeys(("cant", "cannot"), "can not"),
    "wont": "will not",
    **dict.fromkeys(("im", "iam"), "i am"),
    "aint": "am not",
    **dict.fromkeys(("xq", "porq"), "porque"),
    "ive": "i have",
    "dnt": "do not",
    "youre": "you are",
    "hes": "he is",
    "shes": "she is",
    "q": "que",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "dunno": "do not know",
    "gimme": "give me",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The words somebody is listening for, arranged so that a disguised one can be recognised."""

    words: frozenset[str]
    typed: frozenset[str]  # the words and whatever may be typed for them, contractions included
    prefixes: frozenset[str]  # of everything in `typed`
    by_skeleton: Mapping[str, tuple[str, ...]]  # what in `typed` reads so with each doubled letter once

    @classmethod
    def of(cls, words: Iterable[str]) -> "Lexicon":
        """Arrange words that are already in normalised spelling."""
        known = frozenset(words)
        typed = known.union(_CONTRACTIONS) if known else known
        by_skeleton: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for word in sorted(typed):
            by_skeleton[_skeleton(word)] += (word,)
        return cls(
            words=known,
            typed=typed,
            prefixes=frozenset(word[:length] for word in typed for length in range(1, len(word) + 1)),
            by_skeleton=dict(by_skeleton),
        )


NO_WORDS = Lexicon.of(())


class Spelling(dict[str, tuple[str, ...]]):
    """The plain words each typed word stands for, worked out on first sight and remembered for one text only."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, typed: str) -> tuple[str, ...]:
        known = typed in self.lexicon.words
        words = self[typed] = (typed,) if known else _spelt_out(typed, self.lexicon)
        return words


def unleet(letters: str) -> str:
    """Digits and signs read as the letters they are drawn like; a one is taken for an i."""
    return letters.translate(_LEET[0])


def _skeleton(word: str) -> str:
    """The word with each doubled letter once: "killll" and "kill" share theirs."""
    return _REPEATED.sub(r"\1", word)


def _spelt_out(typed: str, lexicon: Lexicon) -> tuple[str, ...]:
    whole = _CONTRACTIONS.get(typed)
    if whole is not None:
        return tuple(whole.split())
    if "'" in typed:
        return _uncontracted(typed, lexicon)
    if typed.isdecimal() or not _ODD.search(typed):
        return (typed,)
    glued = _GLUED_NUMBER.fullmatch(typed)
    if glued and glued[2] in lexicon.words:
        return (glued[1], glued[2])
    plain = _undisguised(typed, lexicon)
    return tuple(_CONTRACTIONS.get(plain, plain).split())


def _uncontracted(typed: str, lexicon: Lexicon) -> tuple[str, ...]:
    bare = _undisguised(typed.replace("'", ""), lexicon)
    if bare in _CONTRACTIONS:
        return tuple(_CONTRACTIONS[bare].split())
    stem, _, ending = typed.rpartition("'")
    plain = _undisguised(stem.replace("'", ""), lexicon)
    if ending == "s" and plain in _IS_SHORTENED_AFTER:
        return (plain, "is")
    if ending == "t" and plain.endswith("n"):
        return (plain[:-1], "not")
    return (plain, _ENDINGS[ending]) if ending in _ENDINGS else (bare,)


def _undisguised(word: str, lexicon: Lexicon) -> str:
    """One word without leet or stretched letters; the reading somebody listens for, if there is one."""
    readings = [word] if word.isalpha() else [word.translate(table) for table in _LEET]
    for reading in readings:
        if reading in lexicon.typed:
            return reading
    if not _STRETCHED.search(word):
        return readings[0]
    for reading in readings:
        for candidate in lexicon.by_skeleton.get(_skeleton(reading), ()):
            if _is_stretched_from(candidate, reading):
                return candidate
    return _skeleton(readings[0])


def _is_stretched_from(word: str, stretched: str) -> bool:
    """Whether only letters held three times or more differ: "oooff" is a stretched "off", not "of"."""
    pairs = zip(_RUN.finditer(word), _RUN.finditer(stretched), strict=True)
    return all(len(held[0]) == len(plain[0]) or len(held[0]) >= _HELD for plain, held in pairs)
