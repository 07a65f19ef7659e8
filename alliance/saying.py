"""What is said is a value: text, buttons, and whether it may be kept; nothing here knows Telegram."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

_LAST_OF_THE_FIRST_PLANE = 0xFFFF  # characters after it take two UTF-16 units
LONGEST = 4096  # UTF-16 units in one message; Telegram's limit, safe for characters and for units


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A label to press and what the press is about (at most 64 bytes), or a link to open."""

    label: str
    press: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Emphasis:
    """A stretch of the text in bold; offsets count UTF-16 units."""

    offset: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """One message as somebody will see it."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    emphasis: tuple[Emphasis, ...] = field(default=())
    protected: bool = False  # cannot be forwarded or saved


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text takes, as Telegram counts offsets and lengths."""
    return len(text.encode("utf-16-le", errors="replace")) // 2


def headed(title: str, body: str, *, rows: tuple[tuple[Button, ...], ...] = (), protected: bool = False) -> Saying:
    """A saying whose first line stands out."""
    text = f"{title}\n{body}" if body else title
    return Saying(text=text, rows=rows, emphasis=(Emphasis(offset=0, length=utf16_length(title)),), protected=protected)


def shown_words(title: str, words: str, phrases: Sequence[tuple[int, int]]) -> Saying:
    """What somebody wrote, below a title of whole lines: the title's first line and the phrases in it stand out.

    Phrases are half-open places in the words, in code points; where they overlap they stand out together.
    """
    first_line, _, _ = title.partition("\n")
    before = utf16_length(title)
    bold = [Emphasis(offset=0, length=utf16_length(first_line))]
    reached = 0
    for first, last in sorted(phrases):
        start = max(first, reached)
        if start < last <= len(words):
            bold.append(Emphasis(offset=before + utf16_length(words[:start]), length=utf16_length(words[start:last])))
            reached = last
    return Saying(text=f"{title}{words}", emphasis=tuple(bold), protected=True)


def in_parts(saying: Saying) -> tuple[Saying, ...]:
    """One saying as messages of at most 4,096 UTF-16 units, cut after a line where there is one.

    Nothing is lost but blank lines that would fill a message. Buttons stay with the last part, emphasis with the
    part it lies in.
    """
    if utf16_length(saying.text) <= LONGEST:
        return (saying,)
    parts: list[Saying] = []
    rest, start = saying.text, 0
    while rest.strip():  # blank lines at the end would be refused as an empty message
        text = _first_part(rest)
        length = utf16_length(text)
        inside = tuple(
            Emphasis(offset=bold.offset - start, length=bold.length)
            for bold in saying.emphasis
            if start <= bold.offset and bold.offset + bold.length <= start + length
        )
        if text.strip():
            parts.append(Saying(text=text, emphasis=inside, protected=saying.protected))
        rest, start = rest[len(text) :], start + length
    parts[-1] = replace(parts[-1], rows=saying.rows)
    return tuple(parts)


def _first_part(text: str) -> str:
    units = 0
    for place, character in enumerate(text):
        units += 2 if ord(character) > _LAST_OF_THE_FIRST_PLANE else 1
        if units > LONGEST:
            head = text[:place]
            line_end = head.rfind("\n") + 1
            # a part of blank lines alone would be refused as empty
            return head[:line_end] if head[:line_end].strip() else head
    return text
