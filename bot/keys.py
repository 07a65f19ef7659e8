"""The key ring: read from the settings, or made once for a new clinic and kept apart from the database."""

import os
from pathlib import Path

from bot.settings import Settings, WrongSetting
from storage.vault import BadKey, Vault, new_key, parse_keys

ONLY_THE_OWNER = 0o600


def open_vault(settings: Settings) -> Vault:
    """The vault of this clinic; raises WrongSetting with what to do when there is no usable key."""
    ring = settings.encryption_keys.get_secret_value()
    if not ring:
        raise WrongSetting(
            f"There is no encryption key: {settings.encryption_keys_file} does not exist. `checkin init` makes "
            "one; for an existing database restore the one it was written with."
        )
    try:
        return Vault(parse_keys(ring))
    except BadKey as error:
        raise WrongSetting(f"CHECKIN_ENCRYPTION_KEYS: {error}") from None


def make_key_file(path: Path) -> None:
    """Write a fresh key ring that only its owner can read; an existing file is never touched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_THE_OWNER)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(new_key() + "\n")
