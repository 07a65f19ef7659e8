"""A small door for a program in another process: makes people act, sets faults, reads counts. JSON, this machine only.

POST   /control/people    {"names": [..], "language_code"?}           -> {"user_ids": [..]}
POST   /control/acts      {"acts": [{"user_id", "deed", ..}, ..]}     -> {"update_ids": [..]}   (0: not queued)
       deeds: opens (payload), writes (text), taps (label or data of a button), taps_old (message_id, data),
       sends (content, see `contents`), blocks, unblocks, deactivates
POST   /control/updates   {"updates": [..]}                           -> {"update_ids": [..]}   any update, however odd
POST   /control/kinds     {"user_id"}                                 -> {"names": [..]}        one of every kind
POST   /control/strange   {"user_id", "number", "seed"?}              -> {"names": [..]}
POST   /control/faults    the fields of a Fault                       -> {}
DELETE /control/faults                                                -> {"hits"}
POST   /control/outages   {"how": "refusing"|"hanging", "seconds"}    -> {}                     begins once answered
POST   /control/ids       {"at"?}                                     -> {"next"}               numbers begin anew
GET    /control/counts                                                -> see `counts`
GET    /control/screens/<user_id>                                     -> {"screen", "toasts", "spinning"}
"""

from collections.abc import Awaitable, Callable
from dataclasses import fields

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.chat.page import HOSTS
from sandbox.faults import Fault, FaultKind
from sandbox.ledger import Shown
from sandbox.people import Person
from sandbox.server import Outage, Sandbox
from sandbox.speech import Act
from sandbox.updates import NOT_QUEUED
from sandbox.wire import JsonObject, as_array, as_integer, as_object

_Answer = Callable[[Sandbox, JsonObject], JsonObject]
_FAULT_FIELDS = frozenset(field.name for field in fields(Fault))


def open_door(sandbox: Sandbox) -> None:
    """Let programs on this machine act through /control from now on."""
    routes = [Route(f"/control/{name}", _posted(sandbox, answer), methods=["POST"]) for name, answer in _POSTS.items()]
    routes += [
        Route("/control/outages", _outages(sandbox), methods=["POST"]),
        Route("/control/faults", _cleared(sandbox), methods=["DELETE"]),
        Route("/control/counts", _asked(lambda _request: counts(sandbox))),
        Route("/control/screens/{user_id:int}", _asked(lambda request: _screen(sandbox, request))),
    ]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))]
    sandbox.mount("/control", Starlette(routes=routes, middleware=middleware))


def counts(sandbox: Sandbox) -> JsonObject:
    """What happened so far, in numbers."""
    ledger = sandbox.ledger
    return {
        "people": len(sandbox.people),
        "pending": sandbox.pending,
        "unseen": sandbox.unseen,
        "dropped": sandbox.world.queue.dropped,
        "calls": len(ledger.entries),
        "sent": ledger.sent,
        "excesses": len(ledger.excesses),
        "violations": len(ledger.violations()),
        "deliveries": len(ledger.deliveries),
        "fault_hits": sandbox.faults.hits,
    }


def _people(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    language = str(asked.get("language_code", "en"))
    return {"user_ids": [sandbox.person(str(name), language).user_id for name in _list(asked, "names")]}


def _acts(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    return {"update_ids": [_act(sandbox, as_object(each) or {}) for each in _list(asked, "acts")]}


def _act(sandbox: Sandbox, asked: JsonObject) -> int:
    person, deed = _person(sandbox, asked), str(asked.get("deed"))
    if deed not in _DEEDS:
        raise ValueError(f"nobody can do {deed!r}: {', '.join(_DEEDS)}")
    act = _DEEDS[deed](person, asked)
    return act.update_id if act is not None else NOT_QUEUED


def _updates(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    return {"update_ids": [sandbox.inject(as_object(each) or {}) for each in _list(asked, "updates")]}


def _kinds(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    return {"names": list(sandbox.send_every_kind(_person(sandbox, asked)))}


def _strange(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    seed = as_integer(asked.get("seed")) or 0
    return {"names": list(sandbox.send_strange(_person(sandbox, asked), _number(asked, "number"), seed=seed))}


def _faults(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    unknown = asked.keys() - _FAULT_FIELDS
    if unknown:
        raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
    given: dict[str, object] = {**asked, "kind": FaultKind(str(asked.get("kind")))}
    sandbox.faults.add(Fault(**given))  # type: ignore[arg-type]  # names are checked; a wrong value is the caller's own
    return {}


def _ids(sandbox: Sandbox, asked: JsonObject) -> JsonObject:
    return {"next": sandbox.restart_update_ids(as_integer(asked.get("at")))}


def _screen(sandbox: Sandbox, request: Request) -> JsonObject:
    person = _person(sandbox, {"user_id": request.path_params["user_id"]})
    return {
        "screen": [_shown(each) for each in person.screen],
        "toasts": list(person.toasts),
        "spinning": list(person.spinning),
    }


_POSTS: dict[str, _Answer] = {
    "people": _people,
    "acts": _acts,
    "updates": _updates,
    "kinds": _kinds,
    "strange": _strange,
    "faults": _faults,
    "ids": _ids,
}
_DEEDS: dict[str, Callable[[Person, JsonObject], Act | None]] = {
    "opens": lambda person, asked: person.opens(str(asked.get("payload", ""))),
    "writes": lambda person, asked: person.writes(_word(asked, "text")),
    "taps": lambda person, asked: person.taps(_maybe(asked, "label"), data=_maybe(asked, "data")),
    "taps_old": lambda person, asked: person.taps_old(_number(asked, "message_id"), _word(asked, "data")),
    "sends": lambda person, asked: person.sends(_word(asked, "content")),
    "blocks": lambda person, _asked: person.blocks(),
    "unblocks": lambda person, _asked: person.unblocks(),
    "deactivates": lambda person, _asked: person.deactivates(),
}


def _posted(sandbox: Sandbox, answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            return JSONResponse(answer(sandbox, as_object(await request.json()) or {}))
        except (ValueError, LookupError, RuntimeError) as error:
            return _refusal(error)

    return respond


def _asked(answer: Callable[[Request], JsonObject]) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            return JSONResponse(answer(request))
        except LookupError as error:
            return _refusal(error)

    return respond


def _outages(sandbox: Sandbox) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        asked = as_object(await request.json()) or {}
        try:
            how, seconds = Outage(str(asked.get("how"))), float(str(asked.get("seconds")))
        except ValueError as error:
            return _refusal(error)
        # this very connection ends with the outage, so it begins after the answer
        return JSONResponse({}, background=BackgroundTask(sandbox.begins_to_be_away, how, seconds))

    return respond


def _cleared(sandbox: Sandbox) -> Callable[[Request], Awaitable[Response]]:
    async def respond(_request: Request) -> Response:
        sandbox.faults.clear()
        return JSONResponse({"hits": sandbox.faults.hits})

    return respond


def _refusal(error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _person(sandbox: Sandbox, asked: JsonObject) -> Person:
    person = sandbox.find(_number(asked, "user_id"))
    if person is None:
        raise LookupError("there is nobody with this user_id")
    return person


def _shown(shown: Shown) -> JsonObject:
    return {
        "message_id": shown.message_id,
        "from_bot": shown.from_bot,
        "text": shown.text or shown.caption or "",
        "buttons": [[[button.label, button.data] for button in row] for row in shown.buttons],
    }


def _list(asked: JsonObject, name: str) -> list[object]:
    given = as_array(asked.get(name))
    if given is None:
        raise ValueError(f"{name} is a list")
    return given


def _number(asked: JsonObject, name: str) -> int:
    given = as_integer(asked.get(name))
    if given is None:
        raise ValueError(f"{name} is a whole number")
    return given


def _word(asked: JsonObject, name: str) -> str:
    given = asked.get(name)
    if not isinstance(given, str):
        raise ValueError(f"{name} is a text")  # noqa: TRY004  what is wrong with a request is told as one kind of error
    return given


def _maybe(asked: JsonObject, name: str) -> str | None:
    return _word(asked, name) if asked.get(name) is not None else None
