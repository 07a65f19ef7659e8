"""A poller that asks for the highest id it has seen plus one, as hand-written ones do.

Follows the words of https://core.telegram.org/bots/api#getupdates, "must be greater by one than the highest
among the identifiers of previously received updates", which hold until the identifiers begin anew.
"""

import json
import sqlite3
import sys
import time
from contextlib import suppress

import httpx


def main() -> None:
    """Words: address of the Bot API, token, database file."""
    url, token, database = sys.argv[1:]
    kept = sqlite3.connect(database)
    kept.execute("CREATE TABLE IF NOT EXISTS heard (chat_id INTEGER, message_id INTEGER, words TEXT)")
    offset = 0
    with httpx.Client(timeout=35) as client:
        while True:
            with suppress(httpx.TransportError, json.JSONDecodeError, KeyError):
                answer = client.get(f"{url}/bot{token}/getUpdates", params={"offset": offset, "timeout": 30})
                for update in answer.json()["result"]:
                    message = update["message"]
                    kept.execute(
                        "INSERT INTO heard VALUES (?, ?, ?)",
                        (message["chat"]["id"], message["message_id"], message["text"]),
                    )
                    kept.commit()
                    offset = max(offset, update["update_id"] + 1)
                continue
            time.sleep(1)
