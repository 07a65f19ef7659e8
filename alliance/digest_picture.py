"""What the picture of one patient's answers shows, and what it says to somebody who cannot see it."""

from collections.abc import Sequence
from datetime import date

from alliance import digest_words as words
from alliance.digest import FlagLine
from alliance.items import Domain
from alliance.marks import Mark, MarkKind
from alliance.trend import Labels, Pictured, Since, Strip, trend_svg
from alliance.wording import Wording


def picture(flags: Sequence[FlagLine], *, on: date, wording: Wording) -> str:
    """The answers of one patient as an svg element; empty when there are none to show.

    ``flags`` are all of this patient, at least one; ``on`` is the digest's day.
    """
    shown = pictured(flags, on=on, wording=wording)
    if shown is None:
        return ""
    return trend_svg(shown.points, strips=shown.strips, silent=shown.silent, labels=shown.labels, marks=shown.marks)


def pictured(flags: Sequence[FlagLine], *, on: date, wording: Wording) -> Pictured | None:
    """What a picture of one patient shows, whatever draws it; None when there are no answers to show.

    The usual range of a flagged domain is the one that the flag was judged by; that of another is today's, and
    shown only where the picture holds answers in that domain.
    """
    widest = max(flags, key=lambda flag: len(flag.trend))
    if not widest.trend:
        return None
    points = widest.trend
    by_domain = {flag.domain: flag for flag in reversed(flags)}  # the first flag of a domain counts
    strips = tuple(_strip(domain, widest, flag=by_domain.get(domain), wording=wording) for domain in Domain)
    silence = by_domain.get(None)
    labels = Labels(
        described=_described(widest, strips, on=on, wording=wording),
        first=words.day(points[0].on, beside=on, wording=wording),
        last=words.day(points[-1].on, beside=on, wording=wording),
        no_reply=wording("digest.trend.no_reply"),
        lowest=str(widest.lowest),
        highest=str(widest.highest),
        lost=wording("chart.lost") if any(mark.kind == MarkKind.LOST for mark in widest.marks) else "",
    )
    silent = _since(silence, wording=wording) if silence else None
    return Pictured(points=points, strips=strips, silent=silent, labels=labels, marks=widest.marks)


def legend(flags: Sequence[FlagLine], *, wording: Wording) -> str:
    """What the marks in the picture of these flags mean."""
    widest = max(flags, key=lambda flag: len(flag.trend))
    marks = {
        "usual": any(_usual(flag) for flag in flags) or bool(widest.usuals),
        "since": not all(flag.is_silence for flag in flags),
        "no_reply": not all(point.fractions for point in widest.trend),
    }
    told = [wording(f"digest.trend.legend.{mark}") for mark, is_there in marks.items() if is_there]
    there = {mark.kind for mark in widest.marks}
    return " ".join([*told, *(wording(f"chart.legend.{kind}") for kind in MarkKind if kind in there)])


def _strip(domain: Domain, widest: FlagLine, *, flag: FlagLine | None, wording: Wording) -> Strip:
    answers = [point.fractions[domain] for point in widest.trend if domain in point.fractions]
    usual = (flag and _usual(flag)) or (_usual_today(domain, widest) if answers else None)
    return Strip(
        domain=domain,
        label=words.domain(domain, wording=wording),
        latest=_rating(answers[-1], widest, wording) if answers else "",
        usual=usual,
        since=_since(flag, wording=wording) if flag else None,
    )


def _usual_today(domain: Domain, line: FlagLine) -> tuple[float, float] | None:
    return next(((known.low, known.high) for known in line.usuals if known.domain == domain), None)


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


def _described(widest: FlagLine, strips: Sequence[Strip], *, on: date, wording: Wording) -> str:
    """The whole picture in sentences; a check-in without a reply is named, never skipped."""
    points = widest.trend
    told = [
        wording(
            "digest.trend.described",
            first=words.day(points[0].on, beside=on, wording=wording),
            last=words.day(points[-1].on, beside=on, wording=wording),
            lowest=widest.lowest,
            highest=widest.highest,
        )
    ]
    missing = wording("digest.trend.no_reply").lower()
    for strip in strips:
        ratings = (
            _rating(point.fractions[strip.domain], widest, wording) if strip.domain in point.fractions else missing
            for point in points
        )
        told.append(wording("digest.trend.domain", domain=strip.label, ratings=", ".join(ratings)))
        if strip.usual:
            low, high = (_rating(min(max(end, 0.0), 1.0), widest, wording) for end in strip.usual)
            told.append(wording("digest.trend.usual", domain=strip.label, low=low, high=high))
    return " ".join([*told, *_marks_described(widest.marks, on=on, wording=wording)])


def _marks_described(marks: Sequence[Mark], *, on: date, wording: Wording) -> list[str]:
    """A sentence for each kind of mark that there is, with its days."""
    told: list[str] = []
    for kind in MarkKind:
        days = [_day_of(mark, on=on, wording=wording) for mark in marks if mark.kind == kind]
        if days:
            told.append(wording(f"chart.described.{kind}", days=", ".join(dict.fromkeys(days))))
    return told


def _day_of(mark: Mark, *, on: date, wording: Wording) -> str:
    day = words.day(mark.on, beside=on, wording=wording)
    return wording("chart.day_in", day=day, domain=words.domain(mark.domain, wording=wording)) if mark.domain else day
