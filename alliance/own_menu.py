"""What a patient can decide, as pages of one menu: each page is one message, and leads back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alliance.audience import Routing, Subject, Whom
from alliance.buttons import encode
from alliance.goals import MOST_GOALS
from alliance.meanwhile import Meanwhile, all_in_words
from alliance.own_hours import OFFERED_QUIET
from alliance.pause_words import OFFERED_DAYS
from alliance.presses import Decide, Erase, HelpNow, Leave, OpenPlace, Place
from alliance.readers import Names, is_usual, who_reads_what
from alliance.saying import Button, Saying, headed
from alliance.welcoming import TIMES, TIMES_IN_A_ROW, zone_in_words
from alliance.wording import Wording

OPEN, RESUME, ON, OFF, SEND, ADD, SHOW, HIDE, REMOVE = (
    "open",
    "resume",
    "on",
    "off",
    "send",
    "add",
    "show",
    "hide",
    "remove:",
)
_IN_A_ROW = 2  # labels of two words side by side on a phone
_DAYS_OF_A_WEEK = 7

WHO_TAKES_PART = (
    *(Place.PAUSE, Place.TIME, Place.ZONE, Place.LANGUAGE, Place.QUIET, Place.GOALS),
    *(Place.WHO, Place.DATA, Place.LEAVE, Place.FORGET),
)
READERS_OF = {Place.BOND_READERS: Subject.BOND, Place.REMARK_READERS: Subject.REMARKS}
WHO_DOES_NOT = (Place.LANGUAGE, Place.DATA, Place.FORGET)  # has been invited, or takes part no more

Row = tuple[Button, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a patient's break stands; ``until`` is a day in words, or None for a break without an end."""

    is_paused: bool
    until: str | None = None


def menu(wording: Wording, places: Sequence[Place] = WHO_TAKES_PART) -> Saying:
    """What can be decided, with a button for each, and help now below."""
    buttons = [Button(label=wording(f"own.button.{place}"), press=_page(place)) for place in places]
    help_now = Button(label=wording("safety.button"), press=encode(HelpNow()))
    return headed(wording("own.title"), f"\n{wording('own.choose')}", rows=(*_in_rows(buttons), (help_now,)))


def menu_row(wording: Wording) -> Row:
    """The button that opens the menu."""
    return (Button(label=wording("own.open"), press=_page(Place.MENU)),)


def done(wording: Wording, text: str) -> Saying:
    """What was decided, with the way back to the menu."""
    return Saying(text=text, rows=(_back(wording),))


def pause_page(wording: Wording, standing: Standing, *, today: date) -> Saying:
    """A break: how it stands, how long it could be, and going on."""
    rows = pause_rows(wording, today=today)
    if standing.is_paused:
        go_on = Button(label=wording("own.pause.resume"), press=_choice(Place.PAUSE, RESUME))
        rows = ((go_on,), *rows)
        now = "own.pause.until" if standing.until else "own.pause.open"
        text = wording(now, day=standing.until) if standing.until else wording(now)
    else:
        without_end = Button(label=wording("own.pause.without_end"), press=_choice(Place.PAUSE, OPEN))
        rows = (*rows, (without_end,))
        text = wording("own.pause.ask")
    return headed(wording("own.button.pause"), f"\n{text}", rows=(*rows, _back(wording)))


def pause_rows(wording: Wording, *, today: date) -> tuple[Row, ...]:
    """Breaks to choose with one tap; each carries the day on which it ends, so that a late tap is harmless."""
    buttons = [
        Button(label=_length(wording, days), press=_choice(Place.PAUSE, (today + timedelta(days=days)).isoformat()))
        for days in OFFERED_DAYS
    ]
    return _in_rows(buttons)


def _length(wording: Wording, days: int) -> str:
    weeks, rest = divmod(days, _DAYS_OF_A_WEEK)
    return wording("own.pause.days", count=days) if rest else wording("own.pause.weeks", count=weeks)


def time_page(wording: Wording, *, now: str | None) -> Saying:
    """The time of day, and others to choose."""
    buttons = [Button(label=at, press=_choice(Place.TIME, at)) for at in TIMES]
    standing = (wording("own.time.now", time=now),) if now else ()
    text = " ".join((*standing, wording("time.ask")))
    rows = (*_in_rows(buttons, TIMES_IN_A_ROW), _back(wording))
    return headed(wording("own.button.time"), f"\n{text}", rows=rows)


def zone_page(wording: Wording, *, zone: str, time_there: str) -> Saying:
    """The zone, the time in it, and that another city can be written."""
    text = wording("own.zone.now", zone=zone_in_words(zone), time=time_there)
    return headed(wording("own.button.zone"), f"\n{text}", rows=(_back(wording),))


def zones_found(wording: Wording, zones: Sequence[str]) -> Saying:
    """The zones that fit what was typed, or that none does."""
    if not zones:
        return done(wording, wording("zone.none_found"))
    rows = tuple((Button(label=zone_in_words(zone), press=_choice(Place.ZONE, zone)),) for zone in zones)
    return Saying(text=wording("zone.choose"), rows=(*rows, _back(wording)))


def language_page(wording: Wording, names: Mapping[str, str]) -> Saying:
    """Every language by its own name."""
    buttons = [Button(label=name, press=_choice(Place.LANGUAGE, language)) for language, name in names.items()]
    text = wording("own.language.ask")
    return headed(wording("own.button.language"), f"\n{text}", rows=(*_in_rows(buttons), _back(wording)))


def quiet_page(wording: Wording, *, clinic: str, own: str | None) -> Saying:
    """The hours in which nothing comes: the clinic's and the patient's own."""
    buttons = [Button(label=offered, press=_choice(Place.QUIET, offered)) for offered in OFFERED_QUIET]
    now = wording("own.quiet.own", hours=own) if own else wording("own.quiet.none")
    off = (Button(label=wording("own.quiet.off"), press=_choice(Place.QUIET, OFF)),)
    return headed(
        wording("own.button.quiet"),
        f"\n{wording('own.quiet.ask', clinic=clinic, now=now)}",
        rows=(*_in_rows(buttons), *((off,) if own else ()), _back(wording)),
    )


def goals_page(wording: Wording, goals: Mapping[int, str], *, on_screen: bool, has_agreed: bool = False) -> Saying:
    """The patient's own goals, with what can be done about them; what was agreed is named where they are."""
    lines = [wording("own.goals.what", count=MOST_GOALS)]
    lines += [f"{number}. {goal}" for number, goal in enumerate(goals.values(), start=1)]
    rows: list[Row] = []
    if len(goals) < MOST_GOALS:
        rows.append((Button(label=wording("own.goals.add"), press=_choice(Place.GOALS, ADD)),))
    rows += [
        (Button(label=wording("own.goals.remove", number=number), press=_choice(Place.GOALS, f"{REMOVE}{goal_id}")),)
        for number, goal_id in enumerate(goals, start=1)
    ]
    if goals or has_agreed:
        lines.append(wording("own.goals.shown" if on_screen else "own.goals.hidden"))
        lines += [wording("agreement.with_goals")] if has_agreed else []
        label = wording("own.goals.hide" if on_screen else "own.goals.show")
        rows.append((Button(label=label, press=_choice(Place.GOALS, HIDE if on_screen else SHOW)),))
    return headed(wording("own.button.goals"), "\n" + "\n\n".join(lines), rows=(*rows, _back(wording)))


def who_page(
    wording: Wording, names: Names, routing: Routing, *, at: datetime, time: str, away: tuple[Meanwhile, ...] = ()
) -> Saying:
    """Who reads what, and when, and meanwhile; what nobody watches; and who could read instead."""
    if is_usual(routing, at=at):
        text = wording("own.who.usual", clinician=names.clinician, time=time)
    else:
        text = who_reads_what(wording, names, routing, at=at)
    others = f"{wording('own.who.others', clinic=names.clinic)}\n\n{wording('visits.who')}"
    paragraphs = filter(None, (text, all_in_words(away, wording=wording), others))
    choices = tuple(
        (Button(label=wording(f"readers.{subject}.button", clinician=names.clinician), press=_page(place)),)
        for place, subject in READERS_OF.items()
    )
    reading = (Button(label=wording("own.button.reading"), press=_page(Place.READING)),)
    return headed(wording("own.button.who"), "\n" + "\n\n".join(paragraphs), rows=(*choices, reading, _back(wording)))


def reader_choices(place: Place, names: Names) -> dict[str, str]:
    """The press of each audience that can be chosen on one of the two pages."""
    words = (Whom.CLINICIAN, Whom.TEAM, *(str(reader_id) for reader_id in names.offered))
    return {str(word): _choice(place, word) for word in words}


def back_to_who(wording: Wording) -> Row:
    """The way back from there."""
    return (Button(label=wording("own.button.who"), press=_page(Place.WHO)),)


def reading_page(wording: Wording, *, is_on: bool) -> Saying:
    """Whether a note says that something was read, and the other way."""
    label = wording("reading.turn_off" if is_on else "reading.turn_on")
    row = (Button(label=label, press=_choice(Place.READING, OFF if is_on else ON)),)
    text = wording("reading.on" if is_on else "reading.off")
    return headed(wording("own.button.reading"), f"\n{text}", rows=(row, back_to_who(wording)))


def data_page(wording: Wording) -> Saying:
    """Everything that is kept can be had as two files."""
    send = (Button(label=wording("own.data.send"), press=_choice(Place.DATA, SEND)),)
    return headed(wording("own.button.data"), f"\n{wording('own.data.ask')}", rows=(send, _back(wording)))


def leave_page(wording: Wording) -> Saying:
    """Stop taking part, asked once."""
    yes = Button(label=wording("leave.yes"), press=encode(Leave(sure=True)))
    no = Button(label=wording("leave.no"), press=encode(Leave(sure=False)))
    return headed(wording("own.button.leave"), f"\n{wording('leave.ask')}", rows=((yes, no), _back(wording)))


def forget_page(wording: Wording, *, asked_in: int) -> Saying:
    """Have everything deleted: what goes, what stays, and a yes or a no."""
    yes = Button(label=wording("own.forget.yes"), press=encode(Erase(sure=True, asked_in=asked_in)))
    no = Button(label=wording("own.forget.no"), press=encode(Erase(sure=False, asked_in=asked_in)))
    return headed(wording("own.button.forget"), f"\n{wording('own.forget.ask')}", rows=((yes,), (no,)))


def which_role(wording: Wording) -> Saying:
    """Somebody with two roles is asked which one they mean."""
    places = (Place.AS_PATIENT, Place.AS_STAFF)
    buttons = tuple(Button(label=wording(f"own.role.{place}"), press=_page(place)) for place in places)
    return Saying(text=wording("own.role.ask"), rows=(buttons,))


def _page(place: Place) -> str:
    return encode(OpenPlace(place=place))


def _choice(place: Place, choice: str) -> str:
    return encode(Decide(place=place, choice=choice))


def _back(wording: Wording) -> Row:
    return (Button(label=wording("own.back"), press=_page(Place.MENU)),)


def _in_rows(buttons: Sequence[Button], width: int = _IN_A_ROW) -> tuple[Row, ...]:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
