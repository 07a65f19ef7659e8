"""Every message that was put into the outbox comes to a true end, whatever Telegram answers."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from telegram.ext import ExtBot

from alliance.delivery import MOST_COPIES, TO_TELEGRAM, Lane, OutboxState
from alliance.people import Role
from bot import telegram_api
from bot.sender import Sender
from bot.wire import BATCH
from sandbox import Fault, FaultKind, Person, Sandbox
from storage.trouble import Unwritable
from tests.bot.ward import Ward

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")  # the program asks for raw answers

FLOOD_LASTS = 30  # seconds
ONCE, TWICE, NEVER = 1, 2, 0
SOON_ENOUGH = 0.05  # seconds of real time until an answer counts as missing, in these tests


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_api, "ANSWER_WITHIN", SOON_ENOUGH * 10)


FAULTS = {  # what happens once, the state in the end, and how many copies the person sees
    "dropped before": (Fault(kind=FaultKind.DROP_BEFORE), OutboxState.SENT, ONCE),
    "dropped after": (Fault(kind=FaultKind.DROP_AFTER), OutboxState.SENT, TWICE),
    "dropped after, twice": (Fault(kind=FaultKind.DROP_AFTER, times=2), OutboxState.UNCERTAIN, TWICE),
    "dropped before, twice": (Fault(kind=FaultKind.DROP_BEFORE, times=2), OutboxState.UNCERTAIN, NEVER),
    "502": (Fault(kind=FaultKind.STATUS, status=502), OutboxState.SENT, ONCE),
    "500, but it was sent": (Fault(kind=FaultKind.STATUS, acted=True), OutboxState.SENT, TWICE),
    "cut JSON": (Fault(kind=FaultKind.CUT_JSON), OutboxState.SENT, TWICE),
    "429": (Fault(kind=FaultKind.FLOOD, retry_after=3), OutboxState.SENT, ONCE),
    "403": (Fault(kind=FaultKind.FORBIDDEN), OutboxState.BLOCKED, NEVER),
    "400": (Fault(kind=FaultKind.BAD_REQUEST, description="can't parse entities"), OutboxState.REJECTED, NEVER),
    "no such chat": (Fault(kind=FaultKind.BAD_REQUEST), OutboxState.BLOCKED, NEVER),
    "no answer": (Fault(kind=FaultKind.HANG, seconds=60), OutboxState.SENT, TWICE),
}


@pytest.mark.parametrize(("fault", "end", "copies"), list(FAULTS.values()), ids=list(FAULTS))
async def test_one_fault_leads_to_a_true_end_in_every_lane(
    sqlite_ward: Ward, fault: Fault, end: OutboxState, copies: int
) -> None:
    people = {lane: sqlite_ward.visitor(lane.name) for lane in TO_TELEGRAM}
    rows: dict[Lane, int] = {}
    for lane, person in people.items():
        sqlite_ward.sandbox.faults.add(replace(fault, chat_id=person.user_id))
        rows[lane] = await sqlite_ward.queue(person, "hello", lane=lane)

    await sqlite_ward.until_quiet()

    ends = {lane: (await sqlite_ward.post(row)).state for lane, row in rows.items()}
    assert ends == dict.fromkeys(TO_TELEGRAM, end)
    assert {lane: _copies(person, "hello") for lane, person in people.items()} == dict.fromkeys(TO_TELEGRAM, copies)
    assert sqlite_ward.sandbox.ledger.violations() == ()


async def test_without_a_fault_it_is_sent_once_and_its_number_is_known(ward: Ward) -> None:
    ana = ward.visitor("Ana")

    row_id = await ward.queue(ana, "hello")
    await ward.until_quiet()

    row = await ward.post(row_id)
    assert (row.state, row.message_id, row.tries) == (OutboxState.SENT, ana.last.message_id, 1)


async def test_while_telegram_cannot_be_reached_a_message_waits_and_is_not_copied(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    row_id = await sqlite_ward.queue(ana, "hello")
    port = int(sqlite_ward.sandbox.url.rpartition(":")[2])
    await sqlite_ward.sandbox.stop()
    for _ in range(5):
        await sqlite_ward.program.sender.drain()
        sqlite_ward.clock.move_to(sqlite_ward.clock.now() + timedelta(minutes=1))
    waiting = await sqlite_ward.post(row_id)

    await sqlite_ward.sandbox.start(port)
    await sqlite_ward.until_quiet()

    row = await sqlite_ward.post(row_id)
    assert (waiting.state, waiting.unclear, waiting.tries) == (OutboxState.QUEUED, 0, 5)
    assert (row.state, _copies(ana, "hello")) == (OutboxState.SENT, ONCE)


async def test_of_many_messages_under_many_faults_none_vanishes_and_no_copy_is_one_too_many(ward: Ward) -> None:
    chance = random.Random(7)  # noqa: S311  # repeatable on purpose
    people = [ward.visitor(f"P{number}") for number in range(8)]
    for fault in (
        Fault(kind=FaultKind.DROP_BEFORE, times=None, share=0.15),
        Fault(kind=FaultKind.DROP_AFTER, times=None, share=0.15),
        Fault(kind=FaultKind.STATUS, status=502, times=None, share=0.15),
        Fault(kind=FaultKind.CUT_JSON, times=None, share=0.15),
        Fault(kind=FaultKind.FORBIDDEN, times=None, share=0.05),
    ):
        ward.sandbox.faults.add(fault)
    texts: dict[int, tuple[Person, str]] = {}
    for number in range(60):
        to = chance.choice(people)
        texts[await ward.queue(to, f"number {number}", lane=chance.choice(TO_TELEGRAM))] = (to, f"number {number}")

    await ward.until_quiet(at_most=400)

    seen: Counter[OutboxState] = Counter()
    for row_id, (to, text) in texts.items():
        row = await ward.post(row_id)
        state, copies = OutboxState(row.state), _copies(to, text)
        seen[state] += 1
        assert state in {OutboxState.SENT, OutboxState.BLOCKED, OutboxState.UNCERTAIN}
        assert copies <= min(MOST_COPIES, row.tries)
        assert copies >= 1 or state is not OutboxState.SENT
    assert seen[OutboxState.SENT] > seen[OutboxState.UNCERTAIN] > 0
    assert ward.sandbox.faults.hits > 20


async def test_each_chat_gets_its_messages_in_the_order_they_were_said(ward: Ward) -> None:
    ana, ben = ward.visitor("Ana"), ward.visitor("Ben")
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, chat_id=ana.user_id, times=2, skip=1))
    for number in range(5):
        await ward.queue(ana, f"{number}")
        await ward.queue(ben, f"{number}")

    await ward.until_quiet()

    assert [shown.text for shown in ben.screen if shown.from_bot] == ["0", "1", "2", "3", "4"]
    assert [shown.text for shown in ana.screen if shown.from_bot] == ["0", "2", "3", "4"]  # "1" was dropped twice


async def test_a_full_stop_of_the_bot_is_kept_and_the_safety_lane_goes_first_after_it(sqlite_ward: Ward) -> None:
    ward = sqlite_ward
    patients = [ward.visitor(f"P{number}") for number in range(40)]
    in_crisis = patients[-5:]
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, retry_after=FLOOD_LASTS))
    for patient in patients:
        await ward.queue(patient, "digest", lane=Lane.DIGEST)
    await ward.program.sender.drain_once()
    stopped_at = ward.clock.now()
    for patient in in_crisis:
        await ward.queue(patient, "safety", lane=Lane.SAFETY)
    tried_before = len(ward.sandbox.ledger.calls("sendMessage"))

    await ward.until_quiet()

    after = ward.sandbox.ledger.calls("sendMessage")[tried_before:]
    safety_at = [call.at for call in after if call.parameters["text"] == "safety"]
    assert all(call.at >= stopped_at + timedelta(seconds=FLOOD_LASTS) for call in after)
    assert max(safety_at) <= min(call.at for call in after) + timedelta(seconds=1)
    # those of one batch are on the wire together; nobody's safety text waits for a second batch
    assert "safety" not in [call.parameters["text"] for call in after[BATCH:]]
    assert (await ward.states()) == {OutboxState.SENT: 45}


async def test_a_pause_asked_for_in_one_chat_delays_no_other(sqlite_ward: Ward) -> None:
    ana, ben = sqlite_ward.visitor("Ana"), sqlite_ward.visitor("Ben")
    sqlite_ward.sandbox.faults.add(
        Fault(kind=FaultKind.FLOOD, chat_id=ana.user_id, retry_after=FLOOD_LASTS, method="sendMessage")
    )
    await sqlite_ward.queue(ana, "first")
    await sqlite_ward.program.sender.drain_once()
    asked_at = sqlite_ward.clock.now()

    await sqlite_ward.queue(ana, "second", lane=Lane.SAFETY)
    await sqlite_ward.queue(ben, "hello")
    await sqlite_ward.program.sender.drain()
    bens_at = sqlite_ward.sandbox.ledger.calls("sendMessage", chat_id=ben.user_id)[0].at
    await sqlite_ward.until_quiet()

    anas = sqlite_ward.sandbox.ledger.calls("sendMessage", chat_id=ana.user_id)
    assert bens_at - asked_at < timedelta(seconds=1)
    assert [call.status for call in anas] == [429, 200, 200]
    assert all(call.at - asked_at >= timedelta(seconds=FLOOD_LASTS) for call in anas[1:])


async def test_many_messages_never_come_faster_than_telegram_allows(sqlite_ward: Ward) -> None:
    people = [sqlite_ward.visitor(f"P{number}") for number in range(20)]
    for number in range(80):
        await sqlite_ward.queue(people[number % 20], f"{number}", lane=Lane.SAFETY if number % 3 else Lane.BULK)

    await sqlite_ward.until_quiet()

    assert sqlite_ward.sandbox.ledger.excesses == []
    assert (await sqlite_ward.states()) == {OutboxState.SENT: 80}


async def test_what_is_past_its_time_is_not_sent_any_more(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    row_id = await sqlite_ward.queue(ana, "too late", expires_in=timedelta(minutes=5))
    sqlite_ward.clock.move_to(sqlite_ward.clock.now() + timedelta(minutes=6))

    await sqlite_ward.until_quiet()

    assert (await sqlite_ward.post(row_id)).state == OutboxState.EXPIRED
    assert _copies(ana, "too late") == NEVER


async def test_a_text_that_cannot_be_put_on_the_wire_is_our_fault_and_tried_once(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")

    row_id = await sqlite_ward.queue(ana, "half a pair \ud800")
    await sqlite_ward.until_quiet()

    row = await sqlite_ward.post(row_id)
    assert (row.state, row.tries) == (OutboxState.REJECTED, 1)


async def test_what_a_dead_process_was_sending_is_sent_once_more_at_most(ward: Ward) -> None:
    ana = ward.visitor("Ana")
    row_id = await ward.queue(ana, "hello")
    for _ in range(2):  # it dies twice, each time after the message left and before that was written down
        await _claim_and_send_and_die(ward)
        await ward.program.sender.recover()
        ward.clock.move_to(ward.clock.now() + timedelta(minutes=1))

    await ward.until_quiet()

    row = await ward.post(row_id)
    assert (row.state, row.tries, _copies(ana, "hello")) == (OutboxState.UNCERTAIN, 2, TWICE)


async def test_what_nobody_was_sending_is_not_touched_by_recovery(ward: Ward) -> None:
    ana = ward.visitor("Ana")
    row_id = await ward.queue(ana, "hello")

    recovered = await ward.program.sender.recover()
    await ward.until_quiet()

    assert recovered == 0
    assert ((await ward.post(row_id)).unclear, _copies(ana, "hello")) == (0, ONCE)


async def test_when_the_database_refuses_after_a_send_it_is_written_down_later_and_not_sent_again(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = ward.visitor("Ana")
    row_id = await ward.queue(ana, "hello")
    sender = ward.program.sender
    with monkeypatch.context() as broken:
        broken.setattr("storage.sending.record", _refuse)
        with pytest.raises(Unwritable):
            await sender.drain_once()
    during = await ward.post(row_id)

    await ward.until_quiet()

    row = await ward.post(row_id)
    assert during.state == OutboxState.SENDING
    assert (row.state, row.tries, row.unclear, _copies(ana, "hello")) == (OutboxState.SENT, 1, 0, ONCE)


async def test_when_the_database_refuses_the_loop_waits_and_goes_on(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = ward.visitor("Ana")
    row_id = await ward.queue(ana, "hello")
    monkeypatch.setattr("bot.sender.FIRST_PAUSE", 0.01)
    stopping, beats = asyncio.Event(), []

    with monkeypatch.context() as broken:
        broken.setattr("storage.sending.claim", _refuse)
        running = asyncio.create_task(ward.program.sender.run(stopping, lambda: beats.append(1)))
        await asyncio.sleep(0.05)
        beats_while_broken = len(beats)
    async with asyncio.timeout(5):
        while not beats:  # noqa: ASYNC110  # a few turns of the loop
            await asyncio.sleep(0.01)
    stopping.set()
    await running

    assert beats_while_broken == 0
    assert (await ward.post(row_id)).state == OutboxState.SENT


async def test_an_unforeseen_failure_of_one_message_leaves_the_others_alone(
    sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = sqlite_ward.visitor("Ana"), sqlite_ward.visitor("Ben")
    poor = await sqlite_ward.queue(ana, "poor")
    fine = await sqlite_ward.queue(ben, "fine")

    async def fails_for_ana(bot: ExtBot[None], method: str, body: telegram_api.Answer) -> telegram_api.Answer | bool:
        if body["chat_id"] == ana.user_id:
            raise RuntimeError("nobody thought of this")
        return await telegram_api.call(bot, method, body)

    monkeypatch.setattr("bot.wire.call", fails_for_ana)
    await sqlite_ward.until_quiet()

    assert (await sqlite_ward.post(poor)).state == OutboxState.UNCERTAIN
    assert (await sqlite_ward.post(fine)).state == OutboxState.SENT


async def test_a_pause_that_an_earlier_process_was_asked_for_is_kept_by_the_next(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, chat_id=ana.user_id, retry_after=30))
    await sqlite_ward.queue(ana, "hello", lane=Lane.SAFETY)
    await sqlite_ward.program.sender.drain_once()
    following = _another_process(sqlite_ward)

    await following.recover()
    await sqlite_ward.queue(ana, "hello again", lane=Lane.SAFETY)
    taken = await following.drain_once()

    assert taken == 0
    assert len(sqlite_ward.sandbox.ledger.calls("sendMessage", chat_id=ana.user_id)) == ONCE


async def test_two_who_are_in_danger_at_once_are_one_message_to_whoever_is_paged(sqlite_ward: Ward) -> None:
    kim, ana, ben = (sqlite_ward.visitor(name) for name in ("Kim", "Ana", "Ben"))
    kim.opens(await sqlite_ward.invited(Role.COORDINATOR, "KIM"))
    await sqlite_ward.simulation.settle()

    ana.writes("I want to kill myself")
    ben.writes("I want to kill myself")
    await sqlite_ward.program.intake.poll_once(wait=0)
    await sqlite_ward.program.updates.handle_all()
    await sqlite_ward.program.sender.drain()

    assert sum(any("I have this" in label for label in shown.labels) for shown in kim.screen) == ONCE


async def test_a_token_refused_meanwhile_costs_no_message(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    row_id = await sqlite_ward.queue(ana, "hello")
    port = int(sqlite_ward.sandbox.url.rpartition(":")[2])
    await sqlite_ward.sandbox.stop()
    stricter = Sandbox(token="123456:another", clock=sqlite_ward.clock)
    await stricter.start(port)
    for _ in range(4):
        await sqlite_ward.program.sender.drain()
        sqlite_ward.clock.move_to(sqlite_ward.clock.now() + timedelta(minutes=1))
    during = await sqlite_ward.post(row_id)
    await stricter.stop()

    await sqlite_ward.sandbox.start(port)
    await sqlite_ward.until_quiet()

    assert (during.state, during.unclear) == (OutboxState.QUEUED, 0)
    assert _copies(ana, "hello") == ONCE


async def _claim_and_send_and_die(ward: Ward) -> None:
    """What a process does up to the moment at which it is killed: the answer came, nothing was recorded."""
    sender = _another_process(ward)
    sender._write_down = _nothing  # it dies before
    await sender.drain_once()


def _another_process(ward: Ward) -> Sender:
    bot = ward.program.updates._application.bot
    return Sender(ward.program.database, bot, ward.clock, open_unit=ward.program.unit)


async def _nothing() -> None:
    return


async def _refuse(*_: object, **__: object) -> object:
    raise Unwritable


def _copies(person: Person, text: str) -> int:
    return sum(1 for shown in person.screen if shown.from_bot and shown.text == text)
