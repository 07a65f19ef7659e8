"""Dr Cole and Dr Day care for one patient, who has chosen who reads the answers about the relationship.

What is said of the bond with Dr Day follows the patient's choice, as what is said of the bond with Dr Cole does.
"""

from alliance.people import SYSTEM, Role
from sandbox.people import Person as OnThePhone
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import Ward, madrid, texts
from workflows.share_patient import add_clinician

OF_DAY = "BIRCH-07, 5 March: 2 of 7. Chosen: did not feel heard. Would like a call."
FOR_EVE = "BIRCH-07 with DAY, 5 March: 2 of 7. Chosen: did not feel heard. Would like a call."
OWN, GIVEN = "digest.about_you.title", "digest.about_you.given"


@IN_BOTH
async def test_what_is_given_to_somebody_else_is_told_to_that_one_and_to_neither_clinician(asked: Asked) -> None:
    ward = asked.ward
    eve = await _begins(asked)
    await asked.presses("checkin.button.who", "readers.bond.button")
    await ward.taps(asked.person, "Dr Eve")
    told = asked.says("readers.bond.now.person", clinician="Dr Day", reader="Dr Eve")
    assert told in asked.screen
    assert asked.says("asking.who.bond", colleague="Dr Day") not in asked.screen

    await _answers_about_day(asked)
    digests = await _digests(ward, eve)

    assert FOR_EVE in digests["EVE"]
    assert ward.says(GIVEN) in digests["EVE"]
    assert ward.says(OWN) not in digests["EVE"]
    for other in ("COLE", "DAY"):
        assert "did not feel heard" not in digests[other]
        assert "Would like a call" not in digests[other]
        assert ward.says(OWN) not in digests[other]
    assert await ward.flags() == []  # in nobody's course


async def test_what_is_given_to_the_team_is_told_to_each_of_them(asked: Asked) -> None:
    ward = asked.ward
    eve = await _begins(asked)
    await asked.presses("checkin.button.who", "readers.bond.button", "readers.choose.team")

    await _answers_about_day(asked)
    digests = await _digests(ward, eve)

    assert FOR_EVE in digests["EVE"]
    assert FOR_EVE in digests["COLE"]
    assert OF_DAY in digests["DAY"]
    assert ward.says(OWN) in digests["DAY"]
    assert ward.says(GIVEN) not in digests["DAY"]


async def test_what_was_given_before_the_choice_stays_where_it_was(asked: Asked) -> None:
    ward = asked.ward
    eve = await _begins(asked)
    await _answers_about_day(asked)
    await asked.presses("checkin.button.who", "readers.bond.button")
    await ward.taps(asked.person, "Dr Eve")

    digests = await _digests(ward, eve)

    assert OF_DAY in digests["DAY"]
    assert "BIRCH-07" not in digests["EVE"]


async def _begins(asked: Asked) -> OnThePhone:
    """Monday is answered; Dr Eve joins the clinic, Dr Day cares for the patient too, and Thursday asks about Dr Day."""
    ward = asked.ward
    await asked.presses("6", "6", "6", "checkin.nothing_to_add")
    eve = ward.sandbox.person("Eve", "en")
    eve.opens((await ward.invite(Role.CLINICIAN, "EVE", name="Dr Eve")).link)
    await ward.settle()
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "staff")
        unit.actor = SYSTEM
        await add_clinician(unit, await ward.person("BIRCH-07"), "DAY")
    await ward.until(madrid(3, 5, "09:00"))
    return eve


async def _answers_about_day(asked: Asked) -> None:
    if not asked.is_at(1):
        await asked.presses("checkin.button.back")
    await asked.presses("6", "6", "2", "checkin.concern.not_heard", "checkin.wish.call", "checkin.nothing_to_add")


async def _digests(ward: Ward, eve: OnThePhone) -> dict[str, str]:
    """What each of the three is told on Friday morning."""
    await ward.until(madrid(3, 6, "08:01"))
    readers = {"COLE": ward.cole, "DAY": ward.day, "EVE": eve}
    return {code: "\n".join(texts(reader)) for code, reader in readers.items()}
