"""Run the sandbox on its own: python -m sandbox --port 8081 --token 123:abc."""

import argparse
import asyncio
import contextlib
import sys

from sandbox.server import Sandbox


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
    chosen = parser.parse_args()
    sandbox = Sandbox(token=chosen.token, username=chosen.username, seed=chosen.seed)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(sandbox, chosen.port))


async def _serve(sandbox: Sandbox, port: int) -> None:
    await sandbox.start(port)
    sys.stdout.write(f"Bot API   {sandbox.url}\nToken     {sandbox.token}\nChat page {sandbox.url}/chat/\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    main()
