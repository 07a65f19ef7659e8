"""What became of everything in a soak: the database and the ledger held against what people did."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select, text

from benchmarks.lives.crowd import kept_of
from benchmarks.lives.post import Post, post_of
from benchmarks.soak.loop import Story
from sandbox import Ledger
from sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD
from storage.database import Database
from storage.inbox import SYNTHETIC, InboxState
from storage.tables import Answer, Checkin, Incoming

HARMLESS = (NOT_MODIFIED, QUERY_TOO_OLD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Everything that was looked at; all but the first six and the copies should be zero."""

    updates: int
    sentences: int
    taps: int
    checkins: int
    kills: int
    messages_sent: int
    lost: int  # sentences or taps without their effect, check-ins that were due and are not there
    doubled: int  # stored, kept or asked more than once
    without_disposition: int  # updates in the inbox that are neither done nor dead
    dead_letters: int
    unfinished: int  # messages without a true end
    not_there: int  # marked as sent, and nobody ever saw them
    beyond_policy: int  # more than one extra copy, or one that the outbox does not admit
    refused_calls: int  # that Telegram would refuse as wrong
    damage: int  # of the database file
    never_quiet: int
    bad_ends: int
    extra_copies: int  # admitted ones: a copy is possible where a kill hides an answer
    uncertain: int

    @property
    def wrong(self) -> dict[str, int]:
        """What should be zero and is not."""
        looked_at = {name: getattr(self, name) for name in SHOULD_BE_ZERO}
        return {name: value for name, value in looked_at.items() if value}


SHOULD_BE_ZERO = (
    "lost",
    "doubled",
    "without_disposition",
    "dead_letters",
    "unfinished",
    "not_there",
    "beyond_policy",
    "refused_calls",
    "damage",
    "never_quiet",
    "bad_ends",
)


async def look(database: Database, ledger: Ledger, story: Story) -> Outcome:
    """Look at all of it; the program must not run."""
    talkers = story.talkers
    kept = await kept_of(database, talkers.crowd.written)
    post = await post_of(database, ledger)
    lost_taps, doubled_taps = await _taps(database, story)
    missing, doubled_checkins = await _checkins(database, story)
    states = await _states(database)
    return Outcome(
        updates=talkers.done,
        sentences=len(talkers.crowd.written),
        taps=len(talkers.taps),
        checkins=len(story.slots) * len(talkers.people),
        kills=story.kills,
        messages_sent=post.messages,
        lost=kept.lost + lost_taps + missing,
        doubled=kept.doubled + doubled_taps + doubled_checkins,
        without_disposition=states[InboxState.WAITING],
        dead_letters=states[InboxState.DEAD],
        unfinished=post.unfinished,
        not_there=post.not_there,
        beyond_policy=_beyond_policy(post),
        refused_calls=_refused(ledger),
        damage=await _damage(database),
        never_quiet=story.never_quiet,
        bad_ends=story.bad_ends,
        extra_copies=post.extra_copies,
        uncertain=post.uncertain,
    )


def _refused(ledger: Ledger) -> int:
    """Calls that a well-behaved bot never makes, kills or not.

    A kill may hide that an edit arrived, so that it is made once more and changes nothing; and the answer to a tap
    may come too late, when its process was dead meanwhile. Both are harmless, and Telegram says so by refusing.
    """
    return sum(not any(words in entry.description for words in HARMLESS) for entry in ledger.violations())


def _beyond_policy(post: Post) -> int:
    return post.beyond_policy + post.unrecorded_copies


async def _taps(database: Database, story: Story) -> tuple[int, int]:
    """Taps that are not in the inbox, or whose number is not the answer; and updates of taps stored twice."""
    talkers = story.talkers
    async with database.reading() as session:
        stored = Counter(await session.scalars(select(Incoming.update_id)))
        answers = {(a.checkin_id, a.item_id): a.rating for a in await session.scalars(select(Answer))}
    lost = sum(not stored[update_id] for update_id in talkers.taps)
    lost += sum(answers.get(item) != rating for item, rating in talkers.ratings.items())
    invented = len(answers.keys() - talkers.ratings.keys())
    return lost, invented + sum(max(0, stored[update_id] - 1) for update_id in talkers.taps)


async def _checkins(database: Database, story: Story) -> tuple[int, int]:
    """How many of those that were due are missing, and how many are too many."""
    async with database.reading() as session:
        found = Counter(await session.scalars(select(Checkin.slot)))
    expected = len(story.talkers.people)
    missing = sum(max(0, expected - found[slot]) for slot in story.slots)
    return missing, sum(found.values()) + missing - expected * len(story.slots)


async def _states(database: Database) -> Counter[str]:
    async with database.reading() as session:
        # the program's own rehearsal of a crisis may just have begun when it is stopped; people wrote the others
        by_people = ~Incoming.identity.startswith(SYNTHETIC)
        return Counter(await session.scalars(select(Incoming.state).where(by_people)))


async def _damage(database: Database) -> int:
    """Whether SQLite finds its file in order; a server looks after its own."""
    if not database.is_sqlite:
        return 0
    async with database.reading() as session:
        return int(await session.scalar(text("PRAGMA integrity_check")) != "ok")
