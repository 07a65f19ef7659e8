"""Programmes by name, each version of them, and the days on which the clinic asks nobody."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowNumber


class KeptProgramme(Base):
    """A programme that patients can be put on, by the name the clinic gave it."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(unique=True)  # as it is looked up
    kept_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # nobody is put on it any more


class ProgrammeVersion(Base):
    """What a programme said from one moment on; never changed, so that a patient moves only by being moved."""

    __tablename__ = "programme_versions"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    number: Mapped[int]
    definition: Mapped[str]  # alliance.programme_json
    set_at: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: at the shell


class ClosedDays(Base):
    """Days from the first to the last on which the clinic asks nobody."""

    __tablename__ = "closed_days"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    first: Mapped[date]
    last: Mapped[date] = mapped_column(index=True)
    note: Mapped[str]  # for staff
    set_at: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reopened_at: Mapped[datetime | None]
