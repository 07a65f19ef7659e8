"""Learns what words weigh; `python -m benchmarks.screen.weigh --comments CSV` writes alliance/weights/crisis.json.

Logistic regression over words and pairs. Where enough is said is set by ordinary messages the weights were not learned
from: a share of the comments given may be taken for a crisis, and a share of our own, which are hard on purpose.
"""
# scikit-learn ships no complete types, so what it returns is unknown to the checker here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
import typer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from alliance.crisis import CrisisRules
from alliance.crisis_weights import FORMAT, is_weighed
from alliance.normalise import normalise
from alliance.word_weights import grams
from benchmarks.language.comments import VARIABLE, CannotRead, read_comments
from benchmarks.screen.learning import to_learn_from
from bot.phrases import shipped_phrases

WEIGHTS = Path(__file__).parent.parent.parent / "alliance" / "weights" / "crisis.json"
FEWEST_MESSAGES = 3  # that must use a word before it is learned
STRENGTH = 20.0  # scikit-learn's C: the smaller, the nearer to nought the weights
WEIGHT_OF_A_GIVEN_COMMENT = 0.3  # there are many, and of one service only
WEIGHT_OF_AN_ORDINARY_ONE = 2.0  # of our own: there are few
WEIGHT_OF_A_NEAR_MISS = 3.0  # a test says that nothing may be found in it
PARTS = 5  # in which the threshold is tried, each judged by what was learned from the others
GIVEN_AT_MOST = 0.0015  # of the comments given, taken for a crisis
# Of our own ordinary messages, hard on purpose. In Spanish no comments of real patients stand beside them.
OWN_AT_MOST = {"en": 0.035, "es": 0.02}
MARGIN = 0.02  # above the heaviest sentence that must stay silent
MOST_ROUNDS = 3000
SOURCE = (
    "Weights learned from messages made up for this project and, as examples of ordinary comments, from comments of "
    "patients of an NHS ambulance and transport service (Friends and Family Test) in the public repository "
    "CDU-data-science-team/pxtextmining, MIT licence, © 2021 NHS England; no comment is contained."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What words weigh in one language, and what the threshold costs among messages it was not learned from."""

    begins_at: float
    words: dict[str, list[float]]
    enough: float
    heaviest_silent: str
    given_taken: float
    own_taken: float
    crisis_found: float


def learned(language: str, given: Sequence[str], rules: CrisisRules) -> Learned:
    """Learn one language."""
    own = to_learn_from(language, rules)
    silent = [*own.ordinary, *own.must_stay]
    texts = [[*normalise(text, rules.matcher.lexicon).words] for text in (*own.crisis, *given, *silent)]
    in_crisis, are_given = slice(0, len(own.crisis)), slice(len(own.crisis), len(own.crisis) + len(given))
    are_own, must_stay = slice(are_given.stop, None), slice(len(texts) - len(own.must_stay), None)
    words = TfidfVectorizer(analyzer=cast("Any", _without_numbers), min_df=FEWEST_MESSAGES, binary=True)
    features: Any = words.fit_transform(texts)
    labels = np.arange(len(texts)) < in_crisis.stop
    counts = np.ones(len(texts))
    counts[are_given] = WEIGHT_OF_A_GIVEN_COMMENT
    counts[are_own] = WEIGHT_OF_AN_ORDINARY_ONE
    counts[must_stay] = WEIGHT_OF_A_NEAR_MISS
    model = _fitted(features, labels, counts)
    is_read = np.array([is_weighed(one, words.vocabulary_) for one in texts])
    unseen = np.where(is_read, _unseen(features, labels, counts), -np.inf)
    at_last = np.where(is_read, model.decision_function(features), -np.inf)
    enough = max(
        float(np.quantile(unseen[are_given], 1 - GIVEN_AT_MOST, method="lower")) if given else 0.0,
        float(np.quantile(unseen[are_own], 1 - OWN_AT_MOST[language], method="lower")),
        float(np.max(at_last[must_stay])) + MARGIN,
    )
    coefficients: Any = model.coef_  # an array once it is fitted
    rows = zip(words.get_feature_names_out(), words.idf_, coefficients[0], strict=True)
    return Learned(
        begins_at=round(float(cast("Any", model.intercept_)[0]) - enough, 3),
        words={str(gram): [round(float(rarity), 2), round(float(weight), 2)] for gram, rarity, weight in rows},
        given_taken=float(np.mean(unseen[are_given] > enough)) if given else 0.0,
        heaviest_silent=own.must_stay[int(np.argmax(at_last[must_stay]))],
        enough=enough,
        own_taken=float(np.mean(unseen[are_own] > enough)),
        crisis_found=float(np.mean(unseen[in_crisis] > enough)),
    )


def _without_numbers(words: Sequence[str]) -> list[str]:
    """What may be learned: a number means nothing by itself."""
    return [gram for gram in grams(words) if not any(sign.isdigit() for sign in gram)]


def _fitted(features: Any, labels: Any, counts: Any) -> LogisticRegression:  # arrays without complete types
    return LogisticRegression(C=STRENGTH, max_iter=MOST_ROUNDS).fit(features, labels, sample_weight=counts)


def _unseen(features: Any, labels: Any, counts: Any) -> Any:  # arrays without complete types
    """What each message weighs by what was learned from the other parts."""
    found = np.zeros(len(labels))
    for others, part in KFold(PARTS, shuffle=True, random_state=1).split(features):
        found[part] = _fitted(features[others], labels[others], counts[others]).decision_function(features[part])
    return found


def main(
    comments: Annotated[Path | None, typer.Option(envvar=VARIABLE, help="A CSV file of ordinary comments.")] = None,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS,
) -> None:
    """Learn both languages and write the weights."""
    try:
        given = [comment.text for comment in read_comments(comments)]
    except CannotRead as error:
        typer.echo(f"weigh: {error}", err=True)
        raise typer.Exit(2) from None
    rules = shipped_phrases()
    by_language = {"en": learned("en", given, rules), "es": learned("es", (), rules)}
    blocks: list[str] = []
    for language, one in by_language.items():
        typer.echo(
            f"{language}: {len(one.words)} words and pairs. Words alone, judged by what others taught, find "
            f"{one.crisis_found:.3f} of messages in crisis, {one.given_taken:.4f} of comments given, "
            f"{one.own_taken:.3f} of our own ordinary ones. Enough is {one.enough:.2f}; "
            f"the heaviest that must stay silent is {one.heaviest_silent!r}."
        )
        rows = ",\n".join(f"  {json.dumps(gram, ensure_ascii=False)}: {row}" for gram, row in sorted(one.words.items()))
        blocks.append(f' "{language}": {{"begins_at": {one.begins_at}, "words": {{\n{rows}\n }}}}')
    opening = json.dumps({"format": FORMAT, "source": SOURCE}, ensure_ascii=False).removesuffix("}")
    languages = ",\n".join(blocks)
    out.write_text(f'{opening}, "languages": {{\n{languages}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
