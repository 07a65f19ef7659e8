"""A program that writes to SQLite with a write-ahead log, keeps its connection, and goes on living.

Follows https://www.sqlite.org/wal.html: what is committed moves into the database file at a checkpoint, which
comes after about a thousand pages.
"""

import signal
import sqlite3
import sys


def main() -> None:
    """Words: database file, number of rows."""
    database, rows = sys.argv[1:]
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE heard (words TEXT)")
    for number in range(int(rows)):
        with connection:
            connection.execute("INSERT INTO heard VALUES (?)", (f"sentence number {number}",))
    print("written", flush=True)
    signal.pause()
