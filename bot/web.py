"""The web server inside the process: the webhook and what operators' tools ask, on one address."""

import asyncio
import socket
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.web_address import host_and_port

WAITING_CONNECTIONS = 128
LONGEST_GOODBYE = 5  # seconds for requests under way when the program stops

log = structlog.get_logger()


class _Unsignalled(uvicorn.Server):
    """uvicorn without its own handling of signals: the program decides when it stops."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave them alone."""
        yield


async def serve(address: str, routes: Sequence[BaseRoute], stopping: asyncio.Event) -> None:
    """Answer at that address until told to stop; requests under way are finished first.

    Raises OSError when the address cannot be had.
    """
    config = uvicorn.Config(
        Starlette(routes=routes),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
        lifespan="off",
    )
    server = _Unsignalled(config)
    with _listening(*host_and_port(address)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        waiting = asyncio.create_task(stopping.wait())
        log.info("web_server_started", address=address)
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        waiting.cancel()
        await serving


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # told that it is TCP, the loop sends answers at once instead of gathering them for 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(WAITING_CONNECTIONS)
    except OSError as error:
        listener.close()
        error.filename = f"CHECKIN_WEB_ADDRESS {host}:{port}"
        raise
    return listener
