"""How a call ends, as it is told to the bot."""

import json
from dataclasses import dataclass

from sandbox.faults import Fault, FaultKind
from sandbox.ledger import NO_ANSWER
from sandbox.refusals import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    OTHER_POLL,
    UNAUTHORIZED,
    Refused,
    bad_request,
    forbidden,
    too_many,
)
from sandbox.sending import Done
from sandbox.wire import JsonObject

OK = 200
_FAULT_WORDS = {
    BAD_REQUEST: "Bad Request: chat not found",
    UNAUTHORIZED: "Unauthorized",
    FORBIDDEN: "Forbidden: bot was blocked by the user",
    NOT_FOUND: "Not Found",
    CONFLICT: OTHER_POLL,
    500: "Internal Server Error: restart",
    502: "Bad Gateway",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A status with a result or the words of an error."""

    status: int
    result: object = None
    description: str = ""
    parameters: JsonObject | None = None
    message_id: int | None = None
    chat_id: int | None = None
    held_back: float = 0.0  # seconds, by the real clock

    def body(self) -> bytes:
        if self.status == OK:
            ready = self.result if isinstance(self.result, bytes) else json.dumps(self.result).encode()
            said = b',"description":' + json.dumps(self.description).encode() if self.description else b""
            return b'{"ok":true,"result":' + ready + said + b"}"
        answer: JsonObject = {"ok": False, "error_code": self.status, "description": self.description}
        return json.dumps({**answer, "parameters": self.parameters} if self.parameters else answer).encode()


UNKNOWN_TOKEN = Outcome(status=UNAUTHORIZED, description="Unauthorized")
UNKNOWN_METHOD = Outcome(status=NOT_FOUND, description="Not Found")
UNANSWERED = Outcome(status=NO_ANSWER)


def done(what: Done) -> Outcome:
    return Outcome(
        status=OK,
        result=what.result,
        description=what.description,
        message_id=what.message_id,
        chat_id=what.chat_id,
    )


def refused(refusal: Refused) -> Outcome:
    return Outcome(
        status=refusal.status,
        description=refusal.description,
        parameters=dict(refusal.parameters),
        held_back=refusal.held_back,
    )


def scripted(fault: Fault) -> Outcome:
    """Return the answer a fault gives in place of the true one."""
    match fault.kind:
        case FaultKind.FLOOD:
            return refused(too_many(fault.retry_after))
        case FaultKind.FORBIDDEN:
            return refused(forbidden(fault.description or "bot was blocked by the user"))
        case FaultKind.BAD_REQUEST:
            return refused(bad_request(fault.description or "chat not found"))
        case FaultKind.EMPTY:
            return Outcome(status=OK)
        case _:
            words = fault.description or _FAULT_WORDS.get(fault.status, "Internal Server Error")
            return Outcome(status=fault.status, description=words)
