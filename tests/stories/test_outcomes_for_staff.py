"""Staff are people with several hats, names with accents, and links that land in the wrong hands.

A coordinator who is also a clinician has one chat and keeps every patient. A patient who opens a staff link becomes
no staff, and the link stays good for whom it was meant. Inviting somebody again changes what was said and no more.
"""

import pytest

from alliance.people import Role
from storage import people, reach
from tests.stories.ward import ON_BOTH, YES, Ward, ever, madrid, texts


@ON_BOTH
async def test_who_takes_on_a_second_role_keeps_the_patients_of_both(ward: Ward) -> None:
    lee = await ward.invite(Role.CLINICIAN, "LEE", name="Dr Lee")
    dora = ward.sandbox.person("Dora")
    await ward.enrol(dora, (await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="LEE")).link)

    ward.kim.opens(lee.link)  # Kim is Dr Lee as well
    await ward.settle()
    await ward.until(madrid(3, 3, "08:01"))

    assert (await ward.enrolment("CEDAR-11")).clinician_id == (await ward.person("KIM")).id
    assert ward.says("digest.caseload", count=1) in ward.kim.last.text
    await ward.writes(ward.kim, "/cadence CEDAR-11")  # and she is still a coordinator
    assert ward.kim.last.text.startswith(ward.says("cadence.title", who="CEDAR-11"))


async def test_what_was_answered_before_the_link_was_opened_goes_with_the_patients(ward: Ward) -> None:
    lee = await ward.invite(Role.CLINICIAN, "LEE", name="Dr Lee")
    dora = ward.sandbox.person("Dora")
    await ward.enrol(dora, (await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="LEE")).link)
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(dora, "6", "6", "1", "Leave it at that")

    ward.kim.opens(lee.link)
    await ward.settle()
    await ward.until(madrid(3, 3, "08:01"))

    assert any(text.startswith("CEDAR-11: possible") for text in texts(ward.kim))
    assert any("1 of 1 check-in answered" in text for text in texts(ward.kim))


async def test_nobody_else_s_patients_come_along(ward: Ward) -> None:
    lee = await ward.invite(Role.CLINICIAN, "LEE", name="Dr Lee")

    ward.kim.opens(lee.link)
    await ward.settle()
    await ward.until(madrid(3, 3, "08:01"))

    assert (await ward.enrolment("BIRCH-07")).clinician_id == (await ward.person("COLE")).id
    assert ward.says("digest.caseload", count=0) in ward.kim.last.text


@ON_BOTH
async def test_a_patient_who_opens_a_staff_link_is_refused_and_the_link_stays_good(ward: Ward) -> None:
    link = (await ward.invite(Role.CLINICIAN, "LEE", name="Dr Lee")).link
    lee = ward.sandbox.person("Lee")

    ward.ana.opens(link)
    await ward.settle()
    assert await _roles(ward, "BIRCH-07") == {Role.PATIENT}
    assert ward.ana.last.text == ward.says("help.patient", clinic="Almond House")

    lee.opens(link)
    await ward.settle()
    assert await _roles(ward, "LEE") == {Role.CLINICIAN}
    assert lee.last.text.startswith("Welcome. You are registered as clinician")


async def test_staff_who_open_a_patient_s_link_are_refused_and_the_link_stays_good(ward: Ward) -> None:
    link = (await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="DAY")).link
    dora = ward.sandbox.person("Dora")

    ward.cole.opens(link)
    await ward.settle()
    assert await _roles(ward, "COLE") == {Role.CLINICIAN}

    dora.opens(link)
    await ward.settle()
    assert dora.last.labels == (YES, "No, thank you")


@pytest.mark.parametrize("typed", ["ÁLAMO-03", "álamo-03", "Álamo-03"])
async def test_a_code_name_with_an_accent_is_found_however_it_is_typed(ward: Ward, typed: str) -> None:
    dora = ward.sandbox.person("Dora")
    await ward.enrol(dora, (await ward.invite(Role.PATIENT, "ÁLAMO-03", name="Dora", clinician="DAY")).link)

    await ward.writes(ward.kim, f"/cadence {typed}")
    again = await ward.invite(Role.PATIENT, typed)

    assert ward.kim.last.text.startswith(ward.says("cadence.title", who="ÁLAMO-03"))
    assert again.person.id == (await ward.person("ÁLAMO-03")).id


async def test_another_letter_is_another_code_name(ward: Ward) -> None:
    await ward.invite(Role.PATIENT, "ÁLAMO-03", name="Dora", clinician="DAY")

    await ward.writes(ward.kim, "/cadence ALAMO-03")

    assert ward.kim.last.text == ward.says("cadence.refused.no_patient", who="ALAMO-03")


async def test_a_code_name_with_an_accent_goes_from_page_to_digest_unharmed(ward: Ward) -> None:
    dora = ward.sandbox.person("Dora")
    await ward.enrol(dora, (await ward.invite(Role.PATIENT, "ÁLAMO-03", name="Dora", clinician="COLE")).link)

    await ward.writes(dora, "I don't want to live any more")
    await ward.taps(ward.cole, "I have this", "Close: contact made")
    await ward.until(madrid(3, 3, "08:01"))

    assert any(text.startswith("Possible crisis: ÁLAMO-03\n") for text in ever(ward, ward.cole))
    assert "ÁLAMO-03" in ward.cole.last.text


async def test_inviting_again_without_a_word_changes_nothing_but_the_link(ward: Ward) -> None:
    before = await _known(ward)

    await ward.invite(Role.PATIENT, "BIRCH-07")

    assert await _known(ward) == before == ("Ana", "en", "Europe/Madrid", "+34 600 000 001", "COLE", "active")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            {"name": "Anna"}, ("Anna", "en", "Europe/Madrid", "+34 600 000 001", "COLE", "active"), id="a name"
        ),
        pytest.param(
            {"language": "es"}, ("Ana", "es", "Europe/Madrid", "+34 600 000 001", "COLE", "active"), id="a language"
        ),
        pytest.param(
            {"zone": "Europe/Lisbon"},
            ("Ana", "en", "Europe/Lisbon", "+34 600 000 001", "COLE", "active"),
            id="a time zone",
        ),
        pytest.param(
            {"phone": "+34 600 000 009"},
            ("Ana", "en", "Europe/Madrid", "+34 600 000 009", "COLE", "active"),
            id="a telephone",
        ),
        pytest.param(
            {"emergency_contact": "her sister"},
            ("Ana", "en", "Europe/Madrid", "+34 600 000 001", "COLE", "active"),
            id="whom to call, beside the telephone",
        ),
        pytest.param(
            {"clinician": "DAY"}, ("Ana", "en", "Europe/Madrid", "+34 600 000 001", "DAY", "active"), id="a clinician"
        ),
    ],
)
async def test_inviting_again_changes_what_is_given_and_no_more(
    ward: Ward, given: dict[str, str], then: tuple[str, ...]
) -> None:
    await ward.invite(Role.PATIENT, "BIRCH-07", **given)  # pyright: ignore[reportArgumentType]  # words all of them

    assert await _known(ward) == then


async def _known(ward: Ward) -> tuple[str, ...]:
    """What the clinic knows of Ana: name, language, zone, telephone, clinician, and where her enrolment stands."""
    enrolment = await ward.enrolment("BIRCH-07")
    async with ward.database.reading() as session:
        ana = await people.get(session, enrolment.patient_id)
        contact = await reach.contact(session, ana.id)
        clinician = await people.get(session, enrolment.clinician_id)
        name = people.display_name(session, ana)
        return (name, ana.language, ana.zone, contact["phone"], clinician.code_name, enrolment.state)


async def _roles(ward: Ward, code_name: str) -> set[Role]:
    person = await ward.person(code_name)
    async with ward.database.reading() as session:
        return set((await people.actor(session, person, now=ward.clock.now())).roles)
