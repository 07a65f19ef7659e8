"""A phrase in a long message, with a little of what stands around it."""

from dataclasses import dataclass

AROUND = 70  # characters on either side: a clause or two
CUT = "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """What stands before the phrase, the phrase, and what stands behind it; exactly as written but for CUT."""

    before: str
    phrase: str
    after: str


def excerpt(text: str, span: tuple[int, int], *, around: int = AROUND) -> Excerpt | None:
    """The phrase at that half-open place (code points), with whole words around it; None where there is none."""
    first, last = span
    if not 0 <= first < last <= len(text):
        return None
    start, end = max(0, first - around), min(len(text), last + around)
    if start:
        start = next((place for place in range(start, first) if text[place].isspace()), first)
    if end < len(text):
        end = next((place for place in range(end, last, -1) if text[place - 1].isspace()), last)
    before, after = text[start:first], text[last:end]
    return Excerpt(
        before=f"{CUT}{before.lstrip()}" if start else before,
        phrase=text[first:last],
        after=f"{after.rstrip()}{CUT}" if end < len(text) else after,
    )
