"""What was to be said and what people saw: each row of the outbox held against the ledger of the sandbox."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import MOST_COPIES, OutboxState
from sandbox import Ledger
from storage.database import Database, vault_of
from storage.gates import is_repeatable
from storage.tables import Outgoing
from storage.vault import Place

UNFINISHED = (OutboxState.QUEUED, OutboxState.SENDING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """The messages of one outbox, counted; edits are left out, since an edit done twice is one edit."""

    messages: int
    unfinished: int  # without a true end
    not_there: int  # marked as sent, and nobody ever saw them
    extra_copies: int  # seen beyond the first of each message
    unrecorded_copies: int  # of those, what the outbox does not admit as possible
    beyond_policy: int  # of those, what is more than one extra copy of a message
    uncertain: int  # ended as "nobody can know"

    @property
    def lost(self) -> int:
        """Messages of which the outbox does not tell the truth, or tells nothing."""
        return self.unfinished + self.not_there


async def post_of(database: Database, ledger: Ledger) -> Post:
    """Compare; the database must hold the words of its messages still (they are emptied after two days)."""
    seen = Counter(
        _signature(entry.parameters)
        for entry in ledger.calls("sendMessage")
        if entry.message_id is not None  # it was done, whatever the bot was told
    )
    rows: dict[str, list[Outgoing]] = defaultdict(list)
    async with database.reading() as session:
        for row in await session.scalars(select(Outgoing)):
            if not is_repeatable(row.method) and row.method == "sendMessage":
                rows[_signature(_body(session, row))].append(row)
    return _summed(_account(alike, seen[signature]) for signature, alike in rows.items())


def _account(alike: list[Outgoing], copies: int) -> Post:
    """Messages that read the same in the same chat cannot be told apart, so they are counted together."""
    states = Counter(OutboxState(row.state) for row in alike)
    admitted = [(row.state == OutboxState.SENT) + row.unclear for row in alike]
    return Post(
        messages=len(alike),
        unfinished=sum(states[state] for state in UNFINISHED),
        not_there=max(0, states[OutboxState.SENT] - copies),
        extra_copies=max(0, copies - len(alike)),
        unrecorded_copies=max(0, copies - sum(admitted)),
        beyond_policy=max(0, copies - MOST_COPIES * len(alike)),
        uncertain=states[OutboxState.UNCERTAIN],
    )


def _summed(posts: Iterable[Post]) -> Post:
    listed = list(posts)
    return Post(**{name: sum(getattr(post, name) for post in listed) for name in Post.__dataclass_fields__})


def _body(session: AsyncSession, row: Outgoing) -> Mapping[str, object]:
    if row.body is None:
        raise ValueError("the words of a message were emptied before it could be looked for")
    place = Place(table="outbox", column="body", row=row.key, person=row.person_id)
    return json.loads(vault_of(session).open(row.body, place))


def _signature(body: Mapping[str, object]) -> str:
    markup = body.get("reply_markup")
    keyboard = json.loads(markup) if isinstance(markup, str) else markup
    return json.dumps([int(str(body["chat_id"])), body["text"], keyboard], sort_keys=True)
