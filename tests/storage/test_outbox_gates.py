"""Tests of the last look before a message goes out, and of what a crash leaves in the outbox."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from alliance.checkin import ANSWERABLE, CheckinState
from alliance.delivery import TO_TELEGRAM, Lane, OutboxState, Result
from alliance.enrolment import EnrolmentState
from storage import outbox, sending
from storage.database import Database
from storage.intents import Claim, Intent, Tried
from storage.tables import Outgoing, Person

ANAS_CHAT = 42
MAY_NOT_BE_ASKED = [state for state in EnrolmentState if state is not EnrolmentState.ACTIVE]
CLOSED = sorted(set(CheckinState) - ANSWERABLE)
AddPatient = Callable[..., Awaitable[int]]
AddCheckin = Callable[..., Awaitable[int]]
Queue = Callable[..., Awaitable[int]]
_numbers = itertools.count(1)


@pytest.fixture
def queue(database: Database, moment: datetime) -> Queue:
    """Queues a question of a check-in that is due now, unless said otherwise; gives back the row's id."""

    async def add(person_id: int | None, **changes: object) -> int:
        usual: dict[str, object] = {
            "key": f"key {next(_numbers)}",
            "lane": Lane.CHECKIN,
            "chat_id": ANAS_CHAT,
            "person_id": person_id,
            "method": "sendMessage",
            "body": {"text": "How are we doing?"},
            "due_at": moment,
        }
        given = Intent(**{**usual, **changes})  # pyright: ignore[reportArgumentType]  # each by its name
        async with database.writing() as session:
            row_id = await outbox.add(session, given, now=moment)
        assert row_id is not None
        return row_id

    return add


async def claim(database: Database, now: datetime) -> Claim:
    async with database.writing() as session:
        return await sending.claim(session, now=now, limit=10)


async def try_unclear(database: Database, now: datetime, row_id: int) -> None:
    """One try after which nobody can know."""
    await claim(database, now)
    async with database.writing() as session:
        await sending.record(session, [Tried(id=row_id, result=Result.AMBIGUOUS)], now=now)


def ends(claimed: Claim) -> list[tuple[int, OutboxState, str | None]]:
    assert claimed.rows == []
    return [(one.id, one.state, one.cause) for one in claimed.settled]


async def test_what_came_too_late_expires(database: Database, moment: datetime, queue: Queue) -> None:
    row_id = await queue(None, expires_at=moment + timedelta(hours=1))

    assert ends(await claim(database, moment + timedelta(hours=1))) == [(row_id, OutboxState.EXPIRED, "expired")]


async def test_what_is_still_in_time_goes_out(database: Database, moment: datetime, queue: Queue) -> None:
    row_id = await queue(None, expires_at=moment + timedelta(hours=1))

    claimed = await claim(database, moment + timedelta(minutes=59))

    assert [one.id for one in claimed.rows] == [row_id]


@pytest.mark.parametrize("lane", [lane for lane in TO_TELEGRAM if lane is not Lane.SAFETY])
async def test_nothing_goes_to_somebody_who_has_blocked_the_bot(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient, lane: Lane
) -> None:
    row_id = await queue(await add_patient(blocked_at=moment), lane=lane)

    assert ends(await claim(database, moment)) == [(row_id, OutboxState.BLOCKED, "blocked")]


async def test_safety_is_tried_even_there(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient
) -> None:
    row_id = await queue(await add_patient(blocked_at=moment), lane=Lane.SAFETY)

    assert [one.id for one in (await claim(database, moment)).rows] == [row_id]


async def test_somebody_reachable_is_written_to(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient
) -> None:
    row_id = await queue(await add_patient(), only_while_enrolled=True)

    assert [one.id for one in (await claim(database, moment)).rows] == [row_id]


@pytest.mark.parametrize("state", MAY_NOT_BE_ASKED)
async def test_who_may_not_be_asked_is_not_asked_even_if_it_was_queued(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient, state: EnrolmentState
) -> None:
    row_id = await queue(await add_patient(state=state), only_while_enrolled=True)

    assert ends(await claim(database, moment)) == [(row_id, OutboxState.CANCELLED, "not_enrolled")]


async def test_who_has_left_still_reads_the_farewell(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient
) -> None:
    row_id = await queue(await add_patient(state=EnrolmentState.LEFT), lane=Lane.REPLY)

    assert [one.id for one in (await claim(database, moment)).rows] == [row_id]


async def test_a_stranger_is_never_asked(database: Database, moment: datetime, queue: Queue) -> None:
    row_id = await queue(None, only_while_enrolled=True)

    assert ends(await claim(database, moment)) == [(row_id, OutboxState.CANCELLED, "not_enrolled")]


@pytest.mark.parametrize("state", CLOSED)
async def test_a_closed_checkin_is_not_asked_about(
    database: Database,
    moment: datetime,
    queue: Queue,
    add_patient: AddPatient,
    add_checkin: AddCheckin,
    state: CheckinState,
) -> None:
    ana = await add_patient()
    row_id = await queue(ana, checkin_id=await add_checkin(ana, state=state))

    assert ends(await claim(database, moment)) == [(row_id, OutboxState.CANCELLED, "checkin_closed")]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"lane": Lane.REPLY}, id="a thank-you"),
        pytest.param({"method": "editMessageText"}, id="an edit"),
    ],
)
async def test_what_asks_nothing_goes_out_for_a_closed_checkin_too(
    database: Database,
    moment: datetime,
    queue: Queue,
    add_patient: AddPatient,
    add_checkin: AddCheckin,
    changes: dict[str, object],
) -> None:
    ana = await add_patient()
    checkin = await add_checkin(ana, state=CheckinState.ANSWERED, answered=True)
    row_id = await queue(ana, checkin_id=checkin, **changes)

    assert [one.id for one in (await claim(database, moment)).rows] == [row_id]


async def test_a_tap_proves_that_the_first_copy_arrived(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient, add_checkin: AddCheckin
) -> None:
    ana = await add_patient()
    row_id = await queue(ana, checkin_id=await add_checkin(ana, answered=True))
    await try_unclear(database, moment, row_id)

    claimed = await claim(database, moment + timedelta(minutes=10))

    assert ends(claimed) == [(row_id, OutboxState.SENT, "answered")]


async def test_without_a_tap_there_is_a_copy_after_ten_minutes(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient, add_checkin: AddCheckin
) -> None:
    ana = await add_patient()
    row_id = await queue(ana, checkin_id=await add_checkin(ana))
    await try_unclear(database, moment, row_id)

    early = await claim(database, moment + timedelta(minutes=9))
    late = await claim(database, moment + timedelta(minutes=10))

    assert early.rows == []
    assert [(one.id, one.unclear) for one in late.rows] == [(row_id, 1)]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        pytest.param({"expires": True}, "expired", id="expired"),
        pytest.param({"blocks": True}, "blocked", id="blocked"),
    ],
)
async def test_what_may_have_arrived_never_ends_as_if_it_had_not(
    database: Database,
    moment: datetime,
    queue: Queue,
    add_patient: AddPatient,
    changes: dict[str, bool],
    cause: str,
) -> None:
    ana = await add_patient()
    expires_at = moment + timedelta(minutes=5) if changes.get("expires") else None
    row_id = await queue(ana, expires_at=expires_at)
    await try_unclear(database, moment, row_id)
    if changes.get("blocks"):
        async with database.writing() as session:
            await session.execute(update(Person).where(Person.id == ana).values(blocked_at=moment))

    claimed = await claim(database, moment + timedelta(minutes=10))

    assert ends(claimed) == [(row_id, OutboxState.UNCERTAIN, cause)]


async def test_behind_a_message_that_ends_here_the_next_one_has_its_turn(
    database: Database, moment: datetime, queue: Queue
) -> None:
    late = await queue(None, expires_at=moment)
    good = await queue(None)

    claimed = await claim(database, moment)

    assert [one.id for one in claimed.rows] == [good]
    assert [one.id for one in claimed.settled] == [late]


async def test_after_a_crash_a_message_on_its_way_is_unclear(
    database: Database, moment: datetime, queue: Queue
) -> None:
    row_id = await queue(None, lane=Lane.REPLY)
    await claim(database, moment)

    async with database.writing() as session:
        recovered = await sending.recover(session, now=moment)
    early = await claim(database, moment)
    (again,) = (await claim(database, moment + timedelta(seconds=2))).rows

    assert recovered == 1
    assert early.rows == []
    assert (again.id, again.unclear, again.tries) == (row_id, 1, 2)


async def test_after_a_crash_an_edit_goes_straight_back(database: Database, moment: datetime, queue: Queue) -> None:
    row_id = await queue(None, method="editMessageText")
    await claim(database, moment)

    async with database.writing() as session:
        await sending.recover(session, now=moment)

    assert [(one.id, one.unclear) for one in (await claim(database, moment)).rows] == [(row_id, 0)]


async def test_crash_after_crash_there_is_one_copy_and_then_the_truth(
    database: Database, moment: datetime, queue: Queue
) -> None:
    row_id = await queue(None)
    tries = 0
    for hour in range(2):
        tries += len((await claim(database, moment + timedelta(hours=hour))).rows)
        async with database.writing() as session:
            await sending.recover(session, now=moment + timedelta(hours=hour))

    assert ends(await claim(database, moment + timedelta(hours=1))) == [(row_id, OutboxState.UNCERTAIN, "process_died")]
    assert tries == 2


async def test_what_waits_is_not_touched_by_recovering(database: Database, moment: datetime, queue: Queue) -> None:
    await queue(None)

    async with database.writing() as session:
        assert await sending.recover(session, now=moment) == 0


async def test_cancelling_ends_all_but_safety(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient
) -> None:
    ana, ben = await add_patient(), await add_patient()
    hers = await queue(ana)
    safety = await queue(ana, lane=Lane.SAFETY)
    his = await queue(ben, chat_id=43)

    async with database.writing() as session:
        cancelled = await outbox.cancel(session, person_id=ana)

    assert cancelled == 1
    assert [one.id for one in (await claim(database, moment)).rows] == [safety, his]
    assert await _state(database, hers) == OutboxState.CANCELLED


async def test_what_is_on_the_wire_is_not_tried_again_once_cancelled(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient
) -> None:
    ana = await add_patient()
    row_id = await queue(ana)
    await claim(database, moment)
    async with database.writing() as session:
        await outbox.cancel(session, person_id=ana)
        await sending.record(session, [Tried(id=row_id, result=Result.NOT_SENT)], now=moment)

    claimed = await claim(database, moment + timedelta(minutes=1))

    assert ends(claimed) == [(row_id, OutboxState.EXPIRED, "expired")]


async def test_cancelling_what_may_have_arrived_says_so(
    database: Database, moment: datetime, queue: Queue, add_patient: AddPatient
) -> None:
    ana = await add_patient()
    row_id = await queue(ana)
    await try_unclear(database, moment, row_id)

    async with database.writing() as session:
        await outbox.cancel(session, person_id=ana)

    assert await _state(database, row_id) == OutboxState.UNCERTAIN


async def _state(database: Database, row_id: int) -> str | None:
    async with database.reading() as session:
        return await session.scalar(select(Outgoing.state).where(Outgoing.id == row_id))
