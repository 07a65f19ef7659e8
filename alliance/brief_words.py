"""A brief as one message, short enough for a phone on the way to the room."""

from collections.abc import Iterator

from alliance import digest_words as words
from alliance.agreement import AgreementState
from alliance.brief import MOST_EXPLAINED, MOST_FLAGS, Brief, Trend
from alliance.digest import FlagLine
from alliance.explained_words import beside_flag
from alliance.flags import FlagState
from alliance.local_time import local_day, local_time
from alliance.marker import Signal
from alliance.saying import Saying, headed
from alliance.visit_pages import patient_button
from alliance.visit_presses import PatientStep
from alliance.wording import Wording


def as_message(brief: Brief, *, wording: Wording) -> Saying:
    """The brief with its two buttons; own goals and what was agreed stay behind the first."""
    lines = [
        *_waiting(brief, wording),
        *(_trend(trend, brief, wording) for trend in brief.trends),
        wording("brief.answered", answered=brief.answered, count=brief.asked),
        *_flags(brief, wording),
        *_explained(brief, wording),
        *_agreement(brief, wording),
    ]
    rows = (
        (patient_button(wording, brief.patient_id, PatientStep.WORDS),),
        (patient_button(wording, brief.patient_id, PatientStep.AGREE),),
    )
    return headed(_title(brief, wording), "\n".join(lines), rows=rows, protected=True)


def _title(brief: Brief, wording: Wording) -> str:
    name = words.shown(brief.code_name)
    if brief.starts_at is None:
        return wording("brief.title", who=name)
    time = f"{local_time(brief.starts_at, brief.zone):%H:%M}"
    on = local_day(brief.starts_at, brief.zone)
    if on == brief.on:
        return wording("brief.title_today", who=name, time=time)
    return wording("brief.title_on", who=name, time=time, day=words.day(on, beside=brief.on, wording=wording))


def _waiting(brief: Brief, wording: Wording) -> Iterator[str]:
    if not brief.is_asked_now:
        yield wording("brief.not_asked")
    if brief.waiting_since is not None:
        since = words.day(brief.waiting_since, beside=brief.on, wording=wording)
        yield wording("brief.waits_for_call" if brief.wants_call else "brief.waits", since=since)


def _trend(trend: Trend, brief: Brief, wording: Wording) -> str:
    domain = words.domain(trend.domain, wording=wording)
    if not trend.latest:
        line = wording("brief.trend.none", domain=domain)
    else:
        line = wording(
            f"brief.trend.{trend.level}",
            domain=domain,
            latest=", ".join(words.number(rating, wording=wording) for rating in trend.latest),
            highest=trend.highest,
            low=words.number(trend.usual_low or 0, wording=wording),
            high=words.number(trend.usual_high or 0, wording=wording),
        )
    if trend.own is None or trend.own_on is None:
        return line
    on = words.day(trend.own_on, beside=brief.on, wording=wording)
    return f"{line} {wording('brief.own_view', rating=trend.own, on=on)}"


def _flags(brief: Brief, wording: Wording) -> Iterator[str]:
    for flag in brief.flags[:MOST_FLAGS]:
        kind = words.kind(flag, wording=wording)
        change = words.short_change(flag, wording=wording)
        done = _done(flag, brief, wording)
        yield wording("brief.flag", kind=kind, change=change, done=done)
    more = len(brief.flags) - MOST_FLAGS
    if more > 0:
        yield wording("brief.more_flags", count=more)


def _done(flag: FlagLine, brief: Brief, wording: Wording) -> str:
    """What somebody did about it, or that nobody has looked."""
    if flag.state == FlagState.RAISED:
        since = words.day(flag.since_on, beside=brief.on, wording=wording)
        return wording("brief.nobody_looked", since=since)
    return words.standing(flag, on=brief.on, zone=brief.zone, wording=wording)


def _explained(brief: Brief, wording: Wording) -> Iterator[str]:
    latest = brief.explained[-MOST_EXPLAINED:]
    yield from beside_flag(latest, on=brief.on, wording=wording)


def _agreement(brief: Brief, wording: Wording) -> Iterator[str]:
    last = brief.agreement
    is_told = any(flag.signal == Signal.CONTESTED for flag in brief.flags[:MOST_FLAGS])
    if last is None or is_told:
        return
    on = last.sent_on if last.answered_on is None else last.answered_on
    state = AgreementState(last.state)
    yield wording(f"brief.agreement.{state}", on=words.day(on, beside=brief.on, wording=wording))
