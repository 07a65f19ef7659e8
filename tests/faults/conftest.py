"""Silence in the log, as for the stories."""

from tests.stories.conftest import _quiet_logs

__all__ = ["_quiet_logs"]
