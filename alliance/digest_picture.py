"""What the picture of one patient's answers shows, and what it says to somebody who cannot see it."""

from collections.abc import Sequence
from datetime import date

from alliance import digest_words as words
from alliance.digest import FlagLine, Point
from alliance.items import Domain
from alliance.trend import Labels, Since, Strip, trend_svg
from alliance.wording import Wording


def picture(flags: Sequence[FlagLine], *, on: date, wording: Wording) -> str:
    """The answers of one patient as an svg element; empty when there are none to show.

    ``flags`` are all of this patient, at least one; ``on`` is the digest's day. The usual range is known,
    and shown, for the domains that were flagged.
    """
    points = max((flag.trend for flag in flags), key=len)
    if not points:
        return ""
    by_domain = {flag.domain: flag for flag in reversed(flags)}  # the first flag of a domain counts
    strips = [_strip(domain, points, scale=flags[0], flag=by_domain.get(domain), wording=wording) for domain in Domain]
    silence = by_domain.get(None)
    labels = Labels(
        described=_described(points, strips, scale=flags[0], on=on, wording=wording),
        first=words.day(points[0].on, beside=on, wording=wording),
        last=words.day(points[-1].on, beside=on, wording=wording),
        no_reply=wording("digest.trend.no_reply"),
        lowest=str(flags[0].lowest),
        highest=str(flags[0].highest),
    )
    silent = _since(silence, wording=wording) if silence else None
    return trend_svg(points, strips=strips, silent=silent, labels=labels)


def legend(flags: Sequence[FlagLine], *, wording: Wording) -> str:
    """What the marks in the picture of these flags mean."""
    points = max((flag.trend for flag in flags), key=len)
    marks = {
        "usual": any(_usual(flag) for flag in flags),
        "since": not all(flag.is_silence for flag in flags),
        "no_reply": not all(point.fractions for point in points),
    }
    return " ".join(wording(f"digest.trend.legend.{mark}") for mark, is_there in marks.items() if is_there)


def _strip(
    domain: Domain,
    points: Sequence[Point],
    *,
    scale: FlagLine,
    flag: FlagLine | None,
    wording: Wording,
) -> Strip:
    answers = [point.fractions[domain] for point in points if domain in point.fractions]
    return Strip(
        domain=domain,
        label=words.domain(domain, wording=wording),
        latest=_rating(answers[-1], scale, wording) if answers else "",
        usual=_usual(flag) if flag else None,
        since=_since(flag, wording=wording) if flag else None,
    )


def _since(flag: FlagLine, *, wording: Wording) -> Since:
    # without its year, which stands beside the numbers: a strip has no room for it
    since = words.day(flag.since_on, beside=flag.since_on, wording=wording)
    return Since(on=flag.since_on, label=wording("digest.trend.since", since=since))


def _usual(flag: FlagLine) -> tuple[float, float] | None:
    if flag.usual_low is None or flag.usual_high is None:
        return None
    span = flag.highest - flag.lowest
    return (flag.usual_low - flag.lowest) / span, (flag.usual_high - flag.lowest) / span


def _rating(fraction: float, scale: FlagLine, wording: Wording) -> str:
    return words.number(scale.lowest + fraction * (scale.highest - scale.lowest), wording=wording)


def _described(points: Sequence[Point], strips: Sequence[Strip], *, scale: FlagLine, on: date, wording: Wording) -> str:
    """The whole picture in sentences; a check-in without a reply is named, never skipped."""
    told = [
        wording(
            "digest.trend.described",
            first=words.day(points[0].on, beside=on, wording=wording),
            last=words.day(points[-1].on, beside=on, wording=wording),
            lowest=scale.lowest,
            highest=scale.highest,
        )
    ]
    missing = wording("digest.trend.no_reply").lower()
    for strip in strips:
        ratings = (
            _rating(point.fractions[strip.domain], scale, wording) if strip.domain in point.fractions else missing
            for point in points
        )
        told.append(wording("digest.trend.domain", domain=strip.label, ratings=", ".join(ratings)))
        if strip.usual:
            low, high = (_rating(min(max(end, 0.0), 1.0), scale, wording) for end in strip.usual)
            told.append(wording("digest.trend.usual", domain=strip.label, low=low, high=high))
    return " ".join(told)
