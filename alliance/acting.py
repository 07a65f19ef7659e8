"""What a clinician can do about a flag beyond one press: reach, write, put off, hand over, and say why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from alliance.local_time import instant, local_day
from alliance.pause_words import read_pause_end

LONGEST_SNOOZE = 28  # days; a strain that nobody wants to see for longer is not put off, it is judged
ASKED_FOR = timedelta(minutes=15)  # how long a chat waits for what it has asked somebody to type
MOST_COLLEAGUES = 12  # named on one page; whoever is not among them can be typed
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545, Monday first
USUAL_WEEK = "MO,TU,WE,TH,FR"


class Deed(StrEnum):
    """What was done about a flag beside the three presses of its first page, as it is kept."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    MESSAGE = "message"
    PUT_OFF = "put_off"
    HANDED_OVER = "handed_over"
    GIVEN_BACK = "given_back"


class How(StrEnum):
    """How somebody was reached; each of them is real contact, looking at a flag is not."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    MESSAGE = "message"  # through this chat, once Telegram has taken it


class When(StrEnum):
    """On which day somebody was reached."""

    TODAY = "today"
    YESTERDAY = "yesterday"


class Why(StrEnum):
    """Why a flag was no rupture, as far as a tap can say it."""

    AWAY = "away"
    OUTSIDE = "outside"
    MISTAKE = "mistake"
    USUAL = "usual"
    KNOWN = "known"
    OTHER = "other"  # typed


class Held(StrEnum):
    """How a flag came to somebody who is not the patient's own clinician."""

    HANDED_OVER = "handed_over"  # the right to act has moved with it
    ESCALATED = "escalated"  # nobody had touched it; both may act, and the first one does


class Asked(StrEnum):
    """What a member of staff was asked to type."""

    NOTE = "note"
    WHY = "why"
    UNTIL = "until"
    COLLEAGUE = "colleague"


MOVES = (Deed.PUT_OFF, Deed.HANDED_OVER, Deed.GIVEN_BACK)  # whose turn it is, and when; nothing the patient notices
OFFERED_SNOOZES: Mapping[str, int] = {"1": 1, "7": 7}  # with one tap, in days; any other day can be typed
SAID_WITH_A_TAP = tuple(why for why in Why if why is not Why.OTHER)
OUTSIDE_THE_TOOL = (How.PHONE, How.IN_PERSON, How.LETTER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """A contact outside the tool, as one button says it."""

    how: How
    when: When


OFFERED_CONTACTS: Mapping[str, Reached] = {
    f"{how[0]}{when[0]}": Reached(how=how, when=when) for how in OUTSIDE_THE_TOOL for when in When
}


def reached_at(when: When, *, now: datetime, zone: str) -> datetime:
    """Until when a contact answers what was asked for: now, or the whole of yesterday on that wall."""
    if when is When.TODAY:
        return now
    midnight = instant(local_day(now, zone), time(0), zone)
    return midnight - timedelta(microseconds=1)


def snooze_until(words: str, *, today: date, day_comes_first: bool) -> date | None:
    """The day on which a flag comes back, tomorrow to four weeks ahead; None for the past and for anything else."""
    day = read_pause_end(words, today=today, day_comes_first=day_comes_first)
    return day if day is not None and (day - today).days <= LONGEST_SNOOZE else None


def whole_working_days_between(first: date, last: date, *, working_days: str | None) -> int:
    """How many of the clinician's working days lie between two days, neither of them counted."""
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days))
    return sum(1 for day in days if works_on(day, working_days or USUAL_WEEK))


def works_on(day: date, working_days: str) -> bool:
    """Whether a day is one of these working days, given as RFC 5545 day names with commas."""
    return DAYS[day.weekday()] in working_days.split(",")
