"""/healthz, /readyz and /metrics: what an operator's tools ask the running process."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.alarm_words import as_dict
from bot.clock import Clock
from bot.findings import Finding, Pulse
from storage import schema
from storage.database import Database
from storage.figures import Figures, figures
from storage.trouble import Trouble

UNAVAILABLE = 503
OPEN_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def routes(
    database: Database,
    clock: Clock,
    *,
    findings: Callable[[], tuple[Finding, ...]],
    pulses: Callable[[], Mapping[str, Pulse]],
    takes_updates: Callable[[], bool] = lambda: True,
    leases: Callable[[], Mapping[str, int]] = dict,
) -> list[Route]:
    """The three routes. None of them needs a password and none of them says anything about a person;
    they belong on an address that only the operator's tools reach.
    """

    async def healthz(_request: Request) -> Response:
        return health(findings(), pulses())

    async def readyz(_request: Request) -> Response:
        return await readiness(database, takes_updates=takes_updates)

    async def show_metrics(_request: Request) -> Response:
        page = metrics.exposed(await _read(database, clock), pulses=pulses(), findings=findings(), leases=leases)
        return Response(page, media_type=OPEN_METRICS)

    answers: tuple[tuple[str, Callable[[Request], Awaitable[Response]]], ...] = (
        ("/healthz", healthz),
        ("/readyz", readyz),
        ("/metrics", show_metrics),
    )
    return [Route(path, answer, methods=["GET"]) for path, answer in answers]


def health(findings: tuple[Finding, ...], pulses: Mapping[str, Pulse]) -> JSONResponse:
    """200 while nobody has to act now, 503 otherwise, with all that was found; from memory alone."""
    is_well = not any(finding.is_red for finding in findings)
    content = {
        "well": is_well,
        "findings": [as_dict(finding) for finding in findings],
        "loops": {loop: round(pulse.age.total_seconds(), 1) for loop, pulse in sorted(pulses.items())},
    }
    return JSONResponse(content, status_code=200 if is_well else UNAVAILABLE)


async def readiness(database: Database, *, takes_updates: Callable[[], bool]) -> JSONResponse:
    """200 when an update that comes now would be stored and handled by this version of the program."""
    try:
        await schema.check(database)
    except Trouble as trouble:
        return _not_ready(type(trouble).__name__)  # its sentence names the database's address
    if not takes_updates():
        return _not_ready("NotTakingUpdates")
    return JSONResponse({"ready": True})


def _not_ready(because: str) -> JSONResponse:
    return JSONResponse({"ready": False, "because": because}, status_code=UNAVAILABLE)


async def _read(database: Database, clock: Clock) -> Figures | None:
    try:
        async with database.reading() as session:
            return await figures(session, now=clock.now())
    except Trouble:
        return None
