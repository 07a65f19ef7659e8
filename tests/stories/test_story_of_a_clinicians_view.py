"""Dr Cole gives her own view of a patient in three taps; where it lies far above the patient's own, she is told.

She is asked after a visit or once a week, about a few patients a day at the most, in one message. Nobody else is shown
it beside the patient's answers: no colleague, and not the patient in any message.
"""

from datetime import timedelta

from sqlalchemy import select

from alliance.clinician_rating import WhenAsked
from alliance.people import Role
from storage import people
from storage.tables import ClinicianRating
from tests.stories.ward import Ward, ever, madrid, texts

SOON = timedelta(minutes=5)


async def test_three_taps_after_a_visit_in_one_message(ward: Ward) -> None:
    await _saw(ward, "BIRCH-07")
    first = ward.cole.last
    assert first.text.startswith("BIRCH-07, your own view: 1 of 3\n\nHow much do you two agree")
    assert ward.says("view.who_reads") in first.text
    assert first.labels == ("1", "2", "3", "4", "5", "6", "7", "Pass over")
    spoken = len(texts(ward.cole))

    await ward.taps(ward.cole, "6", "5", "7")

    assert len(texts(ward.cole)) == spoken
    assert ward.cole.last.text == ("BIRCH-07\n\nYour view is kept: Goals 6, Treatment makes sense 5, Relationship 7.")
    assert await _views(ward) == [("rated", 6, 5, 7, "clinician-view/1", "alliance-brief/1")]
    ward.cole.taps_old(first.message_id, first.buttons[0][0].data or "")
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("toast.no_longer_open")
    assert await _views(ward) == [("rated", 6, 5, 7, "clinician-view/1", "alliance-brief/1")]
    await ward.writes(ward.cole, "/brief BIRCH-07")
    assert "Goals: no answer lately. You: 6 (2 March)." in ward.cole.last.text
    assert not any("view" in text for text in ever(ward, ward.ana))


async def test_a_patient_far_below_her_view_is_a_quiet_line_in_her_digest(ward: Ward) -> None:
    await _saw(ward, "BIRCH-07")
    await ward.taps(ward.cole, "7", "6", "7")
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "5", "6", "7", "Leave it at that")

    await ward.until(madrid(3, 6, "08:01"))

    assert [(flag.signal, flag.domain) for flag in await ward.flags()] == [("disagreement", "goal")]
    card = ward.cole.last.text
    assert card.startswith("BIRCH-07: possible withdrawal\nGoals 5 of 7, since 5 March.")
    assert "Your own view: 7 of 7." in card
    assert ward.says("digest.signal.disagreement") in card


async def test_a_view_given_after_the_answers_is_laid_beside_them_at_once(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "5", "6", "7", "Leave it at that")
    assert await ward.flags() == []

    await _saw(ward, "BIRCH-07")
    await ward.taps(ward.cole, "7", "6", "7")

    assert [(flag.signal, flag.domain) for flag in await ward.flags()] == [("disagreement", "goal")]


async def test_a_view_near_the_patient_s_or_below_it_raises_nothing(ward: Ward) -> None:
    await _saw(ward, "BIRCH-07")
    await ward.taps(ward.cole, "6", "6", "7")  # a step apart
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "5", "6", "7", "Leave it at that")

    await ward.until(madrid(3, 6, "10:00"))
    await _saw(ward, "BIRCH-07")
    await ward.taps(ward.cole, "5", "4", "3")  # hers is the lower one
    await ward.until(madrid(3, 9, "09:00"))
    await ward.taps(ward.ana, "5", "6", "7", "Leave it at that")

    assert await ward.flags() == []


async def test_a_colleague_who_takes_over_is_not_shown_her_view(ward: Ward) -> None:
    await _saw(ward, "BIRCH-07")
    await ward.taps(ward.cole, "7", "6", "7")
    await ward.writes(ward.cole, "/visit BIRCH-07 5 March 15:00", "/agree BIRCH-07 Begun by a colleague")
    async with ward.database.writing() as session:
        cole, day = await ward.person("COLE"), await ward.person("DAY")
        await people.hand_over(session, from_id=cole.id, to_id=day.id)
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "1", "6", "7", "Leave it at that")

    await ward.until(madrid(3, 6, "08:01"))
    assert any(text.startswith("BIRCH-07, today at 15:00") for text in ever(ward, ward.day))  # it went along
    await ward.writes(ward.day, "/agree BIRCH-07", "/brief BIRCH-07")

    assert [flag.signal for flag in await ward.flags()] == ["floor"]
    assert not any(word in text for text in ever(ward, ward.day) for word in ("Your own view", "You: 7", "Begun"))


async def test_she_is_asked_about_three_a_day_and_may_pass_over(ward: Ward) -> None:
    for number in range(4):
        await ward.invite(Role.PATIENT, f"OAK-{number}", clinician="COLE")
        await ward.set_state(f"OAK-{number}", "active")
        await _saw(ward, f"OAK-{number}")
        if number < 3:
            await ward.taps(ward.cole, "Pass over")
            assert ward.cole.last.text == f"OAK-{number}\n\nAll right, passed over."
    assert [view[0] for view in await _views(ward)] == ["skipped"] * 3  # the fourth was not asked about

    await ward.until(madrid(3, 3, "09:00"))
    await _saw(ward, "OAK-3")
    question = ward.cole.last
    await ward.until(madrid(3, 5, "10:00"))
    ward.cole.taps_old(question.message_id, question.buttons[0][0].data or "")
    await ward.settle()

    assert any(ward.says("view.late") in text for text in texts(ward.cole))
    assert [view[:2] for view in await _views(ward)][-1] == ("asked", None)


async def test_weekly_one_message_goes_from_patient_to_patient_beside_the_digest(ward: Ward) -> None:
    ward.settings.clinician_rates, ward.settings.clinician_ratings_a_day = WhenAsked.WEEKLY, 2
    await ward.restart()
    for number in range(2):
        await ward.invite(Role.PATIENT, f"OAK-{number}", clinician="COLE")
        await ward.set_state(f"OAK-{number}", "active")

    await ward.until(madrid(3, 3, "08:01"))
    asked = [shown for shown in ward.cole.screen if "your own view" in shown.text]
    assert len(asked) == 1
    await ward.taps(ward.cole, "6", "6", "6")
    assert ward.cole.last.text.startswith("OAK-0, your own view: 1 of 3")
    await ward.taps(ward.cole, "Pass over")
    assert ward.cole.last.text == "OAK-0\n\nAll right, passed over."
    await ward.until(madrid(3, 4, "08:01"))
    assert any(text.startswith("OAK-1, your own view") for text in texts(ward.cole))
    await ward.until(madrid(3, 6, "08:01"))
    assert len(await _views(ward)) == 3  # Ben has a break; nobody twice in a week
    await ward.until(madrid(3, 10, "08:01"))

    assert len(await _views(ward)) == 5


async def test_where_a_clinic_wants_none_nobody_is_asked(ward: Ward) -> None:
    ward.settings.clinician_rates = WhenAsked.NEVER
    await ward.restart()

    await _saw(ward, "BIRCH-07")
    await ward.until(madrid(3, 4, "08:01"))

    assert await _views(ward) == []


async def _saw(ward: Ward, code_name: str) -> None:
    """A visit with that patient is planned, takes place and is marked."""
    await ward.writes(ward.cole, f"/visit {code_name} {(ward.clock.now() + SOON).isoformat()}")
    done = next(
        button.data or "" for row in ward.cole.last.buttons for button in row if (button.data or "").endswith(":cancel")
    )
    place = ward.cole.last.message_id
    await ward.later(minutes=6)
    ward.cole.taps_old(place, done.replace(":cancel", ":done"))
    await ward.settle()


async def _views(ward: Ward) -> list[tuple[object, ...]]:
    async with ward.database.reading() as session:
        rows = await session.scalars(select(ClinicianRating).order_by(ClinicianRating.id))
        return [(row.state, row.goal, row.task, row.bond, row.form, row.instrument) for row in rows]
