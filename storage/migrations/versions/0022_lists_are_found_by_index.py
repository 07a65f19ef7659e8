"""What a page or a digest asks about many patients is found by index and not by reading everything.

Revision: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

is_blocked = sa.text("blocked_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_checkins_due", "checkins", ["state", "due_at"])
    # with the state in it: by the state alone SQLite read every check-in of the clinic for one clinician's digest
    op.create_index("ix_checkins_patient", "checkins", ["patient_id", "state", "due_at"])
    op.create_index("ix_people_blocked", "people", ["blocked_at"], sqlite_where=is_blocked, postgresql_where=is_blocked)


def downgrade() -> None:
    op.drop_index("ix_people_blocked", "people")
    op.drop_index("ix_checkins_patient", "checkins")
    op.drop_index("ix_checkins_due", "checkins")
