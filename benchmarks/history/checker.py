"""Judges a history: every invariant that is broken, with what breaks it."""

from datetime import timedelta

from benchmarks.history.escalations import SLACK, only_forward
from benchmarks.history.halts import halts_are_kept
from benchmarks.history.incoming import each_answer_once, nobody_quoted, one_disposition
from benchmarks.history.outgoing import (
    ledger_and_outbox_agree,
    nothing_after_a_goodbye,
    queues_are_empty,
)
from benchmarks.history.records import Harm, History


def judge(history: History, *, slack: timedelta = SLACK, outside: int = 0) -> list[Harm]:
    """Everything that is wrong; an empty list when nothing is.

    ``slack`` is how much later than planned a page may come, for histories in which nobody was there for a
    while; ``outside`` is how many messages were said without a database.
    """
    return [
        *one_disposition(history),
        *each_answer_once(history),
        *only_forward(history, slack=slack),
        *nothing_after_a_goodbye(history),
        *ledger_and_outbox_agree(history, outside=outside),
        *halts_are_kept(history),
        *queues_are_empty(history),
        *nobody_quoted(history),
    ]
