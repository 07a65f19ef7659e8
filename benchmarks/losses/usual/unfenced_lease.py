"""A worker that claims jobs with a lease and believes that it still holds it when it comes to write.

The usual lease in a table (a claim with an expiry, renewed by nobody, taken over when it has passed), without a
fencing token; https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html describes the hole.
"""

import sqlite3
import sys
import time

ONE_JOB = 0.02  # seconds of work between claim and effect
NOTHING_TO_DO = 0.02  # seconds

_CLAIM = """
    UPDATE jobs SET leased_until = :now + :lease, worker = :worker
    WHERE id = (SELECT id FROM jobs WHERE done = 0 AND (leased_until IS NULL OR leased_until < :now) LIMIT 1)
    RETURNING id
"""


def main() -> None:
    """Words: database file, name of the worker, lease in seconds."""
    database, worker, lease = sys.argv[1:]
    connection = sqlite3.connect(database, timeout=30, isolation_level=None)
    while True:
        claimed = {"now": time.time(), "lease": float(lease), "worker": worker}  # noqa: TID251  # no program of ours
        rows = connection.execute(_CLAIM, claimed).fetchall()
        if not rows:
            time.sleep(NOTHING_TO_DO)
            continue
        job = rows[0][0]
        time.sleep(ONE_JOB)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO effects VALUES (?, ?)", (job, worker))
        connection.execute("UPDATE jobs SET done = 1 WHERE id = ?", (job,))
        connection.execute("COMMIT")
