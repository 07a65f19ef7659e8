"""A programme as it is kept: JSON of its own, so that no change of wording changes what somebody has saved."""

import json
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from typing import cast

from alliance.programme import Lasting, Phase, Programme, Span, Stretch


def write_programme(programme: Programme) -> str:
    """The programme as text; `read_written` gives the same programme back."""
    return json.dumps(
        {
            "phases": [_phase(phase) for phase in programme.phases],
            "away_from_visits": programme.away_from_visits,
            "not_on": stretches_as_text(programme.not_on),
            "most_a_day": programme.most_a_day,
            "most_a_week": programme.most_a_week,
            "after_flag": programme.after_flag,
        },
        separators=(",", ":"),
    )


@lru_cache(maxsize=256)  # a clinic has a handful of programmes, read again for every patient
def read_written(text: str) -> Programme:
    """The programme that was kept; raises NotACadence or KeyError for what `write_programme` has not written."""
    kept = json.loads(text)
    return Programme(
        phases=tuple(_read_phase(phase) for phase in kept["phases"]),
        away_from_visits=kept["away_from_visits"],
        not_on=read_stretches(kept["not_on"]),
        most_a_day=kept["most_a_day"],
        most_a_week=kept["most_a_week"],
        after_flag=tuple(kept["after_flag"]),
    )


def stretches_as_text(stretches: tuple[Stretch, ...]) -> list[str]:
    """Days off, each as ``2026-12-24/2027-01-02``."""
    return [f"{stretch.first}/{stretch.last}" for stretch in stretches]


def read_stretches(kept: list[str]) -> tuple[Stretch, ...]:
    """Days off as they were kept."""
    ends = (each.split("/") for each in kept)
    return tuple(Stretch(first=date.fromisoformat(first), last=date.fromisoformat(last)) for first, last in ends)


def _phase(phase: Phase) -> dict[str, object]:
    return {
        "rules": phase.rules,
        "visits": phase.visits,
        "at": [f"{at:%H:%M}" for at in phase.at],
        "lasts": [phase.lasts.number, phase.lasts.span] if phase.lasts else None,
        "starts_on": str(phase.starts_on) if phase.starts_on else None,
        "until": str(phase.until) if phase.until else None,
    }


def _read_phase(kept: Mapping[str, object]) -> Phase:
    # the shape is that of `_phase` above; what reads it back need not guess
    lasts = cast("list[int | str] | None", kept["lasts"])
    starts_on, until = cast("str | None", kept["starts_on"]), cast("str | None", kept["until"])
    return Phase(
        rules=tuple(cast("list[str]", kept["rules"])),
        visits=tuple(cast("list[int]", kept["visits"])),
        at=tuple(time.fromisoformat(at) for at in cast("list[str]", kept["at"])),
        lasts=Lasting(number=int(lasts[0]), span=Span(lasts[1])) if lasts else None,
        starts_on=date.fromisoformat(starts_on) if starts_on else None,
        until=date.fromisoformat(until) if until else None,
    )
