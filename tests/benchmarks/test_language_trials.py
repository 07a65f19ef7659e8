"""What is judged was not learned from, and what was learned is what the product reads."""

import math
from collections.abc import Mapping, Sequence

import pytest

from benchmarks.language.comments import Comment
from benchmarks.language.fitting import auc, fit, sensitivity
from benchmarks.language.judge import Set, by_model, fold, held_out, judged, small_lexicon, together
from benchmarks.language.read import read
from benchmarks.language.train import ONLY_THERE, as_text, learn, vocabulary

SAID = [
    ("The nurse was rude and ignored me", True, True, False),
    ("They gave me the wrong tablets", True, False, True),
    ("The waiting room was dirty and the doctor late", True, False, False),
    ("The nurse was kind and listened to me", False, True, False),
    ("The new tablets work very well", False, False, True),
    ("Nothing, all good", False, False, False),
]


def comments(*services: str) -> tuple[Comment, ...]:
    return tuple(
        Comment(
            text=f"{text}, in {service}",
            respondent=f"{service} {number}",
            service=service,
            question="Why?",
            concern=concern,
            bond=bond,
            task=task,
        )
        for service in services
        for number, (text, concern, bond, task) in enumerate(SAID * 2)
    )


def known(*services: str) -> Set:
    given = comments(*services)
    return Set(comments=given, reads=tuple(read(given)))


def test_no_comment_is_judged_by_what_was_learned_from_its_own_group() -> None:
    seen: list[tuple[set[str], set[str]]] = []

    def method(train: Set, test: Set) -> Mapping[str, Sequence[float]]:
        seen.append(({c.service for c in train.comments}, {c.service for c in test.comments}))
        return small_lexicon(train, test)

    nothing = Set(comments=(), reads=())
    parts = list(held_out(known("a", "b", "c"), by=lambda c: c.service, always=nothing, method=method))

    assert seen == [({"b", "c"}, {"a"}), ({"a", "c"}, {"b"}), ({"a", "b"}, {"c"})]
    assert len(together(parts, name="all").labels["any_concern"]) == 36


def test_all_comments_of_a_respondent_are_held_out_together() -> None:
    given = comments("a", "b")

    assert len({fold(comment) for comment in given if comment.respondent == "a 1"}) == 1
    assert len({fold(comment) for comment in given}) > 1


def test_what_is_learned_tells_the_comments_it_was_learned_from() -> None:
    both = known("a", "b")

    found = judged("a and b", both, by_model(learn(both.comments, both.reads), both))

    assert {target: auc(found.labels[target], found.scores[target]) for target in found.labels} == {
        "any_concern": 1.0,
        "bond_negative": 1.0,
        "task_negative": 1.0,
    }


def test_learning_twice_writes_the_same_numbers_and_no_comment() -> None:
    both = known("a", "b")
    text = as_text(both.comments, both.reads)

    assert as_text(both.comments, both.reads) == text
    assert [said for said, *_ in SAID if said.casefold() in text.casefold()] == []


def test_words_of_one_service_or_of_one_kind_of_service_are_not_learned() -> None:
    both = known("a", "b", "ambulance")

    words = vocabulary(both.comments, both.reads)

    assert {"nurse", "rude", "the nurse"} <= set(words)
    assert not {"in a", "in b"} & set(words)
    assert not ONLY_THERE & set(" ".join(words).split())


def test_a_list_that_comes_with_concern_weighs_towards_it() -> None:
    both = known("a", "b")

    fitted = fit(both.reads, [comment.concern for comment in both.comments], vocabulary(both.comments, both.reads))

    assert fitted.signs["unkindness"] > 0 > fitted.signs["no_complaint"]


def test_the_share_found_is_that_at_one_false_alarm_in_twenty() -> None:
    labels = [False] * 20 + [True] * 4
    scores = [*range(20), 30.0, 30.0, 18.5, 0.5]

    assert sensitivity(labels, scores) == pytest.approx(0.75)
    assert auc(labels, scores) == pytest.approx((20 + 20 + 19 + 1) / 80)
    assert math.isnan(auc([True, True], [1.0, 2.0]))
