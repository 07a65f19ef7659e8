"""How a message is read before it is screened: as plain words, every one still knowing where it stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from alliance.gluing import cuts
from alliance.lookalikes import PICTURES, fold
from alliance.spelling import MOST_LETTERS_CUT, NO_WORDS, Lexicon, Spelling, unbroken, unleet

_LETTER = r"[\w@$]"
_WORD = rf"{_LETTER}+(?:'{_LETTER}+)*"
# A picture between letters is a disguise ("k🔫ill"), one that stands alone is a word.
_PICTURE = rf"(?<!{_LETTER})[{PICTURES}](?!{_LETTER})"
_STOP = r"(?P<end>(?<!\.)\.(?!\.)|[!?\n]) | (?P<pause>[,;:()])"
_TOKEN = re.compile(
    rf"""(?P<spaced>(?<![\w@$'])[\w@$](?:[^\w@$'\n][\w@$](?![\w@$'])){{1,}})
      | (?P<word>{_WORD}|{_PICTURE}) (?P<broken>(?:[^\w\s@$',;:()?]{_LETTER}+)+)?
      | {_STOP}""",
    re.VERBOSE,
)
_WHOLE = re.compile(rf"(?P<word>{_WORD}) | {_STOP}", re.VERBOSE)
# Three single letters in a row are a disguise; only then are two taken for one as well ("k i l l  m e").
_SPACED_OUT = re.compile(r"(?<![\w@$'])[\w@$](?:[^\w@$'\n][\w@$](?![\w@$'])){2}")
_Token: TypeAlias = tuple[str | None, str, int, int]  # kind, what is typed, and where: half-open


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
    same), and for the guarded words of `lexicon` misspellings, stars and missing spaces. Where two readings are
    possible the one in `lexicon` is taken; without one, letters typed with gaps stay single letters. Fillers of
    `lexicon` are left out.
    """
    folded, origins = fold(text)
    spelling = Spelling(lexicon)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    clauses: list[int] = []
    sentence_of = [0]  # by clause
    clause = 0
    for kind, typed, start, end in _tokens(folded, lexicon):
        if kind is not None:
            sentence_of.append(sentence_of[clause] + (kind == "end"))
            clause += 1
            continue
        span = (origins[start], origins[end - 1] + 1)
        for word in spelling[typed]:
            words.append(word)
            spans.append(span)
            clauses.append(clause)
    sentences = tuple(map(sentence_of.__getitem__, clauses))
    return Reading(words=tuple(words), spans=tuple(spans), sentences=sentences, clauses=tuple(clauses))


def _tokens(folded: str, lexicon: Lexicon) -> Iterator[_Token]:
    """Words (kind None) and what parts them ("end", "pause"), in order."""
    spaced_out = _SPACED_OUT.search(folded) is not None
    pieces = _Pieces(lexicon)
    for match in _TOKEN.finditer(folded):
        kind, (start, end) = match.lastgroup, match.span()
        match kind:
            case "word":
                yield None, match[0], start, end
            case "spaced" if match[0] in lexicon.slips:  # "d*e"
                yield None, match[0], start, end
            case "spaced":
                for typed, first, beyond in _joined(match[0], lexicon, spaced_out=spaced_out):
                    yield None, typed, start + first, start + beyond
            case "broken":
                for part, typed, first, beyond in pieces[match[0]]:
                    yield part, typed, start + first, start + beyond
            case _:
                yield kind, match[0], start, end


class _Pieces(dict[str, tuple[_Token, ...]]):
    """What a word with signs inside it is read as, worked out on first sight and remembered for one text only.

    Places are counted from where the word begins.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, typed: str) -> tuple[_Token, ...]:
        whole = unbroken(typed, self.lexicon)
        if whole is not None:
            pieces: tuple[_Token, ...] = ((None, whole, 0, len(typed)),)
        else:
            pieces = tuple(
                (None if piece.lastgroup == "word" else piece.lastgroup, piece[0], *piece.span())
                for piece in _WHOLE.finditer(typed)
            )
        self[typed] = pieces
        return pieces


def _joined(run: str, lexicon: Lexicon, *, spaced_out: bool) -> Iterator[tuple[str, int, int]]:
    """Read "k i l l  m e" as words, each with where it begins and ends in the run.

    Every second character of a run is a letter, so a letter's place in it is twice its place among the letters.
    """
    letters = run[::2]
    if spaced_out and 2 * sum(map(str.isalpha, letters)) > len(letters):  # "b 1 2" is no disguise, "s u 1 c" is
        letters = unleet(letters)
    places = range(len(letters) + 1)
    if spaced_out and len(letters) <= MOST_LETTERS_CUT:
        places = cuts(letters, lexicon.typed, lexicon.prefixes)
    for first, beyond in pairwise(places):
        yield letters[first:beyond], 2 * first, 2 * beyond - 1
