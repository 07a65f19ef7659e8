"""What came of a demo, counted where it can be trusted: in the database and in the sandbox's ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from alliance.buttons import ActOnAlert, NothingToAdd, Rate, decode
from alliance.checkin import CheckinState
from alliance.digest_json import from_json
from bot.demo.cast import Part
from sandbox import Entry, Sandbox
from storage import alerts, checkins, digests, flags, inbox, people

NOTICED_WITHIN = timedelta(days=14)  # after its end a rupture is past finding
OK = 200
ASKED_TO_WAIT_OR_BLOCKED = (403, 429)
CLIENT_ERRORS = range(400, 500)


@dataclass(frozen=True, kw_only=True, slots=True)
class Flagged:
    """One flag as the summary lists it."""

    patient: str
    raised_at: datetime
    kind: str
    domain: str | None
    signal: str
    planted: str | None  # the kind of the rupture it belongs to


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
    flags: Sequence[Mapping[str, str | None]] = field(default=())
    planted: Sequence[Mapping[str, str | bool]] = field(default=())


async def ruptures(session: AsyncSession, parts: Iterable[Part]) -> tuple[list[Flagged], set[str]]:
    """Every flag with the planted rupture it belongs to, and the code names of those that were found."""
    by_code_name = {part.code_name: part for part in parts}
    found: set[str] = set()
    lines: list[Flagged] = []
    for flag in await flags.every(session):
        code_name = (await people.get(session, flag.patient_id)).code_name
        rupture = by_code_name[code_name].rupture
        belongs = rupture is not None and rupture.starts_at <= flag.raised_at <= rupture.ends_at + NOTICED_WITHIN
        if belongs:
            found.add(code_name)
        lines.append(
            Flagged(
                patient=code_name,
                raised_at=flag.raised_at,
                kind=flag.kind,
                domain=flag.domain,
                signal=flag.signal,
                planted=rupture.kind.value if rupture is not None and belongs else None,
            )
        )
    return lines, found


async def checkin_counts(session: AsyncSession, sandbox: Sandbox) -> dict[str, int]:
    """Check-ins by how they ended; sent are those whose question Telegram took."""
    counts = await checkins.counts(session)
    return {
        "sent": len(_questions(sandbox)),
        "answered": counts.get(CheckinState.ANSWERED, 0),
        "expired": counts.get(CheckinState.EXPIRED, 0),
        "undeliverable": counts.get(CheckinState.UNDELIVERABLE, 0),
        "uncertain": counts.get(CheckinState.UNCERTAIN, 0),
    }


async def crisis_counts(
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


async def digest_counts(session: AsyncSession) -> dict[str, int]:
    """How many digests there were, and how many of them had nothing to say."""
    contents = [from_json(digest.content) for digest in await digests.every(session)]
    return {"sent": len(contents), "empty": sum(content.has_nothing_to_say for content in contents)}


async def updates(session: AsyncSession) -> int:
    """How many updates were stored."""
    return await inbox.count(session)


def burden(sandbox: Sandbox) -> tuple[float, float]:
    """Taps and new messages from the bot in the middle one of all answered check-ins."""
    questions = _questions(sandbox)
    taps: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    for tap in sandbox.world.taps.values():
        press = decode(tap.data)
        if isinstance(press, Rate | NothingToAdd):
            taps[press.checkin_id] += 1
            last[press.checkin_id] = tap.at
    answered = [checkin for checkin in taps if checkin in questions]
    messages = [
        sum(
            1
            for entry in sandbox.ledger.calls("sendMessage", chat_id=questions[checkin].chat_id)
            if entry.status == OK and questions[checkin].at <= entry.at <= last[checkin]
        )
        for checkin in answered
    ]
    if not answered:
        return 0.0, 0.0
    return float(median(taps[checkin] for checkin in answered)), float(median(messages))


def rejected(entries: Iterable[Entry]) -> int:
    """Calls that Telegram refused as wrong."""
    return sum(e.status in CLIENT_ERRORS and e.status not in ASKED_TO_WAIT_OR_BLOCKED for e in entries)


def _questions(sandbox: Sandbox) -> dict[int, Entry]:
    """The call that first asked each check-in, by its id."""
    asked: dict[int, Entry] = {}
    for entry in sandbox.ledger.calls("sendMessage"):
        for data in _button_data(entry):
            press = decode(data)
            if isinstance(press, Rate) and entry.status == OK:
                asked.setdefault(press.checkin_id, entry)
    return asked


def _first_page(sandbox: Sandbox, alert_id: int) -> datetime | None:
    for entry in sandbox.ledger.calls("sendMessage"):
        presses = map(decode, _button_data(entry))
        if entry.status == OK and any(isinstance(p, ActOnAlert) and p.alert_id == alert_id for p in presses):
            return entry.at
    return None
