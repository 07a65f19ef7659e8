"""What the chat page is told: who there is, and what is on the chosen person's screen."""

from sandbox.ledger import Shown
from sandbox.people import Crowd, Person
from sandbox.wire import JsonObject, Upload
from sandbox.world import World

_DEFAULT_COMMANDS = ('{"type": "default"}', "")
_PREVIEW = 80  # characters of the newest message, beside the name


def state_of(world: World, crowd: Crowd, person: Person | None) -> JsonObject:
    """Return everything the page shows, for the chosen person or for the first one there is."""
    chosen = person or next(iter(crowd.everybody), None)
    return {
        "version": world.ledger.version,
        "now": world.now().isoformat(),
        "time_can_pass": world.pass_time is not None,
        "bot": {"name": world.bot["first_name"], "username": world.bot["username"]},
        "commands": world.commands.get(_DEFAULT_COMMANDS, []),
        "people": [_in_list(each) for each in crowd.everybody],
        "person": chosen.user_id if chosen else None,
        "screen": [_on_screen(shown) for shown in chosen.screen] if chosen else [],
        "toasts": list(chosen.toasts) if chosen else [],
        "spinning": list(chosen.spinning) if chosen else [],
    }


def files_of(person: Person) -> dict[int, Upload]:
    """Return the files on a person's screen by message."""
    found = ((shown.message_id, shown.photo or shown.document) for shown in person.screen)
    return {message_id: upload for message_id, upload in found if upload is not None}


def _in_list(person: Person) -> JsonObject:
    newest = next(reversed(person.screen), None)
    return {
        "id": person.user_id,
        "name": person.name,
        "standing": person.chat.standing.value,
        "preview": _preview(newest) if newest else "",
        "newest": newest.message_id if newest else 0,
        "waiting": newest.from_bot if newest else False,
    }


def _preview(shown: Shown) -> str:
    words = shown.text or shown.caption or shown.other or ("a photo" if shown.photo else "a file")
    return " ".join(words.split())[:_PREVIEW]


def _on_screen(shown: Shown) -> JsonObject:
    return {
        "id": shown.message_id,
        "from_bot": shown.from_bot,
        "text": shown.text or shown.caption or "",
        "entities": list(shown.entities),
        "buttons": [
            [{"label": each.label, "data": each.data, "url": each.url} for each in row] for row in shown.buttons
        ],
        "protected": shown.protected,
        "sent_at": shown.sent_at.isoformat(),
        "edited": shown.edited_at is not None,
        "photo": shown.photo is not None,
        "document": shown.document.filename if shown.document else None,
        "other": shown.other,
    }
