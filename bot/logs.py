"""Logs: one JSON object for each event, an action word and our own ids, and never a secret."""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import TextIO

import structlog

TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "telegram.ext",
    "apscheduler",
    "alembic",
    "aiosqlite",
    "asyncio",
    "uvicorn",
)
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")  # a bot token, also inside an address
_HIDDEN = "[token]"


def set_up(level: str, *, to: TextIO | None = None) -> None:
    """Send everything to stderr as JSON; libraries only from warnings on, because they print addresses."""
    to = to or sys.stderr
    handler = logging.StreamHandler(to)
    handler.setFormatter(_OneObject())
    handler.addFilter(_redact_record)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_traceback,
            _redact_event,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=to),
        cache_logger_on_first_use=False,
    )


class _OneObject(logging.Formatter):
    """A library's line as one JSON object too, whatever newlines are in it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        said = {"said": record.getMessage(), "event": "library_said", "library": record.name}
        return json.dumps({**said, "level": record.levelname.lower(), "timestamp": at})


def redacted(text: str) -> str:
    """A text without bot tokens."""
    return _TOKEN.sub(_HIDDEN, text)


def _redact_record(record: logging.LogRecord) -> bool:
    record.msg = redacted(record.getMessage())
    record.args = None
    record.exc_info = record.exc_text = None  # a traceback may quote what a patient wrote
    return True


def _without_traceback(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    event.pop("exc_info", None)  # as above; the class of an error is logged as its cause
    return event


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    return {key: redacted(value) if isinstance(value, str) else value for key, value in event.items()}
