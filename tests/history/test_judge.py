"""The independent judge finds nothing in a healthy history, and each kind of harm in a doctored one."""

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.history.checker import judge
from tests.history.healthy import ANA, BEN, COLE, WORDS, Doctored, as_history, at, healthy
from tests.history.healthy import _call as call
from tests.history.healthy import _post as post

ROOT = Path(__file__).parents[2]


def _loses_a_row(told: Doctored) -> None:
    del told["inbox"][0]


def _stores_twice(told: Doctored) -> None:
    told["inbox"].append({**told["inbox"][0], "seq": 5})


def _never_handles(told: Doctored) -> None:
    told["inbox"][0]["state"] = "waiting"


def _forgets_the_words(told: Doctored) -> None:
    del told["messages"][0]


def _counts_an_answer_twice(told: Doctored) -> None:
    told["answers"].append(told["answers"][0])


def _invents_an_answer(told: Doctored) -> None:
    told["answers"][0]["rating"] = 6


def _passes_over_a_tap(told: Doctored) -> None:
    told["answers"].clear()


def _falls_silent(told: Doctored) -> None:
    told["alerts"][0]["acknowledged_at"] = at(600)


def _forgets_an_alert(told: Doctored) -> None:
    told["alerts"][0]["next_page_at"] = None


def _goes_backwards(told: Doctored) -> None:
    told["alerts"][0]["state"] = "raised"


def _pages_out_of_order(told: Doctored) -> None:
    told["pages"] += [{"alert_id": 9, "person_id": COLE, "rung": 1, "paged_at": at(3.1)}]


def _has_two_live_alerts(told: Doctored) -> None:
    told["alerts"].append({**told["alerts"][0], "id": 10})


def _writes_after_a_block(told: Doctored) -> None:
    told["journal"].append(call(BEN, 60, None, status=403))


def _asks_after_a_withdrawal(told: Doctored) -> None:
    told["outbox"].append(post(5, BEN, 2, 60, 24))
    told["journal"].append(call(BEN, 10, 24))


def _claims_what_nobody_saw(told: Doctored) -> None:
    told["outbox"][1]["message_id"] = 99


def _sends_what_no_row_knows(told: Doctored) -> None:
    told["journal"].append(call(ANA, 5, 30))


def _sends_a_third_copy(told: Doctored) -> None:
    told["outbox"][1] |= {"unclear": 3, "tries": 3}


def _runs_into_a_chats_halt(told: Doctored) -> None:
    _refuse(told, ANA, 100, 30)
    told["journal"].append(call(ANA, 110, None, status=429, description=""))


def _runs_into_a_known_halt_of_the_bot(told: Doctored) -> None:
    _refuse(told, ANA, 100, 30)
    _refuse(told, COLE, 101, 30)
    told["journal"].append(call(BEN + 1, 115, None, status=429, description=""))


def _lets_others_go_first(told: Doctored) -> None:
    _refuse(told, ANA, 100, 30)
    _refuse(told, COLE, 100, 30)
    told["outbox"] += [post(6, 701, 3, 90, 31), post(7, 702, 0, 105, 32)]
    told["journal"] += [call(701, 130.1, 31), call(702, 135, 32)]


def _leaves_a_message(told: Doctored) -> None:
    told["outbox"][1] |= {"state": "queued", "sent_at": None, "message_id": None, "unclear": 1}


def _leaves_an_update(told: Doctored) -> None:
    told["journal"][0]["fate"] = "waiting"


def _never_writes_a_halt_down(told: Doctored) -> None:
    _refuse(told, ANA, 100, 30, is_noted=False)


def _carries_what_does_not_belong_together(told: Doctored) -> None:
    told["outbox"].append(_page(5, page_id=2, alert_id=10))
    told["outbox"].append(_page(6, page_id=3, alert_id=11))
    told["journal"].append(call(COLE, 5, 40))


def _carries_an_answer(told: Doctored) -> None:
    told["outbox"] += [_page(5, page_id=2, alert_id=9), post(6, COLE, 0, 5, 40, page_id=None, alert_id=9)]
    told["journal"].append(call(COLE, 5, 40))


def _page(number: int, *, page_id: int, alert_id: int) -> dict[str, Any]:
    return post(number, COLE, 0, 5, 40, page_id=page_id, alert_id=alert_id)


def _refuse(
    told: Doctored, chat: int, seconds: float, retry_after: int, *, is_noted: bool = True, heard: float = 0.1
) -> None:
    words = f"Too Many Requests: retry after {retry_after}"
    told["journal"].append(call(chat, seconds, None, status=429, description=words))
    if is_noted:
        noted = {"chat_id": chat, "asked_at": at(seconds + heard), "until": at(seconds + heard + retry_after)}
        told.setdefault("halts", []).append(noted)


HARM: dict[str, tuple[Callable[[Doctored], None], str]] = {
    "a confirmed update is not stored": (_loses_a_row, "I1"),
    "one is stored twice": (_stores_twice, "I1"),
    "one is never handled": (_never_handles, "I1"),
    "words are not kept": (_forgets_the_words, "I1"),
    "an answer counts twice": (_counts_an_answer_twice, "I2"),
    "an answer nobody gave": (_invents_an_answer, "I2"),
    "a tap that is not counted": (_passes_over_a_tap, "I2"),
    "an alert falls silent": (_falls_silent, "I3"),
    "an alert is forgotten": (_forgets_an_alert, "I3"),
    "an alert goes backwards": (_goes_backwards, "I3"),
    "pages out of order": (_pages_out_of_order, "I3"),
    "two live alerts of one person": (_has_two_live_alerts, "I3"),
    "a message after a block": (_writes_after_a_block, "I4"),
    "a question after a withdrawal": (_asks_after_a_withdrawal, "I4"),
    "sent, and nobody saw it": (_claims_what_nobody_saw, "I5"),
    "seen, and no row knows it": (_sends_what_no_row_knows, "I5"),
    "a copy too many": (_sends_a_third_copy, "I5"),
    "a call into a chat's halt": (_runs_into_a_chats_halt, "I6"),
    "a call into the bot's halt": (_runs_into_a_known_halt_of_the_bot, "I6"),
    "a halt that is not written down": (_never_writes_a_halt_down, "I6"),
    "pages in one message that were not named together": (_carries_what_does_not_belong_together, "I5"),
    "a page in one message with something else": (_carries_an_answer, "I5"),
    "others before safety": (_lets_others_go_first, "I6"),
    "a message left over": (_leaves_a_message, "I8"),
    "an update left over": (_leaves_an_update, "I8"),
}


def test_in_a_healthy_history_nothing_is_found() -> None:
    assert judge(as_history(healthy())) == []


@pytest.mark.parametrize(("harm", "invariant"), list(HARM.values()), ids=list(HARM))
def test_each_kind_of_harm_is_found_and_told_apart(harm: Callable[[Doctored], None], invariant: str) -> None:
    told = healthy()
    harm(told)

    assert invariant in {found.invariant for found in judge(as_history(told))}


def test_pages_that_were_named_together_may_share_a_message() -> None:
    told = healthy()
    _carries_what_does_not_belong_together(told)
    told["grouped_pages"] = [{"group_id": 77, "page_id": page_id} for page_id in (2, 3)]

    assert judge(as_history(told)) == []


def test_pages_about_one_alert_may_share_a_message() -> None:
    told = healthy()
    told["outbox"] += [_page(5, page_id=2, alert_id=9), _page(6, page_id=3, alert_id=9)]
    told["journal"].append(call(COLE, 5, 40))

    assert judge(as_history(told)) == []


def test_one_message_that_carries_two_pages_admits_one_copy_and_not_two() -> None:
    told = healthy()
    told["outbox"] += [_page(5, page_id=2, alert_id=9), _page(6, page_id=3, alert_id=9)]
    told["journal"] += [call(COLE, 5, 40), call(COLE, 6, 41)]

    assert {harm.invariant for harm in judge(as_history(told))} == {"I5"}


def test_a_halt_whose_process_died_before_it_could_write_it_down_is_no_harm() -> None:
    told = healthy()
    _refuse(told, ANA, 100, 30, is_noted=False)
    told["outbox"][1] |= {"unclear": 1, "tries": 2}
    told["journal"].append(call(ANA, 110, None, status=429, description=""))

    assert judge(as_history(told)) == []


def test_a_halt_that_a_clock_a_little_behind_wrote_down_is_that_halt() -> None:
    told = healthy()
    _refuse(told, ANA, 100, 30, heard=-0.1)

    assert judge(as_history(told)) == []


def test_a_halt_written_down_before_the_call_was_refused_is_another_one() -> None:
    told = healthy()
    _refuse(told, ANA, 100, 30, heard=-0.9)

    assert {harm.invariant for harm in judge(as_history(told))} == {"I6"}


def test_a_halt_that_was_written_down_binds_the_next_process_as_well() -> None:
    told = healthy()
    _refuse(told, ANA, 100, 30)
    told["outbox"][1] |= {"unclear": 1, "tries": 2}  # something died, and this was known
    told["journal"].append(call(ANA, 110, None, status=429, description=""))

    assert {harm.invariant for harm in judge(as_history(told))} == {"I6"}


@pytest.mark.parametrize(
    "line",
    [pytest.param("not an object", id="no event"), pytest.param(f'{{"event": "{WORDS}"}}', id="quotes Ana")],
)
def test_a_log_that_says_too_much_or_nothing_readable_is_found(line: str) -> None:
    assert {harm.invariant for harm in judge(as_history(healthy(), log=(line,)))} == {"log"}


def test_an_id_that_came_back_with_another_message_is_no_double() -> None:
    told = healthy()
    told["journal"].append({**told["journal"][0], "text": None, "kind": "edited_message", "body": {"n": "another"}})
    told["inbox"].append({**told["inbox"][0], "seq": 5})

    assert judge(as_history(told)) == []


def test_an_update_handed_out_twice_needs_one_row() -> None:
    told = healthy()
    told["journal"].append(told["journal"][0])

    assert judge(as_history(told)) == []


def test_the_judge_knows_none_of_the_programs_code() -> None:
    ours = {
        *tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    }
    files = sorted((ROOT / "benchmarks" / "history").glob("*.py"))

    imported = {name for file in files for name in _imports(file.read_text(encoding="utf-8"))}

    assert len(files) > 4
    assert imported & ours == set()
    assert {name for name in imported if name == "benchmarks"} == {"benchmarks"}
    assert all(within.startswith("benchmarks.history") for file in files for within in _from_here(file.read_text()))


def _imports(source: str) -> set[str]:
    return {name.partition(".")[0] for name in _modules(source)}


def _from_here(source: str) -> set[str]:
    return {name for name in _modules(source) if name.startswith("benchmarks")}


def _modules(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found
