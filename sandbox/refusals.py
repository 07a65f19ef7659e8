"""The errors a Bot API answers with, and the words it uses for them."""

from collections.abc import Mapping

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
TOO_MANY_REQUESTS = 429

OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
SET_WEBHOOK = "Conflict: terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
FORBIDDEN_WORDS = (  # each means that nothing will arrive there until somebody changes it
    "bot was blocked by the user",
    "user is deactivated",
    "bot can't initiate conversation with a user",
    "bot was kicked from the group chat",
    "bot was kicked from the supergroup chat",
    "bot is not a member of the group chat",
    "bot is not a member of the supergroup chat",
    "the group chat was deleted",
)
BAD_REQUEST_WORDS = (  # of a send or an edit: the chat is gone, or the call was wrong and will always be
    "chat not found",
    "private chat not found",
    "message is too long",
    "message text is empty",
    "can't parse entities: unsupported entity type",
    "BUTTON_DATA_INVALID",
    "message to edit not found",
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Refused(Exception):
    """The Bot API answers with an error instead of a result."""

    def __init__(
        self,
        status: int,
        description: str,
        *,
        parameters: Mapping[str, int] | None = None,
        held_back: float = 0.0,
    ) -> None:
        """An error that is told `held_back` seconds late, by the real clock."""
        super().__init__(description)
        self.held_back = held_back
        self.status = status
        self.description = description
        self.parameters: dict[str, int] = dict(parameters or {})


def bad_request(what: str) -> Refused:
    return Refused(BAD_REQUEST, f"Bad Request: {what}")


def forbidden(what: str) -> Refused:
    return Refused(FORBIDDEN, f"Forbidden: {what}")


def too_many(retry_after: int) -> Refused:
    description = f"Too Many Requests: retry after {retry_after}"
    return Refused(TOO_MANY_REQUESTS, description, parameters={"retry_after": retry_after})


def migrated(to_chat_id: int) -> Refused:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(BAD_REQUEST, description, parameters={"migrate_to_chat_id": to_chat_id})
