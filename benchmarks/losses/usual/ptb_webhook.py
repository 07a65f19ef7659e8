"""python-telegram-bot behind a webhook of starlette and uvicorn: each update goes into the queue, then 200.

Follows https://docs.python-telegram-bot.org/en/stable/examples.customwebhookbot.html; the library's own
``run_webhook`` (which needs tornado) puts updates into the same queue before it answers.
"""

import asyncio
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update

from benchmarks.losses.usual.ptb_store import App, application


def main() -> None:
    """Words: address of the Bot API, token, database file, port to listen on."""
    url, token, database, port = sys.argv[1:]
    asyncio.run(_serve(application(url, token, database), int(port)))


async def _serve(bot: App, port: int) -> None:
    async def telegram(request: Request) -> Response:
        await bot.update_queue.put(Update.de_json(data=await request.json(), bot=bot.bot))
        return Response()

    routes = [Route("/telegram", telegram, methods=["POST"])]
    config = uvicorn.Config(Starlette(routes=routes), port=port, use_colors=False, host="127.0.0.1", log_config=None)
    async with bot:
        if bot.post_init is not None:
            await bot.post_init(bot)  # run_polling would call it; the example has nothing to prepare
        await bot.start()
        await uvicorn.Server(config).serve()
        await bot.stop()
