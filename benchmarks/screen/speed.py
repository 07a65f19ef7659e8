"""How long the screen needs: ordinary writing, and long text made to keep it busy."""

from collections.abc import Callable, Mapping
from itertools import chain
from time import process_time

from alliance.crisis import CrisisRules, screen
from benchmarks.report import Result
from benchmarks.screen.corpora import HELD_OUT, ORDINARY, posts
from benchmarks.screen.measure import NAME

A_MESSAGE = 1_000  # characters
LONG = 100_000  # characters, of what is made to keep the screen busy
SHORT_RUNS = 20  # a thousand characters are read in a blink, and a blink is easily disturbed
_MS = 1_000

ADVERSARIAL: Mapping[str, Callable[[int], str]] = {
    "dots": lambda n: "." * n,
    "one letter": lambda n: "k" * n,
    "letters with gaps": lambda n: _filled("s u i c i d e ", n),
    "no spaces": lambda n: _filled("iwanttodie", n),
    "beginnings without an end": lambda n: _filled("i want to ", n),
    "nothing but hits": lambda n: _filled("want to die ", n),
    "nothing but denial": lambda n: _filled("no ", n),
    "gaps that keep opening": lambda n: _filled("since the new tablets rash after ", n),
    "broken words": lambda n: _filled("k.il-l!x ", n),
    "starred words": lambda n: _filled("su*c*de ", n),
    "marks on every letter": lambda n: _filled("k\u0336", n),
    "turned round": lambda n: _filled("\u202ewant to die ", n),
    "words that never repeat": lambda n: " ".join(f"w{number}x" for number in range(n // 6))[:n],
    "everyday phrases": lambda n: _filled("shot myself in the foot ", n),
    "words that are weighed": lambda n: _filled("the nurse was kind and my bus came late on that day ", n),
    "ligatures": lambda n: "\ufdfa" * (n // 18),
    "ideographs": lambda n: _filled("\u6f22\u5b57", n),
}


def measured_speed(language: str, rules: CrisisRules, *, repetitions: int) -> list[Result]:
    """Milliseconds of processor time: for 1,000 characters of messages, and for each kind of 100,000."""
    messages = _messages(language)
    took = sorted(_milliseconds(text, rules, repetitions) for text in messages)
    unit = f"ms, {len(messages)} messages of {A_MESSAGE} characters"
    longest = {kind: _milliseconds(made(LONG), rules, repetitions) for kind, made in ADVERSARIAL.items()}
    shortest = {kind: _milliseconds(made(A_MESSAGE), rules, SHORT_RUNS) for kind, made in ADVERSARIAL.items()}
    rows = {
        "time_per_1000_characters median": (took[len(took) // 2], unit),
        "time_per_1000_characters worst": (took[-1], unit),
        "time_per_1000_characters worst kind": (max(shortest.values()), f"ms, {len(shortest)} kinds"),
        **{f"time_per_100000_characters {kind}": (value, "ms") for kind, value in longest.items()},
        "time_per_100000_characters worst": (max(longest.values()), "ms"),
    }
    return [Result(name=NAME, metric=metric, value=value, unit=unit) for metric, (value, unit) in rows.items()]


def _messages(language: str) -> list[str]:
    """Everything in the corpora of messages, in pieces of equal length."""
    texts = chain.from_iterable(chain.from_iterable(posts(language, name).values()) for name in (*HELD_OUT, ORDINARY))
    whole = " ".join(texts)
    return [whole[start : start + A_MESSAGE] for start in range(0, len(whole) - A_MESSAGE, A_MESSAGE)]


def _milliseconds(text: str, rules: CrisisRules, repetitions: int) -> float:
    """The best of several: whatever else the machine does can only make it longer."""
    best = float("inf")
    for _ in range(repetitions):
        began = process_time()
        screen(text, rules)
        best = min(best, process_time() - began)
    return best * _MS


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]
