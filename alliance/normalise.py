"""How a message is read before it is screened: disguises undone, every word still knowing where it stood."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise, repeat

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
# Fillers that are letters by category and nothing to the eye.
_BLANKS = "\u115f\u1160\u3164\uffa0\u034f"

_TOKEN = re.compile(
    r"""(?P<spaced>(?<![\w@$'])[\w@$](?:[^\w@$'\n][\w@$](?![\w@$'])){1,})
      | (?P<word>[\w@$]+(?:'[\w@$]+)*)
      | (?P<end>(?<!\.)\.(?!\.)|[!?\n])
      | (?P<pause>[,;:()])""",
    re.VERBOSE,
)
_STOPS = frozenset({"end", "pause"})
_STRETCHED = re.compile(r"(.)\1\1")
_ODD = re.compile(rf"[0-9@$]|{_STRETCHED.pattern}")
_HELD = 3  # times in a row, and a letter is no longer spelling; no English or Spanish word needs that
# Three single letters in a row are a disguise; only then are two taken for one as well ("k i l l  m e").
_SPACED_OUT = re.compile(r"(?<![\w@$'])[\w@$](?:[^\w@$'\n][\w@$](?![\w@$'])){2}")
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A message as words: columns of equal length, the nth entry of each about the nth word.

    `spans` are half-open, in code points of the original text. `sentences` and `clauses` number what the word
    stands in: a full stop, question mark or line end closes a sentence; a comma or bracket only a clause.
    """

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]


def normalise(text: str, lexicon: Lexicon = NO_WORDS) -> Reading:
    """Read any text as plain lower-case words, in time linear in its length. Never raises on a str.

    Undone: compatibility forms (Unicode NFKD), case, marks and accents (ñ is n throughout), invisible and
    control characters, lookalike letters, digits and signs inside words, letters repeated three times or more,
    letters typed with gaps between them, apostrophes and contractions ("don't", "dont" and "do not" read the
    same). Where two readings are possible the one in `lexicon` is taken; without one, letters typed with gaps
    stay single letters.
    """
    folded, origins = _fold(text)
    spelling = _Spelling(lexicon)
    spaced_out = _SPACED_OUT.search(folded) is not None
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    sentences: list[int] = []
    clauses: list[int] = []
    sentence = clause = 0
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup
        if kind in _STOPS:
            clause += 1
            sentence += kind == "end"
            continue
        start, end = match.span()
        runs = _joined(match[0], lexicon, spaced_out=spaced_out) if kind == "spaced" else ((match[0], 0, end - start),)
        for typed, first, beyond in runs:
            span = (origins[start + first], origins[start + beyond - 1] + 1)
            for word in spelling[typed]:
                words.append(word)
                spans.append(span)
                sentences.append(sentence)
                clauses.append(clause)
    return Reading(words=tuple(words), spans=tuple(spans), sentences=tuple(sentences), clauses=tuple(clauses))


def _fold(text: str) -> tuple[str, list[int]]:
    """Fold each character by itself; `origins` says for each folded one which original it came from."""
    pieces = list(map(_Folding().__getitem__, text))
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
    return pairs | dict.fromkeys(_BLANKS, "")


def _skeleton(word: str) -> str:
    """The word with each doubled letter once: "killll" and "kill" share theirs."""
    return _REPEATED.sub(r"\1", word)


class _Spelling(dict[str, tuple[str, ...]]):
    """The plain words each typed word stands for, worked out on first sight and remembered for one text only."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, typed: str) -> tuple[str, ...]:
        known = typed in self.lexicon.words
        words = self[typed] = (typed,) if known else _spelt_out(typed, self.lexicon)
        return words


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


def _joined(run: str, lexicon: Lexicon, *, spaced_out: bool) -> Iterator[tuple[str, int, int]]:
    """Read "k i l l  m e" as words, each with where it begins and ends in the run.

    Every second character of a run is a letter, so a letter's place in it is twice its place among the letters.
    """
    letters = run[::2]
    if spaced_out and 2 * sum(map(str.isalpha, letters)) > len(letters):  # "b 1 2" is no disguise, "s u 1 c" is
        letters = letters.translate(_LEET[0])
    cuts = _cuts(letters, lexicon) if spaced_out else range(len(letters) + 1)
    for first, beyond in pairwise(cuts):
        yield letters[first:beyond], 2 * first, 2 * beyond - 1


_KNOWN, _STRAY = 2, 5  # what a known word and a stray letter cost: a cover with fewer strays wins


def _cuts(letters: str, lexicon: Lexicon) -> list[int]:
    """Where to cut a run of letters so that the fewest known words cover the most of it.

    Work per letter is bounded by the longest known word.
    """
    typed, prefixes = lexicon.typed, lexicon.prefixes
    cost = [_STRAY * place for place in range(len(letters) + 1)]
    came_from = list(range(-1, len(letters)))
    for first in range(len(letters)):
        if cost[first] + _STRAY < cost[first + 1]:
            cost[first + 1], came_from[first + 1] = cost[first] + _STRAY, first
        price = cost[first] + _KNOWN
        beyond = first + 1
        while beyond <= len(letters) and (word := letters[first:beyond]) in prefixes:
            if price < cost[beyond] and word in typed:
                cost[beyond], came_from[beyond] = price, first
            beyond += 1
    cuts = [len(letters)]
    while cuts[-1]:
        cuts.append(came_from[cuts[-1]])
    return cuts[::-1]
