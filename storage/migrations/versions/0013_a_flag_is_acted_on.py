"""A flag is acted on to its end: held by a colleague, put off, judged; contacts and notes to patients are kept.

Revision: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def upgrade() -> None:
    _of_a_flag(
        "flag_holders",
        _person("person_id"),
        sa.Column("held", sa.String(), nullable=False),
        _person("by_id", nullable=True),
        sa.Column("since", moment, nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        people=("person_id", "by_id"),
    )
    op.create_index("ix_flag_holders_person_id", "flag_holders", ["person_id"])
    _of_a_flag(
        "snoozes",
        sa.Column("until_on", sa.Date(), nullable=False),
        _person("by_id"),
        sa.Column("set_at", moment, nullable=False),
        people=("by_id",),
    )
    _of_a_flag(
        "verdicts",
        _person("patient_id"),
        _person("by_id"),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", moment, nullable=False),
        people=("patient_id", "by_id"),
    )
    op.create_table(
        "contacts_made",
        sa.Column("id", row_number, nullable=False),
        _person("patient_id"),
        _person("by_id"),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("noted_at", moment, nullable=False),
        *_to_people("contacts_made", "patient_id", "by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts_made"),
        sa.UniqueConstraint(
            "patient_id", "by_id", "how", "made_on", name="uq_contacts_made_patient_id_by_id_how_made_on"
        ),
    )
    op.create_table(
        "notes_to_patients",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        _person("patient_id"),
        sa.Column("flag_id", sa.BigInteger(), nullable=True),
        sa.Column("digest_id", sa.BigInteger(), nullable=False),
        _person("by_id"),
        sa.Column("script", sa.String(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("typed_in", sa.BigInteger(), nullable=True),
        sa.Column("drafted_at", moment, nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("settled_at", moment, nullable=True),
        *_to_people("notes_to_patients", "patient_id", "by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes_to_patients"),
    )
    op.create_index("ix_notes_to_patients_patient_id", "notes_to_patients", ["patient_id"])
    op.create_table(
        "staff_prompts",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("digest_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        *_to_people("staff_prompts", "person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_staff_prompts"),
    )


def downgrade() -> None:
    op.drop_table("staff_prompts")
    op.drop_index("ix_notes_to_patients_patient_id", "notes_to_patients")
    op.drop_table("notes_to_patients")
    op.drop_table("contacts_made")
    op.drop_table("verdicts")
    op.drop_table("snoozes")
    op.drop_index("ix_flag_holders_person_id", "flag_holders")
    op.drop_table("flag_holders")


def _of_a_flag(table: str, *columns: sa.Column[object], people: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("flag_id", row_number, autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], name=f"fk_{table}_flag_id"),
        *_to_people(table, *people),
        sa.PrimaryKeyConstraint("flag_id", name=f"pk_{table}"),
    )


def _person(column: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(column, sa.BigInteger(), nullable=nullable)


def _to_people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([each], ["people.id"], name=f"fk_{table}_{each}") for each in columns]
