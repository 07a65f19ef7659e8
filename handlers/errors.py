"""A handler that fails takes its whole unit with it; the process rolls it back and tries again."""

from telegram.ext import ApplicationHandlerStop

from handlers.context import FAILED, Context


async def fail_the_unit(_update: object, context: Context) -> None:
    """Hand the failure to the process, and let no other handler run on a unit that is lost."""
    if context.error is not None:
        FAILED.get().append(context.error)
    raise ApplicationHandlerStop
