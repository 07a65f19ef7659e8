"""Two thousand updates, forty kills: polled for and brought, on both databases, nothing is lost and nothing twice."""

from pathlib import Path

import pytest

from benchmarks.lives.nursery import Nursery
from benchmarks.soak.loop import Plan, soak
from benchmarks.soak.proof import look
from tests.crash.proving import Opening, in_a_file, proving

pytestmark = [pytest.mark.crash, pytest.mark.long]

# by way and ground; 2,250 updates and 45 kills together, the most where most clinics are
SIZES = {
    ("polling", True): (1_000, 20),
    ("webhook", True): (500, 10),
    ("polling", False): (500, 10),
    ("webhook", False): (250, 5),
}


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_however_often_it_is_killed_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, parent: Nursery, opening: Opening, way: str
) -> None:
    updates, kills = SIZES[way, opening is in_a_file]
    is_brought = way == "webhook"
    plan = Plan(updates=updates, kills=kills, seed=5 + is_brought, patients=30, longest_life=0.8)
    async with proving(tmp_path / "clinic", parent, opening, webhook=is_brought, seed=plan.seed) as proof:
        story = await soak(proof.clinic, proof.database, plan)
        outcome = await look(proof.database, proof.sandbox.ledger, story)

        assert outcome.wrong == {}
        assert (outcome.updates, outcome.kills) == (updates, kills)
        assert await proof.harm() == []
        assert bool(proof.sandbox.ledger.deliveries) is is_brought
