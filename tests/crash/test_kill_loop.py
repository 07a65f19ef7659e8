"""Two thousand updates, forty kills: polled for and brought, on both databases, nothing is lost and nothing twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.lives.nursery import Nursery
from benchmarks.soak.loop import Plan, soak
from benchmarks.soak.proof import look
from tests.crash.proving import Opening, proving

pytestmark = pytest.mark.crash

PLAN = Plan(updates=2_000, kills=40, seed=5, patients=30, longest_life=0.8)


@pytest.mark.parametrize("is_brought", [False, True], ids=["polling", "webhook"])
async def test_two_thousand_updates_and_forty_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, parent: Nursery, opening: Opening, is_brought: bool
) -> None:
    async with proving(tmp_path / "clinic", parent, opening, webhook=is_brought, seed=PLAN.seed) as proof:
        plan = replace(PLAN, seed=PLAN.seed + is_brought)
        story = await soak(proof.clinic, proof.database, plan)
        outcome = await look(proof.database, proof.sandbox.ledger, story)

        assert outcome.wrong == {}
        assert (outcome.updates, outcome.kills) == (PLAN.updates, PLAN.kills)
        assert await proof.harm() == []
        assert bool(proof.sandbox.ledger.deliveries) is is_brought
