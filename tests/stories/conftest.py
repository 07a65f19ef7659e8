"""The clinic in which the stories happen."""

import logging
from collections.abc import AsyncGenerator, Generator
from functools import cache
from pathlib import Path

import pytest
import structlog

from bot import clinic as clinic_files
from storage.database import Database
from tests.stories.ward import Ward, ana_and_ben_enrol, opened_ward

SILENT = logging.CRITICAL  # what is logged is tested elsewhere, and formatting it takes longer than the stories


# reading all phrases takes a third of a second and gives the same value each time
_rules_read_once = cache(clinic_files._crisis_rules)


@pytest.fixture(autouse=True, scope="module")
def _phrases_read_once() -> Generator[None]:
    """The crisis phrases are parsed for the first story only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clinic_files, "_crisis_rules", _rules_read_once)
        yield


@pytest.fixture(autouse=True, scope="module")
def _quiet_logs() -> Generator[None]:
    """Nothing is logged while stories are told."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(SILENT))
    yield
    structlog.configure(**before)


@pytest.fixture
async def clinic(database: Database, tmp_path: Path) -> AsyncGenerator[Ward]:
    """The clinic with its staff; nobody has been invited yet."""
    async with opened_ward(database, tmp_path) as ward:
        yield ward


@pytest.fixture
async def ward(clinic: Ward) -> Ward:
    """The clinic with Ana, who takes part, and Ben, who has paused."""
    await ana_and_ben_enrol(clinic)
    return clinic
