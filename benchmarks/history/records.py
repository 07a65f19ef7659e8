"""A history as its three witnesses tell it: Telegram's journal, the tables, and the log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]  # Any: a row of a table or a line of JSON; what it should hold is what is looked at

TABLES = (
    *("inbox", "outbox", "messages", "answers", "checkins"),
    *("alerts", "pages", "grouped_pages", "halts"),
    *("people", "enrolments", "consents"),
)
TAKEN = frozenset({"confirmed", "delivered"})  # fates of updates that Telegram counts as received


@dataclass(frozen=True, kw_only=True, slots=True)
class Harm:
    """Something that must not be: which invariant it breaks, and what it is about, in numbers only."""

    invariant: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the three witnesses say; ``end_at`` is when they were asked."""

    journal: Sequence[Row]
    tables: Mapping[str, Sequence[Row]]
    end_at: datetime
    log: Sequence[str] = field(default_factory=tuple[str, ...])

    def updates(self) -> Iterator[Row]:
        """Each update that Telegram had for the bot, with its fate."""
        return (line for line in self.journal if line["what"] == "update")

    def calls(self) -> Iterator[Row]:
        """Each call of the bot."""
        return (line for line in self.journal if line["what"] == "call")

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table."""
        return self.tables.get(table, ())

    def arrived(self) -> Sequence[Row]:
        """The inbox without the program's own rehearsals of a crisis, whose number, 0, no update of Telegram has."""
        return [row for row in self.rows("inbox") if row["update_id"] != 0]


def moment(value: object) -> datetime:
    """An instant as the journal or a table writes it; those without an offset are in UTC."""
    given = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return given if given.tzinfo else datetime.fromisoformat(f"{given.isoformat()}+00:00")
