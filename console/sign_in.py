"""The way in: a page that waits for one press, so that nobody who merely opens a link uses it up."""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from alliance.wording import Wording
from console.forms import read_form
from console.rendering import Clock, render
from console.rooms import Around
from console.tokens import remember
from workflows import sign_in as doing

SEE_OTHER, FORBIDDEN, TOO_MANY = 303, 403, 429
MOST_WRONG = 10  # links that do not work, from one address
WITHIN = timedelta(minutes=10)
MOST_ADDRESSES = 10_000  # remembered at once; whoever has more of them is not stopped by counting

Endpoint = Callable[[Request], Awaitable[Response]]


class Wrong:
    """How often links that do not work came from each address lately; in memory, and of no use to anybody else."""

    def __init__(self) -> None:
        self._tries: dict[str, deque[datetime]] = {}

    def is_enough(self, address: str, now: datetime) -> bool:
        """Whether nothing from there is looked at for a while."""
        tries = self._tries.get(address, deque[datetime]())
        while tries and now - tries[0] >= WITHIN:
            tries.popleft()
        return len(tries) >= MOST_WRONG

    def count(self, address: str, now: datetime) -> None:
        """One more that did not work."""
        if address not in self._tries and len(self._tries) >= MOST_ADDRESSES:
            self._tries.pop(next(iter(self._tries)))
        self._tries.setdefault(address, deque(maxlen=MOST_WRONG)).append(now)


def page(around: Around) -> Endpoint:
    """The page behind a link. What stands behind its # never reaches us until somebody presses."""

    async def endpoint(request: Request) -> Response:
        return _page(around, request)

    return endpoint


def use_link(around: Around) -> Endpoint:
    """The press: one link, one session. A wrong one is told nothing but that it does not work."""
    wrong = Wrong()

    async def endpoint(request: Request) -> Response:
        address = request.client.host if request.client else ""
        code = (await read_form(request)).get("code", "").rpartition("#")[2]
        async with around.rooms.changing() as unit:
            now = unit.now
            token = None if wrong.is_enough(address, now) else await doing.sign_in(unit, code)
        if token is None:
            is_enough = wrong.is_enough(address, now)
            wrong.count(address, now)
            return _page(around, request, status=TOO_MANY if is_enough else FORBIDDEN)
        answer = RedirectResponse("/console/", SEE_OTHER)
        remember(answer, token, around)
        return answer

    return endpoint


def spoken(around: Around, request: Request) -> Wording:
    """The first language of the browser that we speak, or the clinic's."""
    wanted = [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    known = around.clinic.wordings.languages
    language = next((one for one in wanted if one.partition("-")[0].lower() in known), around.clinic.language)
    return around.clinic.wordings.in_language(language)


def no_clock(say: Wording) -> Clock:
    """For pages on which there is no moment."""
    return Clock(now=datetime.min.replace(tzinfo=UTC), zone="UTC", say=say)


def _page(around: Around, request: Request, *, status: int = 200) -> Response:
    say = spoken(around, request)
    values = {"clinic": around.clinic.name, "bot": around.clinic.bot_username, "status": status}
    text = render("sign_in", say=say, clock=no_clock(say), values=values)
    return Response(text, status_code=status, media_type="text/html; charset=utf-8")
