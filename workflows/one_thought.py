"""Messages sent in a row are kept one by one and taken as one thought: for the screen, for the rules, for readers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from alliance.audience import Audience, Subject
from alliance.heard import Heard
from alliance.listening import listen_together, listened
from alliance.thoughts import goes_on, seams
from storage import audiences, messages
from storage.messages import Written
from storage.tables import Message
from workflows.unit import Unit

TOLD_AT_ONCE = frozenset({"flagged", "needs_a_human"})  # a person was told, and the screen need not find it twice


Span = tuple[int, int]  # half-open, in code points


@dataclass(frozen=True, kw_only=True, slots=True)
class Thought:
    """What a message goes on with: the words before and after it, back to where a person was told last."""

    id: int
    before: tuple[str, ...]
    after: tuple[str, ...] = ()  # when an earlier message is changed

    def seams(self, words: str) -> tuple[str, ...]:
        """Where the words meet those beside them."""
        return seams(self.before, words, self.after)


async def thought_of(unit: Unit, written: Written) -> Thought | None:
    """The thought that a message of this unit's person goes on with; None where it begins one."""
    if unit.person is None or written.words is None:
        return None
    if written.version:
        known = await messages.first_version(unit.session, written.chat_id, written.message_id)
        thought = known.thought if known else None
    else:
        thought = await _went_on_with(unit, unit.person.id, written)
    if thought is None:
        return None
    rows = await messages.of_thought(unit.session, thought)
    before = [row for row in rows if row.message_id < written.message_id]
    after = [row for row in rows if row.message_id > written.message_id]
    return Thought(
        id=thought, before=_opened(unit, _unflagged(before[::-1])[::-1]), after=_opened(unit, _unflagged(after))
    )


async def read_together(unit: Unit, message: Message) -> None:
    """Read all messages of a thought once and as one; what was heard is kept with the message it stands in."""
    rows = await _with_the_same_readers(unit, message)
    if unit.person is None or len(rows) == 1 or message.heard is None:
        return
    texts = _opened(unit, rows)
    try:
        kept = listen_together(texts, unit.clinic.language_rules, language=unit.person.language)
    except Exception:  # noqa: BLE001  # a message in danger must be told whatever goes wrong in here
        return
    for row, heard in zip(rows, kept, strict=True):
        row.heard = heard
    await unit.session.flush()


async def heard_in_thought(unit: Unit, message: Message) -> tuple[Heard, ...]:
    """What was heard in all messages of the thought that this one belongs to, as far as the same people read them."""
    read = [listened(row.heard, message=row.id) for row in await _with_the_same_readers(unit, message)]
    return tuple(heard for one in read if one is not None for heard in one.heard)


async def has_been_answered(unit: Unit, message: Message) -> bool:
    """Whether an earlier message of the same thought has had the answer that this one would get."""
    rows = await _with_the_same_readers(unit, message)
    earlier = [row for row in rows if row.message_id < message.message_id and row.kind != messages.NO_ANSWER]
    return any(row.screening not in TOLD_AT_ONCE for row in earlier)


def in_thoughts(rows: Sequence[Message]) -> list[list[Message]]:
    """Messages as they are shown: those of one thought together; what has no words, or was changed later, alone."""
    shown: list[list[Message]] = []
    for row in rows:
        last = shown[-1][-1] if shown else None
        goes_along = last is not None and last.thought is not None and last.thought == row.thought
        if last is not None and goes_along and not last.version and not row.version:
            shown[-1].append(row)
        else:
            shown.append([row])
    return shown


def as_one(
    unit: Unit, rows: Sequence[Message], phrases: Mapping[int, Sequence[Span]]
) -> tuple[str | None, tuple[Span, ...]]:
    """The words of messages that are shown together, a line for each, and where in them the phrases of each stand."""
    lines: list[str] = []
    places: list[Span] = []
    for row in rows:
        words = messages.words_of(unit.session, row)
        if words is None:
            continue
        start = sum(len(line) + 1 for line in lines)  # and the line break
        places += [(start + first, start + last) for first, last in phrases.get(row.id, ())]
        lines.append(words)
    return ("\n".join(lines) if lines else None), tuple(places)


async def words_of_thought(unit: Unit, message: Message) -> str | None:
    """All that was said in one thought, a line for each message; this version of this one. None without words."""
    rows = await messages.of_thought(unit.session, message.thought) if message.thought else []
    told = [message if row.message_id == message.message_id else row for row in rows] or [message]
    words, _ = as_one(unit, told, {})
    return words


async def _with_the_same_readers(unit: Unit, message: Message) -> Sequence[Message]:
    """The messages of one thought that go to whom this one goes: in the middle of it a patient may choose others."""
    rows = await messages.of_thought(unit.session, message.thought) if message.thought else [message]
    if len(rows) == 1 or message.person_id is None:
        return rows
    routing = await audiences.routing_of(unit.session, message.person_id)

    def readers(row: Message) -> list[Audience]:
        return [routing.audience(subject, at=row.received_at) for subject in Subject]

    return [row for row in rows if readers(row) == readers(message)]


async def _went_on_with(unit: Unit, person_id: int, written: Written) -> int | None:
    previous = await messages.newest_text(unit.session, person_id)
    if previous is None or previous.thought is None:
        return None
    first = await messages.get(unit.session, previous.thought) or previous
    if not goes_on(began_at=first.sent_at, previous_at=previous.sent_at, at=written.sent_at):
        return None
    return previous.thought


def _unflagged(rows: Sequence[Message]) -> list[Message]:
    return list(takewhile(lambda row: row.screening not in TOLD_AT_ONCE, rows))


def _opened(unit: Unit, rows: Sequence[Message]) -> tuple[str, ...]:
    return tuple(messages.words_of(unit.session, row) or "" for row in rows)
