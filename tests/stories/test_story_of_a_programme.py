"""Kim puts Ana on a programme: the dates she has seen beforehand are the dates on which Ana is asked, and no others."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta

import pytest

from alliance.cadence import Due
from alliance.flags import FlagState, Resolution
from alliance.people import SYSTEM
from alliance.programme import Stretch
from bot.settings import Settings
from storage import flags
from storage.tables import Flag
from tests.stories.ward import MADRID, ON_BOTH, Ward, madrid
from workflows import change_programme, close_days, foresee, keep_programmes, own_cadence, plan_visits, schedule
from workflows.change_programme import Change, CountFrom, Seen
from workflows.circumstances import place_in_spread
from workflows.set_cadence import CannotSet, find_patient
from workflows.unit import Unit

ANA = "BIRCH-07"
TAPERING = "daily for a week at 18:00, then weekly on Tuesday and Friday at 07:00; not on 13 March 2026"


@ON_BOTH
async def test_what_was_seen_for_her_is_exactly_what_happens(ward: Ward) -> None:
    ward.settings = Settings.model_validate({**ward.settings.model_dump(), "spread_minutes": 10})
    await ward.restart()
    await ward.until(madrid(3, 2, "12:00"))  # the check-in of nine is open
    async with _at_work(ward) as unit:
        await keep_programmes.save(unit, name="Tapering", words=TAPERING)
        await close_days.close(unit, Stretch(first=date(2026, 3, 5), last=date(2026, 3, 5)))
        seen = await _look(unit)
    ana = await ward.person(ANA)
    await ward.later(minutes=20)  # she thinks about it

    async with _at_work(ward) as unit:
        for some in seen.slices():
            await change_programme.apply(unit, seen, some)
    await ward.until(madrid(3, 18, "12:00"))

    foreseen = [due for due in seen.rows[0].after if due.due_at < ward.clock.now()]
    happened = (await ward.checkins())[1:]
    assert [(one.local_date, one.slot, one.due_at, one.state == "held") for one in happened] == [
        (due.local_date, due.slot, due.due_at, due.held is not None) for due in foreseen
    ]
    assert [one.local_date.day for one in happened if one.state == "held"] == [2, 5]  # enough today; closed
    offset = place_in_spread(ana.id, timedelta(minutes=10))
    tapered = happened[-1]
    assert tapered.due_at == madrid(3, 17, "08:00") + offset  # out of the clinic's quiet hours, in her place
    assert all(
        timedelta(0) <= one.delivered_at - one.due_at < timedelta(minutes=1) for one in happened if one.delivered_at
    )


async def test_a_change_that_would_come_out_otherwise_by_now_is_refused_and_changes_nothing(ward: Ward) -> None:
    async with _at_work(ward) as unit:
        await keep_programmes.save(unit, name="Tapering", words=TAPERING)
        seen = await _look(unit)
    async with _at_work(ward) as unit:
        ana = await find_patient(unit, ANA)
        await own_cadence.set_days_off(unit, ana, (Stretch(first=date(2026, 3, 3), last=date(2026, 3, 3)),))
    before = await ward.enrolment(ANA)

    async with _at_work(ward) as unit:
        with pytest.raises(CannotSet, match="look again"):
            await change_programme.apply(unit, seen)

    after = await ward.enrolment(ANA)
    assert (after.programme_version_id, after.rules, after.next_due_at) == (None, before.rules, before.next_due_at)


async def test_dates_around_a_visit_move_with_it_and_go_when_it_is_called_off(ward: Ward) -> None:
    await _puts_ana_on(ward, "weekly on Monday and two days after each visit, and three days before the next")
    async with _at_work(ward) as unit:
        ana = await find_patient(unit, ANA)
        visit = await plan_visits.plan(unit, ana, starts_at=madrid(3, 12, "10:00"))
    assert await _days(ward) == [2, 9, 14, 16]  # the 9th is a Monday and three days before

    async with _at_work(ward) as unit:
        await plan_visits.move(unit, visit.id, starts_at=madrid(3, 6, "10:00"))
    assert await _days(ward) == [2, 3, 8, 9]
    await ward.until(madrid(3, 3, "09:01"))
    assert [one.local_date.day for one in await ward.checkins()] == [2, 3]

    async with _at_work(ward) as unit:
        await plan_visits.cancel(unit, visit.id)
    assert await _days(ward) == [9, 16, 23, 30]


async def test_a_day_around_a_visit_can_be_kept_free_and_a_logged_one_has_nothing_before_it_any_more(
    ward: Ward,
) -> None:
    await _puts_ana_on(ward, "every day; never within one day of a visit")
    async with _at_work(ward) as unit:
        visit = await plan_visits.plan(unit, await find_patient(unit, ANA), starts_at=madrid(3, 4, "10:00"))
    assert await _days(ward) == [2, 6, 7, 8]

    await ward.until(madrid(3, 4, "11:00"))
    async with _at_work(ward) as unit:
        await plan_visits.mark_done(unit, visit.id)
    assert await _days(ward) == [6, 7, 8, 9]
    assert [one.local_date.day for one in await ward.checkins()] == [2]


async def test_it_steps_up_after_a_flag_and_back_once_it_is_repaired(ward: Ward) -> None:
    await _puts_ana_on(ward, "weekly on Monday; after a flag also weekly on Wednesday and Friday")
    await ward.until(madrid(3, 2, "12:00"))
    assert await _days(ward) == [9, 16, 23, 30]
    async with _at_work(ward) as unit:
        flag = await flags.raise_flag(unit.session, await _a_flag(ward, unit.now))
        await schedule.plan_again(unit, flag.patient_id)
    assert await _days(ward) == [4, 6, 9, 11]
    await ward.until(madrid(3, 4, "09:01"))
    assert [one.local_date.day for one in await ward.checkins()] == [2, 4]

    async with _at_work(ward) as unit:
        settled = await flags.get(unit.session, flag.id)
        assert settled is not None
        settled.state, settled.resolution = FlagState.RESOLVED, Resolution.REPAIRED
        await unit.session.flush()
        await schedule.plan_again(unit, flag.patient_id)
    assert await _days(ward) == [9, 16, 23, 30]


async def test_the_hour_she_chooses_goes_before_one_that_the_programme_names(ward: Ward) -> None:
    await _puts_ana_on(ward, "every day at 18:00")
    await ward.until(madrid(3, 2, "12:00"))

    await ward.writes(ward.ana, "/time")
    await ward.writes(ward.ana, "16:30")
    await ward.until(madrid(3, 3, "16:31"))
    await _puts_ana_on(ward, "every day at 20:00")  # a change of the programme leaves her hour alone

    assert [one.slot for one in await ward.checkins()][-1] == "16:30"
    assert [f"{due.due_at.astimezone(MADRID):%d %H:%M}" for due in (await _foreseen(ward))[:2]] == [
        "04 16:30",
        "05 16:30",
    ]


async def test_a_coordinator_reads_the_programme_in_the_chat(ward: Ward) -> None:
    await _puts_ana_on(ward, "weekly on Friday at 18:00; at most one a week")

    await ward.writes(ward.kim, f"/cadence {ANA}")

    assert "weekly on Friday at 18:00; at most one a week" in ward.kim.last.text


@asynccontextmanager
async def _at_work(ward: Ward) -> AsyncGenerator[Unit]:
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, f"cadence:{ward.clock.now().timestamp()}")
        unit.actor = SYSTEM
        yield unit


async def _look(unit: Unit) -> Seen:
    ana = await find_patient(unit, ANA)
    return await change_programme.look(
        unit, Change(programme="Tapering", patient_ids=(ana.id,), count_from=CountFrom.TODAY), count=12
    )


async def _puts_ana_on(ward: Ward, words: str) -> None:
    async with _at_work(ward) as unit:
        await keep_programmes.save(unit, name="Usual", words=words)
        await change_programme.assign(unit, await find_patient(unit, ANA), programme="usual")


async def _foreseen(ward: Ward) -> tuple[Due, ...]:
    async with _at_work(ward) as unit:
        return (await foresee.for_patient(unit, await find_patient(unit, ANA))).asked


async def _days(ward: Ward) -> list[int]:
    """The next four days of March on which Ana is asked; the timers look at the first of them."""
    coming = await _foreseen(ward)
    enrolment = await ward.enrolment(ANA)
    assert (enrolment.next_due_on, enrolment.next_due_at) == (coming[0].local_date, coming[0].due_at)
    return [due.local_date.day for due in coming[:4]]


async def _a_flag(ward: Ward, now: datetime) -> Flag:
    return Flag(
        patient_id=(await ward.person(ANA)).id,
        clinician_id=(await ward.person("COLE")).id,
        checkin_id=None,
        kind="withdrawal",
        domain="bond",
        signal="fall",
        strength=1.0,
        since=now,
        reason={},
        rule="fall",
        state=FlagState.RAISED,
        resolution=None,
        raised_at=now,
    )
