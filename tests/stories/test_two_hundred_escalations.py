"""Two hundred escalations in two weeks, and the process dies at every transition of each: no page is ever missing.

What dies with a process is everything it knows; what is left is the database. It dies after a message was stored and
before it was handled, after that and before anything was sent, in the middle of sending, after it, and the same with
every rung, with "I have this", and with the closing.
"""

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from alliance.alerts import CHASE_EVERY
from bot import wiring
from bot.settings import Settings
from bot.simulation import JUST_AFTER
from bot.timers import TICKS
from bot.wiring import wire
from sandbox.people import Person as OnThePhone
from storage import sending
from tests.stories.crisis import WORDS, pages
from tests.stories.ward import Ward
from workflows.unit import Clinic

pytestmark = [pytest.mark.crash, pytest.mark.long]

ESCALATIONS = 200
EVERY = timedelta(days=14) / ESCALATIONS
LATE = timedelta(seconds=30)  # what a page may be later than its rung
UNANSWERED_MINUTES = (1, 3, 5)  # until somebody presses: one page, two, and everybody paged again
LONG_UNANSWERED = 31  # minutes, now and then
SEED = 20260302


@pytest.fixture(autouse=True)
def _files_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that starts reads the same wording as the one that died, which takes longer than all it does then."""
    known: dict[str, Clinic] = {}
    read = wiring.read_clinic

    def read_clinic(settings: Settings, *, bot_username: str) -> Clinic:
        if bot_username not in known:
            known[bot_username] = read(settings, bot_username=bot_username)
        return known[bot_username]

    monkeypatch.setattr(wiring, "read_clinic", read_clinic)


class Deaths:
    """The ward, whose process dies whenever it is told to, and how often it has."""

    def __init__(self, ward: Ward) -> None:
        self.ward, self.count = ward, 0

    async def dies(self) -> None:
        """Another process starts on what is in the database."""
        ward = self.ward
        ward.program = wire(ward.settings, ward.clock, ward.database, ward.application.bot, ward.application)
        await ward.program.sender.recover()
        self.count += 1

    async def sends(self) -> None:
        """What is queued goes out, with a death before, in the middle of it and after."""
        ward = self.ward
        await self.dies()
        async with ward.database.writing() as session:
            await sending.claim(session, now=ward.clock.now(), limit=100)
        await self.dies()
        await ward.settle()
        await self.dies()

    async def handles(self) -> None:
        """What somebody has just done is stored, handled and answered, with a death after each."""
        while self.ward.sandbox.pending:
            await self.ward.program.intake.poll_once(wait=0)
            await self.dies()
            await self.ward.program.updates.handle_all()
            await self.sends()

    async def until(self, moment: datetime) -> None:
        """Time passes; with every rung the process dies, and also where anything else falls due."""
        ward = self.ward
        while True:
            moments = await ward.program.timers.next_moments()
            due = {name for name, at in moments.items() if at <= moment}
            if not due:
                ward.clock.move_to(moment)
                return
            ward.clock.move_to(min(moments[name] for name in due) + JUST_AFTER)
            for tick in TICKS:
                if tick.name in due and moments[tick.name] <= ward.clock.now():
                    await ward.program.timers.ask(tick)
            await (self.sends() if moments.get("alerts", moment) <= ward.clock.now() else ward.settle())


async def test_no_page_is_ever_missing_before_somebody_has_it(ward: Ward) -> None:
    deaths, chance = Deaths(ward), random.Random(SEED)  # noqa: S311  # a story that repeats itself
    start = ward.clock.now()
    spells: list[tuple[datetime, datetime]] = []  # from raised until acknowledged

    for number in range(ESCALATIONS):
        await deaths.until(start + number * EVERY)
        patient = chance.choice((ward.ana, ward.ben))
        minutes = LONG_UNANSWERED if number % 100 == 7 else chance.choice(UNANSWERED_MINUTES)
        raised = ward.clock.now()
        patient.writes(WORDS)
        await deaths.handles()
        await deaths.until(raised + timedelta(minutes=minutes))
        taker = chance.choice([person for person in (ward.cole, ward.kim) if _paged_since(ward, person, raised)])
        spells.append((raised, ward.clock.now()))
        await _presses(deaths, taker, "I have this")
        await _presses(deaths, taker, "Close: contact made")
    await deaths.until(start + timedelta(days=14))

    sent = sorted(pages(ward, ward.cole) + pages(ward, ward.kim))
    gaps = [gap for raised, taken in spells for gap in _gaps(sent, raised, taken)]
    assert max(gaps) <= CHASE_EVERY + LATE
    assert all(_gaps(sent, raised, taken)[0] <= LATE for raised, taken in spells)
    found = await ward.alerts()
    assert [(alert.state, alert.resolution) for alert in found] == [("resolved", "contact_made")] * ESCALATIONS
    assert deaths.count >= ESCALATIONS * 12  # four and more for each of: raised, taken, closed


def test_a_missing_page_would_be_noticed() -> None:
    """The twin: the gaps of a night in which one page did not go out."""
    raised = datetime.fromisoformat("2026-03-02T03:00Z")
    sent = [raised + timedelta(minutes=minutes) for minutes in (0, 2, 6)]

    assert max(_gaps(sent, raised, raised + timedelta(minutes=7))) > CHASE_EVERY + LATE


def _paged_since(ward: Ward, person: OnThePhone, moment: datetime) -> bool:
    return any(sent_at >= moment for sent_at in pages(ward, person))


async def _presses(deaths: Deaths, person: OnThePhone, label: str) -> None:
    person.taps(label)
    await deaths.handles()


def _gaps(sent: list[datetime], raised: datetime, taken: datetime) -> list[timedelta]:
    """How long nobody was paged, each time, from the moment it was raised until somebody had it."""
    moments = [raised, *(at for at in sent if raised <= at <= taken), taken]
    return [later - earlier for earlier, later in pairwise(moments)]
