"""The tables moved from one state to another by Alembic."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.schema import MIGRATIONS


def on(connection: Connection, to: str) -> None:
    """Forwards, to a later state; what was committed before stays, whoever called commits."""
    command.upgrade(config(connection), to)


def back(connection: Connection, to: str) -> None:
    """To an earlier state; what only newer tables and columns know is lost."""
    command.downgrade(config(connection), to)


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings for our migrations; no file is read, and no address is in them."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings
