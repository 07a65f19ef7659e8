"""Simulated patients with habits: they look at their own screen, and tap, write or stay away."""

import random
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.chats import Standing
from sandbox.habits import Habits, Mood, until_reply
from sandbox.ledger import Button, Shown
from sandbox.people import Person
from sandbox.ruptures import DOMAINS, Rupture
from sandbox.sentences import SENTENCES

LEAST_NUMBERS = 5  # in one row: fewer are not a scale
SAME_QUESTIONS = timedelta(hours=20)  # numbers that come sooner than that again are a reminder
ASLEEP_FROM, AWAKE_FROM = time(23), time(7)  # local
ENDS_IT = 0.8  # share of finished check-ins without a sentence that are ended with a tap; else the phone goes away
ROWS_BELOW = 2  # of every check-in: what else can be done with it, and help
READS_CHOICES = timedelta(seconds=6)
YES_AND_NO = 2  # buttons of a question whether somebody is sure
_CLOCK_TIME = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """Something a person will do at a moment."""

    at: datetime
    do: Callable[[], object]


class Patient:
    """One patient with a phone. `looks` says what they will do next because of what they see now."""

    def __init__(
        self,
        person: Person,
        habits: Habits,
        chance: random.Random,
        *,
        zone: str,
        rupture: Rupture | None = None,
        refuses: bool = False,
        city: str | None = None,
    ) -> None:
        self.person, self.habits, self.rupture = person, habits, rupture
        self._chance, self._zone = chance, ZoneInfo(zone)
        self._mood = Mood(habits, chance)
        self._joining = deque(self._steps(refuses=refuses, city=city))
        self._seen = 0  # the newest message acted upon while joining
        self._asked_at: datetime | None = None
        self._feels: tuple[float, ...] = ()
        self._given = 0
        self._tapping = False
        self._leaving = False
        self._wrote: int | None = None
        self._tapped_before: tuple[int, str] | None = None
        self._chosen = 0  # choices tapped so far

    def looks(self, now: datetime) -> Sequence[Deed]:
        """Return what follows from the screen as it is now; nothing when nothing on it is new."""
        if self.person.chat.standing is not Standing.WELCOME:
            return ()
        if self._joining:
            return self._join(now)
        if self._leaving:
            return self._confirm_leaving(now)
        asked = self._question()
        if self._tapping:
            self._tapping = False  # what follows is planned once, whatever else changes on the screen
            return self._go_on(asked, now)
        if asked is not None and (self._asked_at is None or now - self._asked_at >= SAME_QUESTIONS):
            return self._decide(now)
        return ()

    def asks_to_leave(self) -> None:
        """Write /leave; the question that follows is answered with its first button."""
        self._leaving = True
        self.person.writes("/leave")

    def _steps(self, *, refuses: bool, city: str | None) -> Sequence[Callable[[], object]]:
        if refuses:
            return (lambda: self._press(-1),)
        consent = (lambda: self._press(0),)
        zone = (lambda: self._press(0),)
        elsewhere = (lambda: self._press(1), lambda: self.person.writes(city or ""), lambda: self._press(0))
        return (*consent, *(elsewhere if city else zone), self._choose_hour)

    def _press(self, place: int) -> None:
        button = _pressable(self.person.last)[place]
        self.person.taps_old(self.person.last.message_id, button.data or "")

    def _choose_hour(self) -> None:
        labels = self.person.last.labels
        if any(_CLOCK_TIME.fullmatch(label) for label in labels) and self.habits.hour in labels:
            self.person.taps(self.habits.hour, message_id=self.person.last.message_id)
        else:
            self.person.writes(self.habits.hour)

    def _join(self, now: datetime) -> Sequence[Deed]:
        if self.person.last.message_id == self._seen:
            return ()
        self._seen = self.person.last.message_id
        return (self._deed(now + self._moment(8, 60), self._joining.popleft()),)

    def _confirm_leaving(self, now: datetime) -> Sequence[Deed]:
        if len(_pressable(self.person.last)) != YES_AND_NO:
            return ()
        self._leaving = False
        return (self._deed(now + self._moment(5, 20), lambda: self._press(0)),)

    def _question(self) -> Shown | None:
        """The newest message with a row of numbers."""
        return next((shown for shown in reversed(self.person.screen) if _numbers(shown)), None)

    def _decide(self, now: datetime) -> Sequence[Deed]:
        """A new check-in: answer it, and when?"""
        self._asked_at, self._given = now, 0
        self._feels = self._mood.next()
        replies = self._chance.random() < self.habits.reply_rate
        at = self._awake(now + until_reply(self.habits, self._chance))
        presses_old = self._chance.random() < self.habits.old_tap_rate
        if not replies or (self.rupture is not None and self.rupture.is_silent(now)):
            return ()
        reply = self._deed(at, self._answer)
        if presses_old and self._tapped_before is not None:
            message_id, pressed = self._tapped_before
            earlier = self._deed(at - self._moment(20, 40), lambda: self.person.taps_old(message_id, pressed))
            return (earlier, reply) if earlier.at > now else (reply,)
        return (reply,)

    def _answer(self) -> None:
        """Give the number of the question that is open, if one still is."""
        asked = self._question()
        if asked is None or self._given >= DOMAINS:
            return
        numbers = _numbers(asked)
        number = self._felt(self._given, of=len(numbers))
        self._given, self._tapping = self._given + 1, True
        if self._chance.random() < self.habits.typed_rate:
            self.person.writes(numbers[number].label)
            return
        self._tapped_before = (asked.message_id, numbers[number].data or "")
        self.person.taps(numbers[number].label, message_id=asked.message_id)

    def _felt(self, domain: int, *, of: int) -> int:
        """Which of so many numbers fits, counted from 0."""
        feels = self._feels[domain]
        if self.rupture is not None and self._asked_at is not None:
            feels -= self.rupture.depth(domain, self._asked_at) * self.habits.spread
        return round(min(max(feels, 0.0), 1.0) * (of - 1))

    def _go_on(self, asked: Shown | None, now: datetime) -> Sequence[Deed]:
        """A number was given: the next question, what is asked about a low one, or the end."""
        if self._given < DOMAINS:
            return () if asked is None else (self._deed(now + self._moment(2, 12), self._answer),)
        if _choices(self._newest()):
            return (self._deed(now + READS_CHOICES, self._choose),)
        sentence = self._sentence(now)
        deeds: list[Deed] = []
        if sentence is not None:
            written = self._deed(now + self._moment(15, 90), lambda: self._write(sentence))
            deeds.append(written)
            if self._chance.random() < self.habits.edit_rate:
                deeds.append(self._deed(written.at + self._moment(20, 60), lambda: self._correct(sentence)))
        elif self._chance.random() < ENDS_IT:
            deeds.append(self._deed(now + self._moment(2, 9), self._end))
        if self._chance.random() < self.habits.sticker_rate:
            deeds.append(self._deed(now + self._moment(100, 200), self.person.sends_sticker))
        return deeds

    def _sentence(self, now: datetime) -> str | None:
        said = SENTENCES[self.habits.language]
        writes, warm = self._chance.random() < self.habits.sentence_rate, self._chance.random() < min(self._feels)
        if self.rupture is not None and self.rupture.complains(now):
            return self._chance.choice(said["complaint"])
        if self.rupture is not None and self.rupture.appeases(now):
            return self._chance.choice(said["appeasing"])
        return self._chance.choice(said["warm" if warm else "banal"]) if writes else None

    def _write(self, sentence: str) -> None:
        self._wrote = self.person.writes(sentence).message_id

    def _correct(self, sentence: str) -> None:
        if self._wrote is not None:
            self.person.edits(self._wrote, f"{sentence[:-1]}, more or less.")

    def _choose(self) -> None:
        """Tap one of the choices, another one each time."""
        newest = self._newest()
        choices = _choices(newest)
        if newest is None or not choices:
            return
        self._chosen, self._tapping = self._chosen + 1, True
        self.person.taps_old(newest.message_id, choices[self._chosen % len(choices)].data or "")

    def _end(self) -> None:
        """Press what ends the check-in, above its two last rows, if it still asks for something."""
        newest = self._newest()
        if newest is not None and len(newest.buttons) > ROWS_BELOW and not _numbers(newest):
            self.person.taps_old(newest.message_id, newest.buttons[-1 - ROWS_BELOW][0].data or "")

    def _newest(self) -> Shown | None:
        """The newest message with something to press."""
        return next((shown for shown in reversed(self.person.screen) if _pressable(shown)), None)

    def _awake(self, moment: datetime) -> datetime:
        """The moment, or the next morning when it falls into the person's night."""
        local = moment.astimezone(self._zone)
        if AWAKE_FROM <= local.time() < ASLEEP_FROM:
            return moment
        day = local.date() + timedelta(days=1 if local.time() >= ASLEEP_FROM else 0)
        return datetime.combine(day, AWAKE_FROM, self._zone).astimezone(moment.tzinfo) + self._moment(60, 3000)

    def _deed(self, at: datetime, do: Callable[[], object]) -> Deed:
        """A deed that is not done if the person has blocked the bot by then."""
        return Deed(at=at, do=lambda: do() if self.person.chat.standing is Standing.WELCOME else None)

    def _moment(self, shortest: float, longest: float) -> timedelta:
        return timedelta(seconds=round(self._chance.uniform(shortest, longest), 1))


def _pressable(shown: Shown) -> list[Button]:
    return [button for row in shown.buttons for button in row if button.data is not None]


def _choices(shown: Shown | None) -> list[Button]:
    """The choices of a message, one to a row, above what ends it and the rows that every check-in has."""
    rows = shown.buttons[: -1 - ROWS_BELOW] if shown else ()
    return [row[0] for row in rows if len(row) == 1]


def _numbers(shown: Shown) -> tuple[Button, ...]:
    """The row of numbers under a message, if it has one."""
    rows = (row for row in shown.buttons if len(row) >= LEAST_NUMBERS and all(b.label.isdigit() for b in row))
    return next(rows, ())
