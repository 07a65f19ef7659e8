"""How a typed word is spelt out: contractions, digits for letters, stretched, masked and glued words undone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alliance.gluing import known_words_in
from alliance.misspelling import slips_of

_STRETCHED = re.compile(r"(.)\1\1")
_ODD = re.compile(rf"[0-9@$]|{_STRETCHED.pattern}")
_HELD = 3  # times in a row, and a letter is no longer spelling; no English or Spanish word needs that
_BROKEN = re.compile(r"[^\w@$]+")
_RUN = re.compile(r"(.)\1*")
_REPEATED = re.compile(r"(.)\1+")
_GLUED_NUMBER = re.compile(r"([0-9]{1,4})([^\W\d]{3,})")
_SHORTEST_GLUED = 8  # letters; "imdying" is rarer than the ordinary words that would be cut up
MOST_LETTERS_CUT = 4_096  # of one text, what Telegram takes in one message; cutting is the dearest thing done here
# A one may stand for an i or for an l, so both readings are tried.
_LEET = (str.maketrans("013457@$!|+", "oieastasilt"), str.maketrans("013457@$!|+", "oleastasilt"))

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
    **dict.fromkeys(("cant", "cannot", "cnt"), "can not"),
    "wont": "will not",
    **dict.fromkeys(("im", "iam"), "i am"),
    **dict.fromkeys(("ima", "imma"), "i am going to"),
    "aint": "am not",
    **dict.fromkeys(("xq", "porq"), "porque"),
    "ive": "i have",
    "dnt": "do not",
    "youre": "you are",
    "theyre": "they are",
    "theyd": "they would",
    "theyll": "they will",
    "youll": "you will",
    "itll": "it will",
    "itd": "it would",
    "thats": "that is",
    "theres": "there is",
    "whats": "what is",
    "hes": "he is",
    "shes": "she is",
    "q": "que",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "dunno": "do not know",
    "idk": "i do not know",
    "gimme": "give me",
    "lemme": "let me",
    "tryna": "trying to",
    "boutta": "about to",
    "shoulda": "should have",
    "coulda": "could have",
    "woulda": "would have",
    "u": "you",
    "ur": "your",
    "cuz": "because",
    "coz": "because",
    "cos": "because",
    "bc": "because",
    # pictures that name a means
    "\U0001f52b": "gun",
    "\U0001f52a": "knife",
    "\U0001f5e1": "knife",
    "\U0001fa92": "razor",
    "\U0001f48a": "pills",
    "\u26b0": "coffin",
    "\U0001faa6": "grave",
    "\U0001faa2": "noose",
}

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The words somebody is listening for, arranged so that a disguised one can be recognised."""

    words: frozenset[str]
    typed: frozenset[str]  # the words and whatever may be typed for them, contractions included
    prefixes: frozenset[str]  # of everything in `typed`
    by_skeleton: Mapping[str, tuple[str, ...]]  # what in `typed` reads so with each doubled letter once
    fillers: frozenset[str]  # words that carry no meaning of their own and are left out when a message is read
    guarded: tuple[str, ...]  # words that are looked for in misspelt, masked and glued writing too
    slips: Mapping[str, str]  # the word for each of its misspellings

    @classmethod
    def of(
        cls,
        words: Iterable[str],
        *,
        fillers: Iterable[str] = (),
        guarded: Iterable[str] = (),
        misspelt: Mapping[str, str] = _NOTHING,
    ) -> "Lexicon":
        """Arrange words that are already in normalised spelling; `misspelt` gives the word for what is typed."""
        left_out, looked_for = frozenset(fillers), tuple(sorted(set(guarded)))
        known = frozenset(words) | left_out | frozenset(looked_for)
        typed = known.union(_CONTRACTIONS) if known else known
        by_skeleton: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for word in sorted(typed):
            by_skeleton[_skeleton(word)] += (word,)
        return cls(
            words=known,
            typed=typed,
            prefixes=frozenset(word[:length] for word in typed for length in range(1, len(word) + 1)),
            by_skeleton=dict(by_skeleton),
            fillers=left_out,
            guarded=looked_for,
            slips={slip: word for word in looked_for for slip in slips_of(word) if slip not in typed}
            | {slip: word for slip, word in misspelt.items() if slip not in typed},
        )


NO_WORDS = Lexicon.of(())


class Spelling(dict[str, tuple[str, ...]]):
    """The plain words each typed word stands for, worked out on first sight and remembered for one text only."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon
        self.letters_to_cut = MOST_LETTERS_CUT

    def __missing__(self, typed: str) -> tuple[str, ...]:
        words = (typed,) if typed in self.lexicon.words else _spelt_out(typed, self.lexicon)
        if len(words) == 1 and _SHORTEST_GLUED <= len(words[0]) <= self.letters_to_cut:
            words = self._unglued(words[0])
        if not self.lexicon.fillers.isdisjoint(words):
            words = tuple(word for word in words if word not in self.lexicon.fillers)
        self[typed] = words
        return words

    def _unglued(self, typed: str) -> tuple[str, ...]:
        """The words of "iwanttodie"; ordinary writing stays whole, because none of it holds a guarded word."""
        lexicon = self.lexicon
        if typed in lexicon.words or not any(word in typed for word in lexicon.guarded):
            return (typed,)
        self.letters_to_cut -= len(typed)
        words = known_words_in(typed, lexicon.typed, lexicon.prefixes)
        return tuple(plain for word in words for plain in _CONTRACTIONS.get(word, word).split()) or (typed,)


def unleet(letters: str) -> str:
    """Digits and signs read as the letters they are drawn like; a one is taken for an i."""
    return letters.translate(_LEET[0])


def unbroken(typed: str, lexicon: Lexicon) -> str | None:
    """The word somebody broke up ("ki-ll", "su!c*de"), or None where the pieces are words of their own."""
    if typed in lexicon.slips:
        return lexicon.slips[typed]
    joined = _BROKEN.sub("", unleet(typed))
    if joined not in lexicon.words and joined not in lexicon.slips:
        return None
    if all(piece in lexicon.typed for piece in _BROKEN.split(typed)):
        return None
    return lexicon.slips.get(joined, joined)


def _skeleton(word: str) -> str:
    """The word with each doubled letter once: "killll" and "kill" share theirs."""
    return _REPEATED.sub(r"\1", word)


def _spelt_out(typed: str, lexicon: Lexicon) -> tuple[str, ...]:
    whole = _CONTRACTIONS.get(typed) or lexicon.slips.get(typed)
    if whole is not None:
        return tuple(whole.split())
    if "'" in typed:
        return _uncontracted(typed, lexicon)
    if typed.isdecimal() or not _ODD.search(typed):
        return (typed,)
    glued = typed[0].isdecimal() and _GLUED_NUMBER.fullmatch(typed)
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
    return (plain, _ENDINGS[ending]) if ending in _ENDINGS else (lexicon.slips.get(bare, bare),)


def _undisguised(word: str, lexicon: Lexicon) -> str:
    """One word without leet or stretched letters; the reading somebody listens for, if there is one."""
    readings = (word,) if word.isalpha() else (word.translate(_LEET[0]), word.translate(_LEET[1]))
    for reading in readings:
        if reading in lexicon.typed:
            return reading
        if reading in lexicon.slips:
            return lexicon.slips[reading]
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
