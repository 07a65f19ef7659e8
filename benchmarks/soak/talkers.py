"""Patients who write numbered sentences and tap whatever can be tapped, and remember both."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from alliance.buttons import decode
from alliance.presses import Rate
from benchmarks.lives.crowd import Crowd
from sandbox import Person, Shown

TAPS = 0.6  # of what people do, as long as there is something to tap

Item = tuple[int, str]  # a check-in and one of its items


@dataclass(kw_only=True, slots=True)
class Talkers:
    """Everybody, and all they have done so far."""

    people: Sequence[Person]
    chance: random.Random
    crowd: Crowd = field(init=False)
    ratings: dict[Item, int] = field(default_factory=dict[Item, int])
    taps: list[int] = field(default_factory=list[int])  # update ids
    _over: dict[int, int] = field(default_factory=dict[int, int])  # of chats: the last message of an earlier round

    def __post_init__(self) -> None:
        self.crowd = Crowd(people=self.people, chance=self.chance)

    @property
    def done(self) -> int:
        """How many updates they have caused."""
        return len(self.crowd.written) + len(self.taps)

    def act(self) -> None:
        """Somebody taps, if there is something to tap, or writes."""
        person = self.chance.choice(self.people)
        if self.chance.random() >= TAPS or not self._taps(person):
            self.crowd.write(1)

    def everybody_taps(self) -> None:
        """Each person with something to tap taps one number of it."""
        for person in self.people:
            self._taps(person)

    def turn_the_page(self) -> None:
        """From now on another check-in is asked: what is on the screens is not tapped any more, it is too late."""
        self._over = {person.user_id: _newest(person) for person in self.people}

    def _taps(self, person: Person) -> bool:
        """A number on an item that this person sees and has not answered; False when there is none."""
        for shown in reversed(person.screen):
            if shown.message_id <= self._over.get(person.user_id, 0):
                return False
            fresh = [rate for rate in _rates(shown) if (rate.checkin_id, rate.item_id) not in self.ratings]
            if fresh:
                rate = self.chance.choice(fresh)
                self.ratings[rate.checkin_id, rate.item_id] = rate.rating
                data = next(b.data for row in shown.buttons for b in row if b.data and decode(b.data) == rate)
                self.taps.append(person.taps_old(shown.message_id, data).update_id)
                return True
        return False


def _newest(person: Person) -> int:
    return max((shown.message_id for shown in person.screen), default=0)


def _rates(shown: Shown) -> list[Rate]:
    presses = [decode(button.data) for row in shown.buttons for button in row if button.data]
    return [press for press in presses if isinstance(press, Rate)]
