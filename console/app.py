"""The console as one application: every door, the way in and out, and the files that pages fetch."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from alliance.console import Page, opens
from alliance.wording import Wording
from console import sign_in
from console.doors import (
    REFUSALS,
    UNWANTED,
    Answer,
    Asking,
    Door,
    Looked,
    NotHere,
    Onward,
    Picture,
    Shown,
    Whole,
    reason,
    with_reason,
)
from console.forms import Malformed, read_form, read_query
from console.guard import Guard, Refuse
from console.menu import DOORS, MENU
from console.rendering import KINDS, render, static_file
from console.rooms import Around, OutOfReach
from console.tokens import forget, form_proof, is_ours, token_in
from workflows.note_look import note_look
from workflows.sign_in import SignedIn, sign_out, signed_in, was_here
from workflows.unit import Unit

SEE_OTHER = 303
BAD_REQUEST, FORBIDDEN, NOT_FOUND, FAILED, UNAVAILABLE = 400, 403, 404, 500, 503
FILES_STAY = "public, max-age=31536000, immutable"  # another content has another address

log = structlog.get_logger()


def console(around: Around) -> Mount:
    """Everything under /console, behind its guard."""
    pages = [Route(door.path, _behind(door, around), methods=[door.method]) for door in DOORS]
    inside = Starlette(
        routes=[
            Route("/sign-in", sign_in.page(around), methods=["GET"]),
            Route("/sign-in", _answered(around, sign_in.use_link(around)), methods=["POST"]),
            Route("/sign-out", _answered(around, _sign_out(around)), methods=["POST"]),
            Route("/static/{name}", _file, methods=["GET"]),
            *pages,
        ],
        exception_handlers={HTTPException: _nothing_there(around)},
    )
    return Mount("/console", app=Guard(inside, url=around.url))


Endpoint = Callable[[Request], Awaitable[Response]]


def _behind(door: Door, around: Around) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        token = token_in(request, around)
        query = read_query(request)
        form = await read_form(request) if door.is_form else dict[str, str]()
        return await _opened(door, around, request, token=token, query=query, form=form)

    return _answered(around, endpoint)


def _answered(around: Around, endpoint: Endpoint) -> Endpoint:
    """Whatever happens, a page comes of it, and nothing of what was asked for stands in a log."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Malformed:
            return await plain_page(around, request, "malformed", status=BAD_REQUEST)
        except NotHere:
            return await plain_page(around, request, "not_here", status=NOT_FOUND)
        except OutOfReach:
            return await plain_page(around, request, "out_of_reach", status=UNAVAILABLE)
        except Refuse:
            raise  # the guard has a word for it
        except Exception as error:  # noqa: BLE001  # the edge: a mistake of ours must not show its text, which may quote
            log.error("console_failed", cause=type(error).__name__)
            return await plain_page(around, request, "failed", status=FAILED)

    return answered


async def _opened(
    door: Door, around: Around, request: Request, *, token: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Response:
    changes = door.writes or (door.is_form and not door.in_slices)
    room = around.rooms.changing if changes else around.rooms.looking
    refusal: Exception | None = None
    asking: Asking | None = None
    answer: Answer | None = None
    try:
        async with room() as unit:
            asking = await _asking(unit, around, request, token=token, query=query, form=form)
            if asking is None:
                return _to_sign_in(around)
            if not opens(asking.me.actor, door.page) or (door.is_form and not is_ours(form.get("proof", ""), token)):
                return await plain_page(around, request, "closed", status=FORBIDDEN, say=asking.say)
            answer = await door.does(asking)
    except REFUSALS as refused:  # the transaction is taken back; the page is shown anew with the reason
        refusal = refused
    if refusal is not None and asking is not None:
        if door.again is None:
            raise NotHere from refusal
        async with around.rooms.looking() as unit:
            anew = await _asking(unit, around, request, token=token, query=query, form=form)
            if anew is None:
                return _to_sign_in(around)
            asking = with_reason(anew, form, reason(refusal, anew.say))
            answer = await door.again(asking)
    assert asking is not None and answer is not None  # noqa: S101, PT018  # tells the type checker
    await _note(around, asking, answer)
    return _response(answer, asking, door.page, token, status=UNWANTED if refusal else 200)


async def _asking(
    unit: Unit, around: Around, request: Request, *, token: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Asking | None:
    me = await signed_in(unit, token)
    if me is None:
        return None
    unit.person, unit.actor = me.person, me.actor
    return Asking(unit=unit, me=me, rooms=around.rooms, request=request, query=query, form=form)


async def _note(around: Around, asking: Asking, answer: Answer) -> None:
    """Who was here and what they looked at is kept before the page leaves the house."""
    looked = answer.looked if isinstance(answer, Shown | Whole) else None
    if looked is None and not asking.me.was_long_ago:
        return
    async with around.rooms.changing() as unit:
        await was_here(unit, asking.me)
        if looked is not None:
            await _looked(unit, asking.me, looked)


async def _looked(unit: Unit, me: SignedIn, looked: Looked) -> None:
    await note_look(unit, me.person.id, action=looked.action, kind=looked.kind, about=looked.id)


def _response(answer: Answer, asking: Asking, page: Page, token: str, *, status: int) -> Response:
    match answer:
        case Onward(to=to, done=done):
            return RedirectResponse(f"/console{to}" + (f"?done={done}" if done else ""), SEE_OTHER)
        case Picture(content=content, kind=kind):
            return Response(content, media_type=kind)
        case Whole(html=html, policy=policy):
            headers = {"content-security-policy": f"{policy}; frame-ancestors 'none'"}
            return Response(html, media_type="text/html; charset=utf-8", headers=headers)
        case Shown():
            text = render(
                answer.template,
                say=asking.say,
                clock=asking.clock,
                values={
                    "me": asking.me.person,
                    "clinic": asking.unit.clinic.name,
                    "menu": [one for one in MENU if opens(asking.me.actor, one)],
                    "page": page,
                    "proof": form_proof(token),
                    "refused": asking.refused,
                    "done": _done(asking),
                    "sent": asking.form,
                    **answer.values,
                },
            )
            return Response(text, status_code=max(status, answer.status), media_type="text/html; charset=utf-8")


def _done(asking: Asking) -> str:
    """The sentence of what was just done; anything else in the address says nothing."""
    key = f"console.done.{asking.asked('done')}"
    return asking.say(key) if key in asking.say.sentences else ""


def _sign_out(around: Around) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        token = token_in(request, around)
        if is_ours((await read_form(request)).get("proof", ""), token):
            async with around.rooms.changing() as unit:
                await sign_out(unit, token)
        return _to_sign_in(around)

    return endpoint


def _to_sign_in(around: Around) -> Response:
    answer = RedirectResponse("/console/sign-in", SEE_OTHER)
    forget(answer, around)
    return answer


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in KINDS:
        raise HTTPException(NOT_FOUND)
    return Response(static_file(name), headers={"content-type": KINDS[name], "cache-control": FILES_STAY})


def _nothing_there(around: Around) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def endpoint(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else NOT_FOUND
        return await plain_page(around, request, "not_here", status=status)

    return endpoint


async def plain_page(
    around: Around, request: Request, what: str, *, status: int, say: Wording | None = None
) -> Response:
    """A page that says one thing, for whoever it is, and gives nothing away."""
    say = say or sign_in.spoken(around, request)
    values = {"clinic": around.clinic.name, "what": what}
    return Response(
        render("plain", say=say, clock=sign_in.no_clock(say), values=values),
        status_code=status,
        media_type="text/html; charset=utf-8",
    )
