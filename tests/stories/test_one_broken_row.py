"""One row that cannot be handled does not stop the others: not the pages, not the check-ins, not the digests.

A row may be broken in ways nobody has thought of. It is put off by minutes and tried again, so that it comes through
once it has been mended; everybody else is served as if it were not there. When the database itself refuses, nothing
is put off: the whole tick is tried again.
"""

from dataclasses import replace

import pytest
from sqlalchemy import update

from alliance.people import Role
from bot.timers import TICKS, Tick
from sandbox.people import Person as OnThePhone
from storage.tables import Alert, Enrolment, Person
from storage.trouble import Unwritable
from tests.stories.crisis import WORDS, pages
from tests.stories.ward import ON_BOTH, Ward, madrid, texts


@ON_BOTH
async def test_one_alert_that_cannot_be_paged_does_not_silence_the_others(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.writes(ward.cy, WORDS)
    ana, _ = await ward.alerts()
    await _change(ward, update(Alert).where(Alert.id == ana.id).values(cause="no such cause"))
    before = len(pages(ward, ward.kim))

    await ward.later(minutes=5)
    assert len(pages(ward, ward.kim)) > before
    assert texts(ward.kim)[-1].startswith("Possible crisis: somebody who is not enrolled")
    assert "BIRCH-07" not in "\n".join(texts(ward.kim))

    await _change(ward, update(Alert).where(Alert.id == ana.id).values(cause="suicide"))
    await ward.later(minutes=3)
    assert "BIRCH-07" in texts(ward.kim)[-1]  # together with the other one, which is due as well


@ON_BOTH
async def test_one_patient_who_cannot_be_asked_does_not_stop_the_others(ward: Ward) -> None:
    dora = await _dora(ward)
    patient = (await ward.person("CEDAR-11")).id
    await _change(ward, update(Enrolment).where(Enrolment.patient_id == patient).values(rules=["no rule at all"]))

    await ward.until(madrid(3, 2, "09:02"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert await ward.checkins("CEDAR-11") == []

    await _change(ward, update(Enrolment).where(Enrolment.patient_id == patient).values(rules=["FREQ=DAILY"]))
    await ward.until(madrid(3, 2, "09:11"))
    assert dora.last.text.startswith("Check-in, 1 of 3")
    assert [(str(one.local_date), one.slot, one.state) for one in await ward.checkins("CEDAR-11")] == [
        ("2026-03-02", "09:00", "open")
    ]


async def test_a_check_in_that_is_mended_at_night_is_as_late_as_it_is_and_wakes_nobody(ward: Ward) -> None:
    before = texts(ward.ana)
    patient = (await ward.person("BIRCH-07")).id
    await _change(ward, update(Enrolment).where(Enrolment.patient_id == patient).values(rules=["no rule at all"]))
    await ward.until(madrid(3, 4, "02:30"))

    await _change(ward, update(Enrolment).where(Enrolment.patient_id == patient).values(rules=["FREQ=DAILY"]))
    await ward.until(madrid(3, 4, "07:59"))
    assert texts(ward.ana) == before
    assert [(str(one.local_date), one.state) for one in await ward.checkins()] == [
        ("2026-03-02", "missed"),
        ("2026-03-03", "missed"),
    ]

    await ward.until(madrid(3, 4, "09:00"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


@ON_BOTH
async def test_one_digest_that_cannot_be_arranged_does_not_stop_the_others(ward: Ward) -> None:
    day = (await ward.person("DAY")).id
    await _change(ward, update(Person).where(Person.id == day).values(digest_at="at noon"))

    await ward.until(madrid(3, 3, "08:02"))
    assert ward.cole.last.text.startswith("Digest, Tuesday 3 March 2026")
    assert not ward.day.last.text.startswith("Digest")

    await _change(ward, update(Person).where(Person.id == day).values(digest_at="08:00"))
    await ward.until(madrid(3, 3, "08:11"))
    assert ward.day.last.text.startswith("Digest, Tuesday 3 March 2026")
    assert sum(text.startswith("Digest") for text in texts(ward.cole)) == 1


@pytest.mark.parametrize("broken", ["COLE", "DAY"])
async def test_a_whole_batch_of_broken_digests_holds_up_nobody_behind_it(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr("workflows.send_digests.BATCH", 1)
    name = (await ward.person(broken)).id
    await _change(ward, update(Person).where(Person.id == name).values(digest_at="at noon"))
    ward.clock.move_to(madrid(3, 3, "08:01"))

    await ward.program.timers.ask(replace(_tick("digests"), batch=1))
    await ward.settle()

    other = ward.day if broken == "COLE" else ward.cole
    assert other.last.text.startswith("Digest, Tuesday 3 March 2026")


@pytest.mark.parametrize(
    ("tick", "asks"),
    [
        pytest.param("alerts", "workflows.page_staff.page_now", id="pages"),
        pytest.param("checkins", "workflows.send_checkins.catch_up", id="check-ins"),
        pytest.param("digests", "workflows.send_digests.arranged", id="digests"),
    ],
)
async def test_a_database_that_refuses_puts_nobody_off(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, tick: str, asks: str
) -> None:
    await ward.writes(ward.ana, WORDS)
    ward.clock.move_to(madrid(3, 3, "08:01"))
    before = await _next(ward, tick)
    with monkeypatch.context() as broken:
        broken.setattr(asks, _refuse)
        with pytest.raises(Unwritable):
            await ward.program.timers.ask(_tick(tick))

    assert await _next(ward, tick) == before


def _tick(name: str) -> Tick:
    return next(one for one in TICKS if one.name == name)


async def _dora(ward: Ward) -> OnThePhone:
    dora = ward.sandbox.person("Dora")
    await ward.enrol(dora, (await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="DAY")).link)
    return dora


async def _next(ward: Ward, tick: str) -> object:
    return (await ward.program.timers.next_moments())[tick]


async def _change(ward: Ward, statement: object) -> None:
    async with ward.database.writing() as session:
        await session.execute(statement)  # pyright: ignore[reportCallIssue, reportArgumentType]  # one of the updates above


async def _refuse(*_: object, **__: object) -> None:
    raise Unwritable
