"""What the clinic's people do in the demo: they act on flags, read words, and answer pages."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alliance.acting import OFFERED_CONTACTS, How, Reached, When
from alliance.acting_presses import ContactWith
from alliance.buttons import decode
from alliance.flags import FlagAction
from alliance.presses import ActOnAlert, ActOnFlag, AlertStep, Press, ShowWords
from sandbox.ledger import Shown
from sandbox.patients import Deed
from sandbox.people import Person

ACTS_ON_FLAGS = 0.8  # the others wait in tomorrow's digest again
READS_WORDS = 0.3
CALLS_AFTER = timedelta(hours=3)  # whoever waits for somebody to get in touch
SPOKEN_TODAY = Reached(how=How.PHONE, when=When.TODAY)
_ACTIONS = (
    FlagAction.RAISE_AT_VISIT,
    FlagAction.RAISE_AT_VISIT,
    FlagAction.REVIEWED,
    FlagAction.NOT_A_RUPTURE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    message_id: int
    press: Press
    data: str


class StaffMember:
    """Somebody who works at the clinic and reads what the bot sends."""

    def __init__(self, person: Person, chance: random.Random, *, misses_pages: int = 0) -> None:
        self.person, self._chance = person, chance
        self._misses = misses_pages  # the first pages come while the phone lies elsewhere
        self._seen = 0
        self._alerts_seen: set[int] = set()
        self._words_read = False

    def looks(self, now: datetime) -> Sequence[Deed]:
        """What follows from messages that were not there at the last look."""
        new = [shown for shown in self.person.screen if shown.from_bot and shown.message_id > self._seen]
        if not new:
            return ()
        self._seen = new[-1].message_id
        return [deed for shown in new for deed in self._reacts(shown, now)]

    def presses(self, wanted: Press) -> None:
        """Press that button where it is now; nothing when it is not there any more."""
        for shown in reversed(self.person.screen):
            for each in _presses(shown):
                if each.press == wanted:
                    self.person.taps_old(each.message_id, each.data)
                    return

    def _reacts(self, shown: Shown, now: datetime) -> Iterator[Deed]:
        found = list(_presses(shown))
        for each in found:
            match each.press:
                case ActOnAlert(step=AlertStep.HAVE):
                    yield from self._takes(each.press, each, now)
                case ContactWith(how=""):
                    yield self._deed(now, CALLS_AFTER, each)
                case ContactWith(how=how) if OFFERED_CONTACTS[how] == SPOKEN_TODAY:
                    yield self._deed(now, timedelta(minutes=1), each)
                case ShowWords() if not self._words_read and self._chance.random() < READS_WORDS:
                    self._words_read = True
                    yield self._deed(now, timedelta(minutes=4), each)
                case _:
                    pass
        flags = [each for each in found if isinstance(each.press, ActOnFlag)]
        if flags:
            yield from self._acts(flags, now)

    def _acts(self, flags: Sequence[_Found], now: datetime) -> Iterator[Deed]:
        """One press on a card, sometime in the working day."""
        wanted = self._chance.choice(_ACTIONS)
        after = timedelta(minutes=self._chance.uniform(5, 420))
        does = self._chance.random() < ACTS_ON_FLAGS
        for each in flags:
            if isinstance(each.press, ActOnFlag) and each.press.action is wanted and does:
                yield self._deed(now, after, each)

    def _takes(self, pressed: ActOnAlert, page: _Found, now: datetime) -> Iterator[Deed]:
        """Take a page on, look up how to reach the patient, and close the alert when they were spoken to."""
        if pressed.alert_id in self._alerts_seen:
            return
        self._alerts_seen.add(pressed.alert_id)
        if self._misses:
            self._misses -= 1
            return
        yield self._deed(now, timedelta(seconds=self._chance.uniform(20, 60)), page)
        for step, after in (
            (AlertStep.REACH, timedelta(seconds=self._chance.uniform(80, 110))),
            (AlertStep.WORDS, timedelta(seconds=self._chance.uniform(120, 170))),
            (AlertStep.CONTACT_MADE, timedelta(minutes=self._chance.uniform(15, 45))),
        ):
            yield Deed(at=now + after, do=self._step(replace(pressed, step=step)))

    def _step(self, pressed: ActOnAlert) -> Callable[[], object]:
        return lambda: self.presses(pressed)

    def _deed(self, now: datetime, after: timedelta, found: _Found) -> Deed:
        return Deed(at=now + after, do=lambda: self.person.taps_old(found.message_id, found.data))


def _presses(shown: Shown) -> Iterator[_Found]:
    for row in shown.buttons:
        for button in row:
            press = decode(button.data) if button.data else None
            if press is not None:
                yield _Found(message_id=shown.message_id, press=press, data=button.data or "")
