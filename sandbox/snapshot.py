"""Everything that has happened in one sandbox, to be the past of others that begin there."""

import copy
from dataclasses import dataclass, fields

from sandbox.people import Crowd, Person
from sandbox.world import World

_OF_THE_RUNNING_ONE = frozenset({"clock", "journal", "parked", "pass_time", "wake_courier"})
_HERE = object()  # stands for the world that whatever is kept belongs to


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A past. What is taken from it is copied, so that those who share it do not meet."""

    world: dict[str, object]
    people: dict[int, Person]


def taken(world: World, crowd: Crowd) -> Snapshot:
    """Return what is there at this moment; no poll may be waiting."""
    kept = {field.name: getattr(world, field.name) for field in fields(world) if field.name not in _OF_THE_RUNNING_ONE}
    return copy.deepcopy(Snapshot(kept, crowd.people), {id(world): _HERE})


def begin_from(past: Snapshot, world: World, crowd: Crowd) -> None:
    """Make it the past of a world in which nothing has happened yet."""
    copied = copy.deepcopy(past, {id(_HERE): world})
    for name, value in copied.world.items():
        setattr(world, name, value)
    crowd.people = copied.people
