"""What was asked is kept: which form, whom the bond item means; messages of one thought; a zone that is proposed.

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)

ADDED = (
    ("checkins", "form", sa.String()),
    ("checkins", "bond_about_id", sa.BigInteger()),
    ("answers", "instrument", sa.String()),
    ("answers", "form", sa.String()),
    ("answers", "language", sa.String()),
    ("answers", "about_id", sa.BigInteger()),
    ("messages", "thought", sa.BigInteger()),
    ("preferences", "zone_set_at", moment),
    ("preferences", "zone_asked_at", moment),
    ("preferences", "zone_kept_at", moment),
)


def upgrade() -> None:
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_messages_thought", "messages", ["thought"])
    op.create_table(
        "patient_clinicians",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_patient_clinicians_patient_id"),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name="fk_patient_clinicians_clinician_id"),
        sa.PrimaryKeyConstraint("patient_id", "clinician_id", name="pk_patient_clinicians"),
    )
    op.create_index("ix_patient_clinicians_clinician_id", "patient_clinicians", ["clinician_id"])
    # until now the bond item has always meant the clinician of the check-in
    op.execute(
        "UPDATE answers SET about_id = (SELECT clinician_id FROM checkins WHERE checkins.id = answers.checkin_id) "
        "WHERE domain = 'bond'"
    )


def downgrade() -> None:
    op.drop_index("ix_patient_clinicians_clinician_id", "patient_clinicians")
    op.drop_table("patient_clinicians")
    op.drop_index("ix_messages_thought", "messages")
    for table, name, _kind in reversed(ADDED):
        op.drop_column(table, name)
