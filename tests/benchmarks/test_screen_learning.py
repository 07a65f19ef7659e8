"""What words weigh is learned from messages of our own, and never from those kept to measure by."""

import pytest

from benchmarks.screen.corpora import posts
from benchmarks.screen.learning import NEVER_LEARNED, to_learn_from
from bot.phrases import shipped_phrases


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_learned_from_messages_kept_to_measure_by(language: str) -> None:
    learning = to_learn_from(language, shipped_phrases())
    learned = {*learning.crisis, *learning.ordinary, *learning.must_stay}

    for name in NEVER_LEARNED[language]:
        kept = [text for texts in posts(language, name).values() for text in texts]

        assert kept
        assert learned.isdisjoint(kept), name


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_near_miss_that_must_stay_silent_is_never_learned_as_a_crisis(language: str) -> None:
    learning = to_learn_from(language, shipped_phrases())

    assert min(len(learning.crisis), len(learning.must_stay)) > 500
    assert set(learning.crisis).isdisjoint({*learning.ordinary, *learning.must_stay})
