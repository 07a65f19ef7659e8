"""APScheduler with its SQLAlchemy job store: a one-shot job for each message that is to go out.

Follows https://apscheduler.readthedocs.io/en/3.x/userguide.html (configuring the scheduler; missed job
executions and coalescing).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# APScheduler ships no types
import signal
import sqlite3
import sys
import time
from datetime import UTC, datetime

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

ONE_SEND = 0.05  # seconds that the work of a job takes: about what an answer of Telegram takes to come back
NEVER_TOO_LATE = "none"


def main() -> None:
    """Words: file of the job store, grace in seconds or "none", and to begin with also the jobs' moments.

    Jobs are added in the first life only; later ones find them in the store. Moments are seconds since 1970.
    """
    jobs, grace, *moments = sys.argv[1:]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # in all threads, so that it is waited for
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{jobs}")},
        job_defaults={"misfire_grace_time": None if grace == NEVER_TOO_LATE else int(grace)},
        timezone="UTC",
    )
    scheduler.start()
    for number, moment in enumerate(moments):
        at = datetime.fromtimestamp(float(moment), UTC)
        scheduler.add_job(remember, "date", run_date=at, args=(f"{jobs}.ran", number), id=str(number))
    print("scheduled", flush=True)
    signal.sigwait({signal.SIGTERM})
    scheduler.shutdown()


def remember(ran: str, number: int) -> None:
    """The work of a job: it takes its time, then writes down that it ran."""
    time.sleep(ONE_SEND)
    connection = sqlite3.connect(ran, timeout=30)
    with connection:
        connection.execute("INSERT INTO ran VALUES (?)", (number,))
    connection.close()
