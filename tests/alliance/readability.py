"""How many years of school a text asks for, by a formula of its own language.

English: the Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975, Navy research branch report 8-75).
Spanish: Crawford's school grade (Crawford 1984, Lectura y vida 5(4)), which is meant for the six years of primary
school, and beside it the INFLESZ score (Szigriszt Pazos 1993; Barrio-Cantalejo and others 2008, Anales del Sistema
Sanitario de Navarra 31(2)), on which 55 to 65 is normal and more is easier.
"""

import re
from dataclasses import dataclass

HIGHEST_GRADE = 6.0  # what a patient reads asks for no more than six years of school
NORMAL_INFLESZ = 55.0  # below this, a text is "somewhat difficult"
SHORT = 12  # words; a formula made for whole pages says nothing about less
LONGEST_SENTENCE = 25  # words
LONGEST_WORD = 4  # syllables, in a text that is too short for a formula

_WORD = re.compile(r"[A-Za-zÀ-ÿ’']*[A-Za-zÀ-ÿ]")
_SENTENCE_END = re.compile(r"(?:[.?!]+[”»\")]*\s+|\n+)")  # a line of a list is a sentence as well
_VOWELS = re.compile(r"[aeiouy]+")
_TWO_BEATS = re.compile(  # vowels that meet and are said apart
    r"(?<![ct])ia(?!l)|(?<![ctsgx])io(?!u)|(?<![ctgx])iou|(?<![gq])ua|uou|[aeiou]ing\b|ie(?:t|nc)|(?<![ct])ient|[ao]y[aeo]|eo\b"
    r"|\bidea|\barea|\bcrea"
)
_SILENT_WITHIN = re.compile(  # some-thing, use-ful
    r"(?<=\bsom)e(?=.)|(?<=\bhom)e(?=w)|(?<=her|ver)e(?=[ybf])|(?<=\bev)e|(?<=[^aeioul])e(?=(?:ful|ly|ty|ment|less)\b)"
)
_SILENT = re.compile(r"(?<=[^aeiouy])e(?:d|s)?$")
_KEPT = re.compile(r"(?:[^aeiouy]le|[td]ed|(?:[sxz]|[cs]h|[cg])es|[^aeiouy]les)$")
_STRONG_PAIR = re.compile(r"(?<=[aeoáéóíú])h?(?=[aeoáéó])|(?<=[aeoáéó])h?(?=[íú])|(?<=[íú])h?(?=[aeoáéó])")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A text in numbers. ``longest`` is its longest sentence in words, ``hardest`` its word of most syllables."""

    language: str
    sentences: int
    words: int
    syllables: int
    longest: int
    hardest: str

    @property
    def grade(self) -> float:
        """The school year that the text asks for; 0 where there is no word."""
        if not self.words:
            return 0.0
        if self.language == "es":
            return -0.205 * 100 * self.sentences / self.words + 0.049 * 100 * self.syllables / self.words - 3.407
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def inflesz(self) -> float:
        """The INFLESZ score of a Spanish text."""
        return 206.835 - 62.3 * self.syllables / max(self.words, 1) - self.words / max(self.sentences, 1)

    @property
    def is_short(self) -> bool:
        """Whether no formula can say anything about it alone."""
        return self.words < SHORT


def measure(*texts: str, language: str) -> Measured:
    """Count over all these texts, each of which ends its last sentence."""
    sentences = [_WORD.findall(piece) for text in texts for piece in _SENTENCE_END.split(text)]
    counted = [words for words in sentences if words]
    every = [word for words in counted for word in words]
    return Measured(
        language=language,
        sentences=len(counted),
        words=len(every),
        syllables=sum(syllables(word, language=language) for word in every),
        longest=max(map(len, counted), default=0),
        hardest=max(every, key=lambda word: syllables(word, language=language), default=""),
    )


def syllables(word: str, *, language: str) -> int:
    """How many syllables a word has, at least one."""
    return max(1, _in_spanish(word.lower()) if language == "es" else _in_english(word.lower()))


def _in_english(word: str) -> int:
    """Groups of vowels, without what is silent at the end, and with two for what is said apart."""
    bare = _SILENT_WITHIN.sub("", word.replace("’", "'").removesuffix("'s")).replace("people", "pepel")
    count = len(_VOWELS.findall(bare)) + len(_TWO_BEATS.findall(bare))
    return count - (1 if _SILENT.search(bare) and not _KEPT.search(bare) else 0)


def _in_spanish(word: str) -> int:
    """Groups of vowels, apart where two strong ones or an accented weak one meet (Ortografía de la lengua española)."""
    bare = re.sub(r"(?<=[qg])u(?=[eiéí])", "", re.sub(r"y(?=[aeiouáéíóú])", "j", word)).replace("y", "i")
    apart = _STRONG_PAIR.sub("-", bare)
    return len(_SPANISH_VOWELS.findall(apart))
