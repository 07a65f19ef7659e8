"""Floods: a pause that Telegram asks for, one chat that never stops, and updates nobody can read."""

import random
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from alliance.delivery import Lane, OutboxState
from sandbox import Fault, FaultKind, Sandbox
from storage import alerts
from storage.raw_updates import InboxState
from tests.bot.conftest import clock, sandbox, sqlite_ward
from tests.bot.ward import Ward

__all__ = ["clock", "sandbox", "sqlite_ward"]

pytestmark = pytest.mark.faults

DIGESTS, CRISES = 500, 20
PAUSE = 30  # seconds
MOST_PROBES = 12  # what was on the wire when the first answer came, and one that asked whether all are meant
STRANGE_IN = 20  # one update in so many
UPDATES = 400
CANARY = "only for the clinic, and for nobody else"


async def test_a_pause_of_the_whole_bot_is_kept_and_the_crises_are_first_after_it(sqlite_ward: Ward) -> None:
    ward = sqlite_ward
    patients = [ward.visitor(f"P{number}") for number in range(DIGESTS + CRISES)]
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, retry_after=PAUSE))
    began = ward.clock.now()
    for patient in patients[:DIGESTS]:
        await ward.queue(patient, "your day", lane=Lane.DIGEST)
    await ward.program.sender.drain_once()
    for patient in patients[DIGESTS:]:
        await ward.queue(patient, "you are not alone", lane=Lane.SAFETY)

    await ward.program.sender.drain()

    over = began + timedelta(seconds=PAUSE)
    calls = ward.sandbox.ledger.calls("sendMessage")
    inside = [call for call in calls if call.at < over]
    after = [call for call in calls if call.at >= over]
    refused = {call.chat_id for call in inside if call.status == 429}
    assert len(inside) == len(refused)  # each was told what nobody could know; none was tried again inside
    assert len(refused) <= MOST_PROBES
    assert {call.chat_id for call in after[:CRISES]} >= {person.user_id for person in patients[DIGESTS:]} - refused
    assert {call.at - over < timedelta(seconds=1) for call in after[: CRISES - len(refused)]} == {True}
    assert (await ward.states()) == {OutboxState.SENT: DIGESTS + CRISES}


async def test_bad_updates_delay_nobody_and_no_word_of_them_is_logged(sqlite_ward: Ward, sandbox: Sandbox) -> None:
    chance = random.Random(4)  # noqa: S311  # repeatable on purpose
    ana = sqlite_ward.visitor("Ana")
    strange: list[dict[str, object]] = [
        {"message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": CANARY}},
        {"message": {"message_id": 1, "date": 1, "chat": 5, "text": CANARY}},
        {"message": {"message_id": 2, "date": "soon", "chat": {"id": 5, "type": "private"}, "text": CANARY * 5_000}},
    ]
    good: list[int] = []
    bad: list[int] = []
    for number in range(UPDATES):
        if number % STRANGE_IN == 0:
            bad.append(sandbox.inject(chance.choice(strange)))
        else:
            good.append(ana.writes(f"{CANARY} {number}").update_id)

    with capture_logs() as said:
        while sandbox.pending:
            await sqlite_ward.program.intake.poll_once(wait=0)
        await sqlite_ward.program.updates.handle_all()

    rows = {row.update_id: row for row in await sqlite_ward.inbox()}
    assert {rows[one].state for one in good} == {InboxState.DONE}
    assert {rows[one].state for one in bad} == {InboxState.DEAD}
    assert CANARY not in str(said)


async def test_one_who_never_stops_writing_leaves_others_their_turn_and_is_paged_about_once(sqlite_ward: Ward) -> None:
    ward = sqlite_ward
    noisy, quiet = ward.visitor("Noisy"), ward.visitor("Quiet")
    for number in range(500):
        noisy.writes(f"again {number}")
    noisy.writes("I want to kill myself")
    quiet.writes("hello")
    quiet.writes("I want to kill myself")
    while ward.sandbox.pending:
        await ward.program.intake.poll_once(wait=0)

    await ward.program.updates.handle_batch()

    handled = [row for row in await ward.inbox() if row.state == InboxState.DONE]
    assert sum(row.chat_id == quiet.user_id for row in handled) == 2  # both, among the first fifty
    async with ward.program.database.reading() as session:
        assert sorted(alert.chat_id for alert in await alerts.every(session)) == sorted([noisy.user_id, quiet.user_id])
