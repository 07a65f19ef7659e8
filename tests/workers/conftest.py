"""The parent of the workers' lives."""

from tests.crash.conftest import parent

__all__ = ["parent"]
