"""Run the sandbox on its own: python -m sandbox --port 8081 --token 123:abc."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from sandbox.control import open_door
from sandbox.server import USUAL_FLOOD, Sandbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description="A Telegram to practise on, on this machine only.")
    parser.add_argument(
        "--port", type=int, default=8081, help="port on 127.0.0.1; 0 takes a free one (default %(default)s)"
    )
    parser.add_argument("--token", default="123:abc", help="the bot's token (default %(default)s)")
    parser.add_argument(
        "--username", default="alliance_checkin_bot", help="the bot's name in links (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="same seed, same ids (default %(default)s)")
    parser.add_argument("--journal", type=Path, help="append what happens to this file, one JSON object a line")
    parser.add_argument(
        "--no-flood", action="store_true", help="no limits on how fast the bot speaks, for measuring its own speed"
    )
    chosen = parser.parse_args()
    sandbox = Sandbox(
        token=chosen.token,
        username=chosen.username,
        seed=chosen.seed,
        flood=None if chosen.no_flood else USUAL_FLOOD,
        journal=chosen.journal,
    )
    open_door(sandbox)
    asyncio.run(_serve(sandbox, chosen.port))


async def _serve(sandbox: Sandbox, port: int) -> None:
    over = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):  # also where a parent has chosen to ignore them
        asyncio.get_running_loop().add_signal_handler(wish, over.set)
    await sandbox.start(port)
    sys.stdout.write(
        f"Bot API   {sandbox.url}\nToken     {sandbox.token}\n"
        f"Chat page {sandbox.url}/chat/\nControl   {sandbox.url}/control/\n"
    )
    sys.stdout.flush()
    try:
        await over.wait()
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    main()
