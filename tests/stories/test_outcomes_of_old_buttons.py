"""Old buttons and old links of somebody who left, was discharged or has died enrol nobody.

A chat keeps every button it ever showed. A telephone passes to a widow, a thumb scrolls up: what was pressed months
ago to take part must not begin anything now. Coming back needs a new link from the clinic.
"""

from collections.abc import Awaitable, Callable

import pytest

from alliance.enrolment import ENDED, EnrolmentState
from alliance.people import Role
from sandbox.people import Person as OnThePhone
from tests.stories.ward import ON_BOTH, YES, Ward, calls, madrid, texts


async def _left(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")


async def _discharged(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)


async def _transferred(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.TRANSFERRED)


async def _deceased(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.DECEASED)


ENDS = [
    pytest.param(_left, "left", id="she left"),
    pytest.param(_discharged, "discharged", id="discharged"),
    pytest.param(_transferred, "transferred", id="transferred"),
    pytest.param(_deceased, "deceased", id="deceased"),
]


@pytest.mark.parametrize(("ends", "state"), ENDS)
async def test_every_button_she_ever_saw_begins_nothing(
    ward: Ward, ends: Callable[[Ward], Awaitable[None]], state: str
) -> None:
    await ends(ward)
    consents = await ward.consents()

    await _presses_everything(ward, ward.ana)
    await ward.until(madrid(3, 6, "12:00"))

    enrolment = await ward.enrolment("BIRCH-07")
    assert (enrolment.state, enrolment.next_due_at) == (state, None)
    assert await ward.consents() == consents
    assert await ward.checkins() == []
    assert ward.says("toast.no_longer_open") in ward.ana.toasts


@ON_BOTH
@pytest.mark.parametrize(("ends", "state"), ENDS)
async def test_somebody_who_was_half_way_through_enrolling_does_not_finish_it(
    clinic: Ward, ends: Callable[[Ward], Awaitable[None]], state: str
) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()
    await clinic.taps(clinic.ana, YES, "Yes")
    await ends(clinic)

    await clinic.taps(clinic.ana, "09:00")
    await _presses_everything(clinic, clinic.ana)
    await clinic.writes(clinic.ana, "09:00")

    enrolment = await clinic.enrolment("BIRCH-07")
    assert (enrolment.state, enrolment.at) == (state, [])
    assert set(clinic.ana.toasts) == {clinic.says("toast.no_longer_open")}


@pytest.mark.parametrize("state", sorted(ENDED))
async def test_an_enrolment_that_stopped_half_way_is_ended_whatever_step_it_was_at(
    clinic: Ward, state: EnrolmentState
) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()
    await clinic.taps(clinic.ana, YES, "Yes")
    await clinic.set_state("BIRCH-07", state)  # and nothing else, as in a database of an earlier version

    await clinic.taps(clinic.ana, "09:00")
    await _presses_everything(clinic, clinic.ana)

    assert (await clinic.enrolment("BIRCH-07")).state == state
    assert set(clinic.ana.toasts) == {clinic.says("toast.no_longer_open")}


async def test_somebody_who_takes_part_changes_nothing_by_her_old_buttons(ward: Ward) -> None:
    before = await ward.enrolment("BIRCH-07")
    spoken = calls(ward, ward.ana, "sendMessage")

    await _presses_everything(ward, ward.ana)

    after = await ward.enrolment("BIRCH-07")
    assert (after.state, after.at, after.next_due_at) == (before.state, before.at, before.next_due_at)
    assert calls(ward, ward.ana, "sendMessage") == spoken


async def test_a_link_that_was_never_opened_is_worthless_after_a_discharge(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    await clinic.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)

    clinic.ana.opens(invited.link)
    await clinic.settle()

    assert texts(clinic.ana) == [clinic.says("stranger")]
    assert (await clinic.person("BIRCH-07")).chat_id is None


async def test_a_new_link_after_a_discharge_begins_anew_and_asks_for_consent_again(ward: Ward) -> None:
    await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)
    again = await ward.invite(Role.PATIENT, "BIRCH-07")

    await ward.enrol(ward.ana, again.link)

    assert (await ward.enrolment("BIRCH-07")).state == "active"
    assert [decision for *_, decision in await ward.consents()].count("given") == 3  # Ana's, Ben's, and Ana's again


async def _presses_everything(ward: Ward, person: OnThePhone) -> None:
    """Every button that was ever on this person's screen, once, as if it were still there."""
    seen = {
        (button.data, shown.message_id)
        for shown in ward.sandbox.ledger.ever_shown(person.user_id)
        for row in shown.buttons
        for button in row
        if button.data and button.data != "h" and not button.data.startswith("l:")
    }
    for data, message_id in sorted(seen):
        person.taps_old(message_id, data or "")
        await ward.settle()
