"""How Alembic meets our tables: on the connection it is handed, with plain column types written down."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from storage.tables import Base


def plain_type(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration uses no class of ours: types of our own are written as what they are made of."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    """Migrate inside the transaction of whoever handed us the connection; they commit."""
    connection = context.config.attributes["connection"]
    assert isinstance(connection, Connection)  # noqa: S101  # storage.schema is the only way in
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by replacing it
        render_item=plain_type,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
