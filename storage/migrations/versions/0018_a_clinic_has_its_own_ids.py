"""Patients and visits are found again by what the clinic's own systems call them.

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "roster_entries",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("clinic_id", sa.LargeBinary(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_roster_entries_patient_id"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_roster_entries"),
        sa.UniqueConstraint("mark", name="uq_roster_entries_mark"),
    )
    op.create_table(
        "calendar_visits",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", row_number, nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_calendar_visits_patient_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_calendar_visits_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_visits"),
        sa.UniqueConstraint("mark", name="uq_calendar_visits_mark"),
    )
    for column in ("patient_id", "visit_id", "series", "calendar"):
        op.create_index(f"ix_calendar_visits_{column}", "calendar_visits", [column])


def downgrade() -> None:
    for column in ("calendar", "series", "visit_id", "patient_id"):
        op.drop_index(f"ix_calendar_visits_{column}", "calendar_visits")
    op.drop_table("calendar_visits")
    op.drop_table("roster_entries")
