"""What a digest says about when people are there: whose it is, who is held, who came, and how the week went."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from alliance import agreed_words
from alliance import digest_words as words
from alliance.digest import Digest, OnHold
from alliance.names_on_display import shown
from alliance.week import WEEKS_OF_VERDICTS, Week, share
from alliance.wording import Wording


def title(digest: Digest, *, wording: Wording) -> str:
    """The first line: the date, and whose digest it is where a colleague reads it."""
    day = words.long_day(digest.on, wording=wording)
    if digest.reader is None:
        return wording("digest.title", date=day)
    return wording("cover.title", who=shown(digest.clinician), date=day)


def whose(digest: Digest, *, wording: Wording) -> str | None:
    """That this is somebody else's digest, and until when; None for one's own."""
    if digest.reader is None:
        return None
    who = shown(digest.clinician)
    if digest.back_on is None:
        return wording("cover.open", who=who)
    return wording("cover.until", who=who, day=words.day(digest.back_on, beside=digest.on, wording=wording))


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading, what it means where that has to be said, and its lines."""

    heading: str
    entries: tuple[str, ...]
    why: str | None = None


def sections(digest: Digest, *, wording: Wording, with_reason: bool = False) -> Iterator[Section]:
    """Who came, what a colleague settled, who is held, what was agreed on, and how the last week went.

    The reason of a hold is for the page alone, Telegram carries the minimum.
    """
    if digest.given:
        yield Section(
            heading=wording("cover.given", count=len(digest.given)),
            entries=tuple(shown(name) for name in digest.given),
            why=wording("cover.given_why"),
        )
    if digest.settled:
        heading = wording("cover.settled", count=len(digest.settled))
        yield Section(heading=heading, entries=tuple(_settled(digest, wording)))
    if digest.on_hold:
        yield Section(
            heading=wording("cover.on_hold", count=len(digest.on_hold)),
            entries=tuple(_held(line, digest, wording, with_reason=with_reason) for line in digest.on_hold),
            why=wording("cover.on_hold_why"),
        )
    if digest.agreements:
        heading = wording("visit.agreed.title", count=len(digest.agreements))
        entries = agreed_words.lines(digest.agreements, on=digest.on, wording=wording)
        yield Section(heading=heading, entries=tuple(entries))
    if digest.week is not None:
        heading = week_title(digest.week, on=digest.on, wording=wording)
        yield Section(heading=heading, entries=tuple(week(digest.week, wording=wording)))


def week_title(figures: Week, *, on: date, wording: Wording) -> str:
    """Which week it was."""
    since, until = (words.day(day, beside=on, wording=wording) for day in (figures.since, figures.until))
    return wording("week.title", since=since, until=until)


def week(figures: Week, *, wording: Wording) -> Iterator[str]:
    """The last week in sentences: counts, and a share only where there are enough to name one."""
    if figures.asked:
        yield wording("week.answered", count=figures.asked, answered=figures.answered)
        percent = share(figures.answered, figures.asked)
        if percent is not None:
            yield wording("week.answered_share", percent=percent)
    if figures.judged:
        held = figures.judged - figures.dismissed
        yield wording("week.judged", count=figures.judged, dismissed=figures.dismissed, weeks=WEEKS_OF_VERDICTS)
        percent = share(held, figures.judged)
        yield wording("week.few") if percent is None else wording("week.held_share", percent=percent)


def _held(line: OnHold, digest: Digest, wording: Wording, *, with_reason: bool) -> str:
    name = shown(line.code_name)
    if line.until is None:
        said = wording("cover.held_open", who=name)
    else:
        said = wording("cover.held_until", who=name, day=words.day(line.until, beside=digest.on, wording=wording))
    if not with_reason or line.reason is None:
        return said
    return wording("cover.held_why", held=said, why=wording(f"hold.reason.{line.reason}"))


def _settled(digest: Digest, wording: Wording) -> list[str]:
    return [
        wording(
            "cover.settled_line",
            title=words.title(flag, wording=wording),
            standing=words.standing(flag, on=digest.on, zone=digest.zone, wording=wording),
        )
        for flag in digest.settled
    ]
