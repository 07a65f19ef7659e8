"""The pages on which staff set hours, leave and cover: each is one message, and its buttons carry what was chosen."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from alliance.buttons import encode
from alliance.digest_words import shown
from alliance.holding import OFFERED_HOLDS, HoldReason
from alliance.saying import Button, Saying, headed
from alliance.staff_presses import (
    NOBODY,
    EndLeave,
    Hour,
    LiftHold,
    NameCover,
    PlanHold,
    PlanLeave,
    SetHours,
)
from alliance.welcoming import zone_in_words
from alliance.wording import Wording
from alliance.working_hours import DAYS, OFFERED_HOURS

OFFERED_LEAVES = (1, 2, 3, 7, 14, 21)  # days away, with one tap
MOST_COLLEAGUES = 40  # on one page; whoever is not among them is named at the shell
_IN_A_ROW, _HOURS_IN_A_ROW = 2, 3

Row = tuple[Button, ...]


def hours_page(wording: Wording, *, at: str, days: Sequence[str], zone: str) -> Saying:
    """When a digest comes, other hours, and each weekday to take in or out."""
    hours = [Button(label=one, press=encode(SetHours(what=Hour.AT, choice=one))) for one in OFFERED_HOURS]
    weekdays = [
        Button(
            label=wording("hours.day_in" if day in days else "hours.day_out", day=_weekday(wording, day)),
            press=encode(SetHours(what=Hour.DAY, choice=day)),
        )
        for day in DAYS
    ]
    named = [_weekday(wording, day) for day in DAYS if day in days]
    now = wording("hours.now", time=at, zone=zone_in_words(zone), days=_listed(wording, named))
    rows = (*_in_rows(hours, _HOURS_IN_A_ROW), *_in_rows(weekdays, _IN_A_ROW))
    return headed(wording("hours.title"), f"\n{now}\n{wording('hours.write')}", rows=rows)


def zones_page(wording: Wording, zones: Sequence[str]) -> Saying:
    """The zones that fit what was written behind the command."""
    rows = tuple(
        (Button(label=zone_in_words(zone), press=encode(SetHours(what=Hour.ZONE, choice=zone))),) for zone in zones
    )
    return Saying(text=wording("hours.which" if zones else "hours.none_found"), rows=rows)


def leave_page(
    wording: Wording,
    *,
    title: str,
    planned: Mapping[int, str],
    person_id: int,
    starts: Sequence[tuple[str, date]],
    write: str,
) -> Saying:
    """The leaves that are planned, by id and in words, each with its end, and when another one could begin."""
    rows: list[Row] = [
        (
            Button(label=wording("away.other_cover"), press=encode(NameCover(leave_id=leave_id))),
            Button(label=wording("away.end"), press=encode(EndLeave(leave_id=leave_id))),
        )
        for leave_id in planned
    ]
    begin = [
        Button(label=label, press=encode(PlanLeave(person_id=person_id, starts_on=start))) for label, start in starts
    ]
    lines = [*(planned.values() or (wording("away.none"),)), "", wording("away.from"), write]
    return headed(title, "\n" + "\n".join(lines), rows=(*rows, *_in_rows(begin, _IN_A_ROW)))


def back_page(wording: Wording, plan: PlanLeave, *, title: str, start: str, days: Mapping[date, str]) -> Saying:
    """Which day is the first one back; ``days`` holds those offered, in words."""
    buttons = [
        Button(
            label=wording("away.back_on", day=words),
            press=encode(PlanLeave(person_id=plan.person_id, starts_on=plan.starts_on, back_on=day)),
        )
        for day, words in days.items()
    ]
    unknown = PlanLeave(person_id=plan.person_id, starts_on=plan.starts_on, has_open_end=True)
    rows = (*_in_rows(buttons, _IN_A_ROW), (Button(label=wording("away.back_open"), press=encode(unknown)),))
    return headed(title, f"\n{wording('away.back', start=start)}", rows=rows)


def cover_page(
    wording: Wording, plan: PlanLeave | NameCover, colleagues: Mapping[int, str], *, title: str, start: str, back: str
) -> Saying:
    """Who reads in the meantime; ``colleagues`` holds code names by id."""

    def choice(cover_id: int) -> str:
        if isinstance(plan, NameCover):
            return encode(NameCover(leave_id=plan.leave_id, cover_id=cover_id))
        return encode(
            PlanLeave(
                person_id=plan.person_id,
                starts_on=plan.starts_on,
                back_on=plan.back_on,
                has_open_end=plan.has_open_end,
                cover_id=cover_id,
            )
        )

    named = list(colleagues.items())[:MOST_COLLEAGUES]
    buttons = [Button(label=shown(name), press=choice(colleague)) for colleague, name in named]
    nobody = Button(label=wording("away.nobody_button"), press=choice(NOBODY))
    text = wording("away.who_reads", start=start, back=back)
    return headed(title, f"\n{text}", rows=(*_in_rows(buttons, _IN_A_ROW), (nobody,)))


def back_days(starts_on: date) -> tuple[date, ...]:
    """The days of return that are offered for a leave from that day on."""
    return tuple(starts_on + timedelta(days=days) for days in OFFERED_LEAVES)


def hold_page(
    wording: Wording, *, patient_id: int, code_name: str, standing: str | None, hold_id: int | None
) -> Saying:
    """How a patient is held, if they are, and why they could be."""
    reasons = [
        Button(label=wording(f"hold.button.{reason}"), press=encode(PlanHold(patient_id=patient_id, reason=reason)))
        for reason in HoldReason
    ]
    lift = ((Button(label=wording("hold.lift"), press=encode(LiftHold(hold_id=hold_id))),),) if hold_id else ()
    lines = [*((standing, "") if standing else ()), wording("hold.why")]
    title = wording("hold.title", who=shown(code_name))
    return headed(title, "\n" + "\n".join(lines), rows=(*lift, *((button,) for button in reasons)))


def hold_until_page(wording: Wording, plan: PlanHold, *, code_name: str, days: Mapping[date, str]) -> Saying:
    """Until when a patient is held; ``days`` holds those offered, in words."""
    buttons = [
        Button(
            label=wording("hold.goes_on", day=words),
            press=encode(PlanHold(patient_id=plan.patient_id, reason=plan.reason, ends_on=day, is_complete=True)),
        )
        for day, words in days.items()
    ]
    unknown = PlanHold(patient_id=plan.patient_id, reason=plan.reason, is_complete=True)
    why = wording(f"hold.button.{plan.reason}")
    lines = [wording("hold.until", why=why), wording("hold.write", who=shown(code_name))]
    return headed(
        wording("hold.title", who=shown(code_name)),
        "\n" + "\n".join(lines),
        rows=(*((button,) for button in buttons), (Button(label=wording("hold.open"), press=encode(unknown)),)),
    )


def hold_days(today: date) -> tuple[date, ...]:
    """The days that are offered for check-ins to go on."""
    return tuple(today + timedelta(days=days) for days in OFFERED_HOLDS)


def _weekday(wording: Wording, day: str) -> str:
    return wording(f"weekday.{DAYS.index(day) + 1}")


def _listed(wording: Wording, names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} {wording('hours.and')} {last}" if first else last


def _in_rows(buttons: Sequence[Button], in_a_row: int) -> tuple[Row, ...]:
    return tuple(tuple(buttons[n : n + in_a_row]) for n in range(0, len(buttons), in_a_row))
