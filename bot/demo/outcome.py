"""What came of a demo, counted where it can be trusted: in the database and in the sandbox's ledger."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from alliance.buttons import decode
from alliance.checkin import CheckinState
from alliance.checkin_presses import Change, PutOff, Reopen, SayWhy, SayWish, Skip, Turn
from alliance.digest_json import from_json
from alliance.presses import ActOnAlert, NothingToAdd, Press, Rate
from bot.demo.cast import Part
from sandbox import Entry, Sandbox, Shown
from storage import alerts, checkins, digests, flags, inbox, people

NOTICED_WITHIN = timedelta(days=14)  # after its end a rupture is past finding
ASKED_TO_WAIT_OR_BLOCKED = (403, 429)
CLIENT_ERRORS = range(400, 500)
OF_A_CHECKIN = Rate | NothingToAdd | Turn | Skip | Reopen | Change | PutOff | SayWhy | SayWish


@dataclass(frozen=True, kw_only=True, slots=True)
class Flagged:
    """One flag as the summary lists it."""

    patient: str
    raised_at: str  # ISO 8601, UTC
    kind: str
    domain: str | None
    signal: str
    planted: str | None  # the kind of the rupture it belongs to


@dataclass(frozen=True, kw_only=True, slots=True)
class Planted:
    """One planted rupture as the summary lists it."""

    patient: str
    kind: str
    from_on: str  # ISO 8601 dates
    until_on: str
    found: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The numbers of one demo; the same for the same patients, weeks and seed, but for wall_seconds."""

    seed: int
    patients: int
    weeks: int
    wall_seconds: float
    updates: int
    checkins: Mapping[str, int]
    ruptures: Mapping[str, int]
    crises: Mapping[str, float | int | None]
    digests: Mapping[str, int]
    median_taps_per_checkin: float
    median_bot_messages_per_checkin: float
    rejected: int  # calls refused as wrong
    remarks: int  # calls Telegram would let pass in silence
    flags: Sequence[Flagged] = field(default=())
    planted: Sequence[Planted] = field(default=())


async def summed_up(
    session: AsyncSession,
    sandbox: Sandbox,
    parts: Sequence[Part],
    crises: Mapping[int, datetime],
    *,
    seed: int,
    weeks: int,
) -> Summary:
    """Count everything; ``crises`` holds who wrote in danger and when, by chat."""
    flagged = await _flagged(session, parts)
    planted = [part for part in parts if part.rupture is not None]
    found = {line.patient for line in flagged if line.planted}
    taps, messages = _burden(sandbox, await checkins.completed(session))
    return Summary(
        seed=seed,
        patients=len(parts),
        weeks=weeks,
        wall_seconds=0.0,
        updates=await inbox.count(session),
        checkins=await _checkins(session, sandbox),
        ruptures={
            "planted": len(planted),
            "found": len(found),
            "missed": len(planted) - len(found),
            "false": len({(line.patient, line.raised_at) for line in flagged if line.planted is None}),
            "flags": len(flagged),
        },
        crises=await _crises(session, sandbox, crises),
        digests=await _digests(session),
        median_taps_per_checkin=taps,
        median_bot_messages_per_checkin=messages,
        rejected=sum(_is_refused(entry) for entry in sandbox.ledger.entries),
        remarks=sum(bool(entry.remarks) for entry in sandbox.ledger.entries),
        flags=flagged,
        planted=[_planted(part, found=part.code_name in found) for part in planted],
    )


async def _flagged(session: AsyncSession, parts: Iterable[Part]) -> list[Flagged]:
    """Every flag, the oldest first, with the planted rupture it belongs to."""
    ruptures = {part.code_name: part.rupture for part in parts}
    lines: list[Flagged] = []
    for flag in await flags.every(session):
        code_name = (await people.get(session, flag.patient_id)).code_name
        rupture = ruptures[code_name]
        belongs = rupture is not None and rupture.starts_at <= flag.raised_at <= rupture.ends_at + NOTICED_WITHIN
        lines.append(
            Flagged(
                patient=code_name,
                raised_at=flag.raised_at.isoformat(timespec="seconds"),
                kind=flag.kind,
                domain=flag.domain,
                signal=flag.signal,
                planted=rupture.kind.value if rupture is not None and belongs else None,
            )
        )
    return sorted(lines, key=lambda line: (line.raised_at, line.patient, line.signal, line.domain or ""))


async def _checkins(session: AsyncSession, sandbox: Sandbox) -> dict[str, int]:
    """Check-ins by how they ended; sent are those whose question Telegram took."""
    counts = await checkins.counts(session)
    return {
        "sent": len(_questions(sandbox)),
        "answered": counts.get(CheckinState.ANSWERED, 0),
        "expired": counts.get(CheckinState.EXPIRED, 0),
        "undeliverable": counts.get(CheckinState.UNDELIVERABLE, 0),
        "uncertain": counts.get(CheckinState.UNCERTAIN, 0),
    }


async def _crises(
    session: AsyncSession, sandbox: Sandbox, written: Mapping[int, datetime]
) -> dict[str, float | int | None]:
    """Crisis messages by chat id and moment: how many were paged about, and how soon at worst."""
    waits: list[float] = []
    for alert in await alerts.every(session):
        paged_at = _first_page(sandbox, alert.id)
        if alert.chat_id in written and paged_at is not None:
            waits.append((paged_at - written[alert.chat_id]).total_seconds())
    return {
        "written": len(written),
        "paged": len(waits),
        "seconds_to_page_max": round(max(waits), 3) if waits else None,
    }


async def _digests(session: AsyncSession) -> dict[str, int]:
    """How many digests there were, and how many of them had nothing to say."""
    contents = [from_json(digest.content) for digest in await digests.every(session)]
    return {"sent": len(contents), "empty": sum(content.has_nothing_to_say for content in contents)}


def _burden(sandbox: Sandbox, completed: Collection[int]) -> tuple[float, float]:
    """Taps and new messages from the bot in the middle one of all completed check-ins, whatever was tapped in them."""
    asked = _questions(sandbox)
    taps: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    for tap in sandbox.world.taps.values():
        press = decode(tap.data)
        if isinstance(press, OF_A_CHECKIN) and press.checkin_id in asked and press.checkin_id in completed:
            taps[press.checkin_id] += 1
            last[press.checkin_id] = tap.at
    if not taps:
        return 0.0, 0.0
    messages = [
        len({s.message_id for s in _said(sandbox, asked[checkin].chat_id) if asked[checkin].at <= s.sent_at <= until})
        for checkin, until in last.items()
    ]
    return float(median(taps.values())), float(median(messages))


def _is_refused(entry: Entry) -> bool:
    """Whether Telegram refused the call as wrong, beyond what no caller can know."""
    return entry.status in CLIENT_ERRORS and entry.status not in ASKED_TO_WAIT_OR_BLOCKED


def _planted(part: Part, *, found: bool) -> Planted:
    if part.rupture is None:
        raise ValueError(part.code_name)
    return Planted(
        patient=part.code_name,
        kind=part.rupture.kind,
        from_on=part.rupture.starts_at.date().isoformat(),
        until_on=part.rupture.ends_at.date().isoformat(),
        found=found,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    chat_id: int
    at: datetime


def _questions(sandbox: Sandbox) -> dict[int, _Asked]:
    """Where and when each check-in was first on a screen, by its id."""
    asked: dict[int, _Asked] = {}
    for person in sandbox.people:
        for shown in _said(sandbox, person.user_id):
            for press in _presses(shown):
                if isinstance(press, Rate):
                    asked.setdefault(press.checkin_id, _Asked(chat_id=person.user_id, at=shown.sent_at))
    return asked


def _first_page(sandbox: Sandbox, alert_id: int) -> datetime | None:
    pages = (
        shown.sent_at
        for person in sandbox.people
        for shown in _said(sandbox, person.user_id)
        if any(isinstance(press, ActOnAlert) and press.alert_id == alert_id for press in _presses(shown))
    )
    return min(pages, default=None)


def _said(sandbox: Sandbox, chat_id: int) -> Iterator[Shown]:
    """Everything the bot ever had on that screen, edited and deleted forms too."""
    return (shown for shown in sandbox.ledger.ever_shown(chat_id) if shown.from_bot)


def _presses(shown: Shown) -> Iterator[Press | None]:
    return (decode(button.data) for row in shown.buttons for button in row if button.data)
