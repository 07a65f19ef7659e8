"""A made-up crisis of a made-up person goes the way of every message, so that a break in that way is noticed.

It lies in the inbox like any other update, is handled in its turn by the running loop, parsed, screened, and
answered by the same stories, up to the safety message and the pages in the outbox. There it is looked at, and
undone: all of it happens in a savepoint that is never kept. So nobody can be paged, nothing can be sent, and
no digest, figure or list has to know of it.
"""

import json

from alliance.crisis import CrisisClass, Degree
from alliance.people import Role
from storage import alerts, people, synthetic
from workflows.unit import Unit

SENTENCES = {"en": "I want to kill myself tonight", "es": "Quiero quitarme la vida esta noche"}
# Telegram's ids have at most 52 bits, and those of people are above zero: nobody ever writes from here
WRITER = -(2**52) - 1
TEST_RUNG = -(2**52) - 2


async def begin(unit: Unit) -> None:
    """Let the made-up person write, once in each language that has rules."""
    raws = {language: json.dumps(_update(unit, language, words)) for language, words in SENTENCES.items()}
    await synthetic.begin(unit.session, raws, chat_id=WRITER, now=unit.now)


async def add_test_rung(unit: Unit) -> None:
    """A made-up colleague at the end of the order, so that there is somebody to page in a clinic without staff."""
    rung = await people.add(
        unit.session, code_name="synthetic", name=None, language=unit.clinic.language, zone="UTC", now=unit.now
    )
    rung.chat_id = TEST_RUNG
    await people.give_role(unit.session, rung.id, Role.COORDINATOR, now=unit.now)


async def what_is_missing(unit: Unit) -> str | None:
    """Which part of the answer to the made-up crisis is not there: alert, safety message or page; None when all is."""
    alert = await alerts.live(unit.session, WRITER)
    if alert is None or (alert.cause, alert.degree) != (CrisisClass.SUICIDE, Degree.NOW):
        return "alert"  # also when the screen has failed: a human would look, and the screen is broken all the same
    chats = await synthetic.queued_chats(unit.session, chat_id=WRITER, alert_id=alert.id)
    if WRITER not in chats:
        return "safety_message"
    return None if chats - {WRITER} else "page"


def _update(unit: Unit, language: str, words: str) -> dict[str, object]:
    return {
        "update_id": 0,
        "message": {
            "message_id": 1,
            "date": int(unit.now.timestamp()),
            "chat": {"id": WRITER, "type": "private", "first_name": "Synthetic"},
            "from": {"id": WRITER, "is_bot": False, "first_name": "Synthetic", "language_code": language},
            "text": words,
        },
    }
