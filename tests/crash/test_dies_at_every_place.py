"""At each commit and at each send the real program dies for real, and afterwards nothing is lost or done twice."""

import asyncio
import itertools
import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.lives.caseload import caseload, make_due
from benchmarks.lives.chance import chance_of
from benchmarks.lives.crowd import Written
from benchmarks.lives.nursery import Life, Nursery
from benchmarks.soak.loop import Story
from benchmarks.soak.proof import look
from benchmarks.soak.talkers import Talkers
from bot.clock import SystemClock
from sandbox import Fault, FaultKind, Person
from tests.bot.receivers import web_server
from tests.crash.hurried import ARMED, NTH
from tests.crash.places import AT_WORK, BY_COMMAND, NO_CLINIC, OFTEN, ON_A_SERVER_ALONE, ONCE_A_LIFE, around
from tests.crash.proving import HURRIED, Opening, Proof, in_a_file, proving

pytestmark = pytest.mark.crash

PASSINGS = (1, 3)  # each place dies at one of them on the one database and at the other on the other
LATER_PASSINGS = (2, 7)
PATIENTS = 16
DEATHS_IN_A_ROW = 13  # then the program may finish what it has to do
DIES_WITHIN = 60.0  # seconds, on a machine that has other things to do
ACTS_EVERY = 0.08  # seconds
A_CRISIS_IN, FEW = 40, 4  # acts
ACCEPTED = 200


@dataclass(kw_only=True, slots=True)
class Ward:
    """Patients who tap and write, now and then in danger, to a program that is to die."""

    proof: Proof
    cole: Person
    story: Story
    died_at: list[str] = field(default_factory=list[str])
    acts: int = 0

    async def dies_at(self, place: str, nth: int) -> None:
        """The program dies at its nth passing of a place; where it passes but once in a life, in n lives."""
        is_once = place.partition(":")[2] in ONCE_A_LIFE
        for _ in range(nth if is_once else 1):
            life = await self.proof.clinic.begins(**{ARMED: place, NTH: "1" if is_once else str(nth)})
            status = await self._people_act_until_it_ends(life, place)
            assert status == -signal.SIGKILL, (place, nth, status, life.said[-2000:])
        self.died_at.append(place)
        self.story.kills += 1

    async def _people_act_until_it_ends(self, life: Life, place: str) -> int | None:
        async with asyncio.timeout(DIES_WITHIN):
            while (status := await life.ended()) is None:
                self.acts += 1
                goes_elsewhere = place.endswith("record_elsewhere")
                if self.acts % (FEW if goes_elsewhere else A_CRISIS_IN) == 0:
                    self._somebody_is_in_danger(is_held=goes_elsewhere)
                else:
                    self.story.talkers.act()
                await asyncio.sleep(ACTS_EVERY)
        return status

    def _somebody_is_in_danger(self, *, is_held: bool) -> None:
        if is_held and not self.proof.sandbox.faults.waiting:  # so that a page waits, and goes the other way as well
            held = Fault(kind=FaultKind.FLOOD, chat_id=self.cole.user_id, retry_after=1)
            self.proof.sandbox.faults.add(held)
        talkers = self.story.talkers
        person = talkers.chance.choice(talkers.people)
        words = f"I want to kill myself, says {person.name}, number {len(talkers.crowd.written)}"
        act = person.writes(words)
        written = Written(update_id=act.update_id, chat_id=person.user_id, message_id=act.message_id, words=words)
        talkers.crowd.written.append(written)

    async def comes_to_rest(self) -> None:
        """Everything is dealt with; then everybody is asked anew."""
        self.proof.sandbox.faults.clear()
        self.story.talkers.everybody_taps()  # on a slow machine hardly anybody has seen a question by now
        await self.proof.rests()
        self.story.talkers.turn_the_page()
        self.story.slots.append(f"round {len(self.story.slots)}")
        await make_due(self.proof.database, slot=self.story.slots[-1])

    async def is_whole(self) -> None:
        """Both judges find nothing."""
        self.story.talkers.everybody_taps()
        await self.proof.rests()
        outcome = await look(self.proof.database, self.proof.sandbox.ledger, self.story)
        assert outcome.wrong == {}
        assert await self.proof.harm() == []
        assert outcome.sentences > 100
        assert outcome.taps > 20


async def test_it_dies_at_every_place_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, parent: Nursery, opening: Opening
) -> None:
    await _dies_at_every_place(tmp_path, parent, opening, PASSINGS)


@pytest.mark.long
async def test_it_dies_there_later_in_its_life_too(tmp_path: Path, parent: Nursery, opening: Opening) -> None:
    await _dies_at_every_place(tmp_path, parent, opening, LATER_PASSINGS)


@pytest.mark.parametrize("passings", [PASSINGS, LATER_PASSINGS])
def test_between_them_the_two_databases_see_every_place_die_at_each_of_its_passings(passings: tuple[int, int]) -> None:
    together = {*_deaths(passings, is_sqlite=True), *_deaths(passings, is_sqlite=False)}

    assert together == set(itertools.product(around(*AT_WORK), passings))


async def _dies_at_every_place(tmp_path: Path, parent: Nursery, opening: Opening, passings: tuple[int, int]) -> None:
    is_sqlite = opening is in_a_file
    deaths = list(_deaths(passings, is_sqlite=is_sqlite))
    with web_server(lambda _method, _said: ACCEPTED) as second_channel:
        more = {"CHECKIN_ALARM_WEBHOOK_URL": second_channel}
        async with proving(tmp_path / "clinic", parent, opening, more=more) as proof:
            ward = await _opened(proof)
            for number, (place, nth) in enumerate(deaths, start=1):
                await ward.dies_at(place, nth)
                if number % DEATHS_IN_A_ROW == 0:
                    await ward.comes_to_rest()
            await ward.is_whole()

    reachable = (*OFTEN, *ONCE_A_LIFE) if is_sqlite else AT_WORK
    assert set(ward.died_at) == set(around(*reachable))


def _deaths(passings: tuple[int, int], *, is_sqlite: bool) -> Iterator[tuple[str, int]]:
    """Every place on each database, its passings shared out between the two."""
    for number, place in enumerate(around(*AT_WORK)):
        for position, nth in enumerate(passings):
            is_alone = place.partition(":")[2] in ON_A_SERVER_ALONE
            if (is_alone and not is_sqlite) or (not is_alone and ((number + position) % 2 == 0) is is_sqlite):
                yield place, nth


async def _opened(proof: Proof) -> Ward:
    now = SystemClock().now()
    phones = await caseload(proof.clinic, proof.database, [now] * PATIENTS, slot="round 0")
    cole = await proof.staffed()
    talkers = Talkers(people=phones, chance=chance_of(1, "people"))
    return Ward(proof=proof, cole=cole, story=Story(talkers=talkers, slots=["round 0"]))


async def test_a_command_that_dies_can_be_given_again(tmp_path: Path, parent: Nursery) -> None:
    for number, place in enumerate(around(*BY_COMMAND)):
        folder = tmp_path / str(number)
        async with proving(folder / "clinic", parent, in_a_file) as proof:
            await caseload(proof.clinic, proof.database, [], slot="none")
            await proof.staffed()
            before = await proof.history()
            await proof.database.close()  # a restore puts another file in its place
            words = await _words_of(place.partition(":")[2], proof, folder)

            died = await proof.clinic.begins(*words, **{ARMED: place})
            assert await died.over() == -signal.SIGKILL, died.said
            again = await proof.clinic.begins(*_elsewhere(words, folder))
            assert await again.over() == 0, again.said

            assert (await proof.history()).tables == before.tables


async def test_a_demo_that_dies_leaves_nothing_in_the_way_of_the_next(tmp_path: Path, parent: Nursery) -> None:
    words = ("demo", "--patients", "2", "--weeks", "1", "--out", str(tmp_path / "demo"))
    for place in around(*NO_CLINIC):
        died = await parent.start(HURRIED, *words, folder=tmp_path, environment={ARMED: place})
        assert await died.over(DIES_WITHIN) == -signal.SIGKILL, died.said[-2000:]

    again = await parent.start(HURRIED, *words, folder=tmp_path)

    assert await again.over(DIES_WITHIN) == 0, again.said[-2000:]
    assert json.loads((tmp_path / "demo" / "summary.json").read_text(encoding="utf-8"))["patients"] == 2


def _elsewhere(words: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """The same command; a backup is never written over another one of the same second."""
    if words[0] != "backup":
        return words
    another = folder / "another"
    another.mkdir()
    return "backup", str(another)


async def _words_of(name: str, proof: Proof, folder: Path) -> tuple[str, ...]:
    """The command that writes there, and what it needs."""
    kept = folder / "kept"
    kept.mkdir()
    match name:
        case "backup":
            return "backup", str(kept)
        case "restore":
            made = await proof.clinic.begins("backup", str(kept))
            assert await made.over() == 0, made.said
            return "restore", str(next(file for file in kept.iterdir() if file.suffix != ".json")), "--replace"
        case _:
            return "oncall", "set", "COLE"
