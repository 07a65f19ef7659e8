"""Whether the keys at hand are those this database was written with."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import vault_of
from storage.people import name_place
from storage.tables import Person
from storage.trouble import WrongKeys
from storage.vault import Tampered


async def check(session: AsyncSession) -> None:
    """Open one sealed name, if there is any; raises WrongKeys when it cannot be opened.

    Started with other keys the program would take every waiting message for a forged one.
    """
    # by column: the database may be of an older version, which knows fewer of them
    row = (await session.execute(select(Person.id, Person.name).where(Person.name.is_not(None)).limit(1))).first()
    if row is None or row.name is None:
        return
    try:
        vault_of(session).open(row.name, name_place(row.id))
    except Tampered as error:
        raise WrongKeys from error
