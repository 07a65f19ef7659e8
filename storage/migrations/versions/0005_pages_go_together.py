"""Pages to one person go together in one message, and a pause that Telegram asked for outlives the process.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    # pages that wait already have no number here: they go out each by itself, as they would have
    op.add_column("outbox", sa.Column("page_id", sa.BigInteger(), nullable=True))
    op.add_column("pages", sa.Column("wrote_again", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "grouped_pages",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("page_id", row_number, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_grouped_pages_page_id"),
        sa.PrimaryKeyConstraint("group_id", "page_id", name="pk_grouped_pages"),
    )
    op.create_table(
        "halts",
        sa.Column("id", row_number, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_halts"),
    )
    op.create_index("ix_halts_until", "halts", ["until"])


def downgrade() -> None:
    op.drop_index("ix_halts_until", "halts")
    op.drop_table("halts")
    op.drop_table("grouped_pages")
    op.drop_column("pages", "wrote_again")
    op.drop_column("outbox", "page_id")
