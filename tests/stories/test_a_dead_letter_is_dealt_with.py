"""A message that the program could not handle is handed back after the mistake was mended, and handled then.

Nobody has to ask the patient to write it again.
"""

import pytest

from alliance.people import SYSTEM
from storage import dead_letters
from tests.stories.ward import ON_BOTH, Ward
from workflows import settle_dead_letters

WORDS = "My mother visits on Sunday"


@ON_BOTH
async def test_a_message_set_aside_is_handled_once_when_it_is_retried(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.dead_letters = 1
    with monkeypatch.context() as broken:
        broken.setattr("workflows.take_reply.say", _fails)
        await ward.writes(ward.ana, WORDS)
    kept_while_broken = await ward.words(ward.ana)
    (letter,) = await _letters(ward)

    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "retry")
        unit.actor = SYSTEM
        await settle_dead_letters.handle_again(unit, letter.number)
    await ward.program.updates.handle_all()
    await ward.settle()

    assert (letter.kind, letter.cause, letter.attempts) == ("message", "RuntimeError", 3)
    assert kept_while_broken == []
    assert await ward.words(ward.ana) == [WORDS]
    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Cole")
    assert await _letters(ward) == []
    ward.dead_letters = 0


async def test_one_that_fails_again_is_set_aside_again_and_delays_nobody(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.dead_letters = 1
    monkeypatch.setattr("workflows.take_reply.say", _fails)
    await ward.writes(ward.ana, WORDS)

    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "retry")
        await settle_dead_letters.handle_again(unit, None)
    await ward.program.updates.handle_all()
    monkeypatch.undo()
    await ward.writes(ward.ana, "And now this")

    assert len(await _letters(ward)) == 1
    assert await ward.words(ward.ana) == ["And now this"]


async def _letters(ward: Ward) -> list[dead_letters.DeadLetter]:
    async with ward.database.reading() as session:
        return await dead_letters.listed(session)


async def _fails(*_: object, **__: object) -> None:
    raise RuntimeError("x")
