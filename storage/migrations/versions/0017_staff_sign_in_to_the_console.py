"""Staff sign in to the console by a one-time link.

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    _of_a_person(
        "sign_in_links",
        "code_hash",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
    )
    _of_a_person(
        "staff_sessions",
        "token_hash",
        sa.Column("began_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
    )


def downgrade() -> None:
    for table in ("staff_sessions", "sign_in_links"):
        op.drop_index(f"ix_{table}_person_id", table)
        op.drop_table(table)


def _of_a_person(table: str, secret: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("id", row_number, nullable=False),
        sa.Column(secret, sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.UniqueConstraint(secret, name=f"uq_{table}_{secret}"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=f"fk_{table}_person_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_person_id", table, ["person_id"])
