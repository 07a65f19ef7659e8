"""Messages go out, and one in five answers never comes back: it was sent, and the connection closes.

Nobody can know then whether a person saw the message, and Telegram takes no key that would make a second copy
harmless. So a copy is possible in every design; what differs is whether it is admitted. Lost is a message that
nobody saw although it counts as sent, or that has no end; doubled counts copies that the sender's own record does
not admit as possible, or that are more than one extra copy of a message. All copies, admitted or not, are in
``extra_copies``.
"""

from collections import Counter

from alliance.delivery import Lane
from benchmarks.lives.house import TOKEN, House, house
from benchmarks.lives.post import Post, post_of
from benchmarks.lives.quiet import until_quiet
from benchmarks.losses.counting import Bench, Count
from bot.clock import SystemClock
from sandbox import Fault, FaultKind, Person, Sandbox
from storage import outbox
from storage.intents import Intent

CASE = "one answer in five never comes back"
UNIT = "messages"
NAIVE = "benchmarks.losses.usual.naive_retry"
MESSAGES, FEW_MESSAGES = 500, 60  # of the full run and of a quick one
SHARE = 0.2
ENDS_WITHIN = 120.0  # seconds; our pace is 28 a second


async def measured(bench: Bench) -> list[Count]:
    """The usual design and ours, with the same connections that break."""
    return [await _naive(bench), await _ours(bench)]


async def _naive(bench: Bench) -> Count:
    place = bench.place("naive retry")
    async with Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox:
        people = _people(bench, sandbox)
        chats = [str(person.user_id) for person in people]
        _break_connections(sandbox)
        life = await bench.nursery.start(NAIVE, sandbox.url, TOKEN, *chats, folder=place)
        await life.over(ENDS_WITHIN)
        seen = Counter(entry.chat_id for entry in sandbox.ledger.calls("sendMessage") if entry.message_id is not None)
    copies = sum(seen.values()) - len(seen)
    return Count(
        case=CASE,
        design="python-telegram-bot, 3 retries",
        of=len(people),
        unit=UNIT,
        lost=len(people) - len(seen),
        doubled=copies,  # it keeps no record, so it admits none
        more={"extra_copies": copies, "unrecorded_copies": copies},
    )


async def _ours(bench: Bench) -> Count:
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(bench.place("checkin sends"), sandbox=sandbox, nursery=bench.nursery) as clinic,
    ):
        people = _people(bench, sandbox)
        post = await _sent_by(clinic, people)
    return Count(
        case=CASE,
        design="checkin run, replies",
        ours=True,
        of=post.messages,
        unit=UNIT,
        lost=post.lost,
        doubled=post.unrecorded_copies + post.beyond_policy,
        more={
            "extra_copies": post.extra_copies,
            "unrecorded_copies": post.unrecorded_copies,
            "said_to_be_uncertain": post.uncertain,
        },
    )


async def _sent_by(clinic: House, people: list[Person]) -> Post:
    """Put a message to each of them into the outbox, and let the program send until it is empty.

    They are replies, whose copies rest two seconds; those of a check-in rest ten minutes, in which a tap may
    prove that the first one arrived.
    """
    database = clinic.opened()
    try:
        now = SystemClock().now()
        async with database.writing() as session:
            for number, person in enumerate(people):
                body = {"chat_id": person.user_id, "text": f"Message number {number}"}
                intent = Intent(
                    key=f"bench:{number}",
                    lane=Lane.REPLY,
                    chat_id=person.user_id,
                    person_id=None,
                    method="sendMessage",
                    body=body,
                    due_at=now,
                )
                await outbox.add(session, intent, now=now)
        _break_connections(clinic.sandbox)
        async with clinic.lives() as life:
            await until_quiet(clinic, database, within=ENDS_WITHIN)
            await life.stopped()
        return await post_of(database, clinic.sandbox.ledger)
    finally:
        await database.close()


def _people(bench: Bench, sandbox: Sandbox) -> list[Person]:
    """People who have pressed Start, so that the bot may write to them."""
    people = [sandbox.person(f"Patient {n}") for n in range(FEW_MESSAGES if bench.quick else MESSAGES)]
    for person in people:
        person.opens()
    sandbox.world.queue.clear()
    return people


def _break_connections(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", times=None, share=SHARE))
