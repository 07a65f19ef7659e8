"""Notices a connection pool in between that lends PostgreSQL's connections for one transaction only."""

from sqlalchemy import text

from storage.database import Database
from storage.trouble import Pooled

_TAKE = text("SELECT set_config('checkin.taken', 'yes', false)")
_IS_TAKEN = text("SELECT current_setting('checkin.taken', true)")
_GIVE_BACK = text("SELECT set_config('checkin.taken', '', false)")
_TIME_LIMIT = text("SHOW idle_in_transaction_session_timeout")
NO_LIMIT = "0"


async def check_no_pool_between(database: Database) -> None:
    """Refuse a pool that does not keep what a connection has set.

    Through such a one nobody is woken (LISTEN), prepared statements are missing or another's, and a worker that
    stands still in a transaction keeps its locks. It is known by this: what one connection has set for itself,
    another finds. Raises Pooled.
    """
    if database.is_sqlite:
        return
    async with database.connected() as one, database.connected() as other:
        await one.execute(_TAKE)
        await one.commit()  # from here on such a pool lends it to others
        found, time_limit = await other.scalar(_IS_TAKEN), await other.scalar(_TIME_LIMIT)
        await one.execute(_GIVE_BACK)
        await one.commit()
    if found == "yes":
        raise Pooled(database.url_for_humans, because="one connection finds what another has set")
    if time_limit == NO_LIMIT:
        raise Pooled(database.url_for_humans, because="idle_in_transaction_session_timeout is not set")
