"""Sending with python-telegram-bot's own client, tried up to three times more when the network fails.

Follows https://github.com/python-telegram-bot/python-telegram-bot/wiki/Handling-network-errors and the
``for attempt in range`` that is usually put around it.
"""

import asyncio
import sys

from telegram import Bot
from telegram.error import BadRequest, NetworkError
from telegram.request import HTTPXRequest

RETRIES = 3
AT_ONCE = 20


def main() -> None:
    """Words: address of the Bot API, token, and then the chats to write to, one message to each."""
    url, token, *chats = sys.argv[1:]
    asyncio.run(_send_all(url, token, [int(chat) for chat in chats]))


async def _send_all(url: str, token: str, chats: list[int]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def send(bot: Bot, number: int, chat: int) -> None:
        async with slots:
            for attempt in range(RETRIES + 1):
                try:
                    await bot.send_message(chat, f"Message number {number}")
                except BadRequest:
                    return
                except NetworkError:
                    await asyncio.sleep(0.1 * 2**attempt)
                else:
                    return

    async with Bot(token, base_url=f"{url}/bot", request=HTTPXRequest(connection_pool_size=AT_ONCE)) as bot:
        await asyncio.gather(*(send(bot, number, chat) for number, chat in enumerate(chats)))
