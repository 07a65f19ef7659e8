"""Dr Cole plans visits in the chat and from the command line, and reads a brief on the morning of each.

A brief comes once, at her hour, for visits as they are planned by then: a moved one moves it, a called-off one calls
it off. It holds code names and numbers; nobody else's patients, and no word of theirs before she asks for it.
"""

from sqlalchemy import select

from alliance.people import SYSTEM, Role
from storage.tables import AuditEntry, Visit
from tests.stories.ward import Ward, ever, madrid, texts
from workflows import plan_visits


async def test_a_visit_is_planned_with_buttons_and_its_brief_comes_that_morning(ward: Ward) -> None:
    await ward.writes(ward.ana, "/goals Walk alone")
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "2", "5", "7", "It does not move on", "Call me", "Leave it at that")

    await ward.writes(ward.cole, "/visit")
    assert ward.cole.last.text == "Your visits\n\nNo visit is planned."
    await ward.taps(ward.cole, "Plan a visit", "BIRCH-07")
    await ward.writes(ward.cole, "whenever", "yesterday 10:00", "3 March 10:30")
    assert ward.cole.last.text == "Planned: BIRCH-07, Tuesday 3 March at 10:30. A brief comes that morning."
    assert await _visits(ward) == [("BIRCH-07", madrid(3, 3, "10:30"), "planned")]
    await ward.until(madrid(3, 3, "07:59"))
    assert not _briefs(ward)
    await ward.until(madrid(3, 3, "08:01"))

    (brief,) = _briefs(ward)
    print(brief)
    assert brief.startswith("BIRCH-07, today at 10:30\n")
    assert "Waits for a call since 2 March." in brief
    assert "Goals 2 of 7; too few answers to know what is usual." in brief
    assert "Walk" not in "".join(ever(ward, ward.cole))
    await ward.looks_at_what_is_due()
    await ward.restart()
    await ward.looks_at_what_is_due()
    assert len(_briefs(ward)) == 1


def _briefs(ward: Ward) -> list[str]:
    return [text for text in texts(ward.cole) if " of the last " in text]


async def _visits(ward: Ward) -> list[tuple[str, object, str]]:
    names = {(await ward.person(name)).id: name for name in ("BIRCH-07", "MAPLE-02")}
    async with ward.database.reading() as session:
        rows = await session.scalars(select(Visit).order_by(Visit.id))
        return [(names[row.patient_id], row.starts_at, row.state) for row in rows]
