"""The list of commands beside the text box, for each person: what their roles can do, in their language."""

from collections.abc import Collection

from alliance.commands import commands_for
from alliance.delivery import Lane
from alliance.people import Role
from storage import outbox
from storage.tables import Person
from workflows.unit import Unit


async def show_commands(unit: Unit, person: Person, roles: Collection[Role], *, anew: bool = False) -> None:
    """Have Telegram show a person their commands, once for each list; ``anew`` where it showed another since."""
    if person.chat_id is None:
        return
    names = commands_for(roles, has_console=bool(unit.clinic.console_url))
    wording = unit.wording(person.language)
    shown = f"commands:{person.id}:{wording.language}:{'-'.join(names)}"
    key = f"{shown}:{unit.origin}" if anew else shown
    added = await outbox.add(
        unit.session,
        outbox.Intent(
            key=key,
            lane=Lane.BULK,  # nobody waits for it
            chat_id=person.chat_id,
            person_id=person.id,
            method="setMyCommands",
            body={
                "commands": [{"command": name, "description": wording(f"menu.{name}")} for name in names],
                "scope": {"type": "chat", "chat_id": person.chat_id},
            },
            due_at=unit.now,
        ),
        now=unit.now,
    )
    if added is None:  # it may have been called off by a break, or the chat was blocked
        await outbox.try_again(unit.session, key, now=unit.now)


async def hide_commands(unit: Unit, chat_id: int, *, key: str) -> None:
    """Have Telegram show a chat what it shows to strangers."""
    await outbox.add(
        unit.session,
        outbox.Intent(
            key=key,
            lane=Lane.BULK,
            chat_id=chat_id,
            person_id=None,
            method="deleteMyCommands",
            body={"scope": {"type": "chat", "chat_id": chat_id}},
            due_at=unit.now,
        ),
        now=unit.now,
    )
