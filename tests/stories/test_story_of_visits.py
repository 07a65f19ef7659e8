"""Dr Cole plans visits in the chat and from the command line, and reads a brief on the morning of each.

A brief comes once, at her hour, for visits as they are planned by then: a moved one moves it, a called-off one calls
it off. It holds code names and numbers; nobody else's patients, and no word of theirs before she asks for it.
"""

from datetime import datetime

from sqlalchemy import select

from alliance.enrolment import EnrolmentState
from alliance.people import SYSTEM, Role
from sandbox import Fault, FaultKind
from sandbox.people import Person as OnThePhone
from storage import people
from storage.tables import AuditEntry, Outgoing, Visit
from tests.stories.ward import Ward, ever, madrid, texts
from workflows import plan_visits

HALF_A_MINUTE = 120  # words, at the pace at which people read on a phone


async def test_a_visit_is_planned_with_buttons_and_its_brief_comes_that_morning_once(ward: Ward) -> None:
    await ward.writes(ward.ana, "/goals Walk alone")
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "2", "5", "7", "It does not move on", "Call me", "Leave it at that")

    await ward.writes(ward.cole, "/visit")
    assert ward.cole.last.text == "Your visits\n\nNo visit is planned."
    await ward.taps(ward.cole, "Plan a visit", "BIRCH-07")
    await ward.writes(ward.cole, "whenever", "1 March 2026 10:00", "3 March 10:30")
    assert ward.says("visit.refused.unreadable") in texts(ward.cole)
    assert ward.says("visit.refused.past") not in texts(ward.cole)  # a day that has passed cannot be read as one
    assert ward.cole.last.text == "Planned: BIRCH-07, Tuesday 3 March at 10:30. A brief comes that morning."
    assert await _visits(ward) == [("BIRCH-07", madrid(3, 3, "10:30"), "planned")]
    await ward.until(madrid(3, 3, "07:59"))
    assert _briefs(ward) == []
    await ward.until(madrid(3, 3, "08:01"))

    (brief,) = _briefs(ward)
    assert brief.splitlines() == [
        "BIRCH-07, today at 10:30",
        "Waits for a call since 2 March.",
        "Goals 2 of 7; too few answers to know what is usual.",
        "Treatment makes sense 5 of 7; too few answers to know what is usual.",
        "Relationship 7 of 7; too few answers to know what is usual.",
        "Answered 1 of the last 1 check-in.",
        "• possible withdrawal: Goals 2 of 7. Nobody has looked at it, since 2 March.",
        "Chosen in the check-in of 2 March: Goals, 2 of 7: it does not move on. Would like a call.",
    ]
    assert len(brief.split()) <= HALF_A_MINUTE
    assert "Walk" not in "".join(ever(ward, ward.cole))
    await ward.restart()
    await ward.looks_at_what_is_due()
    assert len(_briefs(ward)) == 1

    await ward.taps(ward.cole, "Show words")
    assert "• Walk alone" in ward.cole.last.text
    await ward.later(minutes=11)
    assert not any("Walk alone" in text for text in texts(ward.cole))  # taken away again


async def test_a_moved_visit_moves_its_brief_and_a_called_off_one_has_none(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 tomorrow at 3 pm", "/visit maple-02 2026-03-04 09:00", "/visit")
    assert ward.cole.last.labels[:2] == ("BIRCH-07, Tuesday 3 March at 15:00", "MAPLE-02, Wednesday 4 March at 09:00")
    await ward.taps(ward.cole, "BIRCH-07, Tuesday 3 March at 15:00", "Move it")
    assert "It is planned for Tuesday 3 March at 15:00." in ward.cole.last.text
    await ward.writes(ward.cole, "5 March 15:00")
    await ward.writes(ward.cole, "/visit")
    await ward.taps(ward.cole, "MAPLE-02, Wednesday 4 March at 09:00", "Call it off")
    assert ward.cole.last.text.startswith("MAPLE-02\n\nThe visit of Wednesday 4 March at 09:00 is called off.")

    await ward.until(madrid(3, 5, "07:59"))
    assert _briefs(ward) == []
    await ward.until(madrid(3, 5, "08:01"))

    (brief,) = _briefs(ward)
    assert brief.startswith("BIRCH-07, today at 15:00")
    await ward.writes(ward.cole, "/visit")
    await ward.taps(ward.cole, "BIRCH-07, Thursday 5 March at 15:00", "Move it")
    await ward.writes(ward.cole, "5 March 2026 16:00", "today at 16:30")
    await ward.looks_at_what_is_due()
    assert len(_briefs(ward)) == 1  # moved within its day: she has read it this morning
    async with ward.database.reading() as session:
        acts = list(await session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "visit")))
    assert acts == ["visit_planned", "visit_planned", "visit_moved", "visit_cancelled", "visit_moved"]


async def test_a_brief_that_waits_for_telegram_is_called_off_with_its_visit(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 tomorrow 10:00")
    await ward.until(madrid(3, 3, "07:59"))
    ward.sandbox.faults.add(
        Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=ward.cole.user_id, retry_after=600, times=1)
    )
    await ward.until(madrid(3, 3, "08:01"))
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "command")
        unit.actor = SYSTEM
        visit = (await session.scalars(select(Visit))).one()
        await plan_visits.move(unit, visit.id, starts_at=madrid(3, 3, "12:00"))
    await ward.until(madrid(3, 3, "09:00"))

    assert [brief.splitlines()[0] for brief in _briefs(ward)] == ["BIRCH-07, today at 12:00"]
    async with ward.database.reading() as session:
        states = await session.execute(select(Outgoing.state).where(Outgoing.key.startswith("brief:")))
    assert sorted(states.scalars()) == ["cancelled", "sent"]


async def test_a_visit_before_her_hour_has_its_brief_an_hour_before_and_a_late_one_has_none(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 tomorrow 7:30", "/visit BIRCH-07 tomorrow 20:00")

    await ward.until(madrid(3, 3, "06:31"))
    assert [brief.splitlines()[0] for brief in _briefs(ward)] == ["BIRCH-07, today at 07:30"]
    await ward.is_down_until(madrid(3, 3, "20:30"))

    assert len(_briefs(ward)) == 1  # of a visit that is over nobody needs one


async def test_what_cannot_be_is_refused_and_can_be_written_again(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07")
    for written, key in (
        ("29 March 2:30", "no_such_time"),
        ("2020-03-03T10:00", "past"),
        ("2126-03-03 10:00", "too_far"),
        ("3 March", "unreadable"),
        ("25:00", "unreadable"),
    ):
        await ward.writes(ward.cole, written)
        assert ward.cole.last.text == ward.says(f"visit.refused.{key}")
    await ward.writes(ward.cole, "29 March 3:00")
    assert ward.cole.last.text.startswith("Planned: BIRCH-07, Sunday 29 March at 03:00.")

    await ward.writes(ward.cole, "/visit BIRCH-07 2026-03-29T03:00", "/visit NOBODY 3 March 10:00", "/visit KIM")
    assert ward.says("visit.refused.double", who="BIRCH-07") in texts(ward.cole)
    assert ward.cole.last.text == ward.says("visit.refused.nobody", who="KIM")
    assert len(await _visits(ward)) == 1
    await ward.later(hours=2)
    await ward.writes(ward.cole, "4 March 10:00")
    assert ward.cole.last.text == ward.says("staff.only_commands")  # nothing has asked for it


async def test_a_colleague_sees_and_moves_nothing_of_hers(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 tomorrow 10:00", "/visit")
    pressed = [button.data for shown in ward.cole.screen for row in shown.buttons for button in row if button.data]
    before = await _visits(ward)

    await ward.writes(
        ward.day, "/visit", "/brief BIRCH-07", "/agree BIRCH-07 All is well", "/visit BIRCH-07 9 March 9:00"
    )
    assert ward.says("visit.none") in "".join(texts(ward.day))
    assert texts(ward.day)[-3:] == [ward.says("visit.refused.nobody", who="BIRCH-07")] * 3
    for person in (ward.day, ward.kim, ward.ana):
        await _presses(ward, person, [data for data in pressed if data.split(":")[0] in {"visit", "for"}])
        assert set(person.toasts[-2:]) <= {ward.says("toast.not_yours"), ward.says("toast.unknown")}
    await ward.writes(ward.ana, "/visit", "/brief BIRCH-07")
    await ward.writes(ward.kim, "/brief BIRCH-07")

    assert await _visits(ward) == before
    assert texts(ward.ana)[-2:] == [ward.says("staff.not_for_you")] * 2
    assert texts(ward.kim)[-1] == ward.says("staff.not_for_you")
    assert not any("BIRCH-07," in text for text in ever(ward, ward.day) + ever(ward, ward.kim))


async def test_no_brief_about_somebody_who_is_not_hers_any_more_or_has_left(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 tomorrow 10:00", "/visit MAPLE-02 tomorrow 11:00")
    async with ward.database.writing() as session:
        enrolment = await people.enrolment(session, (await ward.person("BIRCH-07")).id)
        assert enrolment is not None
        enrolment.clinician_id = (await ward.person("DAY")).id
    await ward.writes(ward.ben, "/leave")
    await ward.taps(ward.ben, "Yes, stop")

    await ward.until(madrid(3, 3, "12:00"))

    assert _briefs(ward) == []
    await ward.writes(ward.cole, "/brief MAPLE-02", "/visit MAPLE-02 9 March 9:00")
    assert texts(ward.cole)[-2:] == [ward.says("visit.refused.no_part", who="MAPLE-02")] * 2
    await ward.writes(ward.cole, "/visit")
    assert ward.cole.last.labels == ("MAPLE-02, Tuesday 3 March at 11:00: not marked yet", "Plan a visit")
    await ward.writes(ward.day, "/brief")
    assert ward.day.last.labels == ("BIRCH-07",)


async def test_with_more_patients_than_a_page_holds_she_turns_it(clinic: Ward) -> None:
    for number in range(12):
        await clinic.invite(Role.PATIENT, f"OAK-{number:02}", clinician="COLE")
        await clinic.set_state(f"OAK-{number:02}", EnrolmentState.ACTIVE)

    await clinic.writes(clinic.cole, "/brief")
    assert clinic.cole.last.labels == (*(f"OAK-{number:02}" for number in range(10)), "More")
    await clinic.taps(clinic.cole, "More")
    assert clinic.cole.last.labels == ("OAK-10", "OAK-11", "Earlier")
    await clinic.taps(clinic.cole, "OAK-11")

    assert clinic.cole.last.text.startswith("OAK-11\n")
    assert "Goals: no answer lately." in clinic.cole.last.text


async def test_an_old_button_about_a_visit_that_is_marked_changes_nothing(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 today at 8:30")
    planned = ward.cole.last
    steps = [button.data or "" for row in planned.buttons for button in row]
    cancel = next(step for step in steps if step.endswith(":cancel"))
    visit = cancel.removesuffix(":cancel")
    ward.cole.taps_old(planned.message_id, f"{visit}:done")
    await ward.settle()
    assert ward.says("visit.refused.not_begun") in texts(ward.cole)

    await ward.until(madrid(3, 2, "09:30"))
    await ward.writes(ward.cole, "/visit")
    assert ward.cole.last.labels[0] == "BIRCH-07, Monday 2 March at 08:30: not marked yet"
    await ward.taps(ward.cole, "BIRCH-07, Monday 2 March at 08:30: not marked yet", "It took place")
    ward.cole.taps_old(planned.message_id, cancel)
    await ward.settle()

    assert await _visits(ward) == [("BIRCH-07", madrid(3, 2, "08:30"), "done")]
    assert ward.says("visit.refused.settled") in texts(ward.cole)


def _briefs(ward: Ward) -> list[str]:
    return [text for text in texts(ward.cole) if " of the last " in text]


async def _visits(ward: Ward) -> list[tuple[str, datetime, str]]:
    names = {(await ward.person(name)).id: name for name in ("BIRCH-07", "MAPLE-02")}
    async with ward.database.reading() as session:
        rows = await session.scalars(select(Visit).order_by(Visit.id))
        return [(names[row.patient_id], row.starts_at, row.state) for row in rows]


async def _presses(ward: Ward, person: OnThePhone, data: list[str]) -> None:
    for each in data:
        person.taps_old(1, each)
        await ward.settle()
