"""Kim coordinates from her phone: who is asked today, one patient, another rhythm, a link to hand on.

Dr Cole and Ana may not, and learn nothing by trying.
"""

from alliance.buttons import encode
from alliance.coordinator_presses import About, ListPatients, OpenOne
from alliance.people import Role
from storage import people, roster
from tests.stories.ward import ON_BOTH, YES, Ward, madrid, texts


@ON_BOTH
async def test_kim_sees_how_today_stands_and_opens_whom_something_is_to_be_done_about(ward: Ward) -> None:
    await ward.invite(Role.PATIENT, "ELM-03", clinician="COLE")
    await ward.until(madrid(3, 20, "09:30"))  # fifteen days on: the link has run out

    await ward.writes(ward.kim, "/today")

    said = ward.kim.last.text
    assert ward.says("today.title", day="Friday 20 March") in said
    assert f"{ward.says('today.waiting', count=1)}\n• ELM-03" in said
    assert ward.says("today.without_team", count=0) in said
    await ward.taps(ward.kim, "ELM-03")
    assert ward.kim.last.text.startswith("ELM-03\nInvited; taking part has not begun.\nClinician: COLE")
    await ward.taps(ward.kim, "New link")
    link = ward.kim.last.text.splitlines()[-1]
    assert link.startswith("https://t.me/")
    await ward.writes(ward.kim, "/today")
    assert ward.says("today.waiting", count=0) in ward.kim.last.text

    elm = ward.sandbox.person("Eli")
    elm.opens(link)
    await ward.settle()
    assert YES in elm.last.labels  # the consent request, with its answers


async def test_one_patient_is_found_by_code_name_or_clinic_id_with_what_can_be_done(ward: Ward) -> None:
    async with ward.database.writing() as session:
        ana = await people.by_code_name(session, "BIRCH-07")
        assert ana is not None
        roster.keep(session, ana.id, clinic_id="A-17", cells={}, now=ward.clock.now())

    await ward.writes(ward.kim, "/patient a-17")
    page = ward.kim.last.text
    await ward.taps(ward.kim, "How often")
    cadence = ward.kim.last.text
    await ward.writes(ward.kim, "/patient birch-07")
    await ward.taps(ward.kim, "Hold check-ins")
    hold = ward.kim.last.text

    assert page.startswith("BIRCH-07\nTakes part.\nClinician: COLE\nClinic's own id: A-17\n\nAsked ")
    assert "Next: " in page
    assert cadence.startswith(ward.says("cadence.title", who="BIRCH-07"))
    assert hold.startswith(ward.says("hold.title", who="BIRCH-07"))


async def test_the_list_is_turned_and_narrowed(ward: Ward) -> None:
    for number in range(15):
        await ward.invite(Role.PATIENT, f"OAK-{number:02}", clinician="COLE")

    await ward.writes(ward.kim, "/patients oak")
    first = ward.kim.last.text
    await ward.taps(ward.kim, "Later")
    second = ward.kim.last.text
    await ward.writes(ward.kim, "/patients %")

    assert first == "Patients 1 to 12 of 15"
    assert second == "Patients 13 to 15 of 15"
    assert ward.kim.last.text == ward.says("patients.found_none", words="%")


async def test_an_invitation_that_makes_no_sense_says_why_and_makes_none(ward: Ward) -> None:
    for command, key, values in (
        ("/invite", "invite.how", {}),
        ("/invite COLE", "invite.refused.other_role", {"who": "COLE"}),
        ("/invite ELM-03, NOBODY", "invite.refused.no_clinician", {"who": "NOBODY"}),
        ("/patient", "patient.how", {}),
        ("/patient COLE", "refused.patient.nobody", {"who": "COLE"}),
    ):
        await ward.writes(ward.kim, command)
        assert ward.kim.last.text == ward.says(key, **values)
    async with ward.database.reading() as session:
        assert await people.by_code_name(session, "ELM-03") is None


async def test_nobody_else_is_shown_a_patient_or_makes_a_link_and_a_forged_button_is_refused(ward: Ward) -> None:
    ana = await ward.person("BIRCH-07")
    before = len(texts(ward.cole)), len(texts(ward.ana))

    for person in (ward.cole, ward.ana):
        for command in ("/today", "/patients", "/patient BIRCH-07", "/invite ELM-03"):
            await ward.writes(person, command)
        person.taps_old(person.last.message_id, encode(OpenOne(patient_id=ana.id, about=About.INVITE)))
        person.taps_old(person.last.message_id, encode(ListPatients()))
        await ward.settle()

    refused = ward.says("staff.not_for_you")
    assert texts(ward.cole)[before[0] :] == [refused] * 4
    assert not any("t.me/" in text or "MAPLE" in text for text in texts(ward.ana)[before[1] :])
    async with ward.database.reading() as session:
        assert await people.by_code_name(session, "ELM-03") is None
