"""A digest has more places: a clinician has an e-mail address, and a digest knows whether its picture was drawn.

Revision: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("email", sa.LargeBinary(), nullable=True))
    op.add_column("digests", sa.Column("picture", sa.String(), nullable=True))
    op.create_index("ix_digests_picture", "digests", ["picture"])
    op.create_index("ix_checkins_clinician", "checkins", ["clinician_id", "ended_at"])


def downgrade() -> None:
    op.drop_index("ix_checkins_clinician", "checkins")
    op.drop_index("ix_digests_picture", "digests")
    op.drop_column("digests", "picture")
    op.drop_column("people", "email")
