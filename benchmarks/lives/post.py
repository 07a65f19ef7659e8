"""What was to be said and what people saw: each row of the outbox held against the ledger of the sandbox."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import MOST_COPIES, OutboxState
from sandbox import Ledger
from storage.database import Database, vault_of
from storage.gates import is_repeatable
from storage.tables import GroupedPage, Outgoing, Page
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
    rows: dict[str, list[Outgoing]] = defaultdict(list)
    async with database.reading() as session:
        groups = await _groups(session)
        for row in await session.scalars(select(Outgoing)):
            if not is_repeatable(row.method) and row.method == "sendMessage":
                is_page = row.page_id is not None
                what = _page(row.chat_id, row.alert_id) if is_page else _signature(_body(session, row))
                rows[what].append(row)
    seen = Counter[str]()
    for entry in ledger.calls("sendMessage"):
        if entry.message_id is not None:  # it was done, whatever the bot was told
            signature = _signature(entry.parameters)
            seen.update([signature] if signature in rows else _pages_in(entry.parameters, groups))
    return _summed(_account(alike, seen[signature]) for signature, alike in rows.items())


async def _groups(session: AsyncSession) -> Mapping[str, set[int]]:
    """The alerts that one message named, by the number its buttons carry."""
    groups: dict[str, set[int]] = defaultdict(set)
    named = await session.execute(
        select(GroupedPage.group_id, Page.alert_id).join(Page, Page.id == GroupedPage.page_id)
    )
    for group_id, alert_id in named:
        groups[str(group_id)].add(alert_id)
    return groups


def _pages_in(body: Mapping[str, object], groups: Mapping[str, set[int]]) -> set[str]:
    """What a message is if it is a page, or several: about which alerts it is, its buttons say."""
    about: set[int] = set()
    for press in _presses(body):
        match press.split(":"):
            case ["a", alert, _]:
                about.add(int(alert))
            case ["g", group, *_]:
                about |= groups.get(group, set())
            case _:
                pass
    return {_page(int(str(body["chat_id"])), alert) for alert in about}


def _page(chat_id: int, alert_id: int | None) -> str:
    """Pages to one person about one alert cannot be told apart: several may have gone as one message."""
    return f"page of {alert_id} to {chat_id}"


def _account(alike: list[Outgoing], copies: int) -> Post:
    """Messages that read the same in the same chat cannot be told apart, so they are counted together."""
    states = Counter(OutboxState(row.state) for row in alike)
    # pages that went together are one message
    sent = len({row.message_id or f"row {row.id}" for row in alike if row.state == OutboxState.SENT})
    admitted = [(row.state == OutboxState.SENT) + row.unclear for row in alike]
    return Post(
        messages=len(alike),
        unfinished=sum(states[state] for state in UNFINISHED),
        not_there=max(0, sent - copies),
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
    return json.dumps([int(str(body["chat_id"])), body["text"], _keyboard(body)], sort_keys=True)


def _presses(body: Mapping[str, object]) -> Iterator[str]:
    for row in (_keyboard(body) or {}).get("inline_keyboard", ()):
        yield from (str(button.get("callback_data", "")) for button in row)


def _keyboard(body: Mapping[str, object]) -> dict[str, Any] | None:  # Any: Telegram's JSON
    markup = body.get("reply_markup")
    return json.loads(markup) if isinstance(markup, str) else cast("dict[str, Any] | None", markup)
