"""A rota has shifts; what people say after the safety message is kept; alerts know the version of their rule.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", row_number, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_shifts_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
    )
    op.create_index("ix_shifts_ends_at", "shifts", ["ends_at"])
    op.create_table(
        "safety_presses",
        sa.Column("id", row_number, nullable=False),
        sa.Column("alert_id", row_number, nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("pressed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_safety_presses_alert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_safety_presses"),
    )
    op.create_index("ix_safety_presses_alert_id", "safety_presses", ["alert_id"])
    op.add_column("alerts", sa.Column("rules_version", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("alerts", "rules_version")
    op.drop_index("ix_safety_presses_alert_id", "safety_presses")
    op.drop_table("safety_presses")
    op.drop_index("ix_shifts_ends_at", "shifts")
    op.drop_table("shifts")
