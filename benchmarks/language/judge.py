"""Every comment scored by what was learned without its service, its question or its respondent."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alliance.concern_model import ConcernModel, score
from alliance.items import Domain
from benchmarks.language.comments import Comment
from benchmarks.language.fitting import plain
from benchmarks.language.read import Read
from benchmarks.language.train import learn

TARGETS = ("any_concern", "bond_negative", "task_negative")
FOLDS = 5  # of respondents


@dataclass(frozen=True, kw_only=True, slots=True)
class Set:
    """Comments with what is weighed of each, in the same order."""

    comments: tuple[Comment, ...]
    reads: tuple[Read, ...]

    def where(self, wanted: Callable[[Comment], bool]) -> "Set":
        """Those of them that are wanted."""
        kept = [place for place, comment in enumerate(self.comments) if wanted(comment)]
        return Set(
            comments=tuple(self.comments[place] for place in kept), reads=tuple(self.reads[place] for place in kept)
        )

    def __add__(self, other: "Set") -> "Set":
        """Both together."""
        return Set(comments=self.comments + other.comments, reads=self.reads + other.reads)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """Labels and scores of comments, by target."""

    held_out: str
    labels: Mapping[str, Sequence[bool]]
    scores: Mapping[str, Sequence[float]]


Method = Callable[[Set, Set], Mapping[str, Sequence[float]]]


def held_out(known: Set, *, by: Callable[[Comment], str], always: Set, method: Method) -> Iterator[Judged]:
    """Each group scored by a method that learned from all others, and from `always`."""
    for group in sorted({by(comment) for comment in known.comments}):
        test = known.where(lambda comment, group=group: by(comment) == group)
        train = known.where(lambda comment, group=group: by(comment) != group)
        yield judged(group, test, method(train + always, test))


def judged(name: str, test: Set, scores: Mapping[str, Sequence[float]]) -> Judged:
    """Scores beside the labels of what was scored."""
    labels = {
        "any_concern": [comment.concern for comment in test.comments],
        "bond_negative": [comment.bond_concern for comment in test.comments],
        "task_negative": [comment.task_concern for comment in test.comments],
    }
    return Judged(held_out=name, labels=labels, scores=scores)


def together(parts: Sequence[Judged], *, name: str) -> Judged:
    """All parts as one: their scores must be comparable, as they are when one program reads every message."""
    return Judged(
        held_out=name,
        labels={target: [label for part in parts for label in part.labels[target]] for target in TARGETS},
        scores={target: [value for part in parts for value in part.scores[target]] for target in TARGETS},
    )


def fold(comment: Comment) -> str:
    """One of FOLDS groups in which all comments of a respondent are together, the same in every run."""
    return f"fold {zlib.crc32(comment.respondent.encode()) % FOLDS}"


def ours(train: Set, test: Set) -> Mapping[str, Sequence[float]]:
    """What the product would say, had it learned from `train` only."""
    return by_model(learn(train.comments, train.reads), test)


def by_model(model: ConcernModel, test: Set, *, language: str = "en") -> Mapping[str, Sequence[float]]:
    """Any concern is the highest of the three scores, as a program that reads `checkin screen --json` sees it."""
    found = [score(model, one.signs, one.words, language=language).by_domain for one in test.reads]
    return {
        "any_concern": [max(domains.values()) for domains in found],
        "bond_negative": [domains[Domain.BOND] for domains in found],
        "task_negative": [domains[Domain.TASK] for domains in found],
    }


def plain_words(train: Set, test: Set) -> Mapping[str, Sequence[float]]:
    """TF-IDF of words and pairs with logistic regression, a model for each target."""
    labels = judged("", train, {}).labels
    return {target: plain(train.reads, labels[target], test.reads) for target in TARGETS}


def small_lexicon(_train: Set, test: Set) -> Mapping[str, Sequence[float]]:
    """Bad words less good ones, denied ones turned; for a domain, only where its words are. Learns nothing."""
    balance = [one.signs.get("balance", 0.0) for one in test.reads]
    about = {
        "bond_negative": ("people", "kindness", "unkindness"),
        "task_negative": ("treatment", "task_trouble"),
    }
    return {"any_concern": balance} | {
        target: [
            value - (0 if any(name in one.signs for name in names) else 1)
            for value, one in zip(balance, test.reads, strict=True)
        ]
        for target, names in about.items()
    }
