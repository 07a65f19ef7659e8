"""Visits have a brief and an end; what was agreed, what clinicians rate and what they are writing is kept.

Revision: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
one_open = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.add_column("visits", sa.Column("brief_at", moment, nullable=True))
    op.add_column("visits", sa.Column("marked_at", moment, nullable=True))
    op.create_index("ix_visits_brief_at", "visits", ["brief_at"])
    _about_a_patient(
        "agreements",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("remind_at", moment, nullable=True),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("message_row", sa.BigInteger(), nullable=True),
        sa.UniqueConstraint("patient_id", "version", name="uq_agreements_patient_id_version"),
    )
    op.create_index(
        "uq_agreements_open", "agreements", ["patient_id"], unique=True, sqlite_where=one_open, postgresql_where=one_open
    )
    op.create_index("ix_agreements_state", "agreements", ["state", "remind_at"])
    _about_a_patient(
        "agreement_drafts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.UniqueConstraint("patient_id", name="uq_agreement_drafts_patient_id"),
    )
    _about_a_patient(
        "clinician_ratings",
        sa.Column("id", row_number, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("lowest", sa.BigInteger(), nullable=False),
        sa.Column("highest", sa.BigInteger(), nullable=False),
        *(sa.Column(domain, sa.BigInteger(), nullable=True) for domain in ("goal", "task", "bond")),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
    )
    op.create_index("ix_clinician_ratings_patient", "clinician_ratings", ["patient_id", "ended_at"])
    op.create_index("ix_clinician_ratings_clinician", "clinician_ratings", ["clinician_id", "asked_at"])
    _create_desks()


def downgrade() -> None:
    op.drop_index("ix_desks_patient_id", "desks")
    op.drop_table("desks")
    op.drop_index("ix_clinician_ratings_clinician", "clinician_ratings")
    op.drop_index("ix_clinician_ratings_patient", "clinician_ratings")
    op.drop_table("clinician_ratings")
    op.drop_table("agreement_drafts")
    op.drop_index("ix_agreements_state", "agreements")
    op.drop_index("uq_agreements_open", "agreements")
    op.drop_table("agreements")
    op.drop_index("ix_visits_brief_at", "visits")
    op.drop_column("visits", "marked_at")
    op.drop_column("visits", "brief_at")


def _about_a_patient(table: str, *columns: sa.Column[object] | sa.UniqueConstraint) -> None:
    op.create_table(
        table,
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name=f"fk_{table}_patient_id"),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name=f"fk_{table}_clinician_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _create_desks() -> None:
    op.create_table(
        "desks",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("awaiting", sa.String(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", row_number, nullable=True),
        sa.Column("since", moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_desks_person_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_desks_patient_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_desks_visit_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_desks"),
    )
    op.create_index("ix_desks_patient_id", "desks", ["patient_id"])
