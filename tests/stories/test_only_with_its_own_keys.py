"""A clinic restores its database beside somebody else's key file: the program says so and touches nothing.

With other keys every waiting message would look forged and be set aside, and every name would be lost. So one sealed
name is opened before anything else happens.
"""

import base64

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.wiring import assembled
from storage import keys
from storage.database import Database
from storage.trouble import WrongKeys
from storage.vault import KEY_LENGTH, Vault
from tests.stories.ward import ON_BOTH, Ward

OURS = base64.b64encode(b"k" * KEY_LENGTH).decode()  # the key of the fixture ``vault``
ANOTHER_CLINICS = base64.b64encode(b"x" * KEY_LENGTH).decode()


@ON_BOTH
async def test_with_another_clinic_s_keys_it_does_not_start_and_touches_nothing(ward: Ward) -> None:
    ward.ana.writes("This waits for us")
    before = (await ward.outbox(), await ward.words(ward.ana), ward.sandbox.pending)

    with pytest.raises(WrongKeys, match="put the right key file back"):
        async with assembled(_settings(ward, f"1:{ANOTHER_CLINICS}"), ward.clock):
            pytest.fail("it started")

    assert (await ward.outbox(), await ward.words(ward.ana), ward.sandbox.pending) == before


@pytest.mark.parametrize(
    "ring",
    [
        pytest.param(f"1:{OURS}", id="the key it was written with"),
        pytest.param(f"2:{ANOTHER_CLINICS},1:{OURS}", id="and a newer one"),
    ],
)
async def test_with_its_own_keys_it_starts(ward: Ward, ring: str) -> None:
    async with assembled(_settings(ward, ring), ward.clock) as program:
        name = program.clinic.name

    assert name == "Almond House"


async def test_a_database_that_holds_no_name_yet_starts_with_any_keys(sqlite_database: Database) -> None:
    other = Database(_address(sqlite_database), Vault({1: b"x" * KEY_LENGTH}))
    try:
        async with other.reading() as session:
            await keys.check(session)
    finally:
        await other.close()


def _settings(ward: Ward, ring: str) -> Settings:
    """The clinic's settings with this key ring, as its environment would give them."""
    return ward.settings.model_copy(
        update={"database_url": SecretStr(_address(ward.database)), "encryption_keys": SecretStr(ring)}
    )


def _address(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)
