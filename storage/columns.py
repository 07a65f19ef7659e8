"""The column types of our own: moments that know their zone, and text that is kept sealed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite drops the offset, so it must be zero before it gets there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes that only the vault can make and open: version, key id, nonce, ciphertext with its tag."""

    box: bytes

    def __repr__(self) -> str:
        return "Sealed(...)"


class SealedColumn(TypeDecorator[Sealed]):
    """A column that takes nothing but what the vault has sealed: plain text cannot slip in."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        """Store the box; anything else than a Sealed is a mistake of ours."""
        if value is None:
            return None
        if not isinstance(value, Sealed):  # pyright: ignore[reportUnnecessaryIsInstance]  # statements are not type-checked by SQLAlchemy
            raise TypeError("only what the vault has sealed may be stored here")
        return value.box

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """Give back the closed box."""
        return None if value is None else Sealed(bytes(value))
