"""A clinic can start: all tables, and two of them that nobody may change.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
row_number = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")  # SQLite numbers only INTEGER by itself

TABLES = (
    "audit",
    "heartbeats",
    "inbox",
    "people",
    "polling",
    "alerts",
    "checkins",
    "consents",
    "contacts",
    "digests",
    "enrolments",
    "invitations",
    "on_call",
    "staff_roles",
    "visits",
    "answers",
    "flags",
    "messages",
    "outbox",
    "pages",
    "flag_actions",
)
KEPT_FOR_GOOD = ("audit", "consents")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", row_number, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "heartbeats",
        sa.Column("loop", sa.String(), nullable=False),
        sa.Column("beat_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("loop", name="pk_heartbeats"),
    )
    op.create_table(
        "inbox",
        sa.Column("seq", row_number, nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("handled_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_inbox"),
        sa.UniqueConstraint("identity", name="uq_inbox_identity"),
    )
    op.create_index(
        "ix_inbox_full",
        "inbox",
        ["handled_at"],
        sqlite_where=sa.text("raw IS NOT NULL"),
        postgresql_where=sa.text("raw IS NOT NULL"),
    )
    op.create_index("ix_inbox_waiting", "inbox", ["state", "seq"])
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_name", sa.String(), nullable=False),
        sa.Column("code_name_folded", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("blocked_at", moment, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("digest_at", sa.String(), nullable=True),
        sa.Column("working_days", sa.String(), nullable=True),
        sa.Column("next_digest_at", moment, nullable=True),
        sa.Column("next_digest_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("chat_id", name="uq_people_chat_id"),
        sa.UniqueConstraint("code_name_folded", name="uq_people_code_name_folded"),
    )
    op.create_index("ix_people_next_digest_at", "people", ["next_digest_at"])
    op.create_table(
        "polling",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_polling"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("degree", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("message_row", sa.BigInteger(), nullable=True),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rung", sa.BigInteger(), nullable=False),
        sa.Column("next_page_at", moment, nullable=True),
        sa.Column("first_paged_at", moment, nullable=True),
        sa.Column("acknowledged_by", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", moment, nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("resolved_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["people.id"], name="fk_alerts_acknowledged_by"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_alerts_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index(
        "uq_alerts_live",
        "alerts",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("state != 'resolved'"),
        postgresql_where=sa.text("state != 'resolved'"),
    )
    op.create_index("ix_alerts_due", "alerts", ["state", "next_page_at"])
    op.create_table(
        "checkins",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("remark_open", sa.Boolean(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("delivered_at", moment, nullable=True),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("remind_at", moment, nullable=True),
        sa.Column("completed_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name="fk_checkins_clinician_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_checkins_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checkins"),
        sa.UniqueConstraint(
            "patient_id", "local_date", "slot", name="uq_checkins_patient_id_local_date_slot"
        ),
    )
    op.create_index("ix_checkins_open", "checkins", ["state", "expires_at"])
    op.create_index("ix_checkins_remind", "checkins", ["state", "remind_at"])
    op.create_table(
        "consents",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_consents_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_patient_id", "consents", ["patient_id"])
    op.create_table(
        "contacts",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("emergency_contact", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_contacts_patient_id"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_contacts"),
    )
    op.create_table(
        "digests",
        sa.Column("id", row_number, nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("covers_from", moment, nullable=False),
        sa.Column("built_at", moment, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name="fk_digests_clinician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("clinician_id", "local_date", name="uq_digests_clinician_id_local_date"),
    )
    op.create_table(
        "enrolments",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("at", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("next_due_at", moment, nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_slot", sa.String(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("enrolled_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name="fk_enrolments_clinician_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_enrolments_patient_id"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_enrolments"),
    )
    op.create_index("ix_enrolments_clinician_id", "enrolments", ["clinician_id"])
    op.create_index("ix_enrolments_due", "enrolments", ["state", "next_due_at"])
    op.create_table(
        "invitations",
        sa.Column("id", row_number, nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_invitations_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
    )
    op.create_index("ix_invitations_person_id", "invitations", ["person_id"])
    op.create_table(
        "on_call",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_on_call_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_on_call"),
    )
    op.create_table(
        "staff_roles",
        sa.Column("id", row_number, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_staff_roles_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_roles"),
    )
    op.create_index("ix_staff_roles_person_id", "staff_roles", ["person_id"])
    op.create_table(
        "visits",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name="fk_visits_clinician_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_visits_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_patient_id", "visits", ["patient_id"])
    op.create_table(
        "answers",
        sa.Column("id", row_number, nullable=False),
        sa.Column("checkin_id", row_number, nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("rating", sa.BigInteger(), nullable=False),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name="fk_answers_checkin_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("checkin_id", "item_id", name="uq_answers_checkin_id_item_id"),
    )
    op.create_table(
        "flags",
        sa.Column("id", row_number, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("clinician_id", sa.BigInteger(), nullable=False),
        sa.Column("checkin_id", row_number, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("signal", sa.String(), nullable=False),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name="fk_flags_checkin_id"),
        sa.ForeignKeyConstraint(["clinician_id"], ["people.id"], name="fk_flags_clinician_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_flags_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
    )
    op.create_index("ix_flags_open", "flags", ["clinician_id", "state"])
    op.create_index("ix_flags_patient", "flags", ["patient_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("checkin_id", row_number, nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("word_count", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("screening", sa.String(), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("crisis_class", sa.String(), nullable=True),
        sa.Column("crisis_degree", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name="fk_messages_checkin_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_messages_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "chat_id", "message_id", "version", name="uq_messages_chat_id_message_id_version"
        ),
    )
    op.create_index("ix_messages_by_person", "messages", ["person_id", "received_at"])
    op.create_index("ix_messages_checkin_id", "messages", ["checkin_id"])
    op.create_table(
        "outbox",
        sa.Column("id", row_number, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=True),
        sa.Column("only_while_enrolled", sa.Boolean(), nullable=False),
        sa.Column("take_away_after", sa.BigInteger(), nullable=True),
        sa.Column("checkin_id", row_number, nullable=True),
        sa.Column("alert_id", row_number, nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("unclear", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_outbox_alert_id"),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name="fk_outbox_checkin_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_outbox_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_chat", "outbox", ["chat_id", "state"])
    op.create_index("ix_outbox_checkin", "outbox", ["checkin_id"])
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.create_index(
        "ix_outbox_full",
        "outbox",
        ["due_at"],
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_index("ix_outbox_person", "outbox", ["person_id", "state"])
    op.create_index("ix_outbox_waiting", "outbox", ["state", "lane", "id"])
    op.create_table(
        "pages",
        sa.Column("id", row_number, nullable=False),
        sa.Column("alert_id", row_number, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("rung", sa.BigInteger(), nullable=False),
        sa.Column("paged_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_pages_alert_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_pages_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("alert_id", "person_id", "rung", name="uq_pages_alert_id_person_id_rung"),
    )
    op.create_table(
        "flag_actions",
        sa.Column("id", row_number, nullable=False),
        sa.Column("flag_id", row_number, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("acted_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], name="fk_flag_actions_flag_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_flag_actions_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flag_actions"),
    )
    op.create_index("ix_flag_actions_flag_id", "flag_actions", ["flag_id"])
    for table in KEPT_FOR_GOOD:
        keep_for_good(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def keep_for_good(table: str) -> None:
    """What was written once is neither changed nor deleted, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
