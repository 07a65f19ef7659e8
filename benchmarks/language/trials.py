"""Everything the benchmark tries, and its results under the names programs read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import process_time

from alliance.language import LanguageRules, parse_language
from alliance.language import read as read_message
from alliance.language_file import MODEL
from benchmarks.language.comments import (
    WRITTEN_FOR_TESTING,
    WRITTEN_FOR_TRAINING,
    WRITTEN_IN_SPANISH,
    Comment,
    read_written,
)
from benchmarks.language.fitting import auc, sensitivity
from benchmarks.language.judge import (
    TARGETS,
    Judged,
    Method,
    Set,
    by_model,
    fold,
    held_out,
    judged,
    ours,
    plain_words,
    small_lexicon,
    together,
)
from benchmarks.language.read import read, rule_texts
from benchmarks.language.train import WEIGHTS
from benchmarks.report import Result

SERVICES = "held-out services"  # the trial that counts; its results carry no suffix
BASELINES: Mapping[str, Method] = {"plain words": plain_words, "small lexicon": small_lexicon}
WITHOUT_WRITTEN = "ours without written comments"
ANOTHER_KIND = "another kind of service"  # learned from written comments only, judged on the given ones
TIMED = 1000  # messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One way of holding out, tried by one method; `parts` are its groups, `whole` all of them as one."""

    method: str
    name: str
    parts: tuple[Judged, ...]
    whole: Judged

    @property
    def is_ours(self) -> bool:
        """Whether it is what the product does."""
        return self.method == "ours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trials:
    """All of them, the speed of the shipped rules and the size of their numbers."""

    trials: tuple[Trial, ...]
    messages_per_second: float
    model_kib: float


def try_all(known: Sequence[Comment], *, quick: bool, said: Callable[[str], None] | None) -> Trials:
    """Try every method on held-out services and on written comments; in full also on questions and respondents."""
    weights = WEIGHTS.read_text(encoding="utf-8")
    shipped = parse_language({**rule_texts(), MODEL: weights})
    given, written = _set(known), _set(read_written(WRITTEN_FOR_TRAINING))
    trials: list[Trial] = []
    for trial in _all(given, written, shipped, quick=quick):
        if said:
            said(f"{trial.name}, {trial.method}: {len(trial.whole.labels['any_concern'])} comments")
        trials.append(trial)
    return Trials(
        trials=tuple(trials),
        messages_per_second=_speed(known, shipped),
        model_kib=len(weights.encode()) / 1024,
    )


def as_results(tried: Trials) -> list[Result]:
    """The results: `auc_any_concern` and the like for held-out services, with a suffix for everything else."""
    out: list[Result] = []
    for trial in tried.trials:
        suffix = "" if trial.name == SERVICES else f"@{trial.name}"
        out += _of(trial, trial.whole, suffix)
        if trial.is_ours and trial.name == SERVICES:
            out += [result for part in trial.parts for result in _of(trial, part, f"@{part.held_out}")]
    out.append(Result(name="ours", metric="messages_per_second", value=tried.messages_per_second, unit="messages/s"))
    out.append(Result(name="ours", metric="model_size", value=tried.model_kib, unit="KiB"))
    return out


def as_bars(tried: Trials) -> dict[str, float]:
    """The AUC of each method and target, services held out."""
    return {
        f"{target} {trial.method}": auc(trial.whole.labels[target], trial.whole.scores[target])
        for target in TARGETS
        for trial in tried.trials
        if trial.name == SERVICES
    }


def _of(trial: Trial, part: Judged, suffix: str) -> Iterator[Result]:
    for target in TARGETS:
        labels, scores = part.labels[target], part.scores[target]
        for metric, value, unit in (
            (f"auc_{target}", auc(labels, scores), "AUC"),
            (f"sensitivity_{target}", sensitivity(labels, scores), "share found at 5 % false positives"),
        ):
            yield Result(name=trial.method, ours=trial.is_ours, metric=metric + suffix, value=value, unit=unit)


def _all(given: Set, written: Set, shipped: LanguageRules, *, quick: bool) -> Iterator[Trial]:
    methods: dict[str, Method] = {"ours": ours, **BASELINES}
    for name, method in methods.items():
        yield _trial(name, SERVICES, held_out(given, by=_service, always=written, method=method))
    nothing = Set(comments=(), reads=())
    yield _trial(WITHOUT_WRITTEN, SERVICES, held_out(given, by=_service, always=nothing, method=ours))
    for name, method in methods.items():
        yield _trial(name, ANOTHER_KIND, [judged("all services", given, method(written, given))])
    english = _set(read_written(WRITTEN_FOR_TESTING))
    yield _trial("ours", "written", [judged("written", english, by_model(shipped.model, english))])
    for name, method in BASELINES.items():
        yield _trial(name, "written", [judged("written", english, method(given + written, english))])
    spanish = _set(read_written(WRITTEN_IN_SPANISH), language="es")
    scores = by_model(shipped.model, spanish, language="es")
    yield _trial("ours", "spanish", [judged("spanish", spanish, scores)])
    if quick:
        return
    for name, method in methods.items():
        yield _trial(name, "questions", held_out(given, by=_question, always=written, method=method))
        yield _trial(name, "respondents", held_out(given, by=fold, always=written, method=method))


def _trial(method: str, name: str, parts: Iterator[Judged] | Sequence[Judged]) -> Trial:
    known = tuple(parts)
    return Trial(method=method, name=name, parts=known, whole=together(known, name=name))


def _set(comments: Sequence[Comment], *, language: str = "en") -> Set:
    return Set(comments=tuple(comments), reads=tuple(read(comments, language=language)))


def _service(comment: Comment) -> str:
    return comment.service


def _question(comment: Comment) -> str:
    return comment.question


def _speed(known: Sequence[Comment], shipped: LanguageRules) -> float:
    texts = [comment.text for comment in known[:TIMED]]
    began = process_time()
    for text in texts:
        read_message(text, shipped)
    return len(texts) / (process_time() - began)
