"""Who in the clinic signed off which rules and wording, and who took a signature back."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowNumber


class Approval(Base):
    """One signature; never changed, never deleted: a later one takes its place."""

    __tablename__ = "approvals"
    __table_args__ = (Index("ix_approvals_of", "part", "language"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    part: Mapped[str]
    language: Mapped[str]
    decision: Mapped[str]
    sha256: Mapped[str]  # of what was in use when it was signed
    signed_by: Mapped[str]  # as the person signs; meant to be shown
    signed_on: Mapped[date]
    recorded_at: Mapped[datetime]
