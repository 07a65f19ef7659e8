"""The door of the Bot API: reads a call, lets it act or fail, writes it down, answers."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias

from sandbox.faults import Fault, FaultKind, Faults
from sandbox.flood import FloodGate
from sandbox.ledger import NO_ANSWER, Entry, Excess
from sandbox.methods import METHODS, Act, Method
from sandbox.receiving import Receiving
from sandbox.refusals import NOT_FOUND, UNAUTHORIZED, Refused, bad_request, forbidden, too_many
from sandbox.sending import Done
from sandbox.wire import JsonObject, Request, read_request
from sandbox.world import World

Scope: TypeAlias = MutableMapping[str, Any]  # Any: ASGI's own definition
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]  # Any: ASGI's own definition
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]  # Any: ASGI's own definition

OK = 200
_BEFORE = {FaultKind.DROP_BEFORE, FaultKind.STALL}
_FAULT_WORDS = {500: "Internal Server Error: restart", 502: "Bad Gateway"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    status: int
    result: object = None
    description: str = ""
    parameters: JsonObject | None = None
    message_id: int | None = None
    chat_id: int | None = None
    held_back: float = 0.0  # seconds, by the real clock

    def body(self) -> bytes:
        if self.status == OK:
            ready = self.result if isinstance(self.result, bytes) else json.dumps(self.result).encode()
            said = b',"description":' + json.dumps(self.description).encode() if self.description else b""
            return b'{"ok":true,"result":' + ready + said + b"}"
        answer: JsonObject = {"ok": False, "error_code": self.status, "description": self.description}
        return json.dumps({**answer, "parameters": self.parameters} if self.parameters else answer).encode()


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """One HTTP exchange, and the means to leave it without a word."""

    scope: Scope
    receive: Receive
    send: Send

    @property
    def is_gone(self) -> bool:
        return bool(self.scope["state"]["transport"].is_closing())

    async def hang_up(self) -> None:
        self.scope["state"]["transport"].abort()
        # an ASGI app may return without an answer only after it has heard that nobody is there
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def linger(self, seconds: float) -> None:
        """Wait that long by the real clock, or until the caller leaves."""
        try:
            async with asyncio.timeout(seconds):
                while (await self.receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            pass

    async def answer(self, outcome: _Outcome, *, cut: bool) -> None:
        body = outcome.body()
        body = body[: len(body) // 2] if cut else body
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        retry_after = (outcome.parameters or {}).get("retry_after")
        if retry_after is not None:
            headers.append((b"retry-after", str(retry_after).encode()))
        await self.send({"type": "http.response.start", "status": outcome.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


class BotApi:
    """Every call to /bot<token>/<method> comes through here."""

    def __init__(
        self, world: World, *, token: str, faults: Faults, gate: FloodGate, patient: bool, hurry: float
    ) -> None:
        self._world = world
        self._prefix = f"/bot{token}/"
        self._faults = faults
        self._gate = gate
        self._receiving = Receiving(world, patient=patient, hurry=hurry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(scope=scope, receive=receive, send=send)
        path: str = scope["path"]
        name = path.rpartition("/")[2]
        body = await _read_body(receive)
        try:
            request = read_request(name, query=scope["query_string"], content_type=_content_type(scope), body=body)
        except Refused as refused:
            request = Request(name, {}, {})
            await self._finish(connection, request, _refused(refused), None)
            return
        method = METHODS.get(name.lower())
        if not path.startswith(self._prefix):
            stranger = path.count("/") == 2  # noqa: PLR2004  /bot<another token>/<method>
            outcome = _UNKNOWN_TOKEN if stranger else _UNKNOWN_METHOD
            await self._finish(connection, request, outcome, None)
        elif method is None or path != self._prefix + name:
            await self._finish(connection, request, _UNKNOWN_METHOD, None)
        else:
            await self._serve(connection, method, request)

    async def _serve(self, connection: Connection, method: Method, request: Request) -> None:
        _note_unknown(method, request)
        fault = self._faults.pick(method.name, request.integer("chat_id"))
        outcome = self._failed(fault) if fault is not None else None
        if outcome is None:
            outcome = await self._act(method, request)
        if fault is not None and fault.acted and fault.kind is FaultKind.STATUS:
            outcome = replace(_status(fault), message_id=outcome.message_id)
        await self._finish(connection, request, outcome, fault)

    def _failed(self, fault: Fault) -> _Outcome | None:
        """Return how the call fails without acting, or None when the fault lets it act."""
        if fault.kind in _BEFORE:
            return _Outcome(status=NO_ANSWER)
        if fault.kind is FaultKind.STATUS and not fault.acted:
            return _status(fault)
        if fault.kind is FaultKind.FLOOD:
            until = self._world.now() + timedelta(seconds=fault.retry_after)
            self._gate.stop(fault.chat_id, until=until)
            return _refused(too_many(fault.retry_after))
        if fault.kind is FaultKind.FORBIDDEN:
            return _refused(forbidden(fault.description or "bot was blocked by the user"))
        if fault.kind is FaultKind.BAD_REQUEST:
            return _refused(bad_request(fault.description or "chat not found"))
        return None

    def perform(self, request: Request) -> None:
        """Carry out a call that came as the webhook's answer: written down as unheard, since nobody is told."""
        method = METHODS.get(request.method.lower())
        if method is not None and method.act is not None:
            _note_unknown(method, request)
            self._record(request, self._act_at_once(method.act, method, request), fault=None, heard=False)

    async def _act(self, method: Method, request: Request) -> _Outcome:
        if method.act is not None:
            return self._act_at_once(method.act, method, request)
        try:
            return _done(await self._receiving.get_updates(request))
        except Refused as refused:
            return _refused(refused)

    def _act_at_once(self, act: Act, method: Method, request: Request) -> _Outcome:
        try:
            if method.speaks:
                self._admit(method, request)
            return _done(act(self._world, request))
        except Refused as refused:
            return _refused(refused)

    def _admit(self, method: Method, request: Request) -> None:
        chat_id, now = request.integer("chat_id"), self._world.now()
        wait = self._gate.admit(chat_id, now) if chat_id is not None else None
        if chat_id is not None and wait is not None:
            excess = Excess(at=now, method=method.name, chat_id=chat_id, retry_after=wait)
            self._world.ledger.record_excess(excess)
            raise too_many(wait)

    async def _finish(self, connection: Connection, request: Request, outcome: _Outcome, fault: Fault | None) -> None:
        kind = fault.kind if fault is not None else None
        dropped = kind in (FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.STALL)
        self._record(request, outcome, fault=kind, heard=not dropped and not connection.is_gone)
        if fault is not None and kind in (FaultKind.HANG, FaultKind.STALL):
            await connection.linger(fault.seconds)
        if outcome.held_back:
            await connection.linger(outcome.held_back)
        if dropped:
            await connection.hang_up()
        else:
            await connection.answer(outcome, cut=kind is FaultKind.CUT_JSON)

    def _record(self, request: Request, outcome: _Outcome, *, fault: FaultKind | None, heard: bool) -> None:
        method = METHODS.get(request.method.lower())
        self._world.ledger.record(
            Entry(
                at=self._world.now(),
                method=method.name if method else request.method,
                chat_id=outcome.chat_id if outcome.chat_id is not None else request.integer("chat_id"),
                parameters=request.values,
                status=outcome.status,
                description=outcome.description if outcome.status != OK else "",
                message_id=outcome.message_id,
                remarks=tuple(request.remarks),
                fault=fault,
                heard=heard,
            )
        )


_UNKNOWN_TOKEN = _Outcome(status=UNAUTHORIZED, description="Unauthorized")
_UNKNOWN_METHOD = _Outcome(status=NOT_FOUND, description="Not Found")


def _note_unknown(method: Method, request: Request) -> None:
    unknown = request.values.keys() | request.files.keys()
    request.remarks.extend(
        f"unknown parameter: {name}"
        for name in sorted(unknown - method.known)
        if not any(str(value) == f"attach://{name}" for value in request.values.values())
    )


def _done(done: Done) -> _Outcome:
    return _Outcome(
        status=OK,
        result=done.result,
        description=done.description,
        message_id=done.message_id,
        chat_id=done.chat_id,
    )


def _refused(refused: Refused) -> _Outcome:
    parameters: JsonObject = dict(refused.parameters)
    return _Outcome(
        status=refused.status,
        description=refused.description,
        parameters=parameters,
        held_back=refused.held_back,
    )


def _status(fault: Fault) -> _Outcome:
    words = fault.description or _FAULT_WORDS.get(fault.status, "Internal Server Error")
    return _Outcome(status=fault.status, description=words)


def _content_type(scope: Scope) -> str:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    return next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")


async def _read_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        event = await receive()
        parts.append(event.get("body", b""))
        if not event.get("more_body", False):
            return b"".join(parts)
