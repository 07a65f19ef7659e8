"""With a safeguard off, a named test is red: so none of them can be taken out unnoticed, and none is for show."""

import inspect
import re
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from tests.bot import test_intake, test_sender, test_updates
from tests.safeguards.switches import SWITCHES
from tests.storage import (
    test_begins_with_the_lock,
    test_database,
    test_leases,
    test_outbox,
    test_outbox_fence,
    test_outbox_gates,
    test_turns,
    test_vault,
)

LIST = Path(__file__).parents[2] / "docs" / "safeguards.md"
RED = (AssertionError, LookupError, pytest.fail.Exception)  # seen, not there, or not refused

Test = Callable[..., Coroutine[Any, Any, None]]  # Any: what a coroutine is typed with

MISSED_BY: dict[str, Callable[..., Any]] = {  # Any: tests, of which some are not asynchronous
    "dedupe by identity": test_intake.test_an_update_delivered_again_is_stored_once,
    "inbox before acknowledgement": test_intake.test_what_the_database_refused_is_not_confirmed_and_stored_later,
    "BEGIN IMMEDIATE": test_begins_with_the_lock.test_while_somebody_has_begun_to_write_nobody_else_can,
    "fence in record": test_outbox_fence.test_a_result_under_a_token_that_has_passed_on_changes_nothing,
    "fence in hold": test_leases.test_an_effect_under_a_lease_that_has_changed_hands_is_refused,
    "sending committed before the socket": test_outbox.test_what_is_claimed_is_not_claimed_again,
    "one worker to a chat": test_turns.test_a_chat_that_one_worker_has_in_hand_is_left_alone_by_another,
    "danger first": test_turns.test_danger_overtakes_whatever_waits_also_of_the_same_person,
    "one copy, then uncertain": test_outbox_gates.test_crash_after_crash_there_is_one_copy_and_then_the_truth,
    "gates at the claim": test_outbox_gates.test_who_may_not_be_asked_is_not_asked_even_if_it_was_queued,
    "associated data": test_vault.test_a_box_moved_to_another_place_is_noticed,
    "a pause is kept": test_sender.test_a_full_stop_of_the_bot_is_kept_and_the_safety_lane_goes_first_after_it,
    "a pause outlives its process": test_sender.test_a_pause_that_an_earlier_process_was_asked_for_is_kept_by_the_next,
    "pages go together": test_sender.test_two_who_are_in_danger_at_once_are_one_message_to_whoever_is_paged,
    "durable or refused": test_database.test_a_forgetful_database_is_refused,
    "a full disk is nobody's fault": test_updates.test_a_full_disk_never_makes_a_dead_letter_of_an_update,
    "danger is answered without a database": (
        test_intake.test_while_the_database_cannot_even_be_read_danger_is_answered_and_nothing_is_confirmed
    ),
}


def _red_without(safeguard: str) -> Test:
    """The named test with its own fixtures and cases; it passes when that test fails."""
    named = MISSED_BY[safeguard]

    @wraps(named)
    async def test(**given: Any) -> None:  # Any: the fixtures of the named test
        with pytest.MonkeyPatch.context() as off:
            SWITCHES[safeguard](off)
            with pytest.raises(RED):
                await _done(named(**given))

    return test


async def _done(what: object) -> None:
    """The end of a test, asynchronous or not."""
    if inspect.isawaitable(what):
        await what


def _name(safeguard: str) -> str:
    return "test_missed_" + re.sub(r"\W+", "_", safeguard.lower())


globals().update({_name(safeguard): _red_without(safeguard) for safeguard in SWITCHES})


def test_every_switch_has_its_named_test_and_every_named_test_its_switch() -> None:
    assert SWITCHES.keys() == MISSED_BY.keys()


def test_the_written_list_is_the_list_of_switches_with_their_tests() -> None:
    written = re.findall(r"^\| ([^|]+) \| [^|]+ \| `(\w+)` \|$", LIST.read_text(encoding="utf-8"), re.MULTILINE)

    assert dict(written) == {safeguard: test.__name__ for safeguard, test in MISSED_BY.items()}
