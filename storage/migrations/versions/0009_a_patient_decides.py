"""What a patient decides is kept: own quiet hours, own goals, and what the chat waits for.

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quiet_from", sa.String(), nullable=True),
        sa.Column("quiet_until", sa.String(), nullable=True),
        sa.Column("goals_on_screen", sa.Boolean(), nullable=False),
        sa.Column("awaiting", sa.String(), nullable=True),
        sa.Column("awaiting_since", moment, nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_preferences_patient_id"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_preferences"),
    )
    op.create_table(
        "goals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_goals_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
    )
    op.create_index("ix_goals_patient_id", "goals", ["patient_id"])


def downgrade() -> None:
    op.drop_index("ix_goals_patient_id", "goals")
    op.drop_table("goals")
    op.drop_table("preferences")
