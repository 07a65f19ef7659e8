"""What a digest says about each thing, sentence by sentence, wherever it is shown."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from itertools import count, takewhile

from alliance.acting import Deed
from alliance.alerts import AlertState
from alliance.digest import AlertLine, Digest, Explained, FlagLine, Point, Recovered, Wrote
from alliance.flags import FlagAction, FlagState
from alliance.followed import Acted
from alliance.local_time import local_day, local_time
from alliance.rupture import Signal
from alliance.wording import Wording

LONGEST_NAME = 64  # characters of a name on display; what is longer was not meant as a name
CLEAR_FROM = 0.4  # strength, 0 to 1, from which a sign is called clear
STRONG_FROM = 0.7  # ... and strong
FEWEST_TO_KNOW_HABIT = 4  # check-ins before a silence, below which nothing is said about a habit
NEARLY_ALL = 0.9  # share of check-ins answered
MOST = 0.6

_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # Unicode's categories of the unseen
_LINKS = re.compile(
    r"(?P<at>@)(?=\w)"
    r"|(?P<colon>:)(?=//)"
    r"|(?<=\w)(?P<dot>[.\u3002\uff0e\uff61])(?=\w{2})"  # with the dots that browsers read as one
    r"|(?<![\w/])(?P<command>[/#$])(?=\w)"
)


def shown(name: str) -> str:
    """A name, chosen by the clinic, as it may stand in a line that people trust.

    What cannot be seen is written out as its code point, so that two names never look the same because
    of it; what an app would turn into a link, a mention or a command is taken apart with brackets; a name
    with other than ASCII letters is isolated (U+2068, U+2069) so that it cannot turn its line around.
    One line, never empty, at most LONGEST_NAME characters and the two isolating ones.
    """
    seen = "".join(_seen(character) for character in name)
    plain = _LINKS.sub(r"[\g<0>]", " ".join(seen.split())) or "-"
    if len(plain) > LONGEST_NAME:
        plain = plain[: LONGEST_NAME - 1] + "…"
    return plain if plain.isascii() else f"\u2068{plain}\u2069"


def named(line: FlagLine | Wrote | Recovered | Explained, *, wording: Wording) -> str:
    """Whom a line is about, and whose patient that is, where it is not the reader's own."""
    if line.clinician is None:
        return shown(line.code_name)
    return wording("digest.whose", name=shown(line.code_name), clinician=shown(line.clinician))


def _seen(character: str) -> str:
    if unicodedata.category(character) in _NEVER_SHOWN:
        return f"<U+{ord(character):04X}>"
    return character


def day(on: date, *, beside: date, wording: Wording) -> str:
    """A day in words, such as "3 May"; with its year when that is another one than ``beside``."""
    month = wording(f"digest.month.{on.month}")
    if on.year == beside.year:
        return wording("digest.date.day", day=on.day, month=month)
    return wording("digest.date.day_and_year", day=on.day, month=month, year=on.year)


def long_day(on: date, *, wording: Wording) -> str:
    """A day in full, such as "Tuesday 3 March 2026"."""
    return wording(
        "digest.date.long",
        weekday=wording(f"digest.weekday.{on.isoweekday()}"),
        day=on.day,
        month=wording(f"digest.month.{on.month}"),
        year=on.year,
    )


def moment(at: datetime, *, zone: str, beside: date, wording: Wording) -> str:
    """A moment as the clocks of ``zone`` show it, such as "3 March 08:03"; ``at`` must be aware."""
    on = day(local_day(at, zone), beside=beside, wording=wording)
    return wording("digest.date.moment", day=on, time=f"{local_time(at, zone):%H:%M}")


def number(value: float, *, wording: Wording) -> str:
    """A rating with at most one decimal, written as the language writes it."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", wording("digest.decimal_mark"))


def title(flag: FlagLine, *, wording: Wording) -> str:
    """Whom a flag is about and what it may be."""
    return wording("digest.change.title", name=named(flag, wording=wording), kind=kind(flag, wording=wording))


def kind(flag: FlagLine, *, wording: Wording) -> str:
    """What a flag may be, always as a possibility."""
    if flag.signal == Signal.FADING:
        return _known("digest.kind", "fading", wording)
    if flag.signal == Signal.CONTESTED:
        return wording("digest.kind.contested")
    return _known("digest.kind", "quiet" if flag.is_silence else flag.kind, wording)


def domain(name: str, *, wording: Wording) -> str:
    """A domain in words."""
    return _known("digest.domain", name, wording)


def change(flag: FlagLine, *, on: date, wording: Wording) -> str:
    """What changed, in numbers: the rating beside the patient's own usual, or the replies missing."""
    since = day(flag.since_on, beside=on, wording=wording)
    if flag.signal == Signal.FADING:
        return " ".join([_fading(flag, since=since, wording=wording), *_because(flag, wording=wording)])
    if flag.signal == Signal.CONTESTED:
        return wording("digest.change.contested", since=since)
    if flag.domain is None:
        silence = wording("digest.change.silence", count=flag.unanswered, since=since)
        habit = _habit(flag)
        return f"{silence} {wording(f'digest.usually.{habit}')}" if habit else silence
    about = domain(flag.domain, wording=wording)
    if flag.signal == Signal.VOICED:
        return _voiced(flag, about=about, wording=wording)
    if flag.rating is None:
        return wording("digest.change.unrated", domain=about, since=since)
    rating = number(flag.rating, wording=wording)
    if flag.usual is None or flag.usual_low is None or flag.usual_high is None:
        return wording("digest.change.new", domain=about, rating=rating, highest=flag.highest, since=since)
    return wording(
        "digest.change.known",
        domain=about,
        rating=rating,
        highest=flag.highest,
        usual=number(flag.usual, wording=wording),
        low=number(max(flag.usual_low, flag.lowest), wording=wording),
        high=number(min(flag.usual_high, flag.highest), wording=wording),
        replies=wording("digest.change.replies", count=flag.usual_count),
        since=since,
    )


def also(flag: FlagLine, *, wording: Wording) -> str:
    """The other domains that fell with this one; empty when there are none."""
    names = [domain(name, wording=wording) for name in flag.also]
    return wording("digest.change.also", domains=", ".join(names)) if names else ""


def own_view(flag: FlagLine, *, wording: Wording) -> str:
    """What the reader gave to the same domain; empty when that is not known."""
    if flag.clinician_rating is None:
        return ""
    rating = number(flag.clinician_rating, wording=wording)
    return wording("view.about_difference", rating=rating, highest=flag.highest)


def short_change(flag: FlagLine, *, wording: Wording) -> str:
    """The change in a handful of words, for a list."""
    if flag.signal == Signal.FADING:
        return wording("digest.change.short_fading", replied=flag.replied, asked=flag.asked)
    if flag.signal == Signal.CONTESTED:
        return wording("digest.change.short_contested")
    if flag.domain is None:
        return wording("digest.change.short_silence", count=flag.unanswered)
    about = domain(flag.domain, wording=wording)
    if flag.signal == Signal.VOICED:
        return wording("digest.change.short_voiced", domain=about)
    if flag.rating is None:
        return wording("digest.change.short_unrated", domain=about)
    rating = number(flag.rating, wording=wording)
    if flag.usual is None:
        return wording("digest.change.short_new", domain=about, rating=rating, highest=flag.highest)
    usual = number(flag.usual, wording=wording)
    return wording("digest.change.short_known", domain=about, rating=rating, usual=usual)


def _voiced(flag: FlagLine, *, about: str, wording: Wording) -> str:
    """A concern in words, and the rating that came with it; when it was written stands with the reason."""
    said = wording("digest.change.voiced", domain=about)
    if flag.rating is None:
        return said
    rating = number(flag.rating, wording=wording)
    if flag.usual is None:
        rated = wording("digest.change.rated_then", rating=rating, highest=flag.highest)
    else:
        usual = number(flag.usual, wording=wording)
        rated = wording("digest.change.rated_then_usually", rating=rating, highest=flag.highest, usual=usual)
    return f"{said} {rated}"


def _fading(flag: FlagLine, *, since: str, wording: Wording) -> str:
    return wording("digest.change.fading", replied=flag.replied, count=flag.asked, since=since)


def _because(flag: FlagLine, *, wording: Wording) -> list[str]:
    """What else about the replies has changed, a sentence each."""
    keys = [f"digest.because.{name}" for name in flag.because]
    return [wording(key) for key in keys if key in wording.sentences]


def _habit(flag: FlagLine) -> str | None:
    """How many check-ins the patient answered before this silence, told from the trend."""
    before: Sequence[Point] = flag.trend[: max(0, len(flag.trend) - flag.unanswered)]
    if len(before) < FEWEST_TO_KNOW_HABIT:
        return None
    share = sum(1 for point in before if point.fractions) / len(before)
    if share >= NEARLY_ALL:
        return "nearly_all"
    return "most" if share >= MOST else "some"


def recovered(line: Recovered, *, wording: Wording) -> str:
    """Who is back to the usual, in what, and after how long."""
    about = domain(line.domain, wording=wording) if line.domain else wording("digest.recovered.replies")
    key = "digest.recovered.short" if line.was_short else "digest.recovered.line"
    return wording(key, name=named(line, wording=wording), domain=about, count=line.days)


def sureness(flag: FlagLine, *, wording: Wording) -> str:
    """Why the rule spoke up and how sure it is, in words: a number would look more certain than it is."""
    if flag.signal == Signal.CONTESTED:
        return wording("digest.signal.contested")
    sure = "strong" if flag.strength >= STRONG_FROM else "clear" if flag.strength >= CLEAR_FROM else "weak"
    return wording(
        "digest.sure.line",
        signal=_known("digest.signal", flag.signal, wording),
        sure=wording(f"digest.sure.{sure}"),
    )


def prompts(flag: FlagLine, *, wording: Wording) -> tuple[str, ...]:
    """What the clinician could say, after the literature on repair (Safran and Muran; Eubanks et al.)."""
    unrated = {Signal.FADING: "fading", Signal.CONTESTED: "agreement"}
    about = flag.domain or next((name for signal, name in unrated.items() if signal == flag.signal), "quiet")
    key = f"digest.prompt.{flag.kind}.{about}"
    if f"{key}.1" not in wording.sentences:
        key = "digest.prompt.other.any"
    keys = takewhile(wording.sentences.__contains__, (f"{key}.{number}" for number in count(1)))
    return tuple(wording.sentences[each] for each in keys)


def rule(flag: FlagLine, *, wording: Wording) -> str:
    """Which rule spoke, in which version, and that it may be wrong."""
    if flag.signal == Signal.CONTESTED:
        return wording("digest.standing.said")
    return wording("digest.standing.rule", rule=shown(flag.rule))


def standing(flag: FlagLine, *, on: date, zone: str, wording: Wording) -> str:
    """What was done about a flag, by whom and when; or that it is new, or waiting."""
    if flag.state == FlagState.RAISED:
        return wording("digest.standing.new" if flag.is_new else "digest.standing.waiting")
    if flag.acted is None or not _is_known_deed(flag.acted):
        resolved = flag.state == FlagState.RESOLVED
        return wording("digest.standing.resolved" if resolved else "digest.standing.acknowledged")
    return done(flag.acted, on=on, zone=zone, wording=wording)


def done(acted: Acted, *, on: date, zone: str, wording: Wording) -> str:
    """What somebody did about a flag, and when."""
    if not _is_known_deed(acted):
        return wording("digest.standing.acknowledged")
    key = f"digest.standing.{acted.action}" if acted.action in set(FlagAction) else f"acting.done.{acted.action}"
    when = moment(acted.at, zone=zone, beside=on, wording=wording)
    if acted.by is None:
        return wording(f"{key}.you", when=when)
    return wording(f"{key}.other", who=shown(acted.by), when=when)


def _is_known_deed(acted: Acted) -> bool:
    return acted.action in {*FlagAction, *Deed}


def alert(line: AlertLine, *, digest: Digest, wording: Wording) -> str:
    """Where an alert stands, without what it is about."""
    state = line.state if line.state in set(AlertState) else AlertState.RAISED
    return wording(
        f"digest.alert.{state}",
        name=shown(line.code_name),
        when=moment(line.raised_at, zone=digest.zone, beside=digest.on, wording=wording),
        who=shown(line.acknowledged_by) if line.acknowledged_by else wording("digest.alert.somebody"),
    )


def cause(line: AlertLine, *, wording: Wording) -> str:
    """What an alert is about; for the page alone, Telegram carries the minimum."""
    return _known("digest.cause", line.cause, wording)


def wrote(line: Wrote, *, wording: Wording) -> str:
    """Who wrote, how many messages, and how many of them no rule could read."""
    return wording("digest.wrote_line", name=named(line, wording=wording), messages=messages(line, wording=wording))


def messages(line: Wrote, *, wording: Wording) -> str:
    """How many messages a patient wrote, and how many of them no rule could read."""
    written = wording("digest.messages", count=line.messages)
    return f"{written}, {unscreened(line, wording=wording)}" if line.unscreened else written


def unscreened(line: Wrote, *, wording: Wording) -> str:
    """That somebody has to look, because no rule could."""
    return wording("digest.unscreened", count=line.unscreened)


def numbers(digest: Digest, *, wording: Wording) -> str:
    """How many check-ins were answered, of how many, and what became of the others."""
    of = digest.numbers
    counts = {
        "partly": of.partly,
        "unanswered": of.unanswered,
        "still_open": of.still_open,
        "undeliverable": of.undeliverable,
        "uncertain": of.uncertain,
        "missed": of.missed,
        "held": of.held,
    }
    if not (of.asked or any(counts.values())):
        return wording("digest.numbers.none")
    told = [wording("digest.numbers.answered", count=of.asked, answered=of.answered)]
    told += [wording(f"digest.numbers.{name}", count=count) for name, count in counts.items() if count]
    return f"{', '.join(told)}. {wording('digest.numbers.unknown')}"


def _known(table: str, word: str, wording: Wording) -> str:
    """The sentence for a word of a closed set; a word of a newer version must not cost the whole digest."""
    key = f"{table}.{word}"
    return wording(key if key in wording.sentences else f"{table}.other")
