"""Many workers: leases with their tokens, fair turns in the inbox, and under which lease a message is being sent.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    # what waits already is of unknown chats: handled first, one after another, as it came
    op.add_column("inbox", sa.Column("chat_id", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    op.drop_index("ix_inbox_waiting", "inbox")
    op.create_index("ix_inbox_waiting", "inbox", ["state", "turn", "seq"])
    op.create_index("ix_inbox_chat", "inbox", ["chat_id", "state", "seq"])
    op.add_column("outbox", sa.Column("fence", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "fence")
    op.drop_index("ix_inbox_chat", "inbox")
    op.drop_index("ix_inbox_waiting", "inbox")
    op.create_index("ix_inbox_waiting", "inbox", ["state", "seq"])
    op.drop_column("inbox", "turn")
    op.drop_column("inbox", "chat_id")
    op.drop_table("leases")
