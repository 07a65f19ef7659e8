"""A short soak on the real program finds nothing wrong, and each kind of harm done to what it left is found."""

import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from alliance.delivery import OutboxState
from benchmarks.lives.house import PROGRAM, TOKEN, house
from benchmarks.lives.nursery import nursery
from benchmarks.soak.loop import Plan, Story, soak
from benchmarks.soak.proof import look
from sandbox import Sandbox
from storage.database import Database
from storage.inbox import InboxState
from storage.tables import Answer, Checkin, Incoming, Message, Outgoing

pytestmark = pytest.mark.crash

ROOT = Path(__file__).parents[2]
PLAN = Plan(updates=150, kills=6, seed=3, patients=6, kills_in_a_row=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Soaked:
    """What a short soak has left."""

    story: Story
    database: Database
    sandbox: Sandbox

    async def wrong(self) -> dict[str, int]:
        """What the proof makes of it as it stands."""
        return (await look(self.database, self.sandbox.ledger, self.story)).wrong


@pytest.fixture
async def soaked(tmp_path: Path) -> AsyncGenerator[Soaked]:
    async with (
        nursery([PROGRAM]) as parent,
        Sandbox(token=TOKEN, seed=PLAN.seed) as sandbox,
        house(tmp_path / "clinic", sandbox=sandbox, nursery=parent) as clinic,
    ):
        database = clinic.opened()
        story = await soak(clinic, database, PLAN)
        yield Soaked(story=story, database=database, sandbox=sandbox)
        await database.close()


async def test_a_short_soak_leaves_nothing_behind_and_every_kind_of_harm_done_afterwards_is_found(
    soaked: Soaked,
) -> None:
    outcome = await look(soaked.database, soaked.sandbox.ledger, soaked.story)
    assert outcome.wrong == {}
    assert (outcome.kills, outcome.updates, outcome.checkins) == (6, 150, 12)
    assert outcome.sentences > 20
    assert outcome.taps > 5

    async with soaked.database.writing() as session:
        answered, unasked = (await session.scalars(select(Checkin.id).join(Answer).distinct())).all()[:2]
        await session.execute(update(Answer).where(Answer.checkin_id == answered).values(rating=99))
        changed = len((await session.scalars(select(Answer.id).where(Answer.checkin_id == answered))).all())
        await session.execute(delete(Message).where(Message.chat_id == soaked.story.talkers.people[0].user_id))
        await session.execute(
            update(Outgoing)
            .where(Outgoing.checkin_id == unasked, Outgoing.method == "sendMessage")
            .values(state=OutboxState.SENDING)
        )
        await session.execute(
            update(Incoming).where(Incoming.update_id == soaked.story.talkers.taps[0]).values(state=InboxState.WAITING)
        )
        await session.execute(update(Checkin).where(Checkin.id == unasked).values(slot="a round that never was"))
    written = soaked.story.talkers.crowd.written
    unkept = sum(one.chat_id == soaked.story.talkers.people[0].user_id for one in written)

    wrong = await soaked.wrong()

    assert wrong["lost"] == changed + unkept + 1  # the check-in under another name
    assert wrong["doubled"] == 1  # and that name is one too many
    assert wrong["without_disposition"] == 1
    assert wrong["unfinished"] == 1


def test_the_command_kills_and_prints_one_object() -> None:
    words = ["--quick", "--json", "--updates", "40", "--kills", "2", "--seed", "5"]
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert asked.returncode == 0, asked.stderr + asked.stdout
    told = json.loads(asked.stdout)
    values = {result["metric"]: result["value"] for result in told["results"]}
    assert told["seed"] == 5
    assert (values["updates"], values["kills"], values["lost"], values["doubled"]) == (40, 2, 0, 0)
