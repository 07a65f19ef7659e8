"""A scratch file that brings rows into order, however many: on disk, gone when it is closed."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

AT_ONCE = 10_000  # rows to a transaction
_CACHE = "PRAGMA cache_size = -65536"  # KiB


class Scratch:
    """Rows of a patient, a moment in microseconds, a domain and a rating; unique by the first three."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", _CACHE):
            connection.execute(statement)
        connection.execute("CREATE TABLE patients (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        connection.execute(
            "CREATE TABLE rows (patient INTEGER, at INTEGER, domain TEXT, rating REAL, line INTEGER,"
            " PRIMARY KEY (patient, at, domain)) WITHOUT ROWID"
        )
        self._pending = 0
        self._last = ("", 0)  # rows of one patient mostly come together

    def add(self, patient: str, at: int, domain: str, rating: float | None, *, line: int) -> int | None:
        """Keep a row; the line of the one that is there already, if its patient, moment and domain are known."""
        number = self._number(patient)
        done = self._connection.execute(
            "INSERT OR IGNORE INTO rows VALUES (?, ?, ?, ?, ?)", (number, at, domain, rating, line)
        )
        self._pending += 1
        if self._pending >= AT_ONCE:
            self._connection.commit()
            self._pending = 0
        if done.rowcount:
            return None
        first = self._connection.execute(
            "SELECT line FROM rows WHERE patient = ? AND at = ? AND domain = ?", (number, at, domain)
        ).fetchone()
        return int(first[0])

    def _number(self, patient: str) -> int:
        if patient != self._last[0]:
            known = self._connection.execute("SELECT id FROM patients WHERE name = ?", (patient,)).fetchone()
            if known is None:
                known = (self._connection.execute("INSERT INTO patients (name) VALUES (?)", (patient,)).lastrowid,)
            self._last = (patient, int(known[0]))
        return self._last[1]

    def patients(self) -> Iterator[tuple[str, Iterable[tuple[int, str, float | None]]]]:
        """Everybody in the order in which they came, with their rows, oldest first."""
        for number, name in self._connection.execute("SELECT id, name FROM patients ORDER BY id"):
            rows = self._connection.execute(
                "SELECT at, domain, rating FROM rows WHERE patient = ? ORDER BY at, domain", (number,)
            )
            yield name, rows

    def count(self) -> int:
        """How many rows are kept."""
        return int(self._connection.execute("SELECT count(*) FROM rows").fetchone()[0])


@contextmanager
def scratch() -> Generator[Scratch]:
    """An empty scratch file in the system's folder for such things; other programs cannot read it."""
    with (
        TemporaryDirectory(prefix="checkin-") as folder,
        closing(sqlite3.connect(Path(folder) / "rows.sqlite3")) as connection,
    ):
        yield Scratch(connection)
