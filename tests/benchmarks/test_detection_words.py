"""What words cost in false flags is measured on the same patients, with and without them."""

from dataclasses import replace

import numpy as np
import pytest

from alliance.heard import Heard
from alliance.items import Domain
from alliance.kind import RuptureKind
from benchmarks.detection.judge import unharmed
from benchmarks.detection.ours import scores_of_ours
from benchmarks.detection.simulation import EXPECTED
from benchmarks.detection.words import Remark, scores
from benchmarks.language.comments import Comment

CALM = Comment(text="", respondent="", service="", question="", concern=False, bond=False, task=False)
NOTHING = Remark(comment=CALM, appeasing=None, heard=())
LOUD = replace(
    NOTHING,
    heard=(
        Heard(
            kind=RuptureKind.CONFRONTATION,
            domain=Domain.BOND,
            rule="en.bond.not_heard",
            version="abc",
            why="Does not feel heard.",
            message=1,
            span=(0, 7),
            evidence=4.0,
        ),
    ),
)
WARD = unharmed(EXPECTED, 12)


@pytest.mark.parametrize(("said", "writes"), [(LOUD, 0.0), (NOTHING, 1.0)])
def test_without_words_the_evidence_is_what_it_was(said: Remark, writes: float) -> None:
    assert np.array_equal(scores(WARD, [said], writes=writes), scores_of_ours(WARD))


def test_loud_words_raise_it_at_every_reply_and_nowhere_else() -> None:
    more = scores(WARD, [LOUD], writes=1.0) > scores_of_ours(WARD)

    assert more.any()
    assert not (more & ~WARD.replied).any()
