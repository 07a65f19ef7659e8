"""A team digest as it is kept, so that the one of any past date can be read again."""

from collections.abc import Mapping

from alliance.digest_json import built, written
from alliance.team_digest import TeamDigest


def as_json(digest: TeamDigest) -> dict[str, object]:
    """The team digest as plain values for JSON, written like a clinician's digest."""
    return written(digest)


def from_json(content: Mapping[str, object]) -> TeamDigest:
    """The team digest that was written by ``as_json``; raises BrokenDigest for anything missing, unknown or odd."""
    return built(TeamDigest, content)
