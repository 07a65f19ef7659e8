"""After a 429 nobody knows whether one chat is meant or the bot: one message at a time finds out."""

from alliance.delivery import Lane, OutboxState
from bot.pace import BOT_PER_SECOND, KEPT_FOR_SAFETY, Pace
from sandbox import Fault, FaultKind
from tests.bot.ward import Ward

ANA, BEN, CY = 1, 2, 3


def test_until_another_chat_has_got_something_the_pause_may_mean_the_bot() -> None:
    pace = Pace()
    pace.took(ANA, 0.0)
    pace.took(BEN, 0.0)

    pace.hold(ANA, 0.0, 30.0)
    unsure = pace.is_unsure(1.0)
    pace.went_through(ANA, 1.0)  # an earlier one of that chat says nothing
    still = pace.is_unsure(1.0)
    pace.went_through(BEN, 1.0)

    assert (unsure, still, pace.is_unsure(1.0), pace.is_halted(1.0)) == (True, True, False, False)


def test_a_second_refusal_is_an_answer_too() -> None:
    pace = Pace()
    pace.hold(ANA, 0.0, 30.0)

    pace.hold(BEN, 1.0, 30.0)

    assert (pace.is_unsure(2.0), pace.is_halted(2.0), pace.is_halted(32.0)) == (False, True, False)


def test_when_the_pause_is_over_there_is_nothing_left_to_find_out() -> None:
    pace = Pace()

    pace.hold(ANA, 0.0, 30.0)

    assert (pace.is_unsure(29.0), pace.is_unsure(31.0)) == (True, False)


def test_a_second_full_of_ordinary_messages_leaves_room_for_safety() -> None:
    pace = Pace()

    for chat_id in range(BOT_PER_SECOND - KEPT_FOR_SAFETY):
        pace.took(chat_id, 0.0)

    assert (pace.room_for_ordinary(0.5), pace.room_for_bot(0.5)) == (0, KEPT_FOR_SAFETY)
    assert pace.wait_for_ordinary(0.5) == 0.5
    assert pace.room_for_ordinary(1.0) == BOT_PER_SECOND - KEPT_FOR_SAFETY


async def test_of_a_halt_of_the_whole_bot_one_more_message_learns_and_no_third(sqlite_ward: Ward) -> None:
    people = [sqlite_ward.visitor(f"P{number}") for number in range(30)]
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, retry_after=30))
    for person in people:
        await sqlite_ward.queue(person, "hello", lane=Lane.DIGEST)
    first_batch = await sqlite_ward.program.sender.drain_once()
    refused_before = len(sqlite_ward.sandbox.ledger.calls("sendMessage"))

    for _ in range(10):
        await sqlite_ward.program.sender.drain_once()
    refused_meanwhile = len(sqlite_ward.sandbox.ledger.calls("sendMessage")) - refused_before
    safety = await sqlite_ward.queue(people[-1], "help", lane=Lane.SAFETY)
    await sqlite_ward.until_quiet(at_most=200)

    assert first_batch > 1  # they were on the wire when the halt began
    assert refused_meanwhile == 0  # several were refused at once: that says it is the bot
    assert (await sqlite_ward.states()) == {OutboxState.SENT: 31}
    after = [entry for entry in sqlite_ward.sandbox.ledger.calls("sendMessage") if entry.status == 200]
    assert after[0].parameters["text"] == "help"
    assert safety


async def test_of_a_pause_of_one_chat_the_next_message_learns_and_the_others_go_on(sqlite_ward: Ward) -> None:
    ana, *others = [sqlite_ward.visitor(f"P{number}") for number in range(6)]
    sqlite_ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, retry_after=30, chat_id=ana.user_id))
    await sqlite_ward.queue(ana, "hello")
    await sqlite_ward.program.sender.drain_once()
    for person in others:
        await sqlite_ward.queue(person, "hello")

    one_at_a_time = await sqlite_ward.program.sender.drain_once()
    then_all = await sqlite_ward.program.sender.drain_once()

    assert (one_at_a_time, then_all) == (1, 4)
    assert all(person.last.text == "hello" for person in others)
