"""`checkin run`: the bot."""

import asyncio
import signal
from contextlib import nullcontext
from typing import Annotated

import typer

from bot import logs
from bot.commands.session import BadInput, run_async
from bot.lock import only_one
from bot.program import Role
from bot.settings import Settings, read_settings
from bot.wiring import assembled, opened
from bot.worker_name import own_name
from storage import schema
from storage.database import is_a_file
from storage.pooler import check_no_pool_between


def run(
    role: Annotated[
        Role,
        typer.Option(
            help="all: everything in one process. web: only take in what Telegram brings to the webhook. "
            "worker: handle, send and ask on time. Several processes need PostgreSQL."
        ),
    ] = Role.ALL,
) -> None:
    """Run the bot until it is told to stop (Ctrl-C, or a stop of the service)."""
    settings = read_settings()
    logs.set_up(settings.log_level)
    run_async(_run(settings, role))


async def _run(settings: Settings, role: Role) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    is_alone = is_a_file(settings.database_address)
    _refuse_nonsense(settings, role, is_alone=is_alone)
    with only_one(settings.data_dir) if is_alone else nullcontext():
        async with opened(settings) as database:
            await check_no_pool_between(database)
            if await schema.is_empty(database):  # a first start needs no second command
                await schema.migrate(database)
        async with assembled(settings, worker="" if is_alone else own_name()) as program:
            stopping = asyncio.Event()
            loop = asyncio.get_running_loop()
            for wish in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(wish, stopping.set)
            await program.run(stopping, role)


def _refuse_nonsense(settings: Settings, role: Role, *, is_alone: bool) -> None:
    if role is not Role.ALL and is_alone:
        raise BadInput(f"--role {role} needs PostgreSQL: SQLite serves one process, which does everything.")
    if role is Role.WEB and not settings.webhook_url:
        raise BadInput("--role web waits for Telegram's webhook: set CHECKIN_WEBHOOK_URL, or run without it.")
