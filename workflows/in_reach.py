"""Whether a message to a person would arrive, as far as anybody knows."""

from storage.tables import Person


def can_be_reached(person: Person) -> bool:
    """Whether there is a chat, and nothing has been refused there."""
    return person.chat_id is not None and person.blocked_at is None
