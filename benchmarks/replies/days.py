"""Day after day: patients write at different moments, clinicians take pages, and every answer is noted."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from alliance.buttons import decode
from alliance.local_time import instant
from alliance.presses import ActOnAlert, AlertStep
from benchmarks.enrolling import Patient
from benchmarks.replies.ward import ZONE, Ward
from bot.clock import SystemClock

BEFORE_THE_DIGEST, AFTER_THE_DIGEST = time(7, 15), time(8, 5)
AFTER_THE_QUESTION = time(9, 20)
WRITING = (time(9, 30), time(12, 10), time(17, 40))  # a receipt comes every ten minutes at most
RATINGS = ("4", "5", "6", "7")  # steady enough, so that the words are what is looked at
ANSWERING = 0.7  # chance that a patient taps the three answers; otherwise the day's words come instead of a tap


@dataclass(kw_only=True, slots=True, eq=False)
class Reply:
    """One message a patient wrote, and what has been found out about it; filled in as that is found out."""

    row: int
    words: str
    patient: Patient
    message_id: int
    answers: tuple[str, ...] = ()  # what the bot put on the patient's screen because of it
    stored: bool = False
    screened: bool = False
    answered: bool = False
    shown: bool = False
    is_crisis: bool = False


@dataclass(kw_only=True, slots=True)
class Day:
    """What one day of writing took."""

    replies: int = 0
    seconds: float = 0.0  # of the machine's time, from writing to the last answer


@dataclass(kw_only=True, slots=True)
class Days:
    """The days of a ward; ``replies`` grows while the patients write."""

    ward: Ward
    chance: random.Random
    replies: list[Reply] = field(default_factory=list[Reply])
    unread: list[Reply] = field(default_factory=list[Reply])  # not looked for in a digest yet
    days: dict[date, Day] = field(default_factory=dict[date, Day])
    _watch: SystemClock = field(default_factory=SystemClock)
    _read_up_to: dict[int, int] = field(default_factory=dict[int, int])  # of clinicians: user, message

    @property
    def is_quiet(self) -> bool:
        """Whether everything has been written."""
        return not any(patient.to_write for patient in self.ward.patients)

    async def begin(self, day: date) -> None:
        """The early hours: somebody cannot sleep and writes; then the digests go out."""
        await self._at(day, BEFORE_THE_DIGEST)
        await self._write(day)
        await self._at(day, AFTER_THE_DIGEST)

    async def go_on(self, day: date) -> None:
        """The check-in comes, most answer it, and everybody writes: a remark, at a free moment, or instead of a tap."""
        await self._at(day, AFTER_THE_QUESTION)
        answering = [patient for patient in self.ward.patients if self.chance.random() < ANSWERING]
        for _ in self.ward.program.clinic.instrument.items:
            for patient in answering:
                patient.person.taps(self.chance.choice(RATINGS))
            await self.ward.simulation.settle()
        for moment in WRITING:
            await self._at(day, moment)
            await self._write(day)

    async def _at(self, day: date, moment: time) -> None:
        await self.ward.simulation.run_until(instant(day, moment, ZONE))

    async def _write(self, day: date) -> None:
        """Everybody who has something to say writes one message, and waits for what comes back."""
        started = self._watch.monotonic()
        written = [self._one(patient) for patient in self.ward.patients if patient.to_write]
        await self.ward.simulation.settle()
        took = self.days.setdefault(day, Day())
        took.seconds += self._watch.monotonic() - started
        took.replies += len(written)
        for reply, before in written:
            now = self.ward.sandbox.ledger.ever_shown(reply.patient.person.user_id)[before:]
            reply.answers = tuple(shown.text for shown in now if shown.from_bot)
        self.replies += [reply for reply, _ in written]
        self.unread += [reply for reply, _ in written]
        await self._take_pages()

    def _one(self, patient: Patient) -> tuple[Reply, int]:
        row, words = patient.to_write.popleft()
        act = patient.person.writes(words)
        shown = self.ward.sandbox.ledger.ever_shown(patient.person.user_id)
        return Reply(row=row, words=words, patient=patient, message_id=act.message_id), len(shown)

    async def _take_pages(self) -> None:
        """Whoever is paged takes the alert on and closes it, so that the next one is a new one."""
        for step in (AlertStep.HAVE, AlertStep.CONTACT_MADE):
            for clinician in self.ward.clinicians:
                person = clinician.person
                for message_id, press in self._pressable(person.user_id, step):
                    person.taps_old(message_id, press)
            await self.ward.simulation.settle()
        for clinician in self.ward.clinicians:
            self._read_up_to[clinician.person.user_id] = clinician.person.last.message_id

    def _pressable(self, user_id: int, step: AlertStep) -> Sequence[tuple[int, str]]:
        read = self._read_up_to.get(user_id, 0)
        return [
            (shown.message_id, button.data)
            for shown in self.ward.sandbox.ledger.newest_first(user_id)
            if shown.message_id > read
            for row in shown.buttons
            for button in row
            if button.data and isinstance(pressed := decode(button.data), ActOnAlert) and pressed.step is step
        ]
