"""Ana is invited and says yes; Ben says no; Cy has no invitation.

The clinic gives Ana a link. She opens it and reads in plain words what will be asked, who reads it and when,
that nobody watches live, and whom to call in an emergency. She says yes, says where she lives and when a
question is welcome, and is told when the first one comes. Nobody has asked her anything before her yes.

What can go wrong: she says no; the clinic guessed her place wrongly; the link is opened twice, too late, by
somebody else, or guessed; she gets lost half way and writes something; a stranger knocks. None of them learns
whether anybody is a patient here.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest

from alliance.people import Role
from sandbox.people import Person as OnThePhone
from sandbox.speech import Act
from tests.stories.ward import ON_BOTH, YES, Ward, madrid, texts

STRANGER = (
    "Hello. This chat is for people who were invited by their clinic. If you have an invitation, please open its "
    "link again, or ask your clinic for a new one."
)


@ON_BOTH
async def test_ana_opens_her_link_consents_names_her_city_and_her_hour_and_is_told_when_it_begins(
    clinic: Ward,
) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")

    clinic.ana.opens(invited.link)
    await clinic.settle()
    consent = clinic.ana.last
    assert consent.text.startswith("Before we begin\n")
    for promise in ("Dr Cole gets a summary once a day", "nobody is watching this chat live", "call 112", "/leave"):
        assert promise in consent.text
    assert consent.labels == (YES, "No, thank you")

    await clinic.taps(clinic.ana, YES)
    assert clinic.ana.last.text == "Thank you. Is it 08:00 where you are now? (Europe, Madrid)"

    await clinic.taps(clinic.ana, "No")
    await clinic.writes(clinic.ana, "México")
    assert "America, Mexico City" in clinic.ana.last.labels

    await clinic.taps(clinic.ana, "America, Mexico City")
    await clinic.writes(clinic.ana, "17:30")
    # it is Monday, one in the morning in Mexico
    assert clinic.ana.last.text.startswith("All set. Your first check-in comes on Monday 2 March at 17:30.")
    ana, enrolment = await clinic.person("BIRCH-07"), await clinic.enrolment("BIRCH-07")
    assert (ana.zone, enrolment.state, enrolment.at) == ("America/Mexico_City", "active", ["17:30"])
    assert await clinic.consents() == [(1, "en", "given")]


async def test_the_shortest_way_is_a_link_and_three_taps(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")

    await clinic.enrol(clinic.ana, invited.link)

    assert clinic.ana.last.text.startswith("All set. Your first check-in comes on Monday 2 March at 09:00.")
    assert len(texts(clinic.ana)) == 4


async def test_a_no_is_kept_thanked_for_and_final(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()
    question = clinic.ana.last

    await clinic.taps(clinic.ana, "No, thank you")
    thanked = clinic.ana.last.text
    clinic.ana.taps_old(question.message_id, question.buttons[0][0].data or "")
    await clinic.until(madrid(3, 13, "12:00"))

    assert thanked.startswith("Thank you for telling us. Nothing will be asked here, and your care stays the same.")
    assert clinic.ana.toasts == ("This question is no longer open",)
    assert clinic.ana.last.text == thanked
    assert (await clinic.enrolment("BIRCH-07")).state == "left"
    assert await clinic.consents() == [(1, "en", "refused")]
    assert await clinic.checkins() == []


async def test_nobody_is_asked_before_the_yes(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()

    await clinic.until(madrid(3, 13, "12:00"))

    assert len(texts(clinic.ana)) == 1
    assert await clinic.checkins() == []


@ON_BOTH
async def test_somebody_who_changed_her_mind_comes_back_by_a_new_link(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()
    await clinic.taps(clinic.ana, "No, thank you")

    again = await clinic.invite(Role.PATIENT, "BIRCH-07")
    await clinic.enrol(clinic.ana, again.link)

    assert (await clinic.enrolment("BIRCH-07")).state == "active"
    assert [decision for *_, decision in await clinic.consents()] == ["refused", "given"]


async def test_words_on_the_way_bring_the_open_question_back(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()

    await clinic.writes(clinic.ana, "What is this?")
    assert clinic.ana.last.labels == (YES, "No, thank you")
    await clinic.taps(clinic.ana, YES)
    await clinic.writes(clinic.ana, "hm")
    assert clinic.ana.last.labels == ("Yes", "No")
    await clinic.taps(clinic.ana, "No")
    await clinic.writes(clinic.ana, "qqqq")
    assert clinic.ana.last.text.startswith("I could not find that place.")
    await clinic.writes(clinic.ana, "Lisbon")
    await clinic.taps(clinic.ana, "Europe, Lisbon")
    await clinic.writes(clinic.ana, "in the morning")
    assert clinic.ana.last.text.startswith("At what time is a short check-in welcome?")
    await clinic.writes(clinic.ana, "8:05")

    assert (await clinic.enrolment("BIRCH-07")).at == ["08:05"]
    assert await clinic.words(clinic.ana) == []  # before the yes, and on the way, nothing of hers is kept


async def test_opening_the_link_again_half_way_brings_the_open_question_back(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()
    await clinic.taps(clinic.ana, YES)

    clinic.ana.opens(invited.link)
    await clinic.settle()

    assert clinic.ana.last.labels == ("Yes", "No")


@ON_BOTH
async def test_a_link_is_good_once(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    await clinic.enrol(clinic.ana, invited.link)

    clinic.cy.opens(invited.link)
    clinic.ana.opens(invited.link)
    await clinic.settle()

    assert texts(clinic.cy) == [STRANGER]
    assert clinic.ana.last.text.startswith("Every now and then I ask you three short questions")
    assert (await clinic.person("BIRCH-07")).chat_id == clinic.ana.user_id


async def test_a_link_expires_after_a_fortnight_and_not_before(clinic: Ward) -> None:
    late = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    in_time = await clinic.invite(Role.PATIENT, "MAPLE-02", name="Ben", clinician="COLE")

    await clinic.until(in_time.expires_at - timedelta(minutes=1))
    clinic.ben.opens(in_time.link)
    await clinic.settle()
    await clinic.until(late.expires_at + timedelta(minutes=1))
    clinic.ana.opens(late.link)
    await clinic.settle()

    assert clinic.ben.last.labels == (YES, "No, thank you")
    assert texts(clinic.ana) == [STRANGER]


async def test_a_new_link_ends_the_old_one(clinic: Ward) -> None:
    old = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    new = await clinic.invite(Role.PATIENT, "BIRCH-07")

    clinic.cy.opens(old.link)
    clinic.ana.opens(new.link)
    await clinic.settle()

    assert texts(clinic.cy) == [STRANGER]
    assert clinic.ana.last.labels == (YES, "No, thank you")


@ON_BOTH
async def test_guessed_codes_tell_nothing(clinic: Ward) -> None:
    real = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    code = parse_qs(urlparse(real.link).query)["start"][0]

    for guess in ("A" * 22, code[:-1], code.swapcase(), f"{code}x", "BIRCH-07"):
        clinic.cy.opens(guess)
        await clinic.settle()

    assert set(texts(clinic.cy)) == {STRANGER}
    assert len(texts(clinic.cy)) == 5


@ON_BOTH
async def test_the_account_of_another_patient_cannot_take_a_link_and_does_not_spoil_it(ward: Ward) -> None:
    invited = await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="DAY")
    dora = ward.sandbox.person("Dora")

    ward.ana.opens(invited.link)
    ward.cole.opens(invited.link)
    await ward.settle()
    dora.opens(invited.link)
    await ward.settle()

    assert dora.last.labels == (YES, "No, thank you")
    assert (await ward.person("BIRCH-07")).chat_id == ward.ana.user_id


@pytest.mark.parametrize(
    "knock",
    [
        pytest.param(lambda cy: cy.writes("Hello, is Ana a patient here?"), id="words"),
        pytest.param(lambda cy: cy.opens(), id="the start button"),
        pytest.param(lambda cy: cy.writes("/help"), id="a command"),
        pytest.param(lambda cy: cy.writes("/pause 14"), id="a patient's command"),
        pytest.param(lambda cy: cy.writes("/cadence BIRCH-07"), id="a coordinator's command"),
        pytest.param(lambda cy: cy.writes("/nonsense"), id="an unknown command"),
        pytest.param(lambda cy: cy.sends_sticker(), id="a sticker"),
        pytest.param(lambda cy: cy.sends_voice(), id="a voice message"),
        pytest.param(lambda cy: cy.sends_photo("a caption"), id="a picture with a caption"),
        pytest.param(lambda cy: cy.sends_location(), id="a place"),
        pytest.param(lambda cy: cy.forwards("Somebody said so"), id="forwarded words"),
    ],
)
async def test_a_stranger_gets_one_polite_sentence_whatever_they_send(
    clinic: Ward, knock: Callable[[OnThePhone], Act]
) -> None:
    knock(clinic.cy)
    await clinic.settle()

    assert texts(clinic.cy) == [STRANGER]
    assert await clinic.words(clinic.cy) == []


async def test_a_stranger_is_answered_in_their_own_language(clinic: Ward) -> None:
    luz = clinic.sandbox.person("Luz", "es-MX")

    await clinic.writes(luz, "Hola")

    assert luz.last.text.startswith("Hola. Este chat es para personas a quienes su clínica ha invitado.")


async def test_staff_are_invited_the_same_way_and_told_what_comes(clinic: Ward) -> None:
    cole, kim = texts(clinic.cole), texts(clinic.kim)

    assert len(cole) == len(kim) == 1
    assert cole[0].startswith("Welcome. You are registered as clinician at Almond House.")
    assert "Your digest comes on working days at 08:00." in cole[0]
    assert kim[0].startswith("Welcome. You are registered as coordinator at Almond House.")
    assert "/cadence CODE" in kim[0]
    assert "digest comes" not in kim[0]


async def test_one_person_may_have_two_roles_in_one_chat(clinic: Ward) -> None:
    invited = await clinic.invite(Role.COORDINATOR, "COLE")

    clinic.cole.opens(invited.link)
    await clinic.settle()
    await clinic.writes(clinic.cole, "/cadence")

    assert clinic.cole.last.text.startswith("Write /cadence and the code name of a patient")


async def test_staff_do_not_become_patients_by_writing(clinic: Ward) -> None:
    await clinic.writes(clinic.cole, "A note to myself")

    assert clinic.cole.last.text == "I do not pass on what staff write here. /help shows what I understand."
    assert await clinic.words(clinic.cole) == []
