"""Tests of storage.leases: one holder at a time, a token that grows, and no effect under a lease that is over."""

from datetime import datetime, timedelta

import pytest

from storage import leases
from storage.database import Database
from storage.leases import ALONE, Fenced, Lease
from tests.stories.ward import POSTGRESQL, SQLITE

LASTS = timedelta(seconds=12)
OVER = timedelta(0)


async def _taken(
    database: Database, holder: str, *, lasts: timedelta, now: datetime, gone: str | None = None
) -> Lease | None:
    async with database.writing() as session:
        return await leases.take(session, "sending", holder=holder, lasts=lasts, now=now, gone=gone)


async def test_whoever_comes_first_has_it_and_the_second_does_not(database: Database, moment: datetime) -> None:
    first = await _taken(database, "a", lasts=LASTS, now=moment)

    second = await _taken(database, "b", lasts=LASTS, now=moment)

    assert (first, second) == (Lease(name="sending", holder="a", token=1), None)


async def test_when_its_time_is_over_the_next_one_has_it_with_a_higher_token(
    database: Database, moment: datetime
) -> None:
    await _taken(database, "a", lasts=OVER, now=moment)

    second = await _taken(database, "b", lasts=LASTS, now=moment)

    assert second == Lease(name="sending", holder="b", token=2)


async def test_of_a_worker_that_has_surely_ended_nothing_is_waited_out(database: Database, moment: datetime) -> None:
    await _taken(database, "a", lasts=LASTS, now=moment)

    by_mistake = await _taken(database, "b", lasts=LASTS, now=moment, gone="c")
    rightly = await _taken(database, "b", lasts=LASTS, now=moment, gone="a")

    assert (by_mistake, rightly) == (None, Lease(name="sending", holder="b", token=2))


async def test_a_lease_given_back_is_free_at_once_and_its_token_is_not_used_again(
    database: Database, moment: datetime
) -> None:
    first = await _taken(database, "a", lasts=LASTS, now=moment)
    assert first is not None
    async with database.writing() as session:
        await leases.give_back(session, first, now=moment)

    second = await _taken(database, "b", lasts=LASTS, now=moment)

    assert second == Lease(name="sending", holder="b", token=2)


async def test_a_lease_is_renewed_by_its_holder_and_by_nobody_who_had_it_before(
    database: Database, moment: datetime
) -> None:
    first = await _taken(database, "a", lasts=OVER, now=moment)
    assert first is not None

    async with database.writing() as session:
        late_but_nobody_came = await leases.renew(session, first, lasts=OVER, now=moment)
    second = await _taken(database, "b", lasts=LASTS, now=moment)
    assert second is not None
    async with database.writing() as session:
        renewed = [await leases.renew(session, one, lasts=LASTS, now=moment) for one in (first, second)]

    assert late_but_nobody_came
    assert renewed == [False, True]


async def test_an_effect_under_a_lease_that_has_changed_hands_is_refused(database: Database, moment: datetime) -> None:
    first = await _taken(database, "a", lasts=OVER, now=moment)
    second = await _taken(database, "b", lasts=LASTS, now=moment)
    assert first is not None
    assert second is not None

    async with database.writing() as session:
        await leases.hold(session, second)
        await leases.hold(session, ALONE)  # of a process that has no other beside it
        with pytest.raises(Fenced):
            await leases.hold(session, first)


async def test_it_is_told_who_holds_what(database: Database, moment: datetime) -> None:
    await _taken(database, "a", lasts=LASTS, now=moment)
    async with database.writing() as session:
        await leases.take(session, "ticks", holder="b", lasts=OVER, now=moment)

        assert await leases.holders(session, now=moment) == {"sending": "a"}
        assert await leases.holder_of(session, "ticks") == "b"
        assert await leases.holder_of(session, "polling") is None


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_while_an_effect_is_under_way_the_lease_does_not_change_hands(
    database: Database, moment: datetime
) -> None:
    first = await _taken(database, "a", lasts=OVER, now=moment)
    assert first is not None

    async with database.writing() as effect:
        await leases.hold(effect, first)
        async with database.writing() as other:
            waits = await other.connection()
            await waits.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(Exception, match="lock timeout"):
                await leases.take(other, "sending", holder="b", lasts=LASTS, now=moment)
            await other.rollback()


@pytest.mark.parametrize("ground", [SQLITE], indirect=True)
async def test_where_there_is_but_one_process_its_own_clock_counts(database: Database, moment: datetime) -> None:
    async with database.reading() as session:
        assert await leases.moment(session, now=moment) == moment


@pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)
async def test_where_several_share_a_server_the_servers_clock_counts(database: Database, moment: datetime) -> None:
    async with database.reading() as session:
        assert await leases.moment(session, now=moment) > moment + timedelta(days=1)
