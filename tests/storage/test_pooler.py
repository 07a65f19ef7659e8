"""A pool in between that lends connections for one transaction is refused in a sentence; a server itself is not."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.pooler import check_no_pool_between
from storage.trouble import Pooled, translated
from storage.vault import Vault
from tests.stories.ward import POSTGRESQL, SQLITE


class FromThePool(Exception):
    """What a driver makes of a pool's refusal."""

    sqlstate = "08P01"


@pytest.fixture
async def shared(bare_database: Database) -> Database:
    """A database on which every connection finds what another one has set, as through such a pool."""
    await _for_every_connection(bare_database, "SET checkin.taken = 'yes'")
    return bare_database


@pytest.mark.parametrize("ground", [SQLITE, POSTGRESQL], indirect=True)
async def test_a_file_and_a_server_are_accepted(database: Database) -> None:
    await check_no_pool_between(database)
    await check_no_pool_between(database)  # nothing of the first look is left


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_where_a_connection_finds_what_another_has_set_nothing_is_started(shared: Database) -> None:
    with pytest.raises(Pooled, match="address of the server itself"):
        await check_no_pool_between(shared)


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_a_pool_that_drops_the_time_limit_is_refused_too(
    bare_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines._SERVER_SETTINGS", {})
    unlimited = Database(bare_database.engine.url.render_as_string(hide_password=False), vault)
    try:
        with pytest.raises(Pooled, match="idle_in_transaction_session_timeout"):
            await check_no_pool_between(unlimited)
    finally:
        await unlimited.close()


def test_a_pool_that_refuses_our_settings_is_called_by_its_name() -> None:
    error = DBAPIError("SELECT 1", None, FromThePool("unsupported startup parameter"))

    assert isinstance(translated(error, "postgresql://db"), Pooled)


async def _for_every_connection(database: Database, setting: str) -> None:
    async with database.writing() as session:
        name = await session.scalar(text("SELECT current_database()"))
        await session.execute(text(f"ALTER DATABASE {name} {setting}"))
    await database.close()  # what is open already knows nothing of it
