"""What all tables share: names of constraints, and how Python's types become columns."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, BigInteger, Date, MetaData, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase

from storage.columns import Moment, Sealed, SealedColumn

# SQLite numbers its rows by itself only in a column that is exactly INTEGER.
RowNumber = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


class Base(AsyncAttrs, DeclarativeBase):
    """All tables; constraints have names, so that a later migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: Moment(),
        date: Date(),
        int: BigInteger(),
        str: String(),
        StrEnum: String(),
        Sealed: SealedColumn(),
        dict[str, object]: JSON(),
        list[str]: JSON(),
    }
