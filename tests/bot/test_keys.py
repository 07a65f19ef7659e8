"""The key ring is made once, for its owner alone, and is never written over."""

from pathlib import Path

import pytest

from bot.keys import make_key_file, open_vault
from bot.settings import WrongSetting, read_settings
from storage.vault import Place, Tampered, new_key

HERE = Place(table="messages", column="words", row=1, person=1)


def test_a_new_key_file_is_for_its_owner_alone_and_opens_a_vault(tmp_path: Path) -> None:
    path = tmp_path / "kept apart" / "checkin.keys"

    make_key_file(path)

    vault = open_vault(read_settings(_env_file=None, encryption_keys_file=path))
    assert vault.open(vault.seal("hello", HERE), HERE) == "hello"
    assert path.stat().st_mode & 0o077 == 0


def test_a_key_file_that_is_there_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "checkin.keys"
    make_key_file(path)
    before = path.read_bytes()

    with pytest.raises(FileExistsError):
        make_key_file(path)

    assert path.read_bytes() == before


def test_without_a_key_one_line_says_what_to_do(tmp_path: Path) -> None:
    settings = read_settings(_env_file=None, encryption_keys_file=tmp_path / "checkin.keys")

    with pytest.raises(WrongSetting, match="checkin init") as wrong:
        open_vault(settings)

    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    "ring", ["nonsense", "1:c2hvcnQ=", "one:" + 43 * "A" + "="], ids=["no key", "short", "no number"]
)
def test_a_broken_key_is_named_and_not_quoted(ring: str) -> None:
    settings = read_settings(_env_file=None, encryption_keys=ring, encryption_keys_file=None)

    with pytest.raises(WrongSetting, match="CHECKIN_ENCRYPTION_KEYS") as wrong:
        open_vault(settings)

    assert ring not in str(wrong.value)
    assert wrong.value.__suppress_context__


def test_another_clinics_key_opens_nothing() -> None:
    ours = open_vault(read_settings(_env_file=None, encryption_keys=new_key(), encryption_keys_file=None))
    theirs = open_vault(read_settings(_env_file=None, encryption_keys=new_key(), encryption_keys_file=None))

    with pytest.raises(Tampered):
        theirs.open(ours.seal("hello", HERE), HERE)
