"""getUpdates: one poller, who confirms by asking for what comes next."""

import asyncio

from sandbox.refusals import CONFLICT, OTHER_POLL, WEBHOOK_ACTIVE, Refused
from sandbox.sending import Done
from sandbox.wire import Request
from sandbox.world import Poll, World

MOST_AT_ONCE = 100
LONGEST_POLL = 50  # seconds, by the real clock even when the sandbox's is simulated
AT_ONCE_WITHIN = 0.5  # seconds; asking again that soon gets one update
AGAIN_WITHIN = 3.0  # seconds; asking again that soon is made to wait as long
CONFLICT_AGAIN_AFTER = 3.0  # seconds; a conflict sooner after another is told as much later


class Receiving:
    """The bot's polls. Haste is punished as Telegram does unless `patient`, since that takes real time."""

    def __init__(self, world: World, *, patient: bool, hurry: float) -> None:
        self._world = world
        self._patient = patient
        self._hurry = hurry
        self._last_offset: int | None = None
        self._last_asked = 0.0
        self._next_conflict_at = 0.0

    async def get_updates(self, request: Request) -> Done:
        world = self._world
        if world.webhook is not None:
            raise self._conflict(WEBHOOK_ACTIVE)
        world.remember_allowed(request)
        offset = request.integer("offset") or 0
        limit, timeout = self._slowed(
            offset, _limit(request), min(max(request.integer("timeout") or 0, 0), LONGEST_POLL)
        )
        updates = world.queue.hand_out(offset, limit, world.now())
        if not updates and timeout > 0:
            if world.parked is not None:
                world.parked.refuse(OTHER_POLL)
            await self._park(timeout)
            # the offset is read once more, as it was: one from the future confirms what has come since, unseen
            updates = world.queue.hand_out(offset, limit, world.now())
        return Done(result=b"[" + b",".join(updates) + b"]")

    async def _park(self, timeout: float) -> None:  # noqa: ASYNC109  Telegram's own word; the wait ends in an answer, not an error
        poll = Poll(woken=asyncio.get_running_loop().create_future())
        self._world.parked = poll
        try:
            async with asyncio.timeout(timeout):
                refusal = await poll.woken
        except TimeoutError:
            refusal = None
        finally:
            if self._world.parked is poll:
                self._world.parked = None
        if refusal is not None:
            raise self._conflict(refusal)

    def _conflict(self, words: str) -> Refused:
        """Return the error of a poll that must end; one soon after another is held back."""
        now = asyncio.get_running_loop().time()
        if self._patient or now >= self._next_conflict_at:
            self._next_conflict_at = now + CONFLICT_AGAIN_AFTER
            return Refused(CONFLICT, words)
        return Refused(CONFLICT, words, held_back=CONFLICT_AGAIN_AFTER / self._hurry)

    def _slowed(self, offset: int, limit: int, timeout: float) -> tuple[int, float]:
        if self._patient:
            return limit, timeout
        asked = asyncio.get_running_loop().time()
        since = asked - self._last_asked if offset == self._last_offset else AGAIN_WITHIN
        self._last_offset, self._last_asked = offset, asked
        return (1 if since < AT_ONCE_WITHIN else limit), (
            max(timeout, AGAIN_WITHIN / self._hurry) if since < AGAIN_WITHIN else timeout
        )


def _limit(request: Request) -> int:
    asked = request.integer("limit")
    return asked if asked is not None and 1 <= asked <= MOST_AT_ONCE else MOST_AT_ONCE
