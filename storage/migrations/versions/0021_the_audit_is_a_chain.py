"""The audit is a chain: each entry is bound to all before it, and the end of the chain is sealed.

Revision: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_links",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", row_number, nullable=False),
        sa.Column("digits", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_links"),
        sa.UniqueConstraint("entry_id", name="uq_audit_links_entry_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["audit.id"], name="fk_audit_links_entry_id"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digits", sa.String(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_index("ix_audit_object_id", "audit", ["object_id"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_links_refuses_{act.lower()} BEFORE {act} ON audit_links "
                "BEGIN SELECT RAISE(ABORT, 'rows of audit_links are never changed'); END"
            )
    else:
        op.execute(  # the function came with the first revision
            "CREATE TRIGGER audit_links_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index("ix_audit_object_id", "audit")
    op.drop_table("audit_head")
    op.drop_table("audit_links")
