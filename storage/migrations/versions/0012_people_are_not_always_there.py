"""Staff go on leave and are covered, patients are held and given to others, and leads read how the team stands.

Revision: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def _person(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["people.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "staff_leaves",
        sa.Column("id", row_number, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("cover_id", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        *(_person(column, "staff_leaves") for column in ("person_id", "cover_id", "set_by")),
        sa.PrimaryKeyConstraint("id", name="pk_staff_leaves"),
    )
    op.create_index("ix_staff_leaves_person_id", "staff_leaves", ["person_id"])
    op.create_table(
        "holds",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("began_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("was_paused", sa.Boolean(), nullable=False),
        sa.Column("next_at", moment, nullable=True),
        *(_person(column, "holds") for column in ("patient_id", "set_by")),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_patient_id", "holds", ["patient_id"])
    op.create_index("ix_holds_next_at", "holds", ["next_at"])
    op.create_table(
        "digest_readers",
        sa.Column("digest_id", row_number, autoincrement=False, nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_digest_readers_digest_id"),
        _person("reader_id", "digest_readers"),
        sa.PrimaryKeyConstraint("digest_id", name="pk_digest_readers"),
    )
    op.create_index("ix_digest_readers_reader_id", "digest_readers", ["reader_id"])
    op.create_table(
        "reassignments",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("untold_since", moment, nullable=False),
        sa.Column("at", moment, nullable=False),
        *(_person(column, "reassignments") for column in ("patient_id", "from_id", "to_id")),
        sa.PrimaryKeyConstraint("id", name="pk_reassignments"),
    )
    op.create_index("ix_reassignments_patient_id", "reassignments", ["patient_id"])
    op.create_index("ix_reassignments_to_id", "reassignments", ["to_id"])
    op.create_table(
        "team_digests",
        sa.Column("id", row_number, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("built_at", moment, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _person("lead_id", "team_digests"),
        sa.PrimaryKeyConstraint("id", name="pk_team_digests"),
        sa.UniqueConstraint("lead_id", "local_date", name="uq_team_digests_lead_id_local_date"),
    )
    op.add_column("enrolments", sa.Column("most_a_day", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("enrolments", "most_a_day")
    op.drop_table("team_digests")
    op.drop_index("ix_reassignments_to_id", "reassignments")
    op.drop_index("ix_reassignments_patient_id", "reassignments")
    op.drop_table("reassignments")
    op.drop_index("ix_digest_readers_reader_id", "digest_readers")
    op.drop_table("digest_readers")
    op.drop_index("ix_holds_next_at", "holds")
    op.drop_index("ix_holds_patient_id", "holds")
    op.drop_table("holds")
    op.drop_index("ix_staff_leaves_person_id", "staff_leaves")
    op.drop_table("staff_leaves")
