"""The real program with its waits shortened, and with one crash point armed when the environment names it.

Production has no such switch. The decisions are the program's own; only constants of time are other ones, so that
seven rounds of a tick take a second and two thousand replies do not take the minutes Telegram's pace allows them.
"""

import os
import signal
import time
from dataclasses import replace
from datetime import timedelta

from benchmarks.lives.program import before_lives
from bot import (
    duties,
    elsewhere,
    findings,
    heartbeat,
    outages,
    pace,
    pausing,
    rounds,
    sender,
    timekeeper,
    timers,
    unanswered,
)
from bot.__main__ import main as as_always
from bot.clock import SystemClock
from bot.findings import Symptom
from storage import crash_points, engines
from workflows import raise_alert

__all__ = ["ARMED", "IMPATIENT", "NTH", "SHORT_LEASE", "SKEW", "WEDGED_FOR", "before_lives", "main"]

SHORT_LEASE = "PROOF_SHORT_LEASE"  # seconds a duty lasts in this process and its fellows
SKEW = "PROOF_SKEW"  # seconds by which the clock of this process's machine is wrong
IMPATIENT = "PROOF_IMPATIENT"  # set: a locked database is given up, and told of, after a second
WEDGED_FOR = "PROOF_WEDGED_FOR"  # seconds that SIGUSR1 holds the event loop of this process
ARMED, NTH = "PROOF_ARMED", "PROOF_NTH"  # a place of storage.crash_points, and at which passing
SOON = 0.1  # seconds
RENEWED = 0.5  # seconds
TICK = timedelta(seconds=0.3)
FAST = 400  # messages a second; the sandbox of these tests knows no limit


def main() -> None:
    """Hurry, arm what is to be armed, and be the program."""
    hurry()
    if place := os.environ.pop(ARMED, ""):
        crash_points.arm(place, nth=int(os.environ.pop(NTH, "1")))
    if lasts := os.environ.pop(SHORT_LEASE, ""):
        duties.LASTS, duties.MARGIN = timedelta(seconds=float(lasts)), float(lasts) / 5
    if os.environ.pop(IMPATIENT, ""):
        engines.WAIT_FOR_LOCK = 500  # milliseconds
        findings._PATIENCE[Symptom.DATABASE_REFUSES] = timedelta(seconds=1)
        pausing.LONGEST_PAUSE = 1.0
    if wedged_for := os.environ.pop(WEDGED_FOR, ""):
        signal.signal(signal.SIGUSR1, lambda *_: time.sleep(float(wedged_for)))
    if skew := os.environ.pop(SKEW, ""):
        _skew(timedelta(seconds=float(skew)))
    as_always()


def _skew(by: timedelta) -> None:
    right = SystemClock.now
    SystemClock.now = lambda self: right(self) + by  # the machine's clock; the server's is asked where it matters


def hurry() -> None:
    """Shorten the waits of this process."""
    timers.TICKS = tuple(replace(tick, every=TICK) for tick in timers.TICKS)
    heartbeat.EVERY = timekeeper.LOOK_EVERY = elsewhere.LOOK_EVERY = SOON
    rounds.EVERY = RENEWED  # each goes through all the tables
    duties.RENEW_EVERY = RENEWED  # each renewal waits for those who act under the lease
    duties.STAND_BY = SOON
    elsewhere.TOO_LONG = timedelta(0)  # each page that waits at all goes both ways
    raise_alert.SAME_MOMENT = timedelta(0)  # each message in danger is paged about
    outages.WRITTEN_EVERY = timedelta(0)
    unanswered.ASK_EVERY = SOON
    sender.LONGEST_NAP = SOON
    pace.BOT_PER_SECOND = FAST
    pace.CHAT_PER_SECOND = float(FAST)
    pace.CHAT_BURST = FAST
