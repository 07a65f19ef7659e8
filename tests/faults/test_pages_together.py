"""Three in danger at once, and the program dies on the way of their one page: nobody is lost, and no copy too many."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.tables import Alert, GroupedPage
from storage.vault import Vault
from tests.crash.places import around
from tests.faults.small_clinic import Killed, SmallClinic, interrupted, small_clinic

pytestmark = pytest.mark.faults

ON_THE_WAY = around("updates", "claim", "send", "record", "recover")
A_MOMENT = timedelta(seconds=5)  # a page of unknown fate rests for one before its copy
MOST_MESSAGES = 2  # that one page may come in: itself, and one copy where nobody could know


@pytest.mark.parametrize("place", ON_THE_WAY)
async def test_wherever_it_dies_each_of_three_alerts_reaches_the_one_on_call(
    sqlite_template: Path, vault: Vault, tmp_path: Path, place: str
) -> None:
    async with small_clinic(sqlite_template, vault, tmp_path) as clinic:
        for number, patient in enumerate(clinic.patients):
            patient.writes(f"I want to kill myself tonight {number}")

        with interrupted(place, nth=1, by=Killed), suppress(Killed):
            await clinic.program.intake.poll_once(wait=0)
            await clinic.program.updates.handle_all()
            await clinic.program.sender.recover()
            await clinic.program.sender.drain_once()
        await clinic.is_killed()
        await clinic.goes_on(A_MOMENT)

        paged = [shown.text for shown in clinic.cole.screen if shown.from_bot]
        for name in ("Ana", "Ben", "Fay"):
            assert 1 <= sum(name in text for text in paged) <= MOST_MESSAGES
        assert await _all_are_taken_on(clinic)
        await clinic.comes_to_rest()
        assert await clinic.harm() == []


async def test_undisturbed_they_are_one_message_and_one_group(
    sqlite_template: Path, vault: Vault, tmp_path: Path
) -> None:
    async with small_clinic(sqlite_template, vault, tmp_path) as clinic:
        for patient in clinic.patients:
            patient.writes("I want to kill myself tonight")
        await clinic.settles()

        assert len([shown for shown in clinic.cole.screen if shown.from_bot]) == 1
        async with clinic.database.reading() as session:
            rows = (await session.scalars(select(GroupedPage))).all()
        assert len({row.group_id for row in rows}) == 1
        assert sorted(row.position for row in rows) == [0, 1, 2]
        assert await _all_are_taken_on(clinic)
        await clinic.comes_to_rest()
        assert await clinic.harm() == []


async def _all_are_taken_on(clinic: SmallClinic) -> bool:
    """Dr Cole presses all that he sees; whether every alert was paged and is his then."""
    clinic.cole_takes_on_all()
    await clinic.settles()
    async with clinic.database.reading() as session:
        found = (await session.scalars(select(Alert))).all()
    return len(found) == len(clinic.patients) and all(alert.acknowledged_at and alert.first_paged_at for alert in found)
