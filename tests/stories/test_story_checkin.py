"""Ana answers three questions in half a minute, and if she likes a sentence more.

At nine in her morning one message comes. She taps a number, the same message shows the next question and how far
along she is; after the third tap she may add a sentence; then she is thanked and told when she is asked again.
Nothing piles up in her chat: one message, changed in place.

What can go wrong: she stops half way, the program is restarted under her hands, she taps twice, she writes
instead of tapping. Nothing she has given is lost, and nothing is asked twice.
"""

from bot.timers import TICKS
from sandbox import Fault, FaultKind
from storage import sending
from storage.tables import Checkin
from tests.stories.ward import ON_BOTH, Ward, calls, madrid, texts

pytestmark = ON_BOTH

NINE = madrid(3, 2, "09:00")
FIRST = "are you and Dr Cole working towards what matters to you?"
SECOND = "How sure are you that the treatment, as it is now, makes sense for you?"
THIRD = "How does it feel between you and Dr Cole at the moment?"
THANKS = (
    "Check-in, finished\n\nThank you. Your answers are kept for Dr Cole, who gets a summary once a day, on working "
    "days. Your next check-in comes on Thursday 5 March at 09:00."
)
NUMBERS = ("1", "2", "3", "4", "5", "6", "7")
BELOW = ("Who reads this", "I need help now")


async def test_ana_answers_with_three_taps_and_a_sentence_in_one_message(ward: Ward) -> None:
    before = len(texts(ward.ana))

    await ward.until(NINE)
    asked = ward.ana.last
    assert asked.text.startswith("Check-in, 1 of 3\n")
    assert FIRST in asked.text
    assert "1 = not at all\n7 = completely" in asked.text
    assert asked.labels == (*NUMBERS, "Skip this one", "Later", *BELOW)

    await ward.taps(ward.ana, "6")
    assert ward.ana.last.text.startswith("Check-in, 2 of 3\n")
    assert SECOND in ward.ana.last.text
    await ward.taps(ward.ana, "5")
    assert ward.ana.last.text.startswith("Check-in, 3 of 3\n")
    assert THIRD in ward.ana.last.text
    await ward.taps(ward.ana, "7")
    assert ward.ana.last.text.startswith("Check-in, one last thing\n")
    assert ward.ana.last.labels == ("Leave it at that", "Change", *BELOW)

    await ward.writes(ward.ana, "I slept better. Thank you for asking 🌱")
    assert ward.ana.last.text == THANKS
    assert ward.ana.last.message_id == asked.message_id
    assert len(texts(ward.ana)) == before + 1
    assert ward.ana.toasts[-3:] == ("Kept", "Kept", "Kept")
    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    assert await ward.words(ward.ana) == ["I slept better. Thank you for asking 🌱"]
    assert await ward.states() == ["answered"]


async def test_it_may_be_left_at_the_numbers(ward: Ward) -> None:
    await ward.until(NINE)

    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    assert ward.ana.last.text == THANKS
    assert ward.ana.last.labels == ("Change an answer", *BELOW)
    assert await ward.words(ward.ana) == []


async def test_a_check_in_costs_one_message_and_four_changes(ward: Ward) -> None:
    sent, edited = calls(ward, ward.ana, "sendMessage"), calls(ward, ward.ana, "editMessageText")
    await ward.until(NINE)

    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    assert calls(ward, ward.ana, "sendMessage") == sent + 1
    assert calls(ward, ward.ana, "editMessageText") == edited + 4


async def test_nothing_is_asked_before_nine(ward: Ward) -> None:
    before = len(texts(ward.ana))

    await ward.until(madrid(3, 2, "08:59"))

    assert len(texts(ward.ana)) == before
    assert await ward.checkins() == []


async def test_every_answer_is_stored_the_moment_it_is_tapped(ward: Ward) -> None:
    await ward.until(NINE)
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="editMessageText", times=None))
    ward.ana.taps("6")

    await ward.program.intake.poll_once(wait=0)
    await ward.program.updates.handle_all()

    assert await ward.answers() == {"goal1": 6}  # although the next question has not reached her yet
    ward.sandbox.faults.clear()
    await ward.later(minutes=2)
    assert SECOND in ward.ana.last.text


async def test_a_restart_in_the_middle_goes_on_where_she_stopped(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6")

    await ward.restart()
    await ward.taps(ward.ana, "5")
    await ward.restart()
    await ward.taps(ward.ana, "7")
    await ward.restart()
    await ward.writes(ward.ana, "All right so far")

    assert ward.ana.last.text == THANKS
    assert await ward.answers() == {"goal1": 6, "task1": 5, "bond1": 7}
    assert await ward.words(ward.ana) == ["All right so far"]
    assert len(await ward.checkins()) == 1


async def test_a_tap_made_while_the_program_was_away_counts(ward: Ward) -> None:
    await ward.until(NINE)
    ward.ana.taps("3")

    await ward.restart()
    await ward.settle()

    assert await ward.answers() == {"goal1": 3}
    assert SECOND in ward.ana.last.text


async def test_what_was_on_the_wire_when_the_process_died_comes_at_most_twice_and_drives_one_check_in(
    ward: Ward,
) -> None:
    before = len(texts(ward.ana))
    ward.clock.move_to(NINE)
    await _ask_checkins(ward)
    async with ward.database.writing() as session:
        claimed = await sending.claim(session, now=ward.clock.now(), limit=10)
    assert len(claimed.rows) == 1  # and here the process dies

    await ward.restart()
    await ward.settle()
    assert len(texts(ward.ana)) == before  # it may have arrived: ten minutes for a tap as proof
    await ward.later(minutes=11)
    await ward.taps(ward.ana, "6", "5", "7")

    assert len(texts(ward.ana)) == before + 1
    assert await ward.states() == ["answered"]


async def test_she_is_asked_again_on_the_day_she_was_told(ward: Ward) -> None:
    await ward.until(NINE)
    await ward.taps(ward.ana, "6", "5", "7", "Leave it at that")

    await ward.until(madrid(3, 5, "09:00"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3\n")
    assert [_when(checkin) for checkin in await ward.checkins()] == [
        ("2026-03-02", "09:00", "answered"),
        ("2026-03-05", "09:00", "open"),
    ]


async def test_ben_who_has_paused_is_not_asked(ward: Ward) -> None:
    before = texts(ward.ben)

    await ward.until(madrid(3, 13, "12:00"))

    assert texts(ward.ben) == before
    assert await ward.checkins("MAPLE-02") == []


async def _ask_checkins(ward: Ward) -> None:
    await ward.program.timers.ask(next(tick for tick in TICKS if tick.name == "checkins"))


def _when(checkin: Checkin) -> tuple[str, str, str]:
    return str(checkin.local_date), checkin.slot, checkin.state
