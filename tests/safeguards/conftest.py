"""The fixtures of the tests that are run again here with a safeguard off."""

from tests.bot.conftest import clock, sandbox, sqlite_ward, ward
from tests.storage.conftest import add_checkin, add_patient
from tests.storage.test_outbox import intent
from tests.storage.test_outbox_gates import queue
from tests.stories.conftest import _quiet_logs

__all__ = [
    "_quiet_logs",
    "add_checkin",
    "add_patient",
    "clock",
    "intent",
    "queue",
    "sandbox",
    "sqlite_ward",
    "ward",
]
