"""Telegram's limits are kept: per second for the bot, per chat, and while it has asked for a pause."""

from collections import defaultdict
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SimulatedClock
from bot.pace import ALMOST, BOT_PER_SECOND, CHAT_BURST, SECOND, Pace

ANA, BEN, CY = 1, 2, 3
TELEGRAM_PER_SECOND = 30


def test_a_chat_gets_a_burst_of_three_and_then_one_a_second() -> None:
    pace = Pace()

    at = [_sent(pace, ANA, 0.0)]
    at += [_sent(pace, ANA, at[-1]) for _ in range(CHAT_BURST)]
    at.append(_sent(pace, ANA, at[-1]))

    assert at == [0.0, 0.0, 0.0, 1.0, 2.0]


def test_a_chat_that_was_quiet_has_its_burst_back_and_no_more_than_that() -> None:
    pace = Pace()
    for _ in range(CHAT_BURST):
        _sent(pace, ANA, 0.0)

    later = [_sent(pace, ANA, 3600.0) for _ in range(CHAT_BURST)]

    assert later == [3600.0] * CHAT_BURST
    assert pace.wait_for_chat(ANA, 3600.0) == 1.0


def test_one_full_chat_does_not_hold_another() -> None:
    pace = Pace()
    for _ in range(CHAT_BURST):
        _sent(pace, ANA, 0.0)

    assert pace.not_now(0.0) == {ANA}
    assert pace.wait_for_chat(BEN, 0.0) == 0.0


def test_the_bot_as_a_whole_waits_for_the_second_to_pass() -> None:
    pace = Pace()
    for chat_id in range(BOT_PER_SECOND):
        pace.took(chat_id, 0.25)

    assert pace.wait_for_bot(0.5) == 0.75
    assert pace.wait_for_bot(0.25 + SECOND) == 0.0


def test_a_chat_has_room_for_what_is_left_of_its_burst() -> None:
    pace = Pace()

    rooms = [pace.room_for_chat(ANA, 0.0)]
    for _ in range(CHAT_BURST):
        pace.took(ANA, 0.0)
        rooms.append(pace.room_for_chat(ANA, 0.0))

    assert rooms == [3, 2, 1, 0]
    assert [pace.room_for_chat(ANA, at) for at in (0.5, 1.0, 1.9, 2.0, 3600.0)] == [0, 1, 1, 2, 3]
    assert pace.room_for_chat(BEN, 0.0) == CHAT_BURST


def test_the_bot_has_room_for_what_is_left_of_the_second() -> None:
    pace = Pace()
    for number in range(BOT_PER_SECOND):
        pace.took(number, number / 100)

    assert Pace().room_for_bot(0.0) == BOT_PER_SECOND
    assert [pace.room_for_bot(at) for at in (0.5, 1.0, 1.05, 5.0)] == [0, 1, 6, BOT_PER_SECOND]


def test_in_a_pause_there_is_no_room() -> None:
    pace = Pace()
    pace.hold(ANA, 0.0, 30.0)
    rooms_of_one = pace.room_for_chat(ANA, 1.0), pace.room_for_chat(BEN, 1.0), pace.room_for_bot(1.0)

    pace.hold(BEN, 1.0, 30.0)

    assert rooms_of_one == (0, CHAT_BURST, BOT_PER_SECOND)
    assert pace.room_for_bot(2.0) == 0


@given(st.lists(st.floats(0.0, 3.0), max_size=60), st.floats(0.0, 3.0))
def test_there_is_room_exactly_where_nobody_has_to_wait(pauses: list[float], later: float) -> None:
    pace, now = Pace(), 0.0
    for pause in pauses:
        now = _sent(pace, ANA, now + pause / 10)

    now += later

    assert (pace.room_for_bot(now) > 0) == (pace.wait_for_bot(now) == 0)
    assert (pace.room_for_chat(ANA, now) > 0) == (pace.wait_for_chat(ANA, now) == 0)


def test_who_waits_for_the_bot_wakes_when_the_bot_may_go_on() -> None:
    pace = Pace()
    nobody = pace.soonest(0.0)
    for chat_id in range(BOT_PER_SECOND):
        pace.took(chat_id, 0.25)

    assert nobody is None
    assert pace.soonest(0.5) == 0.75
    assert pace.soonest(0.25 + SECOND) is None


def test_the_first_refusal_holds_that_chat_alone() -> None:
    pace = Pace()

    pace.hold(ANA, 10.0, 30.0)

    assert (pace.wait_for_chat(ANA, 10.0), pace.wait_for_chat(BEN, 10.0), pace.wait_for_bot(10.0)) == (30.0, 0.0, 0.0)


def test_a_second_chat_refused_meanwhile_means_the_bot() -> None:
    pace = Pace()
    pace.hold(ANA, 10.0, 30.0)

    pace.hold(BEN, 12.0, 30.0)

    assert pace.wait_for_bot(12.0) == 30.0
    assert pace.wait_for_bot(42.0) == 0.0


def test_a_second_chat_refused_after_the_first_pause_holds_only_itself() -> None:
    pace = Pace()
    pace.hold(ANA, 10.0, 30.0)

    pace.hold(BEN, 40.0, 30.0)

    assert pace.wait_for_bot(40.0) == 0.0
    assert pace.wait_for_chat(CY, 40.0) == 0.0


def test_the_same_chat_refused_twice_is_still_only_that_chat() -> None:
    pace = Pace()
    pace.hold(ANA, 10.0, 30.0)

    pace.hold(ANA, 20.0, 5.0)

    assert pace.wait_for_bot(20.0) == 0.0
    assert pace.wait_for_chat(ANA, 20.0) == 20.0  # the longer of the two pauses


def test_a_held_chat_is_not_forgotten_however_long_the_pause() -> None:
    pace = Pace()
    pace.hold(ANA, 0.0, 3600.0)

    waiting = pace.wait_for_bot(600.0), pace.wait_for_chat(ANA, 600.0)

    assert waiting == (0.0, 3000.0)


@given(st.lists(st.tuples(st.integers(1, 6), st.floats(0.0, 2.0)), max_size=200))
def test_whatever_comes_no_second_and_no_chat_is_over_its_limit(messages: list[tuple[int, float]]) -> None:
    pace, now = Pace(), 0.0
    sent: list[tuple[float, int]] = []

    for chat_id, pause in messages:
        now = _sent(pace, chat_id, now + pause / 10)
        sent.append((now, chat_id))

    by_chat: dict[int, list[float]] = defaultdict(list)
    for at, chat_id in sent:
        by_chat[chat_id].append(at)
    assert _most_within(SECOND, [at for at, _ in sent]) <= TELEGRAM_PER_SECOND
    for times in by_chat.values():
        for count in range(1, 8):
            # in any stretch of time a chat gets its burst and one more for each whole second
            assert _most_within(float(count), times) <= CHAT_BURST + count


@given(st.lists(st.tuples(st.sampled_from([ANA, BEN, CY]), st.integers(0, 2_000_000)), max_size=60))
async def test_whoever_waits_on_a_clock_of_microseconds_gets_on(messages: list[tuple[int, int]]) -> None:
    pace, clock = Pace(), SimulatedClock(datetime(2026, 3, 2, tzinfo=UTC))

    for chat_id, microseconds in messages:
        await clock.sleep(microseconds / 1_000_000)
        naps = 0
        while wait := max(pace.wait_for_chat(chat_id, clock.monotonic()), pace.wait_for_bot(clock.monotonic())):
            naps += 1
            assert naps < 4, "waits for ever"
            await clock.sleep(wait)
        pace.took(chat_id, clock.monotonic())

    assert len(pace.not_now(clock.monotonic())) <= 3


def _sent(pace: Pace, chat_id: int, now: float) -> float:
    """Send as soon as the pace allows; when that was."""
    while wait := max(pace.wait_for_bot(now), pace.wait_for_chat(chat_id, now)):
        now += wait
    pace.took(chat_id, now)
    return now


def _most_within(seconds: float, times: list[float]) -> int:
    return max((sum(1 for t in times if start <= t < start + seconds - 2 * ALMOST) for start in times), default=0)
