"""The same load without the product's work: polls, stores raw updates, sends ready-made messages at the same pace.

It parses nothing but the ids, screens nothing, seals nothing and decides nothing: what no design on this machine does
faster with the same durability. Started as a process like the product, with its settings in the environment.
"""

import asyncio
import os
import sqlite3
from collections import deque

import httpx

PACE = 28  # messages a second, as the product's own
POLL_FOR = 30  # seconds


def main() -> None:
    """Go on until killed."""
    asyncio.run(_live())


async def _live() -> None:
    database = sqlite3.connect(os.environ["CEILING_DATABASE"], isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE raw (update_id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    chats: deque[int] = deque()
    async with httpx.AsyncClient(base_url=os.environ["CEILING_API"], timeout=POLL_FOR + 10, trust_env=False) as client:
        await asyncio.gather(_poll(client, database, chats), _send(client, chats))


async def _poll(client: httpx.AsyncClient, database: sqlite3.Connection, chats: deque[int]) -> None:
    offset = None
    while True:
        asked = {"timeout": POLL_FOR, "limit": 100, **({} if offset is None else {"offset": offset})}
        answer = await client.post("getUpdates", json=asked)
        updates = answer.json()["result"]
        if not updates:
            continue
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT OR IGNORE INTO raw VALUES (?, ?)", [(update["update_id"], str(update)) for update in updates]
        )
        database.execute("COMMIT")
        offset = updates[-1]["update_id"] + 1
        chats.extend(_chat_of(update) for update in updates)


def _chat_of(update: dict[str, dict[str, dict[str, int]]]) -> int:
    return (update.get("message") or update["callback_query"])["from"]["id"]


async def _send(client: httpx.AsyncClient, chats: deque[int]) -> None:
    under_way: set[asyncio.Task[httpx.Response]] = set()
    while True:
        if chats:
            body = {"chat_id": chats.popleft(), "text": "Thank you, it is written down."}
            task = asyncio.create_task(client.post("sendMessage", json=body))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.sleep(1 / PACE)
