"""The clinic in which the stories happen."""

import logging
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import structlog

from storage.database import Database
from storage.vault import Vault
from tests.conftest import emptied, lent
from tests.kept_engines import copied_anew, kept_database
from tests.stories.in_two_languages import Asked, asked_in, is_asked
from tests.stories.opening import ANA_AND_BEN, opened_ward
from tests.stories.ward import SQLITE, Ward

SILENT = logging.CRITICAL  # what is logged is tested elsewhere, and formatting it takes longer than the stories


@pytest.fixture(autouse=True, scope="module")
def _quiet_logs() -> Generator[None]:
    """Nothing is logged while stories are told."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(SILENT))
    yield
    structlog.configure(**before)


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Path | str:
    """A SQLite file; what is marked ``ON_BOTH`` happens on a PostgreSQL server as well."""
    kind = getattr(request, "param", SQLITE)
    return request.getfixturevalue("sqlite_template" if kind == SQLITE else "postgres_server")


@pytest.fixture(scope="session")
def story_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite file of every story lies, one after another."""
    return tmp_path_factory.mktemp("story") / "story.sqlite3"


@pytest.fixture
async def database(ground: Path | str, story_file: Path, vault: Vault) -> AsyncGenerator[Database]:
    """A migrated, empty database on kept engines; nobody but the story waits for it."""
    url = copied_anew(ground, story_file) if isinstance(ground, Path) else await emptied(ground)
    async with lent(kept_database(url, vault)) as opened:
        yield opened


@pytest.fixture
async def clinic(database: Database, tmp_path: Path) -> AsyncGenerator[Ward]:
    """The clinic with its staff; nobody has been invited yet."""
    async with opened_ward(database, tmp_path) as ward:
        yield ward


@pytest.fixture
async def ward(database: Database, tmp_path: Path) -> AsyncGenerator[Ward]:
    """The clinic with Ana, who takes part, and Ben, who has paused."""
    async with opened_ward(database, tmp_path, ANA_AND_BEN) as ward:
        yield ward


@pytest.fixture
async def asked(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncGenerator[Asked]:
    """A patient at nine on Monday, in front of the first question; ``IN_BOTH`` tells it in both languages."""
    language = getattr(request, "param", "en")
    async with opened_ward(database, tmp_path, asked_in(language)) as ward:
        yield is_asked(ward, language)
