"""What people do under load: taps on open check-ins, sentences, now and then danger, and something else."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alliance.buttons import encode
from alliance.presses import Rate
from benchmarks.load.clinic import Patient
from bot.clock import SystemClock
from sandbox import Act, Person

TICK = 0.005  # seconds between two looks at what is due
WRITERS = 0.05  # of the patients write again and again: several messages in a row are one thought
CRISES = 0.1  # of the patients are kept for danger, each of them once, so that no alert joins another
HIGHEST = 7  # of the scale
DANGER = ("I want to kill myself", "I don't want to be alive any more", "I have taken all my pills, I want to die")


class Deed(StrEnum):
    """What somebody does."""

    TAP = "tap"
    MESSAGE = "message"
    CRISIS = "crisis"
    OTHER = "other"


MIX = {Deed.TAP: 60, Deed.MESSAGE: 38, Deed.CRISIS: 1, Deed.OTHER: 1}  # percent


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """One update as it became available at Telegram."""

    update_id: int
    deed: Deed
    at: datetime
    chat_id: int
    message_id: int
    query_id: str | None = None  # of a tap
    answers: tuple[int, str] | None = None  # the check-in and the item, of a tap on a number


@dataclass(kw_only=True, slots=True)
class Traffic:
    """Everybody, and all they have done so far; the same seed does the same."""

    patients: Sequence[Patient]
    chance: random.Random
    done: list[Done] = field(default_factory=list[Done])
    _to_tap: deque[tuple[Patient, str]] = field(init=False)
    _in_danger: deque[Patient] = field(init=False)
    _writers: Sequence[Patient] = field(init=False)

    def __post_init__(self) -> None:
        mixed = self.chance.sample(self.patients, len(self.patients))
        kept, writers = int(len(mixed) * CRISES), max(1, int(len(mixed) * WRITERS))
        self._in_danger = deque(mixed[:kept])
        self._writers = mixed[kept : kept + writers]
        # everybody's first question, then everybody's second: by then an answer has been seen
        rounds = range(len(mixed[0].items))
        self._to_tap = deque((patient, patient.items[n]) for n in rounds for patient in mixed)

    async def go_on(self, *, a_second: float, seconds: float) -> None:
        """So many deeds a second, evenly; what a slow moment has held up follows at once."""
        watch = SystemClock()
        began, number = watch.monotonic(), round(a_second * seconds)
        for n in range(number):
            while watch.monotonic() - began < n / a_second:  # noqa: ASYNC110  # time sends no event
                await asyncio.sleep(TICK)
            self.act(self.chance.choices(list(MIX), list(MIX.values()))[0])
            if n % 10 == 0:
                await asyncio.sleep(0)  # a burst must not keep Telegram from answering

    def act(self, deed: Deed) -> None:
        """Somebody does this; a sentence is written where there is nothing to tap any more."""
        if deed is Deed.TAP and self._to_tap:
            self._tap(*self._to_tap.popleft())
        elif deed is Deed.CRISIS and self._in_danger:
            self._write(self._in_danger.popleft(), Deed.CRISIS, self.chance.choice(DANGER))
        elif deed is Deed.OTHER:
            self._do_something_else(self.chance.choice(self._writers))
        else:
            words = f"Sentence number {len(self.done)}: the week was long and the garden helped a little"
            self._write(self.chance.choice(self._writers), Deed.MESSAGE, words)

    def press(self, phone: Person, message_id: int, data: str) -> None:
        """Somebody of the staff taps a button."""
        at = SystemClock().now()
        self._note(phone, Deed.OTHER, at, phone.taps_old(message_id, data))

    def _tap(self, patient: Patient, item: str) -> None:
        rate = Rate(checkin_id=patient.checkin_id, item_id=item, rating=self.chance.randint(1, HIGHEST))
        at = SystemClock().now()
        act = patient.phone.taps_old(patient.message_id, encode(rate))
        self._note(patient.phone, Deed.TAP, at, act, answers=(patient.checkin_id, item))

    def _write(self, patient: Patient, deed: Deed, words: str) -> None:
        at = SystemClock().now()
        self._note(patient.phone, deed, at, patient.phone.writes(words))

    def _do_something_else(self, patient: Patient) -> None:
        at = SystemClock().now()
        sends = self.chance.choice((patient.phone.sends_voice, patient.phone.sends_sticker))
        self._note(patient.phone, Deed.OTHER, at, sends())

    def _note(
        self, phone: Person, deed: Deed, at: datetime, act: Act, *, answers: tuple[int, str] | None = None
    ) -> None:
        self.done.append(
            Done(
                update_id=act.update_id,
                deed=deed,
                at=at,
                chat_id=phone.user_id,
                message_id=act.message_id,
                query_id=act.query_id,
                answers=answers,
            )
        )
