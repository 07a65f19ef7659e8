"""What we keep: tables, the questions asked of them, inbox and outbox, encryption, audit, migrations."""
