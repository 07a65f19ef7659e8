"""A patient chooses who reads what, each reader has flags and a course of their own, and hears of being read.

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audience_choices",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=True),
        sa.Column("since", moment, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_audience_choices_patient_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["people.id"], name="fk_audience_choices_reader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audience_choices"),
    )
    op.create_index("ix_audience_choices_patient_id", "audience_choices", ["patient_id"])
    op.create_index("ix_audience_choices_reader_id", "audience_choices", ["reader_id"])
    op.create_table(
        "reader_courses",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reader_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("through_at", moment, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_reader_courses_patient_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["people.id"], name="fk_reader_courses_reader_id"),
        sa.PrimaryKeyConstraint("patient_id", "reader_id", name="pk_reader_courses"),
    )
    op.add_column("flags", sa.Column("is_routed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("preferences", sa.Column("hears_of_reading", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    # the tables of before know one reader only: what was given to another one must not become that one's
    op.execute("DELETE FROM flag_actions WHERE flag_id IN (SELECT id FROM flags WHERE is_routed)")
    op.execute("DELETE FROM flags WHERE is_routed")
    op.drop_column("preferences", "hears_of_reading")
    op.drop_column("flags", "is_routed")
    op.drop_table("reader_courses")
    op.drop_index("ix_audience_choices_reader_id", "audience_choices")
    op.drop_index("ix_audience_choices_patient_id", "audience_choices")
    op.drop_table("audience_choices")
