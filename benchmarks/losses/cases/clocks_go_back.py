"""Half past one on the night in which New York's clocks go back: it comes twice, and people are asked once.

Counted over the local days around it. Lost is a day on which nothing happened, doubled each time too many.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alliance.buttons import decode
from alliance.local_time import instant
from alliance.presses import Rate
from benchmarks.enrolling import ask_every_day
from benchmarks.losses.counting import Bench, Count, count_of
from benchmarks.replies.ward import ward_of
from sandbox import Shown

CASE = "01:30 in New York, 1 November 2026"
UNIT = "local days"
CRON = "benchmarks.losses.usual.cron_job"
ZONE = "America/New_York"
AT = "01:30"
NIGHT = date(2026, 11, 1)
DAYS = [NIGHT + timedelta(days=n) for n in range(-2, 3)]
RUNS_WITHIN = 30.0  # seconds


async def measured(bench: Bench) -> list[Count]:
    """The cron trigger and our cadence."""
    return [await _cron(bench), await _ours(bench)]


async def _cron(bench: Bench) -> Count:
    place = bench.place("cron")
    first, last = instant(DAYS[0], time(), ZONE), instant(DAYS[-1], time(23), ZONE)
    life = await bench.nursery.start(CRON, ZONE, AT, first.isoformat(), last.isoformat(), folder=place)
    await life.over(RUNS_WITHIN)
    fires = [datetime.fromisoformat(at) for at in json.loads(life.said)]
    return _count("APScheduler cron trigger", fires, ours=False)


async def _ours(bench: Bench) -> Count:
    place = bench.place("checkin clocks go back")
    before = DAYS[0] - timedelta(days=1)
    async with ward_of(1, folder=place, seed=bench.seed, zone=ZONE, day=before) as ward:
        await ask_every_day(ward.program, ward.patients, at=AT)
        await ward.simulation.run_until(instant(DAYS[-1], time(23), ZONE))
        patient = ward.patients[0].person.user_id
        asked: dict[int, datetime] = {}  # a reminder asks about a check-in that was there before
        for shown in ward.sandbox.ledger.ever_shown(patient):
            for checkin_id in _asks_about(shown):
                asked.setdefault(checkin_id, shown.sent_at)
    return _count("checkin, cadence and timers", tuple(asked.values()), ours=True)


def _asks_about(shown: Shown) -> list[int]:
    presses = [decode(button.data) for row in shown.buttons for button in row if button.data]
    return [press.checkin_id for press in presses if isinstance(press, Rate)]


def _count(design: str, moments: Sequence[datetime], *, ours: bool) -> Count:
    days = [moment.astimezone(ZoneInfo(ZONE)).date() for moment in moments]
    lost, doubled = count_of(DAYS, days)
    return Count(case=CASE, design=design, ours=ours, of=len(DAYS), unit=UNIT, lost=lost, doubled=doubled)
