"""Histories of check-ins for the tests of detection: written as points of seven, one row for each check-in."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from alliance.items import Domain
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
        instrument=draw(st.sampled_from(["alliance-brief/1", "alliance-brief/1", "alliance-brief/1", "other/2", ""])),
    )


@st.composite
def histories(draw: st.DrawFn, *, most: int = 30) -> list[Observation]:
    """Any history."""
    return [draw(observations(nth=nth)) for nth in range(draw(st.integers(0, most)))]
