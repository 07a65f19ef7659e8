"""The picture of one patient's answers where no flag asks for it: the same strips, without a day of change."""

from collections.abc import Mapping, Sequence
from datetime import date

from alliance import digest_words as words
from alliance.baseline import Usual
from alliance.digest import Point
from alliance.items import Domain
from alliance.trend import Labels, Strip, trend_svg
from alliance.wording import Wording


def course_picture(
    points: Sequence[Point],
    *,
    usual: Mapping[Domain, Usual],
    lowest: int,
    highest: int,
    on: date,
    wording: Wording,
) -> str:
    """The answers as an svg element, every text in it escaped; empty when there are none.

    ``points`` are delivered check-ins, oldest first; ``lowest`` and ``highest`` are the ends of the scale; ``on`` is
    the reader's day.
    """
    if not points:
        return ""

    def rating(fraction: float) -> str:
        return words.number(lowest + fraction * (highest - lowest), wording=wording)

    def strip(domain: Domain) -> Strip:
        given = [point.fractions[domain] for point in points if domain in point.fractions]
        known = usual.get(domain)
        return Strip(
            domain=domain,
            label=words.domain(domain, wording=wording),
            latest=rating(given[-1]) if given else "",
            usual=(known.low, known.high) if known and given else None,
        )

    strips = [strip(domain) for domain in Domain]
    first, last = (words.day(point.on, beside=on, wording=wording) for point in (points[0], points[-1]))
    missing = wording("digest.trend.no_reply").lower()
    told = [wording("digest.trend.described", first=first, last=last, lowest=lowest, highest=highest)]
    for one in strips:
        ratings = (
            rating(point.fractions[one.domain]) if one.domain in point.fractions else missing for point in points
        )
        told.append(wording("digest.trend.domain", domain=one.label, ratings=", ".join(ratings)))
    labels = Labels(
        described=" ".join(told),
        first=first,
        last=last,
        no_reply=wording("digest.trend.no_reply"),
        lowest=str(lowest),
        highest=str(highest),
    )
    return trend_svg(points, strips=strips, silent=None, labels=labels)
