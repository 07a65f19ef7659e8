"""Histories of check-ins for the tests of detection: written as points of seven, one row for each check-in."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from alliance.heard import Heard
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.observation import Observation

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
HALF_A_WEEK = timedelta(days=3, hours=12)

Row = tuple[float | None, float | None, float | None] | None


def asked(*rows: Row, words: int | None = None) -> list[Observation]:
    """Check-ins answered with 1 to 7 for goals, tasks and bond, None for what was left out or not answered at all."""
    return [
        Observation(
            at=FIRST + nth * HALF_A_WEEK,
            ratings={d: (p - 1) / 6 for d, p in zip(Domain, row, strict=True) if p is not None} if row else {},
            replied=row is not None,
            words=words if row else None,
        )
        for nth, row in enumerate(rows)
    ]


fractions = st.floats(0, 1)


def heard(
    kind: RuptureKind = RuptureKind.CONFRONTATION,
    domain: Domain = Domain.BOND,
    *,
    evidence: float = 3.0,
    message: int = 1,
    rule: str = "en.bond.not_heard",
) -> Heard:
    """Something that a rule has heard in a message."""
    return Heard(
        kind=kind,
        domain=domain,
        rule=rule,
        version="abc",
        why="Does not feel heard.",
        message=message,
        span=(0, 7),
        evidence=evidence,
    )


phrases = st.lists(
    st.builds(
        heard,
        st.sampled_from(RuptureKind),
        st.sampled_from(Domain),
        evidence=st.floats(-9, 9),
        message=st.integers(1, 3),
        rule=st.sampled_from(["en.bond.not_heard", "es.task.activity", "en.task.leaves_it_to_you"]),
    ),
    max_size=3,
    unique_by=lambda each: (each.message, each.rule),
).map(tuple)


@st.composite
def observations(draw: st.DrawFn, *, nth: int = 0) -> Observation:
    """Any check-in, the nth of a history."""
    at = FIRST + nth * HALF_A_WEEK
    if not draw(st.booleans()):
        return Observation(at=at, ratings={}, replied=False)
    return Observation(
        at=at,
        ratings=draw(st.fixed_dictionaries({}, optional=dict.fromkeys(Domain, fractions))),
        replied=True,
        wrote=draw(st.booleans()),
        words=draw(st.none() | st.integers(0, 200)),
        appeasing=draw(st.none() | st.booleans()),
        clinician_ratings=draw(st.fixed_dictionaries({}, optional=dict.fromkeys(Domain, fractions))),
        heard=draw(phrases),
        instrument=draw(st.sampled_from(["alliance-brief/1", "alliance-brief/1", "alliance-brief/1", "other/2", ""])),
    )


@st.composite
def histories(draw: st.DrawFn, *, most: int = 30) -> list[Observation]:
    """Any history."""
    return [draw(observations(nth=nth)) for nth in range(draw(st.integers(0, most)))]
