"""What is remembered of each patient's course is kept between check-ins.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("through_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_courses_patient_id_people"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_courses"),
    )


def downgrade() -> None:
    op.drop_table("courses")
