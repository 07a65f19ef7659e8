"""The unit of work an update is handled in, carried through python-telegram-bot to every handler."""

from contextvars import ContextVar

from telegram import Update
from telegram.ext import CallbackContext, ExtBot

from workflows.keep_message import Kept
from workflows.unit import Unit

CURRENT: ContextVar[Unit] = ContextVar("unit")
FAILED: ContextVar[list[Exception]] = ContextVar("failed")

Nothing = dict[str, object]


class Context(CallbackContext[ExtBot[None], Nothing, Nothing, Nothing]):
    """What a handler is given beside the update: the unit, and what the crisis screen kept."""

    @property
    def unit(self) -> Unit:
        """The unit that the process has opened for this update."""
        return CURRENT.get()


KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)

__all__ = ["CURRENT", "FAILED", "KEPT", "Context", "Update"]
