"""What is read once for all, and silence in the log, as for the stories."""

from tests.stories.conftest import _quiet_logs, _read_once

__all__ = ["_quiet_logs", "_read_once"]
