"""What has just arrived is stored after the transaction that is going on, whoever else waits."""

import asyncio

from storage.turns_to_write import TurnsToWrite


async def test_what_has_arrived_goes_before_all_that_waited_longer() -> None:
    assert await _order(["updates", "tick:digests", "claim", "intake"]) == [
        "updates",
        "intake",
        "tick:digests",
        "claim",
    ]


async def test_all_others_come_in_the_order_in_which_they_asked() -> None:
    assert await _order(["updates", "tick:digests", "claim", "record"]) == [
        "updates",
        "tick:digests",
        "claim",
        "record",
    ]


async def test_one_who_gives_up_waiting_holds_up_nobody() -> None:
    turns, written = TurnsToWrite(one_at_a_time=True), list[str]()
    tasks = [asyncio.create_task(_write(turns, what, written)) for what in ("updates", "claim", "intake", "record")]
    await asyncio.sleep(0)
    tasks[1].cancel()
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert written == ["updates", "record"]


async def test_a_server_with_many_writers_lets_all_of_them_go_on_at_once() -> None:
    turns = TurnsToWrite(one_at_a_time=False)
    async with asyncio.timeout(1), turns.turn("updates"), turns.turn("intake"), turns.turn("claim"):
        pass


async def _order(asked: list[str]) -> list[str]:
    """Who wrote when, if all asked for their turn in this order while the first was writing."""
    turns, written = TurnsToWrite(one_at_a_time=True), list[str]()
    await asyncio.gather(*(_write(turns, what, written) for what in asked))
    return written


async def _write(turns: TurnsToWrite, what: str, written: list[str]) -> None:
    async with turns.turn(what):
        await asyncio.sleep(0.01)
        written.append(what)
