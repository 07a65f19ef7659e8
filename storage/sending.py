"""Messages taken out of the outbox to be sent: marked before they touch a socket, and written down after."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane, Next, OutboxState, Result, after_try
from alliance.grouped_pages import MOST_TOGETHER
from storage import grouped_pages, outbox
from storage.database import vault_of
from storage.gates import Candidate, candidates, is_repeatable, stopped
from storage.intents import Claim, Claimed, Intent, Settled, Tried, place_of
from storage.tables import Outgoing
from storage.vault import Tampered


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
    stays in the queue, untouched. Pages that wait for one person count as the messages they will fill, the
    most urgent alert first.
    """
    taking = _Taking(session, now=now, limit=limit, room=room, fence=fence)
    while taking.messages < limit:
        found = await candidates(
            session, now=now, limit=limit - taking.messages, except_chats=except_chats, lanes=lanes
        )
        ended = len(taking.settled)
        for candidate in found:
            await taking.consider(candidate)
        await session.flush()
        if len(taking.settled) == ended:  # otherwise the next one of that chat may have its turn
            break
    return Claim(rows=sorted(taking.rows, key=lambda row: (row.lane, row.id)), settled=taking.settled)


class _Taking:
    """One claim in the making; ``messages`` counts what will be on the wire, which may be fewer than rows."""

    def __init__(
        self,
        session: AsyncSession,
        *,
        now: datetime,
        limit: int,
        room: Callable[[int], int] | None,
        fence: int | None,
    ) -> None:
        self._session, self._now, self._fence = session, now, fence
        self._limit, self._room = limit, room
        self._taken: Counter[int] = Counter()
        self._paged: set[int] = set()  # chats whose pages have been looked through
        self.rows: list[Claimed] = []
        self.settled: list[Settled] = []

    @property
    def messages(self) -> int:
        return self._taken.total()

    async def consider(self, candidate: Candidate) -> None:
        """Take a message, end it at a gate, or leave it; a page takes those along that wait for the same person."""
        row = candidate.row
        if row.state != OutboxState.QUEUED:
            return  # another page has taken it along
        if row.page_id is not None and row.lane == Lane.SAFETY:
            if row.chat_id not in self._paged:
                self._paged.add(row.chat_id)
                await self._pages_to(row.chat_id)
        elif not self._ends(candidate) and self._has_room(row.chat_id) and self._takes(row):
            self._taken[row.chat_id] += 1

    async def _pages_to(self, chat_id: int) -> None:
        waiting = await grouped_pages.waiting(self._session, chat_id=chat_id, now=self._now)
        named = 0
        for about_one_alert in waiting:
            lasting = [page for page in about_one_alert if not self._ends(page)]
            is_full = named % MOST_TOGETHER == 0
            if not lasting or (is_full and not self._has_room(chat_id)):
                continue
            taken = [self._takes(page.row) for page in lasting]
            if any(taken):
                self._taken[chat_id] += is_full
                named += 1

    def _has_room(self, chat_id: int) -> bool:
        is_free = self._room is None or self._taken[chat_id] < self._room(chat_id)
        return is_free and self.messages < self._limit

    def _ends(self, candidate: Candidate) -> bool:
        end = stopped(candidate, now=self._now)
        if end is not None:
            state, cause = end
            self.settled.append(_settle(candidate.row, state, cause=cause, now=self._now))
        return end is not None

    def _takes(self, row: Outgoing) -> bool:
        body = _opened(self._session, row)
        if body is None:
            rejected = _settle(row, OutboxState.REJECTED, cause=Tampered.__name__, now=self._now)
            self.settled.append(rejected)
            return False
        self.rows.append(_take(row, body, fence=self._fence))
        return True


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
            await outbox.add(session, _deletion(row, after=row.take_away_after, now=now), now=now)
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
        page_id=row.page_id,
        take_away_after=row.take_away_after,
        expires_at=row.expires_at,
    )


def _opened(session: AsyncSession, row: Outgoing) -> dict[str, object] | None:
    """The body, or None when it was changed or moved: such a message must not go out."""
    if row.body is None:
        return None
    try:
        text = vault_of(session).open(row.body, place_of(row.key, row.person_id))
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
