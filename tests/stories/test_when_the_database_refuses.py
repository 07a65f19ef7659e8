"""The disk is full, and somebody asks for help: they are answered, and a person is told, without the database.

Before an update is stored, and also after that when it cannot be handled. A message that does not get through is
tried again with the next poll; one that did is not repeated until the database is back, and then all of it is
handled in full. Nobody else is answered, and nothing is lost.
"""

import asyncio
from collections.abc import Callable

import pytest

from sandbox import Fault, FaultKind
from storage.trouble import Unwritable
from tests.stories.crisis import PAGE_BUTTONS, WORDS, safety
from tests.stories.ward import Ward, madrid, texts

ASKS_FOR_HELP = [
    pytest.param(lambda ward: ward.ana.taps("I need help now"), "asked", id="the button"),
    pytest.param(lambda ward: ward.ana.writes("/help_now"), "asked", id="the command"),
    pytest.param(lambda ward: ward.ana.writes(WORDS), "opening", id="words"),
]


@pytest.mark.parametrize(("asks", "opening"), ASKS_FOR_HELP)
async def test_help_is_answered_and_paged_although_nothing_can_be_stored(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, asks: Callable[[Ward], object], opening: str
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await _a_quiet_poll(ward)

    asks(ward)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.store", _refuse)
        await _polls(ward)
    assert ward.ana.last.text == safety(ward, opening=opening)
    assert ward.cole.last.text == ward.kim.last.text == ward.says("alert.without_database")
    assert await ward.alerts() == []

    await ward.settle()  # the database is back
    assert [alert.patient_id for alert in await ward.alerts()] == [(await ward.person("BIRCH-07")).id]
    assert ward.cole.last.labels == PAGE_BUTTONS


@pytest.mark.parametrize(("asks", "opening"), ASKS_FOR_HELP)
async def test_help_is_answered_and_paged_although_what_is_stored_cannot_be_handled(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, asks: Callable[[Ward], object], opening: str
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await _a_quiet_poll(ward)

    asks(ward)
    await ward.program.intake.poll_once(wait=0)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.waiting", _refuse)
        await _handles_for_a_moment(ward)
    assert ward.ana.last.text == safety(ward, opening=opening)
    assert ward.cole.last.text == ward.says("alert.without_database")

    await ward.program.updates.handle_all()
    await ward.settle()
    assert len(await ward.alerts()) == 1
    assert ward.cole.last.labels == PAGE_BUTTONS


@pytest.mark.parametrize(
    "does",
    [
        pytest.param(lambda ward: ward.ana.taps("6"), id="a number"),
        pytest.param(lambda ward: ward.ana.writes("I slept better"), id="words"),
        pytest.param(lambda ward: ward.ana.writes("/pause"), id="another command"),
    ],
)
async def test_anything_else_waits_for_the_database_and_nobody_is_paged(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, does: Callable[[Ward], object]
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await _a_quiet_poll(ward)
    before = (texts(ward.ana), texts(ward.cole))

    does(ward)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.store", _refuse)
        await _polls(ward)
    assert (texts(ward.ana), texts(ward.cole)) == before

    await ward.settle()
    assert texts(ward.ana) != before[0]  # and nothing of it was lost


async def test_an_answer_that_did_not_get_through_is_tried_with_the_next_poll(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await _a_quiet_poll(ward)
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="sendMessage", chat_id=ward.ana.user_id, times=1))

    ward.ana.writes(WORDS)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.store", _refuse)
        await _polls(ward)
        assert safety(ward) not in texts(ward.ana)
        await _polls(ward)

    assert ward.ana.last.text == safety(ward)


async def test_an_answer_that_did_get_through_is_not_repeated_with_every_poll(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await _a_quiet_poll(ward)

    ward.ana.writes(WORDS)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.store", _refuse)
        for _ in range(3):
            await _polls(ward)

    assert texts(ward.ana).count(safety(ward)) == 1
    assert texts(ward.cole).count(ward.says("alert.without_database")) == 1


async def test_a_page_that_did_not_get_through_is_tried_with_the_next_poll(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await _a_quiet_poll(ward)
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="sendMessage", chat_id=ward.cole.user_id, times=1))

    ward.ana.writes(WORDS)
    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.store", _refuse)
        await _polls(ward)
        await _polls(ward)

    assert ward.cole.last.text == ward.says("alert.without_database")
    assert texts(ward.kim).count(ward.says("alert.without_database")) == 1  # hers had come through
    assert texts(ward.ana).count(safety(ward)) == 1


async def _a_quiet_poll(ward: Ward) -> None:
    """Nothing has come in; as always, who is to be paged is looked up while the database works."""
    await ward.program.intake.poll_once(wait=0)


async def _polls(ward: Ward) -> None:
    with pytest.raises(Unwritable):
        await ward.program.intake.poll_once(wait=0)


async def _handles_for_a_moment(ward: Ward) -> None:
    """The loop that handles updates runs until it has met the refusal and answered what cannot wait."""
    stopping = asyncio.Event()
    running = asyncio.create_task(ward.program.updates.run(stopping, lambda: None))
    async with asyncio.timeout(5):
        while ward.cole.last.text != ward.says("alert.without_database"):  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.01)
    stopping.set()
    await running


async def _refuse(*_: object, **__: object) -> None:
    raise Unwritable
