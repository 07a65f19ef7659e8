"""Databases whose engines are kept from one test to the next: what an engine has compiled it need not compile again.

To compile the statements of one story takes longer than to ask them all. Between two tests an engine holds no
connection, and with it nothing of the database it was used for.
"""

import shutil
from functools import cache
from pathlib import Path

import pytest

from storage import database, engines
from storage.database import Database
from storage.vault import Vault

_KEPT = {"sqlite_engine": cache(engines.sqlite_engine), "server_engine": cache(engines.server_engine)}
_BESIDE = ("", "-wal", "-shm")  # what SQLite writes: the file, and two others next to it


def kept_database(url: str, vault: Vault) -> Database:
    """A database of a program that is stepped by hand; for addresses of which there are few, used one after another."""
    with pytest.MonkeyPatch.context() as patch:
        for name, engine in _KEPT.items():
            patch.setattr(database, name, engine)
        return Database(url, vault, nobody_waits=True)


def copied_anew(template: Path, place: Path) -> str:
    """The address of a copy, at the place where the one of the test before may lie."""
    for ending in _BESIDE:
        place.with_name(place.name + ending).unlink(missing_ok=True)
    return f"sqlite:///{shutil.copy(template, place)}"
