"""What the stories of a crisis have in common: the words, what answers them, and who was paged when."""

from datetime import datetime

from sandbox.people import Person as OnThePhone
from tests.stories.ward import Ward

WORDS = "I don't want to live any more"
HARD_TO_CARRY = "I don't want to be here"  # for a person to look at soon, and not danger right now
PAGE_BUTTONS = ("I have this", "How to reach them", "Show words")


def safety(ward: Ward, *, opening: str = "opening") -> str:
    """The safety message of this clinic, in English."""
    lines = (ward.says(f"safety.{opening}"), ward.says("safety.emergency", number="112"), ward.says("safety.limits"))
    return "\n\n".join(lines)


def pages(ward: Ward, person: OnThePhone) -> list[datetime]:
    """When a person was paged, each time."""
    shown = ward.sandbox.ledger.ever_shown(person.user_id)
    return [
        message.sent_at
        for message in shown
        if message.from_bot and message.edited_at is None and message.text.startswith("Possible crisis")
    ]


def paged_after(ward: Ward, person: OnThePhone, start: datetime) -> list[int]:
    """After how many whole minutes a person was paged, each time."""
    return [round((paged_at - start).total_seconds() / 60) for paged_at in pages(ward, person)]
