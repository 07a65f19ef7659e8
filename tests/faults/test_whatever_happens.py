"""Whatever happens, in whatever order: a state machine that also kills, fills disks, and lets Telegram fail.

Hypothesis makes up histories out of what people do, what Telegram does to them and what the machine does to the
program, and at the end of each the independent judge looks. In a test run a few, always the same ones; with
``CHECKIN_TEST_EXAMPLES=20000`` as many as one likes, different ones each time.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from sandbox import Fault, FaultKind, Person
from storage.trouble import Unwritable
from storage.vault import Vault
from tests.crash.places import around
from tests.faults.small_clinic import Killed, SmallClinic, full, interrupted, small_clinic

pytestmark = pytest.mark.faults

EXAMPLES = int(os.environ.get("CHECKIN_TEST_EXAMPLES", "50"))
STEPS = 10
IN_A_TEST_RUN = 100  # up to so many are the same ones each time
SAYING = "sendMessage"  # a start asks who we are, and one that fails is begun again by a service manager
DIRECT = 1_000  # messages that may have been said without a database once it has refused

T = TypeVar("T")
WHO = st.integers(0, 2)
PLACES = around("intake", "updates", "claim", "record", "send", "tick:alerts", "tick:checkins")
COMMITS = [place for place in PLACES if place.startswith("before:") and not place.endswith("send")]
STRANGE: tuple[dict[str, object], ...] = (
    {"telepathy": {"thought": "hm"}},
    {"message": {"message_id": 1, "date": 1, "chat": 5, "text": "x"}},
    {"callback_query": {"id": "1", "chat_instance": "1", "data": "r:1:goal:5"}},
    {"message": {"text": "\ud800"}},
    {},
)


class WhateverHappens(RuleBasedStateMachine):
    """One small clinic and everything that can happen to it."""

    def __init__(self, template: Path, vault: Vault) -> None:
        super().__init__()
        self._loop = asyncio.Runner()
        self._held = AsyncExitStack()
        self._folder = Path(tempfile.mkdtemp())
        self._clinic: SmallClinic = self._runs(
            self._held.enter_async_context(small_clinic(template, vault, self._folder))
        )
        self._said: list[tuple[Person, int]] = []
        self._ids: list[int] = []
        self._was_full = False

    @initialize(asked=st.booleans())
    def it_is_nine(self, asked: bool) -> None:
        if asked:
            self._runs(self._clinic.goes_on(timedelta(minutes=2)))

    @rule(who=WHO, words=st.sampled_from(["I slept well", "I want to kill myself tonight", "No sé", "/help"]))
    def writes(self, who: int, words: str) -> None:
        person = self._clinic.patients[who]
        if not self._is_blocked(person):
            act = person.writes(f"{words} {len(self._said)}" if words[0] != "/" else words)
            self._said.append((person, act.message_id))
            self._ids.append(act.update_id)

    @rule(who=WHO, which=st.integers(0, 40), old=st.booleans())
    def taps(self, who: int, which: int, old: bool) -> None:
        person = self._clinic.patients[who]
        shown = self._clinic.sandbox.ledger.ever_shown(person.user_id) if old else person.screen
        buttons = [(one.message_id, b.data) for one in shown for row in one.buttons for b in row if b.data]
        if buttons:
            self._ids.append(person.taps_old(*buttons[which % len(buttons)]).update_id)

    @precondition(lambda self: self._said)
    @rule(which=st.integers(0, 40), words=st.sampled_from(["I slept badly", "I want to die"]))
    def changes_words(self, which: int, words: str) -> None:
        person, message_id = self._said[which % len(self._said)]
        if not self._is_blocked(person):
            person.edits(message_id, f"{words} {which}")

    @precondition(lambda self: self._ids)
    @rule(which=st.lists(st.integers(0, 40), min_size=1, max_size=5))
    def telegram_repeats_itself(self, which: list[int]) -> None:
        for number in which:
            self._clinic.sandbox.redeliver(self._ids[number % len(self._ids)])

    @rule(at=st.sampled_from([5, 1_500_000_000, None]))
    def ids_begin_anew(self, at: int | None) -> None:
        self._clinic.sandbox.restart_update_ids(at)
        self._ids.clear()

    @rule(who=WHO)
    def blocks_or_lets_back_in(self, who: int) -> None:
        person = self._clinic.patients[who]
        self._ids.append((person.unblocks() if self._is_blocked(person) else person.blocks()).update_id)

    @rule(update=st.sampled_from(STRANGE))
    def something_strange_comes(self, update: dict[str, object]) -> None:
        self._clinic.sandbox.inject(update)

    @rule(who=st.none() | WHO, seconds=st.integers(1, 40))
    def telegram_asks_for_a_pause(self, who: int | None, seconds: int) -> None:
        chat_id = None if who is None else self._clinic.patients[who].user_id
        self._clinic.sandbox.faults.add(
            Fault(kind=FaultKind.FLOOD, method=SAYING, chat_id=chat_id, retry_after=seconds)
        )

    @rule(
        kind=st.sampled_from(
            [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.CUT_JSON, FaultKind.STATUS, FaultKind.RESET_AFTER]
        ),
        method=st.sampled_from([SAYING, "editMessageText", "answerCallbackQuery"]),
        times=st.integers(1, 3),
    )
    def the_wire_fails(self, kind: FaultKind, method: str, times: int) -> None:
        self._clinic.sandbox.faults.add(Fault(kind=kind, method=method, times=times, status=502))

    @rule(place=st.sampled_from(PLACES), nth=st.integers(1, 3))
    def it_is_killed(self, place: str, nth: int) -> None:
        with interrupted(place, nth=nth, by=Killed):
            self._runs(self._steps())
        self._runs(self._clinic.is_killed())

    @rule(place=st.sampled_from(COMMITS), nth=st.integers(1, 2))
    def the_disk_is_full(self, place: str, nth: int) -> None:
        self._was_full = True
        with interrupted(place, nth=nth, by=full):
            self._runs(self._steps())

    @rule(minutes=st.sampled_from([1, 3, 11]))
    def time_passes(self, minutes: int) -> None:
        self._runs(self._clinic.goes_on(timedelta(minutes=minutes)))

    @rule(hours=st.sampled_from([1, 26]))
    def nobody_is_there_for_hours(self, hours: int) -> None:
        self._clinic.clock.move_to(self._clinic.clock.now() + timedelta(hours=hours))
        self._runs(self._clinic.is_killed())
        self._runs(self._steps())

    @rule()
    def cole_takes_on_what_he_sees(self) -> None:
        self._clinic.cole_takes_on_all()

    @rule()
    def it_settles(self) -> None:
        self._runs(self._clinic.settles())

    def teardown(self) -> None:
        """All comes to rest, and the judge looks; the pages of a clinic where nobody was there may be late."""
        try:
            self._runs(self._clinic.comes_to_rest())
            found = self._runs(self._clinic.harm(outside=DIRECT if self._was_full else 0))
            assert [harm for harm in found if "was quiet for" not in harm.what] == []
        finally:
            self._runs(self._held.aclose())
            self._loop.close()
            shutil.rmtree(self._folder)

    async def _steps(self) -> None:
        """One round of everything, each part by itself: where one fails, the others go on."""
        program = self._clinic.program
        rounds = (
            self._clinic.looks_at_what_is_due,
            lambda: program.intake.poll_once(wait=0),
            lambda: program.intake.poll_once(wait=0),
            program.updates.handle_all,
            program.sender.drain_once,
            program.sender.drain_once,
        )
        for do in rounds:
            try:
                await do()
            except Killed:
                return
            except Unwritable:
                continue

    def _runs(self, what: Coroutine[object, object, T]) -> T:
        return self._loop.run(what)

    @staticmethod
    def _is_blocked(person: Person) -> bool:
        return person.chat.standing == "blocked"


def test_whatever_happens_nothing_is_lost_or_done_twice(sqlite_template: Path, vault: Vault) -> None:
    class Here(WhateverHappens):
        def __init__(self) -> None:
            super().__init__(sqlite_template, vault)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EXAMPLES <= IN_A_TEST_RUN,
            database=None,
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        ),
    )
