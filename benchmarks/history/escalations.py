"""Escalations: they only move forward, page by page, and never go quiet until a person has taken them on."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from benchmarks.history.records import Harm, History, Row, moment

CHASE = timedelta(minutes=2)  # between two pages while nobody has it
REMIND = timedelta(hours=2)  # and while somebody has it and has not closed it
SLACK = timedelta(seconds=30)


def only_forward(history: History, *, slack: timedelta = SLACK) -> Iterator[Harm]:
    """I3: states, rungs and times only grow, and the gap between two pages is bounded."""
    pages: dict[int, list[Row]] = defaultdict(list)
    for page in history.rows("pages"):
        pages[page["alert_id"]].append(page)
    live = Counter(alert["chat_id"] for alert in history.rows("alerts") if alert["state"] != "resolved")
    for number in live.values():
        if number > 1:
            yield Harm(invariant="I3", what="one person has two live alerts")
    for alert in history.rows("alerts"):
        yield from _told_in_order(alert)
        yield from _paged_in_order(alert, pages[alert["id"]], slack=slack, end_at=history.end_at)
    for (alert_id, _, rung), number in _repeated(history).items():
        if number > 1:
            yield Harm(invariant="I3", what=f"alert {alert_id} paged one person {number} times on rung {rung}")


def _told_in_order(alert: Row) -> Iterator[Harm]:
    """Whether the columns tell of a way that leads from raised to resolved."""
    has_owner, is_closed = alert["acknowledged_by"] is not None, alert["resolved_at"] is not None
    fits = {
        "raised": not is_closed and not has_owner,
        "acknowledged": has_owner and not is_closed,
        "resolved": is_closed and alert["resolution"] is not None,
    }.get(alert["state"], False)
    if not fits:
        yield Harm(invariant="I3", what=f"alert {alert['id']} is {alert['state']} and does not look it")
    steps = [moment(at) for name in ("raised_at", "acknowledged_at", "resolved_at") if (at := alert[name])]
    if steps != sorted(steps):
        yield Harm(invariant="I3", what=f"alert {alert['id']} went backwards")
    if alert["state"] != "resolved" and alert["next_page_at"] is None:
        yield Harm(invariant="I3", what=f"alert {alert['id']} is open and will never page again")


def _paged_in_order(alert: Row, pages: list[Row], *, slack: timedelta, end_at: datetime) -> Iterator[Harm]:
    ordered = sorted(pages, key=lambda page: (page["rung"], moment(page["paged_at"])))
    times = [moment(page["paged_at"]) for page in ordered]
    if times != sorted(times):
        yield Harm(invariant="I3", what=f"alert {alert['id']} was paged in the wrong order")
    taken = moment(alert["acknowledged_at"]) if alert["acknowledged_at"] else None
    closed = moment(alert["resolved_at"]) if alert["resolved_at"] else end_at
    steps = [moment(alert["raised_at"]), *times, *([taken] if taken else []), closed]
    for before, after in pairwise(sorted(steps)):
        allowed = REMIND if taken is not None and before >= taken else CHASE
        if after - before > allowed + slack:
            yield Harm(invariant="I3", what=f"alert {alert['id']} was quiet for {after - before}")


def _repeated(history: History) -> Counter[tuple[int, int, int]]:
    return Counter((page["alert_id"], page["person_id"], page["rung"]) for page in history.rows("pages"))
