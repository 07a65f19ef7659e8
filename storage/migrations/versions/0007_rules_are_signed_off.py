"""Rules and wording are signed off by a named person, for exactly what was read, and a signature can be taken back.

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_of", "approvals", ["part", "language"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER approvals_refuses_{act.lower()} BEFORE {act} ON approvals "
                "BEGIN SELECT RAISE(ABORT, 'rows of approvals are never changed'); END"
            )
    else:
        op.execute(  # the function came with the first revision
            "CREATE TRIGGER approvals_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index("ix_approvals_of", "approvals")
    op.drop_table("approvals")
