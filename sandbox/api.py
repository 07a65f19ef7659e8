"""The door of the Bot API: reads a call, lets it act or fail, writes it down, answers."""

from dataclasses import replace
from datetime import timedelta

from sandbox.exchange import Exchange
from sandbox.faults import REPLACING, RESETTING, UNANSWERING, Fault, FaultKind, Faults
from sandbox.flood import FloodGate
from sandbox.ledger import Entry, Excess
from sandbox.methods import METHODS, Act, Method
from sandbox.outcome import OK, UNANSWERED, UNKNOWN_METHOD, UNKNOWN_TOKEN, Outcome, done, refused, scripted
from sandbox.receiving import Receiving
from sandbox.refusals import Refused, too_many
from sandbox.wire import Request, read_request
from sandbox.world import World

_PAGE = """<html>
<head><title>{status} {words}</title></head>
<body>
<center><h1>{status} {words}</h1></center>
<hr><center>nginx/1.18.0</center>
</body>
</html>
"""


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

    async def __call__(self, exchange: Exchange) -> None:
        path = exchange.path
        name = path.rpartition("/")[2]
        try:
            request = read_request(name, query=exchange.query, content_type=exchange.content_type, body=exchange.body)
        except Refused as refusal:
            await self._finish(exchange, Request(name, {}, {}), refused(refusal), None)
            return
        method = METHODS.get(name.lower())
        if not path.startswith(self._prefix):
            stranger = path.count("/") == 2  # noqa: PLR2004  /bot<another token>/<method>
            await self._finish(exchange, request, UNKNOWN_TOKEN if stranger else UNKNOWN_METHOD, None)
        elif method is None or path != self._prefix + name:
            await self._finish(exchange, request, UNKNOWN_METHOD, None)
        else:
            await self._serve(exchange, method, request)

    def perform(self, request: Request) -> None:
        """Carry out a call that came as the webhook's answer: written down as unheard, since nobody is told."""
        method = METHODS.get(request.method.lower())
        if method is not None and method.act is not None:
            _note_unknown(method, request)
            self._record(request, self._act_at_once(method.act, method, request), fault=None, heard=False)

    async def _serve(self, exchange: Exchange, method: Method, request: Request) -> None:
        _note_unknown(method, request)
        fault = self._faults.pick(method.name, request.integer("chat_id"))
        if fault is None:
            outcome = await self._act(method, request)
        elif fault.is_done_first:
            outcome = await self._act(method, request)
            if fault.kind in REPLACING:
                outcome = replace(scripted(fault), message_id=outcome.message_id)
        else:
            outcome = self._fail(fault)
        await self._finish(exchange, request, outcome, fault)

    def _fail(self, fault: Fault) -> Outcome:
        if fault.kind in UNANSWERING:
            return UNANSWERED
        if fault.kind is FaultKind.FLOOD:
            self._gate.stop(fault.chat_id, until=self._world.now() + timedelta(seconds=fault.retry_after))
            return replace(scripted(fault), held_back=fault.seconds)
        return scripted(fault)

    async def _act(self, method: Method, request: Request) -> Outcome:
        if method.act is not None:
            return self._act_at_once(method.act, method, request)
        try:
            return done(await self._receiving.get_updates(request))
        except Refused as refusal:
            return refused(refusal)

    def _act_at_once(self, act: Act, method: Method, request: Request) -> Outcome:
        try:
            if method.speaks:
                self._admit(method, request)
            return done(act(self._world, request))
        except Refused as refusal:
            return refused(refusal)

    def _admit(self, method: Method, request: Request) -> None:
        chat_id, now = request.integer("chat_id"), self._world.now()
        wait = self._gate.admit(chat_id, now) if chat_id is not None else None
        if chat_id is not None and wait is not None:
            excess = Excess(at=now, method=method.name, chat_id=chat_id, retry_after=wait)
            self._world.ledger.record_excess(excess)
            raise too_many(wait)

    async def _finish(self, exchange: Exchange, request: Request, outcome: Outcome, fault: Fault | None) -> None:
        kind = fault.kind if fault is not None else None
        unanswered = kind in UNANSWERING
        self._record(request, outcome, fault=kind, heard=not unanswered and not exchange.is_gone)
        if fault is not None and kind in (FaultKind.HANG, FaultKind.STALL):
            await exchange.linger(fault.seconds)
        if outcome.held_back:
            await exchange.linger(outcome.held_back)
        if not unanswered:
            _answer(exchange, outcome, kind)
        elif kind in RESETTING:
            exchange.reset()
        else:
            exchange.hang_up()

    def _record(self, request: Request, outcome: Outcome, *, fault: FaultKind | None, heard: bool) -> None:
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


def _answer(exchange: Exchange, outcome: Outcome, fault: FaultKind | None) -> None:
    if fault is FaultKind.PAGE:
        page = _PAGE.format(status=outcome.status, words=outcome.description)
        exchange.answer(outcome.status, page.encode(), content_type="text/html")
        return
    body = b"" if fault is FaultKind.EMPTY else outcome.body()
    body = body[: len(body) // 2] if fault is FaultKind.CUT_JSON else body
    exchange.answer(outcome.status, body, retry_after=(outcome.parameters or {}).get("retry_after"))


def _note_unknown(method: Method, request: Request) -> None:
    unknown = (request.values.keys() | request.files.keys()) - method.known
    if unknown:
        request.remarks.extend(
            f"unknown parameter: {name}"
            for name in sorted(unknown)
            if not any(str(value) == f"attach://{name}" for value in request.values.values())
        )
