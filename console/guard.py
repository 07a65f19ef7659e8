"""What no request gets past: the host, the method, the origin and the size; and the headers that every answer has."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY = 64 * 1024  # bytes; the longest form of ours is a few hundred
METHODS = ("GET", "HEAD", "POST")
FORM = "application/x-www-form-urlencoded"
BAD_REQUEST, FORBIDDEN, NOT_ALLOWED, TOO_LARGE, WRONG_KIND = 400, 403, 405, 413, 415

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",  # no-referrer would hide the origin of our own forms as well
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-store",
        "x-robots-tag": "noindex, nofollow",
    }
)


class Refuse(Exception):
    """A request that is not looked at any further."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Guard:
    """Stands before the console; an answer that sets one of the headers itself keeps its own."""

    def __init__(self, inside: ASGIApp, *, url: str) -> None:
        self._inside = inside
        self._origin = url
        self._host = url.partition("://")[2]
        self._headers = dict(HEADERS)
        if url.startswith("https://"):
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it in a word."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope["method"], Headers(scope=scope))
            await self._inside(scope, _limited(receive), sent)
        except Refuse as refused:
            await PlainTextResponse(_WORDS[refused.status], status_code=refused.status)(scope, receive, sent)

    def _check(self, method: str, headers: Headers) -> None:
        if headers.get("host", "").lower() != self._host:
            raise Refuse(BAD_REQUEST)  # somebody else's name for us: a rebound DNS entry
        if method not in METHODS:
            raise Refuse(NOT_ALLOWED)
        if method != "POST":
            return
        if not self._comes_from_us(headers):
            raise Refuse(FORBIDDEN)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise Refuse(WRONG_KIND)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise Refuse(BAD_REQUEST)
        if int(length) > LONGEST_BODY:
            raise Refuse(TOO_LARGE)

    def _comes_from_us(self, headers: Headers) -> bool:
        """Every browser of these years says where a form was; what says nothing is no browser."""
        origin = headers.get("origin")
        return origin == self._origin if origin is not None else headers.get("sec-fetch-site") == "same-origin"


def _limited(receive: Receive) -> Receive:
    """The same body, refused as soon as it is longer than it may be, whatever it said of itself."""
    taken = 0

    async def next_part() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LONGEST_BODY:
            raise Refuse(TOO_LARGE)
        return message

    return next_part


_WORDS = {
    BAD_REQUEST: "Bad request",
    FORBIDDEN: "This form was not ours",
    NOT_ALLOWED: "Not allowed",
    TOO_LARGE: "Too large",
    WRONG_KIND: "Not a form",
}
