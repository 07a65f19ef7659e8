"""The picture of a digest: small multiples, one patient a row, the domains side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alliance import digest_words as words
from alliance.digest import Digest, FlagLine
from alliance.digest_picture import pictured
from alliance.marks import MarkKind
from alliance.saying import utf16_length
from alliance.trend import Pictured
from alliance.wording import Wording

MOST_ROWS = 6  # in one picture: with more Telegram shrinks it until a phone shows nothing readable
LONGEST_DRAWN = 17  # characters of a name in a picture; the caption and the messages have all of it
LONGEST_CAPTION = 1024  # UTF-16 units; Telegram's limit
_ISOLATES = {0x2068: None, 0x2069: None}  # they keep a name from turning its line around; a picture has no lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One patient: the code name, what may be the matter, and what is drawn."""

    name: str
    kind: str
    first: str  # day, short
    last: str
    labels: tuple[str, ...]  # of the strips, short
    shown: Pictured


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """One picture: its title (empty for none), its rows, and what its marks mean, by kind of mark."""

    title: str
    rows: tuple[Row, ...]
    key: Mapping[str, str]


def rows_of(digest: Digest, *, wording: Wording) -> tuple[tuple[int, Row], ...]:
    """A row for each flagged patient with answers to show, in the order of the digest, with the patient's id."""
    by_patient: dict[int, list[FlagLine]] = {}
    for flag in digest.flags:
        by_patient.setdefault(flag.patient_id, []).append(flag)
    found: list[tuple[int, Row]] = []
    for patient_id, flags in by_patient.items():
        shown = pictured(flags, on=digest.on, wording=wording)
        if shown is not None:
            found.append((patient_id, _row(flags[0], shown, wording=wording)))
    return tuple(found)


def _row(flag: FlagLine, shown: Pictured, *, wording: Wording) -> Row:
    return Row(
        name=_drawn(flag.code_name),
        kind=words.kind(flag, wording=wording),
        first=_short_day(shown.points[0].on, wording=wording),
        last=_short_day(shown.points[-1].on, wording=wording) if len(shown.points) > 1 else "",
        labels=tuple(wording(f"chart.domain.{strip.domain}") for strip in shown.strips),
        shown=shown,
    )


def chart(digest: Digest, *, wording: Wording) -> Chart | None:
    """The one picture of a digest, of those it names first; None when there is nothing to draw."""
    rows = tuple(row for _, row in rows_of(digest, wording=wording))[:MOST_ROWS]
    if not rows:
        return None
    title = wording("chart.title", date=words.long_day(digest.on, wording=wording))
    return Chart(title=title, rows=rows, key=_key(rows, wording=wording))


def chart_of(row: Row, *, wording: Wording) -> Chart:
    """A picture of one patient, to stand beside their text."""
    return Chart(title="", rows=(row,), key=_key((row,), wording=wording))


def caption(digest: Digest, *, wording: Wording) -> str:
    """What is said below the picture: code names only, and where the same stands in words."""
    names = [words.shown(digest_name) for digest_name in _names(digest, wording=wording)]
    more = wording("chart.also", count=MOST_ROWS) if len(names) > MOST_ROWS else ""
    text = " ".join(filter(None, (wording("chart.caption", names=", ".join(names[:MOST_ROWS])), more)))
    while utf16_length(text) > LONGEST_CAPTION:
        text = text[: LONGEST_CAPTION // 2 - 1] + "…"
    return text


def alternative(row: Row, *, wording: Wording) -> str:
    """What a picture says to somebody who cannot see it."""
    return wording("chart.alt", name=row.name, described=row.shown.labels.described)


def _names(digest: Digest, *, wording: Wording) -> list[str]:
    drawn = {patient_id for patient_id, _ in rows_of(digest, wording=wording)}
    return list(dict.fromkeys(flag.code_name for flag in digest.flags if flag.patient_id in drawn))


def _key(rows: Sequence[Row], *, wording: Wording) -> dict[str, str]:
    """Only what is there is explained."""
    there = {mark.kind for row in rows for mark in row.shown.marks}
    has = {
        "answer": True,
        "usual": any(strip.usual for row in rows for strip in row.shown.strips),
        "changed": any(strip.since for row in rows for strip in row.shown.strips),
        "no_reply": any(not point.fractions for row in rows for point in row.shown.points),
    }
    ends = rows[0].shown.labels
    key = {"scale": wording("chart.legend.scale", lowest=ends.lowest, highest=ends.highest)}
    key |= {name: wording(f"chart.legend.{name}") for name, is_there in has.items() if is_there}
    return key | {str(kind): wording(f"chart.key.{kind}") for kind in MarkKind if kind in there}


def _short_day(on: date, *, wording: Wording) -> str:
    return wording("chart.day", day=on.day, month=wording(f"chart.month.{on.month}"))


def _drawn(name: str) -> str:
    plain = words.shown(name).translate(_ISOLATES)
    return plain if len(plain) <= LONGEST_DRAWN else plain[: LONGEST_DRAWN - 1] + "…"
