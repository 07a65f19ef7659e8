"""What one delivered check-in tells about a patient: ratings, whether a reply came, how it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alliance.baseline import check_fraction
from alliance.heard import Heard
from alliance.items import Domain


def _nothing() -> Mapping[Domain, float]:
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One *delivered* check-in: fractions 0 to 1 by domain, missing items absent, reverse scoring done.

    Undeliverable, uncertain and cancelled check-ins and those the system itself missed are no observations,
    nor is anything that fell into a pause. ``words`` counts the written words of a reply (None: not known, as
    in a file of ratings); ``appeasing`` says that rules for language heard a deferential or a terse reply;
    ``clinician_ratings`` is what the clinician gave to the same domains, if asked; ``heard`` is where in the words
    that came with it rules for language spoke. Where a patient gave an answer to another reader, the last two fields
    say so and nothing of it is here. Raises ValueError for a moment without zone, a rating outside 0 to
    1, and an answer without a reply.
    """

    at: datetime
    ratings: Mapping[Domain, float]
    replied: bool
    wrote: bool = False  # a written remark of more than a word or two came with it
    words: int | None = None
    appeasing: bool | None = None  # None: nobody has read it
    clinician_ratings: Mapping[Domain, float] = field(default_factory=_nothing)
    heard: tuple[Heard, ...] = ()
    instrument: str = ""  # another one asks something else: its ratings are not compared with the old ones
    bond_asked: bool = True  # False: its bond item meant another clinician, whose bond is not followed here
    bond_elsewhere: bool = False  # the question about the relationship is for another reader, answered or not
    rated_elsewhere: bool = False  # other questions were rated, for another reader

    def __post_init__(self) -> None:
        """Refuse what would be judged wrongly instead of failing."""
        if self.at.tzinfo is None:
            raise ValueError("an observation's moment needs its offset from UTC")
        if not self.replied and (self.ratings or self.wrote or self.words or self.heard):
            raise ValueError("an unanswered check-in has neither ratings nor words")
        for rating in (*self.ratings.values(), *self.clinician_ratings.values()):
            check_fraction(rating)

    @property
    def skipped_bond(self) -> bool | None:
        """Whether the question about the relationship alone was left out; None when nothing was rated.

        None as well where it meant somebody else, and for a reader who is not told: what was given to somebody else
        is no sign, either way.
        """
        if self.bond_elsewhere or not self.bond_asked or not (self.ratings or self.rated_elsewhere):
            return None
        return Domain.BOND not in self.ratings
