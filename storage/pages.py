"""Questions about what the messages of a check-in show."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import CheckinPage

_OF = select(CheckinPage).where(
    CheckinPage.checkin_id == bindparam("of"), CheckinPage.message_id == bindparam("shown_in")
)


async def of(session: AsyncSession, checkin_id: int, message_id: int) -> CheckinPage | None:
    """What that message shows, if it is known."""
    return await session.scalar(_OF, {"of": checkin_id, "shown_in": message_id})


async def expect(session: AsyncSession, checkin_id: int, *, page: str, post_key: str) -> None:
    """A new message is on its way; which one it will be, only its arrival tells."""
    session.add(CheckinPage(checkin_id=checkin_id, page=page, turns=0, post_key=post_key))
    await session.flush()


async def turn(session: AsyncSession, shown: CheckinPage, *, page: str, printed: str, post_key: str) -> None:
    """The message is being brought to another page."""
    session.add(shown)
    shown.page, shown.print, shown.post_key, shown.shown_at = page, printed, post_key, None
    await session.flush()


async def arrived(session: AsyncSession, post_key: str, *, message_id: int, at: datetime) -> None:
    """The new message stands in the chat under that id; one that was turned on before stays as it is."""
    expected = await session.scalar(select(CheckinPage).where(CheckinPage.post_key == post_key))
    if expected is None or expected.message_id is not None:
        return
    if await of(session, expected.checkin_id, message_id) is not None:
        await session.execute(delete(CheckinPage).where(CheckinPage.id == expected.id))
        return
    expected.message_id, expected.shown_at = message_id, at
    await session.flush()


async def stands(session: AsyncSession, post_key: str, *, at: datetime) -> None:
    """Telegram says that the page stands there, unless it has been turned again since."""
    shown = await session.scalar(select(CheckinPage).where(CheckinPage.post_key == post_key))
    if shown is not None:
        shown.shown_at = at
        await session.flush()
