"""Who may come into the console: one-time links, and the sessions that begin with them; both kept as hashes only."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowNumber


class SignInLink(Base):
    """A one-time link that the bot has sent to somebody of the staff."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """Somebody is signed in, from a link on until they sign out, stay away or leave the team."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
