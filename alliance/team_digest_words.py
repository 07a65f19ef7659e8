"""What a lead reads once a day, sentence by sentence; lines stand by code name, nobody is ranked."""

from collections.abc import Iterator

from alliance import calendar_words
from alliance import digest_words as words
from alliance.saying import Saying, headed
from alliance.team_digest import ClinicianLine, TeamDigest, Times
from alliance.wording import Wording

_HOUR, _DAY = 60, 24 * 60  # minutes


def as_saying(digest: TeamDigest, *, wording: Wording) -> Saying:
    """One lead's day as one saying; what is longer than a message goes out in parts."""
    title = wording("team.title", date=words.long_day(digest.on, wording=wording))
    return headed(title, "\n".join(_body(digest, wording)), protected=True)


def _body(digest: TeamDigest, wording: Wording) -> Iterator[str]:
    if digest.without_team:
        yield ""
        yield wording("team.without", count=len(digest.without_team))
        yield from (f"• {words.shown(name)}" for name in digest.without_team)
    yield ""
    yield wording("team.flags")
    for line in digest.clinicians:
        yield f"• {_line(line, digest, wording)}"
    yield ""
    yield from _times(digest, wording)
    yield ""
    yield wording("team.alerts", count=digest.alerts_raised, open=digest.alerts_open, in_hand=digest.alerts_in_hand)
    if digest.taken_on is not None:
        yield _took("team.taken_on", digest.taken_on, wording)
    if digest.week is not None:
        yield ""
        yield calendar_words.week_title(digest.week, on=digest.on, wording=wording)
        yield from calendar_words.week(digest.week, wording=wording)
    yield ""
    yield wording("team.note")


def _line(line: ClinicianLine, digest: TeamDigest, wording: Wording) -> str:
    name = words.shown(line.code_name)
    said = [wording("team.patients", who=name, count=line.patients)]
    if line.untouched and line.oldest_days is not None:
        said.append(wording("team.untouched", count=line.untouched, days=_days(line.oldest_days, wording)))
    if line.in_hand:
        said.append(wording("team.in_hand", count=line.in_hand))
    if line.is_away:
        back = words.day(line.back_on, beside=digest.on, wording=wording) if line.back_on else None
        until = wording("team.away_until", day=back) if back else wording("team.away")
        read = wording("team.reads", reader=words.shown(line.reader)) if line.reader else wording("team.nobody_reads")
        said.append(f"{until}, {read}")
    if line.is_out_of_reach:
        said.append(wording("team.out_of_reach"))
    elif line.last_lost:
        said.append(wording("team.lost"))
    return "; ".join(said)


def _times(digest: TeamDigest, wording: Wording) -> Iterator[str]:
    yield wording("team.raised", count=digest.flags_raised)
    if not digest.flags_raised:
        return
    for key, times in (("team.looked_at", digest.looked_at), ("team.contact", digest.contact)):
        yield wording(f"{key}_none") if times is None else _took(key, times, wording)


def _took(key: str, times: Times, wording: Wording) -> str:
    return wording(
        key,
        count=times.count,
        middle=_lasted(times.middle_minutes, wording),
        longest=_lasted(times.longest_minutes, wording),
    )


def _lasted(minutes: int, wording: Wording) -> str:
    if minutes < _HOUR:
        return wording("team.minutes", count=minutes)
    if minutes < 2 * _DAY:
        return wording("team.hours", count=minutes // _HOUR)
    return _days(minutes // _DAY, wording)


def _days(count: int, wording: Wording) -> str:
    return wording("team.days", count=count) if count else wording("team.less_than_a_day")
