"""The chat page and the small JSON endpoints behind it, for this machine only."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.chat.view import files_of, state_of
from sandbox.people import Crowd, Person
from sandbox.wire import JsonObject, Upload, as_integer, as_object
from sandbox.world import World

_FILES = {"": "index.html", "chat.css": "chat.css", "chat.js": "chat.js"}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}
MOST_HOURS = 7 * 24  # that may pass at one press
# a page elsewhere that points its own name at this address is turned away
HOSTS = ("127.0.0.1", "localhost")

_Endpoint = Callable[[Request], Awaitable[Response]]


def chat_page(world: World, crowd: Crowd) -> Starlette:
    """Return the page as an application of its own."""
    routes = [Route("/", _to_chat), Route("/chat", _to_chat)]
    routes += [Route(f"/chat/{address}", _file(name)) for address, name in _FILES.items()]
    routes += [
        Route("/chat/api/state", _state(world, crowd)),
        Route("/chat/api/files/{person:int}/{message:int}", _upload(crowd)),
        Route("/chat/api/people", _newcomer(crowd), methods=["POST"]),
        Route("/chat/api/pass", _passing(world), methods=["POST"]),
    ]
    routes += [Route(f"/chat/api/{name}", _deed(crowd, deed), methods=["POST"]) for name, deed in _DEEDS.items()]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))])


def _open(person: Person, asked: JsonObject) -> None:
    person.opens(_word(asked, "payload"))


def _write(person: Person, asked: JsonObject) -> None:
    person.writes(_word(asked, "text"))


def _edit(person: Person, asked: JsonObject) -> None:
    person.edits(_number(asked, "message_id"), _word(asked, "text"))


def _tap(person: Person, asked: JsonObject) -> None:
    person.taps_old(_number(asked, "message_id"), _word(asked, "data"))


def _block(person: Person, asked: JsonObject) -> None:
    (person.blocks if asked.get("blocked") is True else person.unblocks)()


def _attach(person: Person, asked: JsonObject) -> None:
    acts = {
        "sticker": person.sends_sticker,
        "photo": person.sends_photo,
        "voice": person.sends_voice,
        "location": person.sends_location,
    }
    acts[_word(asked, "kind")]()


_DEEDS: dict[str, Callable[[Person, JsonObject], None]] = {
    "open": _open,
    "write": _write,
    "edit": _edit,
    "tap": _tap,
    "block": _block,
    "attach": _attach,
}


def _state(world: World, crowd: Crowd) -> _Endpoint:
    async def state(request: Request) -> Response:
        if request.query_params.get("version") == str(world.ledger.version):
            return JSONResponse({"version": world.ledger.version, "now": world.now().isoformat()})
        person = crowd.find(as_integer(request.query_params.get("person")) or 0)
        return JSONResponse(state_of(world, crowd, person), headers=_HEADERS)

    return state


def _newcomer(crowd: Crowd) -> _Endpoint:
    async def newcomer(request: Request) -> Response:
        asked = await _asked(request)
        name = _word(asked, "name").strip() if asked else ""
        if asked is None or not name:
            return _wrong("A person needs a name.")
        language = _word(asked, "language_code") or "en"
        person = crowd.add(name, language_code=language, last_name=None, username=None)
        return JSONResponse({"person": person.user_id})

    return newcomer


def _passing(world: World) -> _Endpoint:
    async def passing(request: Request) -> Response:
        asked = await _asked(request)
        hours = _number(asked, "hours") if asked else 0
        if world.pass_time is None:
            return _wrong("The clock of this sandbox cannot be moved.")
        if not 1 <= hours <= MOST_HOURS:
            return _wrong("Time passes by an hour at least and by a week at most.")
        world.pass_time(timedelta(hours=hours))
        return JSONResponse({"ok": True})

    return passing


def _deed(crowd: Crowd, deed: Callable[[Person, JsonObject], None]) -> _Endpoint:
    async def act(request: Request) -> Response:
        asked = await _asked(request)
        person = crowd.find(_number(asked, "person")) if asked else None
        if asked is None or person is None:
            return _wrong("There is no such person.")
        try:
            deed(person, asked)
        except (LookupError, ValueError, RuntimeError) as impossible:
            return _wrong(str(impossible))
        return JSONResponse({"ok": True})

    return act


def _upload(crowd: Crowd) -> _Endpoint:
    async def upload(request: Request) -> Response:
        person = crowd.find(int(request.path_params["person"]))
        kept = files_of(person).get(int(request.path_params["message"])) if person else None
        return _served(kept) if kept else Response("Not Found", status_code=404)

    return upload


def _served(upload: Upload) -> Response:
    # only pictures are shown in place: a document of the bot's must not run as a page of ours
    is_picture = upload.content_type.startswith("image/") and "svg" not in upload.content_type
    shown = {} if is_picture else {"content-disposition": f"attachment; filename*=UTF-8''{quote(upload.filename)}"}
    media = upload.content_type if is_picture else "application/octet-stream"
    return Response(upload.content, media_type=media, headers={**_HEADERS, **shown})


def _file(name: str) -> _Endpoint:
    path = Path(__file__).with_name(name)
    content = path.read_bytes()
    media = _TYPES[path.suffix]

    async def file(_request: Request) -> Response:
        return Response(content, media_type=media, headers=_HEADERS)

    return file


async def _to_chat(_request: Request) -> Response:
    return RedirectResponse("/chat/")


async def _asked(request: Request) -> JsonObject | None:
    # a form of another site cannot send this type, so none can act through the visitor's browser
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        return as_object(await request.json())
    except ValueError:
        return None


def _wrong(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=400)


def _word(asked: JsonObject, name: str) -> str:
    value = asked.get(name)
    return value if isinstance(value, str) else ""


def _number(asked: JsonObject, name: str) -> int:
    return as_integer(asked.get(name)) or 0
