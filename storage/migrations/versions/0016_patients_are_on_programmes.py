"""Programmes have names and versions, patients are on one and keep what is their own; the clinic has closed days.

Revision: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", row_number, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("kept_at", moment, nullable=False),
        sa.Column("retired_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_programmes"),
        sa.UniqueConstraint("name_folded", name="uq_programmes_name_folded"),
    )
    op.create_table(
        "programme_versions",
        sa.Column("id", row_number, nullable=False),
        sa.Column("programme_id", row_number, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_programme_versions_programme_id"),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name="fk_programme_versions_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_programme_versions"),
        sa.UniqueConstraint("programme_id", "number", name="uq_programme_versions_programme_id_number"),
    )
    op.create_table(
        "closed_days",
        sa.Column("id", row_number, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("reopened_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name="fk_closed_days_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_closed_days"),
    )
    op.create_index("ix_closed_days_last", "closed_days", ["last"])
    op.add_column("enrolments", sa.Column("programme_version_id", sa.BigInteger(), nullable=True))
    op.add_column("enrolments", sa.Column("programme_from", sa.Date(), nullable=True))
    op.add_column("enrolments", sa.Column("keeps_own_time", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("enrolments", sa.Column("most_a_week", sa.BigInteger(), nullable=True))
    op.add_column("enrolments", sa.Column("not_on", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_enrolments_programme_version_id", "enrolments", ["programme_version_id"])


def downgrade() -> None:
    op.drop_index("ix_enrolments_programme_version_id", "enrolments")
    for column in ("not_on", "most_a_week", "keeps_own_time", "programme_from", "programme_version_id"):
        op.drop_column("enrolments", column)
    op.drop_index("ix_closed_days_last", "closed_days")
    op.drop_table("closed_days")
    op.drop_table("programme_versions")
    op.drop_table("programmes")
