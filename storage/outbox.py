"""Messages stored before they are sent: said once, in order, and each with a true end."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane, Next, OutboxState, Result, after_try
from storage.database import insert_into, vault_of
from storage.gates import EXCEPT_CHATS, NOW, candidates, has_its_turn, is_repeatable, stopped
from storage.intents import Claim, Claimed, Intent, Settled, Tried
from storage.tables import Outgoing
from storage.vault import Place, Tampered

__all__ = [
    "Claim",
    "Claimed",
    "Intent",
    "Settled",
    "Tried",
    "add",
    "cancel",
    "claim",
    "counts",
    "empty",
    "empty_old",
    "is_known",
    "is_repeatable",
    "last_key",
    "next_due_at",
    "record",
    "recover",
    "try_again",
]

UNFINISHED = (OutboxState.QUEUED, OutboxState.SENDING)


async def add(session: AsyncSession, intent: Intent, *, now: datetime) -> int | None:
    """Put a message into the outbox; its id, or None when that key is there already, in whatever state.

    Promise: once this is committed it reaches one of the true ends of OutboxState, and none vanishes.
    """
    body = vault_of(session).seal(json.dumps(intent.body), _place(intent.key, intent.person_id))
    statement = insert_into(session, Outgoing).values(
        key=intent.key,
        lane=int(intent.lane),
        person_id=intent.person_id,
        chat_id=intent.chat_id,
        method=intent.method,
        body=body,
        state=OutboxState.QUEUED,
        created_at=now,
        due_at=intent.due_at,
        expires_at=intent.expires_at,
        only_while_enrolled=intent.only_while_enrolled,
        take_away_after=intent.take_away_after,
        checkin_id=intent.checkin_id,
        alert_id=intent.alert_id,
        tries=0,
        unclear=0,
    )
    once = statement.on_conflict_do_nothing(index_elements=["key"])
    return await session.scalar(once.returning(Outgoing.id))


async def is_known(session: AsyncSession, key: str) -> bool:
    """Whether a message of that key was ever put into the outbox."""
    return await session.scalar(select(Outgoing.id).where(Outgoing.key == key)) is not None


async def last_key(session: AsyncSession, *, chat_id: int, beginning: str) -> str | None:
    """The key of the newest message to a chat whose key begins so and that was, or will be, seen."""
    seen = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.SENT)
    return await session.scalar(
        select(Outgoing.key)
        .where(
            Outgoing.chat_id == chat_id,
            Outgoing.key.startswith(beginning, autoescape=True),
            Outgoing.state.in_(seen),
        )
        .order_by(Outgoing.id.desc())
        .limit(1)
    )


async def claim(
    session: AsyncSession,
    *,
    now: datetime,
    limit: int,
    except_chats: Collection[int] = (),
    lanes: Collection[Lane] | None = None,
    room: Callable[[int], int] | None = None,
    fence: int | None = None,
) -> Claim:
    """Take up to ``limit`` messages whose turn it is, and mark them ``sending`` under the sender's token ``fence``.

    Commit before the first of them touches a socket: whatever is found in that state after a crash may
    have arrived. Expiry, block, enrolment and the check-in's state are looked at here, in the same
    transaction, because what was true when it was queued may be so no longer; what fails there is in
    ``settled``. Without ``lanes`` all that go to Telegram. The order is that of ``gates.candidates``: by
    lane, then as added, at most one of a chat outside lane 0. Safety messages are tried even where the
    person has blocked the bot. ``room`` says how many a chat may get at this moment; what is beyond that
    stays in the queue, untouched.
    """
    rows: list[Claimed] = []
    taken: Counter[int] = Counter()
    settled: list[Settled] = []
    while len(rows) < limit:
        found = await candidates(session, now=now, limit=limit - len(rows), except_chats=except_chats, lanes=lanes)
        ended = 0
        for candidate in found:
            row = candidate.row
            end = stopped(candidate, now=now)
            if end is None and room is not None and taken[row.chat_id] >= room(row.chat_id):
                continue
            body = None if end else _opened(session, row)
            if body is None:
                state, cause = end or (OutboxState.REJECTED, Tampered.__name__)
                settled.append(_settle(row, state, cause=cause, now=now))
                ended += 1
            else:
                rows.append(_take(row, body, fence=fence))
                taken[row.chat_id] += 1
        await session.flush()
        if not ended:  # otherwise the next one of that chat may have its turn
            break
    return Claim(rows=sorted(rows, key=lambda row: (row.lane, row.id)), settled=settled)


async def record(
    session: AsyncSession, results: Sequence[Tried], *, now: datetime, fence: int | None = None
) -> list[Settled]:
    """Write down what the tries came to, and give back those messages that came to their end.

    What follows from a result is ``alliance.delivery.after_try``'s decision. A sent message that is to be
    taken away gets its deletion queued here. A row that is not ``sending`` any more, or is being sent under
    another token, is left alone: whoever holds that token answers for it.
    """
    mine = () if fence is None else (Outgoing.fence == fence,)
    rows = await _sending(session, Outgoing.id.in_([tried.id for tried in results]), *mine)
    settled: list[Settled] = []
    for tried in results:
        row = rows.pop(tried.id, None)
        if row is None:
            continue
        then = _after(row, tried.result, hold=tried.hold)
        row.message_id = tried.message_id
        if then.state is OutboxState.QUEUED:
            row.state, row.cause, row.due_at = then.state, tried.cause, now + then.rest
            continue
        settled.append(_settle(row, then.state, cause=tried.cause, now=now))
        if then.state is OutboxState.SENT and row.take_away_after is not None:
            await add(session, _deletion(row, after=row.take_away_after, now=now), now=now)
    await session.flush()
    return settled


async def recover(session: AsyncSession, *, now: datetime, fence: int | None = None) -> int:
    """Take back what another process was sending; to be called when sending begins, before the first claim.

    With the token of the new sender, what was claimed under any other; without one, all that is being sent.

    Each counts as a try with an unclear end, unless it is repeatable: those go straight back. One whose
    copies are used up is queued too, and the next claim settles it as uncertain, so that its consequences
    are drawn where all others are. Says how many there were.
    """
    others = () if fence is None else (or_(Outgoing.fence.is_(None), Outgoing.fence != fence),)
    rows = await _sending(session, *others)
    for row in rows.values():
        then = _after(row, Result.AMBIGUOUS)
        goes_back = then.state is OutboxState.QUEUED and not is_repeatable(row.method)
        row.state, row.cause = OutboxState.QUEUED, "process_died"
        row.due_at = now + then.rest if goes_back else now
    await session.flush()
    return len(rows)


async def next_due_at(
    session: AsyncSession, *, now: datetime | None = None, except_chats: Collection[int] = ()
) -> datetime | None:
    """When the next message falls due that nothing keeps back; None when there is none to wait for.

    With a moment, what is due by then counts only if ``claim`` would give it out: one that waits behind a
    message which itself waits for another's rest is found by that rest's end.
    """
    given = {"except_chats": list(except_chats), **({} if now is None else {"now": now})}
    return await session.scalar(_next_due(as_of_now=now is not None), given)


@cache
def _next_due(*, as_of_now: bool) -> Select[datetime]:
    turn = has_its_turn()
    if as_of_now:
        turn = and_(turn, or_(Outgoing.due_at > NOW, has_its_turn(as_of_now=True)))
    return (
        select(Outgoing.due_at)
        .where(Outgoing.state == OutboxState.QUEUED, Outgoing.chat_id.not_in(EXCEPT_CHATS), turn)
        .order_by(Outgoing.due_at)
        .limit(1)
    )


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many messages stand in each state, zeros too."""
    rows = await session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
    return dict.fromkeys(map(str, OutboxState), 0) | dict(rows.all())


async def cancel(session: AsyncSession, *, person_id: int, keep_lanes: Collection[Lane] = (Lane.SAFETY,)) -> int:
    """Say nothing more to a person, but for the lanes kept; how many queued messages that ended.

    One that may have arrived already ends as uncertain. One that is on the wire cannot be called back,
    but it is not tried again: it expires instead.
    """
    theirs = (Outgoing.person_id == person_id, Outgoing.lane.not_in([int(lane) for lane in keep_lanes]))
    await session.execute(
        update(Outgoing).where(*theirs, Outgoing.state == OutboxState.SENDING).values(expires_at=Outgoing.due_at)
    )
    end = case((Outgoing.unclear > 0, OutboxState.UNCERTAIN.value), else_=OutboxState.CANCELLED.value)
    ended = await session.scalars(
        update(Outgoing)
        .where(*theirs, Outgoing.state == OutboxState.QUEUED)
        .values(state=end, cause="cancelled")
        .returning(Outgoing.id)
    )
    return len(ended.all())


async def try_again(session: AsyncSession, key: str, *, now: datetime) -> bool:
    """Queue a message once more that came to an end without arriving; whether there was one to queue.

    Only for what can be repeated harmlessly: an edit that never reached a chat that was blocked meanwhile.
    """
    ended = (OutboxState.BLOCKED, OutboxState.EXPIRED, OutboxState.CANCELLED, OutboxState.UNCERTAIN)
    revived = await session.scalar(
        update(Outgoing)
        .where(Outgoing.key == key, Outgoing.state.in_(ended), Outgoing.body.is_not(None))
        .values(state=OutboxState.QUEUED, due_at=now, tries=0, unclear=0, cause=None)
        .returning(Outgoing.id)
    )
    return revived is not None


async def empty_old(session: AsyncSession, *, before: datetime) -> int:
    """Forget the words of messages that came to an end and were due before that moment; how many rows."""
    statement = (
        update(Outgoing)
        .where(Outgoing.body.is_not(None), Outgoing.due_at < before, Outgoing.state.not_in(UNFINISHED))
        .values(body=None)
    )
    return len((await session.scalars(statement.returning(Outgoing.id))).all())


async def empty(session: AsyncSession, outgoing_id: int) -> None:
    """Forget the words of one message now."""
    await session.execute(update(Outgoing).where(Outgoing.id == outgoing_id).values(body=None))


async def _sending(session: AsyncSession, *which: ColumnElement[bool]) -> dict[int, Outgoing]:
    query = select(Outgoing).where(Outgoing.state == OutboxState.SENDING, *which).order_by(Outgoing.id)
    found = await session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {row.id: row for row in found}


def _after(row: Outgoing, result: Result, *, hold: timedelta = timedelta(0)) -> Next:
    """Count a try that nobody can be sure of, and ask the policy what follows."""
    repeatable = is_repeatable(row.method)
    if result is Result.AMBIGUOUS and not repeatable:
        row.unclear += 1
    return after_try(
        result, lane=Lane(row.lane), repeatable=repeatable, tries=row.tries, unclear=row.unclear, hold=hold
    )


def _settle(row: Outgoing, state: OutboxState, *, cause: str | None, now: datetime) -> Settled:
    row.state, row.cause = state, cause
    row.sent_at = now if state is OutboxState.SENT else None
    return Settled.of(row)


def _take(row: Outgoing, body: dict[str, object], *, fence: int | None) -> Claimed:
    row.state, row.tries, row.fence = OutboxState.SENDING, row.tries + 1, fence
    return Claimed(
        id=row.id,
        key=row.key,
        lane=Lane(row.lane),
        chat_id=row.chat_id,
        person_id=row.person_id,
        method=row.method,
        body=body,
        tries=row.tries,
        unclear=row.unclear,
        checkin_id=row.checkin_id,
        alert_id=row.alert_id,
        take_away_after=row.take_away_after,
        expires_at=row.expires_at,
    )


def _opened(session: AsyncSession, row: Outgoing) -> dict[str, object] | None:
    """The body, or None when it was changed or moved: such a message must not go out."""
    if row.body is None:
        return None
    try:
        text = vault_of(session).open(row.body, _place(row.key, row.person_id))
    except Tampered:
        return None
    return cast("dict[str, object]", json.loads(text))  # sealed by add, from a mapping


def _deletion(row: Outgoing, *, after: int, now: datetime) -> Intent:
    return Intent(
        key=f"takeaway:{row.id}",
        lane=Lane.BULK,  # nobody waits for it
        chat_id=row.chat_id,
        person_id=row.person_id,
        method="deleteMessage",
        body={"chat_id": row.chat_id, "message_id": row.message_id},
        due_at=now + timedelta(seconds=after),
    )


def _place(key: str, person_id: int | None) -> Place:
    return Place(table="outbox", column="body", row=key, person=person_id)
