"""Whether the keys at hand are those this database was written with."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import display_name
from storage.tables import Person
from storage.trouble import WrongKeys
from storage.vault import Tampered


async def check(session: AsyncSession) -> None:
    """Open one sealed name, if there is any; raises WrongKeys when it cannot be opened.

    Started with other keys the program would take every waiting message for a forged one.
    """
    person = await session.scalar(select(Person).where(Person.name.is_not(None)).limit(1))
    if person is None:
        return
    try:
        display_name(session, person)
    except Tampered as error:
        raise WrongKeys from error
