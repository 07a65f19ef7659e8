"""Reads the witnesses: JSON lines, and the tables through the database's own drivers."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# asyncpg ships no types
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import asyncpg

from benchmarks.history.records import TABLES, History, Row

UNSAID = frozenset({"raw", "body", "words"})  # sealed, and no business of a judge's


async def read_history(journal: Path, database: str, log: Path | None, *, end_at: datetime) -> History:
    """All of it; the database's address is a file, or begins with postgresql://."""
    lines = [json.loads(line) for line in _lines(journal)]
    tables = await _on_a_server(database) if database.startswith("postgresql") else _in_a_file(Path(database))
    return History(journal=lines, tables=tables, end_at=end_at, log=_lines(log) if log else ())


def _lines(file: Path) -> Sequence[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else ()


def _in_a_file(file: Path) -> Mapping[str, Sequence[Row]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return {table: [_said(dict(row)) for row in connection.execute(_all_of(table))] for table in TABLES}


async def _on_a_server(url: str) -> Mapping[str, Sequence[Row]]:
    connection = await asyncpg.connect(url)
    try:
        return {table: [_said(dict(row)) for row in await connection.fetch(_all_of(table))] for table in TABLES}
    finally:
        await connection.close()


def _all_of(table: str) -> str:
    return f"SELECT * FROM {table}"  # noqa: S608  # one of TABLES


def _said(row: dict[str, object]) -> Row:
    return {name: value for name, value in row.items() if name not in UNSAID}
