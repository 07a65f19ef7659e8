"""A check-in can be skipped in part, put off, changed and asked about once more; what its message shows is known.

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.add_column("checkins", sa.Column("later_at", moment, nullable=True))
    op.add_column("checkins", sa.Column("wish", sa.String(), nullable=True))
    op.add_column("checkins", sa.Column("wished_at", moment, nullable=True))
    op.add_column("answers", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.add_column("answers", sa.Column("is_typed", sa.Boolean(), nullable=False, server_default=sa.false()))
    _of_a_checkin(
        "checkin_pages",
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("print", sa.String(), nullable=True),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.Column("post_key", sa.String(), nullable=False),
        sa.Column("shown_at", moment, nullable=True),
        once_for="message_id",
    )
    op.create_index("ix_checkin_pages_post_key", "checkin_pages", ["post_key"])
    _of_a_checkin(
        "skipped_items",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("skipped_at", moment, nullable=False),
        once_for="item_id",
    )
    _of_a_checkin(
        "follow_ups",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("offered_at", moment, nullable=False),
        sa.Column("concern", sa.String(), nullable=True),
        sa.Column("chosen_at", moment, nullable=True),
        once_for="domain",
    )


def downgrade() -> None:
    op.drop_table("follow_ups")
    op.drop_table("skipped_items")
    op.drop_index("ix_checkin_pages_post_key", "checkin_pages")
    op.drop_table("checkin_pages")
    op.drop_column("answers", "is_typed")
    op.drop_column("answers", "message_id")
    op.drop_column("checkins", "wished_at")
    op.drop_column("checkins", "wish")
    op.drop_column("checkins", "later_at")


def _of_a_checkin(table: str, *columns: sa.Column[object], once_for: str) -> None:
    op.create_table(
        table,
        sa.Column("id", row_number, nullable=False),
        sa.Column("checkin_id", row_number, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name=f"fk_{table}_checkin_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("checkin_id", once_for, name=f"uq_{table}_checkin_id_{once_for}"),
    )
