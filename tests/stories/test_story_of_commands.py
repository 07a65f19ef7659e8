"""The commands beside the text box are those of the person who looks: by role, and in their language.

Ana, who is a coordinator as well, is asked which of the two she means.
"""

import json

from alliance.commands import commands_for
from alliance.people import Role
from storage import people
from tests.stories.ward import YES, Ward, texts

OF_ANA = (
    *("menu", "help_now", "pause", "resume", "time", "zone", "language", "quiet", "goals"),
    *("agreed", "who", "mydata", "leave", "forget", "help"),
)
OF_KIM = ("today", "patients", "patient", "invite", "cadence", "hold", "away")
OF_COLE = ("visit", "brief", "agree", "hours", "away", "hold", "help", "help_now")


async def test_each_person_sees_the_commands_of_their_roles(ward: Ward) -> None:
    assert _shown(ward, ward.ana.user_id) == _described(ward, OF_ANA, "en")
    assert tuple(_shown(ward, ward.kim.user_id)) == (*OF_KIM, "help", "help_now")
    assert _shown(ward, ward.cole.user_id) == _described(ward, OF_COLE, "en")
    assert _shown(ward, ward.cy.user_id) == {}  # a stranger sees what is shown to everybody


async def test_they_follow_the_language_and_go_with_the_person(ward: Ward) -> None:
    await ward.writes(ward.ana, "/language es")
    assert _shown(ward, ward.ana.user_id) == _described(ward, OF_ANA, "es")
    await ward.writes(ward.ana, "/language en", "/language es")
    assert _shown(ward, ward.ana.user_id) == _described(ward, OF_ANA, "es")

    await ward.writes(ward.ana, "/forget")
    await ward.taps(ward.ana, "Sí, borrar todo")

    assert _shown(ward, ward.ana.user_id) == {}


async def test_a_new_telephone_is_shown_them_too_and_the_old_one_is_a_stranger_s(ward: Ward) -> None:
    new = ward.sandbox.person("Ana's new telephone")
    link = (await ward.invite(Role.PATIENT, "BIRCH-07")).link

    new.opens(link)
    await ward.settle()
    before = texts(ward.ana)
    await ward.writes(ward.ana, "/time 18:00")

    assert new.last.text == ward.says("enrolled.moved")
    assert (tuple(_shown(ward, new.user_id)), _shown(ward, ward.ana.user_id)) == (OF_ANA, {})
    assert texts(ward.ana)[len(before) :] == [ward.says("stranger")]
    assert (await ward.enrolment("BIRCH-07")).at == ["09:00"]


async def test_a_list_that_was_called_off_comes_with_the_next_help(clinic: Ward) -> None:
    clinic.ana.opens((await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")).link)
    await clinic.settle()
    await clinic.taps(clinic.ana, YES, "Yes")
    clinic.ana.taps("09:00")
    clinic.ana.writes("/pause")  # before anything of the enrolment was sent
    await clinic.settle()
    assert _shown(clinic, clinic.ana.user_id) == {}

    await clinic.writes(clinic.ana, "/help")

    assert tuple(_shown(clinic, clinic.ana.user_id)) == OF_ANA


async def test_somebody_with_two_roles_is_asked_which_one_they_mean(ward: Ward) -> None:
    async with ward.database.writing() as session:
        await people.give_role(session, (await ward.person("BIRCH-07")).id, Role.COORDINATOR, now=ward.clock.now())

    await ward.writes(ward.ana, "/help")
    assert (ward.ana.last.text, ward.ana.last.labels) == (ward.says("own.role.ask"), ("As a patient", "As staff"))
    await ward.taps(ward.ana, "As staff")
    assert ward.ana.last.text == ward.says("staff.commands_coordinator")
    await ward.taps(ward.ana, "As a patient")
    assert ward.ana.last.text == ward.says("help.patient", clinic="Almond House")

    assert tuple(_shown(ward, ward.ana.user_id)) == (*OF_ANA, *OF_KIM)


async def test_somebody_with_one_role_is_not_asked(ward: Ward) -> None:
    await ward.writes(ward.ana, "/help")
    await ward.writes(ward.kim, "/help")
    ward.ana.taps_old(ward.ana.last.message_id, "m:staff")
    await ward.settle()

    assert ward.ana.last.text == ward.says("help.patient", clinic="Almond House")
    assert ward.ana.toasts[-1] == ward.says("toast.no_longer_open")
    assert ward.kim.last.text == ward.says("staff.commands_coordinator")


def test_whoever_has_no_role_is_shown_help_alone() -> None:
    assert commands_for(()) == commands_for((Role.AUDITOR,)) == ("help", "help_now")
    assert commands_for((Role.CLINICIAN,)) == OF_COLE


def _described(ward: Ward, names: tuple[str, ...], language: str) -> dict[str, str]:
    return {name: ward.says(f"menu.{name}", language=language) for name in names}


def _shown(ward: Ward, chat_id: int) -> dict[str, str]:
    """The commands that Telegram shows in a chat: as last set there, and not taken away since."""
    shown: dict[str, str] = {}
    for entry in ward.sandbox.ledger.entries:
        if "MyCommands" not in entry.method or json.loads(str(entry.parameters["scope"]))["chat_id"] != chat_id:
            continue
        listed = json.loads(str(entry.parameters.get("commands", "[]")))
        shown = {each["command"]: each["description"] for each in listed}
    return shown
