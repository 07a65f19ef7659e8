"""A poller that loses every third message and keeps every fifth twice: what the counting must see."""

import json
import sqlite3
import sys
import urllib.request

LOSES_EVERY, DOUBLES_EVERY = 3, 5


def main() -> None:
    """Words: address of the Bot API, token, database file."""
    url, token, database = sys.argv[1:]
    kept = sqlite3.connect(database)
    kept.execute("CREATE TABLE IF NOT EXISTS heard (chat_id INTEGER, message_id INTEGER)")
    offset = 0
    while True:
        with urllib.request.urlopen(f"{url}/bot{token}/getUpdates?offset={offset}&timeout=30") as answer:  # noqa: S310
            updates = json.load(answer)["result"]
        for update in updates:
            message = update["message"]
            row = (message["chat"]["id"], message["message_id"])
            copies = 0 if row[1] % LOSES_EVERY == 0 else 2 if row[1] % DOUBLES_EVERY == 0 else 1
            kept.executemany("INSERT INTO heard VALUES (?, ?)", [row] * copies)
            offset = update["update_id"] + 1
        kept.commit()
