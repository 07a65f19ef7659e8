"""What a digest says about a patient's words: why they matter, and when they were written; never the words."""

from datetime import date

from alliance import digest_words as words
from alliance.digest import FlagLine, HeardLine
from alliance.wording import Wording

MOST_TOLD = 3  # reasons on one card; more are in the words themselves


def told(flag: FlagLine, *, on: date, zone: str, wording: Wording) -> tuple[str, ...]:
    """A sentence for each thing that was heard, each reason once, or that nothing could be read."""
    lines = dict.fromkeys(reason(line, on=on, zone=zone, wording=wording) for line in flag.heard)
    unread = (wording("digest.heard.unread"),) if flag.is_unread else ()
    return (*list(lines)[:MOST_TOLD], *unread)


def reason(line: HeardLine, *, on: date, zone: str, wording: Wording) -> str:
    """Why it matters, and when it was written."""
    if line.said_at is None:
        return wording("digest.heard.gone", why=line.why)
    when = words.moment(line.said_at, zone=zone, beside=on, wording=wording)
    return wording("digest.heard.line", when=when, why=line.why)
