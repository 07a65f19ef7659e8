"""What is for people and not for the bot, behind the same port: served by uvicorn, one page a connection."""

import asyncio

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState


class Pages:
    """Takes over a connection whose first words are not for the Bot API."""

    def __init__(self, pages: ASGIApp, state: ServerState) -> None:
        self._pages, self._state = pages, state
        self._mounted: dict[str, ASGIApp] = {}
        self._config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            proxy_headers=False,
            http=H11Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
        )
        self._config.load()

    def mount(self, prefix: str, pages: ASGIApp) -> None:
        """Serve other pages below that prefix; they see the whole path."""
        self._mounted[prefix + "/"] = pages

    def take_over(self, transport: asyncio.Transport, read: bytes) -> None:
        """Go on with a connection of which so much has been read."""
        protocol = H11Protocol(config=self._config, server_state=self._state, app_state={})
        protocol.connection_made(transport)  # type: ignore[arg-type]  # uvicorn's own, narrower word for a transport
        transport.set_protocol(protocol)
        protocol.data_received(read)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_the_last(message: Message) -> None:
            if message["type"] == "http.response.start":
                # the next request of the same client may be the bot's, which uvicorn does not serve
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        pages = next((each for prefix, each in self._mounted.items() if scope["path"].startswith(prefix)), self._pages)
        await pages(scope, receive, send_the_last)
