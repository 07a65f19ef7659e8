"""/metrics: the clinic's post and the state of the process in the format that Prometheus reads; numbers only."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from bot.findings import Finding, Pulse, Symptom
from storage.figures import Figures


def exposed(
    figures: Figures | None,
    *,
    pulses: Mapping[str, Pulse],
    findings: tuple[Finding, ...],
    leases: Callable[[], Mapping[str, int]],
) -> bytes:
    """The whole page. Without figures, because the database refuses, it still says how the process is."""
    registry = CollectorRegistry(auto_describe=False)  # our own: nothing that a library registers by itself
    registry.register(_AsFound([*_process(pulses, findings, leases()), *(_post(figures) if figures else ())]))
    return generate_latest(registry)


class _AsFound(Collector):
    """Metrics that were read beforehand."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """The metrics as they were read."""
        return iter(self._found)


def _process(pulses: Mapping[str, Pulse], findings: tuple[Finding, ...], leases: Mapping[str, int]) -> Iterator[Metric]:
    yield _labelled(
        "loop_age_seconds",
        "Since when each loop has not gone round",
        ("loop",),
        {(loop,): pulse.age.total_seconds() for loop, pulse in pulses.items()},
    )
    wrong = dict.fromkeys(Symptom, 0)
    for finding in findings:
        wrong[finding.symptom] += 1
    yield _labelled(
        "findings",
        "What the watchdog finds wrong now",
        ("symptom", "severity"),
        {(symptom, symptom.severity): float(number) for symptom, number in wrong.items()},
    )
    yield _labelled(
        "leases_held",
        "Leases that this process holds",
        ("kind",),
        {(kind,): float(number) for kind, number in leases.items()},
    )


def _post(figures: Figures) -> Iterator[Metric]:
    yield _labelled(
        "inbox_updates",
        "Updates by where they stand",
        ("state",),
        {(state,): float(number) for state, number in figures.inbox.items()},
    )
    yield _plain("inbox_oldest_waiting_seconds", "Age of the oldest update not yet handled", figures.oldest_waiting)
    yield _labelled(
        "outbox_messages",
        "Messages by lane and where they stand",
        ("lane", "state"),
        {(lane.name.lower(), state): float(number) for (lane, state), number in figures.outbox.items()},
    )
    yield _labelled(
        "outbox_oldest_queued_seconds",
        "How long the oldest message of a lane waits to be sent",
        ("lane",),
        {(lane.name.lower(),): age.total_seconds() for lane, age in figures.oldest_queued.items()},
    )
    yield _plain("alerts_unacknowledged", "Alerts that nobody has taken on", figures.alerts_unacknowledged)
    yield _plain(
        "alerts_oldest_unacknowledged_seconds",
        "Age of the oldest alert that nobody has taken on",
        figures.oldest_unacknowledged,
    )
    yield _plain(
        "first_page_median_seconds",
        "From a message stored to its first page, the last day's median",
        figures.first_page_median,
    )
    yield _plain(
        "first_page_longest_seconds",
        "From a message stored to its first page, the last day's longest",
        figures.first_page_longest,
    )
    yield _plain("digests_due", "Digests that are due now", figures.digests_due)
    yield _plain("digests_late", "Digests that should have been sent long ago", figures.digests_late)
    yield _plain("database_bytes", "Size of the database", figures.database_bytes)
    yield _plain("backup_age_seconds", "Age of the last backup; absent when there never was one", figures.backup_age)


def _labelled(name: str, says: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(f"checkin_{name}", says, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _plain(name: str, says: str, value: timedelta | float | None) -> Metric:
    """One number; None is left out, so that nobody takes a missing one for a good one."""
    family = GaugeMetricFamily(f"checkin_{name}", says)
    if value is not None:
        family.add_metric((), value.total_seconds() if isinstance(value, timedelta) else float(value))
    return family
