"""What can be wrong with the running bot, and how it is seen: pure, so that tests step it without waiting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STALLED_AFTER = timedelta(seconds=75)  # a poll takes 30; with looking and telling, whoever runs the bot knows within 90
WEDGED_AFTER = timedelta(seconds=10)  # nothing of ours holds the event loop for a tenth of that


class Severity(StrEnum):
    """How bad it is."""

    RED = "red"  # messages wait, or nobody can be told: somebody has to act now
    AMBER = "amber"  # it will be red if nobody acts


class Symptom(StrEnum):
    """One kind of trouble; ``about`` of a finding says where."""

    LOOP_STALLED = "loop_stalled"
    EVENT_LOOP_WEDGED = "event_loop_wedged"
    WATCHDOG_STOPPED = "watchdog_stopped"
    DATABASE_REFUSES = "database_refuses"
    TELEGRAM_UNREACHABLE = "telegram_unreachable"
    ANOTHER_POLLER = "another_poller"
    FOREIGN_WEBHOOK = "foreign_webhook"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  # a name, no token
    STAFF_UNREACHABLE = "staff_unreachable"
    NOBODY_ON_CALL = "nobody_on_call"
    SECOND_CHANNEL_DEAD = "second_channel_dead"
    SECOND_WAY_FAILED = "second_way_failed"
    SYNTHETIC_CRISIS_MISSING = "synthetic_crisis_missing"
    DIGEST_MISSING = "digest_missing"
    DIGEST_NOT_MAILED = "digest_not_mailed"
    DEAD_LETTERS = "dead_letters"
    DISK_NEARLY_FULL = "disk_nearly_full"
    BACKUP_TOO_OLD = "backup_too_old"
    CLOCK_STEPPED = "clock_stepped"
    CONTACTS_EXPIRED = "contacts_expired"

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return Severity.AMBER if self in _AMBER else Severity.RED

    @property
    def patience(self) -> timedelta:
        """How long it may be there before it is a finding: what often passes by itself is given the time."""
        return _PATIENCE.get(self, timedelta(0))


_AMBER = {
    Symptom.SECOND_WAY_FAILED,
    Symptom.DIGEST_NOT_MAILED,  # the same stands in Telegram
    Symptom.DEAD_LETTERS,
    Symptom.DISK_NEARLY_FULL,
    Symptom.BACKUP_TOO_OLD,
    Symptom.CLOCK_STEPPED,
    Symptom.CONTACTS_EXPIRED,
}
_PATIENCE = {
    Symptom.DATABASE_REFUSES: timedelta(seconds=20),  # a restart of the server; told within the minute all the same
    Symptom.TELEGRAM_UNREACHABLE: timedelta(seconds=60),
    Symptom.ANOTHER_POLLER: timedelta(seconds=10),  # the one that is being replaced needs its time to end
}

# Says that something is wrong, or, with False, that it no longer is. Cheap, so that it may be said each time round.
Complain = Callable[[Symptom, bool], None]


def to_nobody(_symptom: Symptom, _is_there: bool) -> None:
    """For a program that is stepped by hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """When a loop last went round, and how long it may rest beyond STALLED_AFTER."""

    age: timedelta
    every: timedelta = timedelta(0)  # a tick that asks hourly is not stalled after a minute


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """What somebody in the program has said is wrong."""

    symptom: Symptom
    about: str
    since: datetime
    age: timedelta
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong now, where, how often where that can be counted, and since when."""

    symptom: Symptom
    about: str = ""
    since: datetime
    count: int = 0

    @property
    def is_red(self) -> bool:
        """Whether somebody has to act now."""
        return self.symptom.severity is Severity.RED

    @property
    def key(self) -> tuple[Symptom, str]:
        """What makes it the same finding from one look to the next."""
        return self.symptom, self.about


def judge(
    pulses: Mapping[str, Pulse], *, lag: timedelta, troubles: tuple[Trouble, ...], now: datetime
) -> tuple[Finding, ...]:
    """What is wrong, the worst first. ``lag`` is how long the event loop has not run what it was handed."""
    found = [
        Finding(symptom=Symptom.LOOP_STALLED, about=loop, since=now - pulse.age)
        for loop, pulse in pulses.items()
        if pulse.age > STALLED_AFTER + pulse.every
    ]
    if lag > WEDGED_AFTER:
        found.append(Finding(symptom=Symptom.EVENT_LOOP_WEDGED, since=now - lag))
    found += [
        Finding(symptom=trouble.symptom, about=trouble.about, since=trouble.since, count=trouble.count)
        for trouble in troubles
        if trouble.age >= trouble.symptom.patience
    ]
    order = list(Symptom)
    return tuple(sorted(found, key=lambda one: (not one.is_red, order.index(one.symptom), one.about)))
