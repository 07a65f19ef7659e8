"""What a digest says about concerns that were tapped, and about what patients would like to happen."""

from collections.abc import Sequence
from datetime import date

from alliance import digest_words as words
from alliance.digest import Chosen, Digest, Explained
from alliance.wording import Wording


def wants_contact(digest: Digest, *, wording: Wording) -> list[str]:
    """A line for each check-in whose patient would like to be called."""
    return [_named(line, digest, wording) for line in digest.explained if line.wants_contact]


def said_why(digest: Digest, *, wording: Wording) -> list[str]:
    """A line for each other check-in in which something was chosen, unless a flag's own card tells it."""
    on_cards = {line.checkin_id for flag in digest.flags for line in flag.explained}
    return [
        _named(line, digest, wording)
        for line in digest.explained
        if not line.wants_contact and line.checkin_id not in on_cards
    ]


def beside_flag(explained: Sequence[Explained], *, on: date, wording: Wording) -> list[str]:
    """The same for the card of a flag, where the name stands already."""
    return [
        wording("digest.explained.flag", day=words.day(line.on, beside=on, wording=wording), said=_said(line, wording))
        for line in explained
    ]


def _named(line: Explained, digest: Digest, wording: Wording) -> str:
    day = words.day(line.on, beside=digest.on, wording=wording)
    return wording("digest.explained.line", name=words.named(line, wording=wording), day=day, said=_said(line, wording))


def _said(line: Explained, wording: Wording) -> str:
    parts = [_chosen(one, wording) for one in line.chosen]
    if line.wish is not None:
        parts.append(wording(f"digest.explained.wish.{line.wish}"))
    return " ".join(parts)


def _chosen(one: Chosen, wording: Wording) -> str:
    concern = wording(f"digest.explained.concern.{one.concern}")
    about = words.domain(one.domain, wording=wording)
    if one.rating is None:
        return wording("digest.explained.unrated", domain=about, concern=concern)
    return wording("digest.explained.rated", domain=about, rating=one.rating, highest=one.highest, concern=concern)
