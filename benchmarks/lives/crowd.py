"""People who write numbered sentences through the sandbox, and what a clinic has kept of them."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from sandbox import Person
from storage import messages
from storage.database import Database
from storage.inbox import InboxState
from storage.tables import Incoming, Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One message, as Telegram numbered it."""

    update_id: int
    chat_id: int
    message_id: int
    words: str


@dataclass(kw_only=True, slots=True)
class Crowd:
    """People, and everything they have written so far; no two sentences are alike."""

    people: Sequence[Person]
    chance: random.Random
    written: list[Written] = field(default_factory=list[Written])

    def write(self, number: int) -> None:
        """So many sentences, each by somebody."""
        for _ in range(number):
            person = self.chance.choice(self.people)
            words = f"{person.name} says sentence number {len(self.written)}"
            act = person.writes(words)
            self.written.append(
                Written(update_id=act.update_id, chat_id=person.user_id, message_id=act.message_id, words=words)
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of what was written."""

    lost: int  # never stored, or never handled, or without its words
    doubled: int  # stored or kept more than once, counted once for each time too many


async def kept_of(database: Database, written: Sequence[Written]) -> Kept:
    """Look each message up: in the inbox once with a disposition, and its words in the messages once."""
    async with database.reading() as session:
        rows = [(row.update_id, row.state) for row in await session.scalars(select(Incoming))]
        stored = Counter(update_id for update_id, _ in rows)
        handled = {update_id for update_id, state in rows if state != InboxState.WAITING}
        kept = Counter(messages.words_of(session, message) for message in await session.scalars(select(Message)))
    return Kept(
        lost=sum(not (kept[one.words] and one.update_id in handled) for one in written),
        doubled=sum(max(0, stored[one.update_id] - 1, kept[one.words] - 1) for one in written),
    )
