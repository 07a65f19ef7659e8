"""Several messages in a row are one thought: which belong together, and what they say as one.

People press "send" in the middle of a sentence. Each message is screened by itself at once; what they say together is
looked at as soon as the next one is there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

PAUSE = timedelta(seconds=90)  # who goes on typing sends the next line sooner; who comes back has another thought
LONGEST = timedelta(minutes=10)  # from its first message: a whole evening's chat is no single thought
REACH = 512  # characters that are looked at on either side of a seam; no phrase of ours is near as long
SEAM = " "  # where one message ends and the next begins: no full stop that nobody has written


def goes_on(*, began_at: datetime, previous_at: datetime, at: datetime) -> bool:
    """Whether a message sent at that moment belongs to the thought of the one before it.

    All moments are those at which the messages were sent, so that what an outage has held up is told apart too.
    """
    return at - previous_at <= PAUSE and at - began_at <= LONGEST


def joined(texts: Sequence[str]) -> str:
    """What several messages say as one."""
    return SEAM.join(texts)


def seams(before: Sequence[str], text: str, after: Sequence[str]) -> tuple[str, ...]:
    """Where the text meets what was sent just before and after it, as far as a phrase may reach; each to be screened.

    None where it stands alone: by itself it is looked at anyway.
    """
    ahead, behind = joined(before)[-REACH:], joined(after)[:REACH]
    if len(text) <= REACH:
        return (joined([part for part in (ahead, text, behind) if part]),) if ahead or behind else ()
    upper = (joined((ahead, text[:REACH])),) if ahead else ()
    lower = (joined((text[-REACH:], behind)),) if behind else ()
    return (*upper, *lower)


def part_of(span: tuple[int, int], texts: Sequence[str]) -> tuple[int, tuple[int, int]]:
    """In which of the joined texts a half-open stretch of them ends, and where in that text it stands.

    What it covers of the texts before is left out. Raises ValueError for a stretch beyond their end.
    """
    first, last = span
    start = 0
    for place, text in enumerate(texts):
        if last <= start + len(text):
            return place, (max(0, first - start), last - start)
        start += len(text) + len(SEAM)
    raise ValueError(span)
