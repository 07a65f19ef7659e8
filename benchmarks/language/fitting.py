"""Logistic regression over signs and words, with scikit-learn; the only file that knows it."""
# scikit-learn and scipy ship no complete types, so what they return is unknown to the checker here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.preprocessing import StandardScaler

from alliance.word_weights import grams
from benchmarks.language.read import Read

STRENGTH = 0.01  # scikit-learn's C: the smaller, the nearer to nought the weights
OF_WORDS = 10.0  # a comment's words together weigh as much as that many signs of one standard deviation each
MOST_ROUNDS = 2000
FALSE_POSITIVES = 0.05
_GRAMS = cast("Any", grams)  # scikit-learn says str and takes a function as well


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear head: where it begins, what each sign and each word adds; how rare each word is."""

    intercept: float
    signs: Mapping[str, float]
    grams: Mapping[str, float]
    rarity: Mapping[str, float] = field(default_factory=dict[str, float])


def fit(reads: Sequence[Read], labels: Sequence[bool], vocabulary: Sequence[str]) -> Fitted:
    """Learn one head. Signs are scaled to one standard deviation, words to one length (TF-IDF, each word once)."""
    signs, scale = DictVectorizer(), StandardScaler(with_mean=False)
    scaled = scale.fit_transform(signs.fit_transform([dict(one.signs) for one in reads]))
    words = TfidfVectorizer(analyzer=_GRAMS, vocabulary=list(vocabulary), binary=True)
    weighed = words.fit_transform([one.words for one in reads])
    model = LogisticRegression(C=STRENGTH, max_iter=MOST_ROUNDS)
    model.fit(hstack([scaled, weighed * OF_WORDS]).tocsr(), np.array(labels))
    coefficients: Any = model.coef_  # an array once it is fitted
    weights = coefficients[0]
    names = signs.get_feature_names_out()
    spread: Any = scale.scale_  # an array once it is fitted
    intercepts: Any = model.intercept_  # an array once it is fitted
    return Fitted(
        float(intercepts[0]),
        {str(name): float(weights[place] / spread[place]) for place, name in enumerate(names)},
        {gram: float(weights[len(names) + place] * OF_WORDS) for place, gram in enumerate(vocabulary)},
        {gram: float(words.idf_[place]) for place, gram in enumerate(vocabulary)},
    )


def plain(train: Sequence[Read], labels: Sequence[bool], test: Sequence[Read]) -> list[float]:
    """What a plain model (TF-IDF of words and pairs, logistic regression) makes of other comments."""
    words = TfidfVectorizer(analyzer=_GRAMS, min_df=2, sublinear_tf=True)
    model = LogisticRegression(C=3.0, max_iter=MOST_ROUNDS, class_weight="balanced")
    model.fit(words.fit_transform([one.words for one in train]), np.array(labels))
    return [float(value) for value in model.decision_function(words.transform([one.words for one in test]))]


def auc(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """How likely a comment with the label scores higher than one without; nan if there are not both."""
    if len(set(labels)) < 2:  # noqa: PLR2004  # with and without
        return float("nan")
    return float(roc_auc_score(np.array(labels), np.array(scores)))


def sensitivity(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """The share of those with the label found when FALSE_POSITIVES of the others are."""
    false, true, _ = roc_curve(np.array(labels), np.array(scores), drop_intermediate=False)
    return float(np.interp(FALSE_POSITIVES, false, true))


def curve(labels: Sequence[bool], scores: Sequence[float]) -> tuple[list[float], list[float]]:
    """The false and the true positives at every threshold."""
    false, true, _ = roc_curve(np.array(labels), np.array(scores))
    return [float(value) for value in false], [float(value) for value in true]
