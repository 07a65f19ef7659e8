"""Below the safety message a person can say two things: that they are safe for now, or that they would like a call.

Either reaches the people at the clinic who know of the alert, as one message, and is kept. The answer promises
nothing: nobody watches, and where help is. "I am safe for now" is a word of somebody in distress, so it closes nothing.
"""

from sqlalchemy import select

from sandbox.people import Person as OnThePhone
from storage.tables import SafetyPress
from tests.stories.crisis import PAGE_BUTTONS, WORDS, pages
from tests.stories.ward import ON_BOTH, Ward, ever

SAFE, CALL = "I am safe for now", "Please call me"
PRESSED = "pressed a button below the safety message"


def told(ward: Ward, person: OnThePhone) -> list[str]:
    """What a person was told about those buttons."""
    return [text for text in ever(ward, person) if PRESSED in text]


async def kept(ward: Ward) -> list[str]:
    async with ward.database.reading() as session:
        return list(await session.scalars(select(SafetyPress.said).order_by(SafetyPress.id)))


@ON_BOTH
async def test_i_am_safe_for_now_reaches_those_who_were_paged_and_closes_nothing(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    assert ward.ana.last.labels == (SAFE, CALL)

    await ward.taps(ward.ana, SAFE)

    assert ward.ana.last.text.startswith(ward.says("safety.said.safe"))
    assert ward.ana.last.text.endswith(ward.says("safety.limits"))
    assert "call 112" in ward.ana.last.text
    (said,) = told(ward, ward.cole)
    assert said.startswith(f'BIRCH-07 {PRESSED}\n"{SAFE}", Monday 2 March at 08:00.')
    assert said.endswith(ward.says("alert.pressed.open"))
    assert told(ward, ward.kim) == []  # not paged yet
    assert await kept(ward) == ["safe"]
    (alert,) = await ward.alerts()
    assert (alert.state, alert.degree) == ("raised", "now")
    await ward.later(minutes=2, seconds=10)
    assert len(pages(ward, ward.kim)) == 1  # and the pages go on


@ON_BOTH
async def test_please_call_me_reaches_the_one_who_has_it_with_the_way_to_reach_them(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")

    await ward.taps(ward.ana, CALL)

    assert ward.ana.last.text.startswith(ward.says("safety.said.call"))
    (said,) = told(ward, ward.cole)
    assert said.endswith(ward.says("alert.pressed.theirs"))
    await ward.taps(ward.cole, "How to reach them")
    assert "+34 600 000 001" in ward.cole.last.text
    assert [alert.state for alert in await ward.alerts()] == ["acknowledged"]


async def test_the_message_to_staff_can_be_answered_with_i_have_this(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.ana, CALL)

    await ward.taps(ward.cole, "I have this")

    assert [alert.state for alert in await ward.alerts()] == ["acknowledged"]


async def test_presses_of_one_moment_are_one(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    message = ward.ana.last

    for _ in range(5):
        ward.ana.taps_old(message.message_id, message.buttons[1][0].data or "")
        await ward.settle()
    assert (len(told(ward, ward.cole)), await kept(ward)) == (1, ["call"])

    await ward.later(seconds=31)
    ward.ana.taps_old(message.message_id, message.buttons[1][0].data or "")
    await ward.settle()
    assert (len(told(ward, ward.cole)), await kept(ward)) == (2, ["call", "call"])


async def test_i_am_safe_on_an_old_message_goes_to_the_one_who_had_it_and_raises_nothing(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    message = ward.ana.last
    await ward.taps(ward.cole, "I have this", "Close: contact made")
    await ward.later(hours=5)

    ward.ana.taps_old(message.message_id, message.buttons[0][0].data or "")
    await ward.settle()

    assert [alert.state for alert in await ward.alerts()] == ["resolved"]
    assert (len(told(ward, ward.cole)), told(ward, ward.kim)) == (1, [])
    assert ward.ana.last.text.startswith(ward.says("safety.said.safe"))


@ON_BOTH
async def test_please_call_me_on_an_old_message_is_a_new_request_for_help(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    message = ward.ana.last
    await ward.taps(ward.cole, "I have this", "Close: contact made")
    await ward.later(hours=5)

    ward.ana.taps_old(message.message_id, message.buttons[1][0].data or "")
    await ward.settle()

    assert [(alert.state, alert.cause) for alert in await ward.alerts()] == [
        ("resolved", "suicide"),
        ("raised", "asked_for_help"),
    ]
    assert len(pages(ward, ward.cole)) == 2


@ON_BOTH
async def test_a_strangers_press_goes_to_the_coordinator(clinic: Ward) -> None:
    await clinic.writes(clinic.cy, WORDS)

    await clinic.taps(clinic.cy, CALL)

    (said,) = told(clinic, clinic.kim)
    assert said.startswith("somebody who is not enrolled")
    assert told(clinic, clinic.cole) == []
    assert clinic.cy.last.text.endswith(clinic.says("safety.limits"))


async def test_somebody_of_the_staff_can_press_as_well(ward: Ward) -> None:
    await ward.writes(ward.day, WORDS)

    await ward.taps(ward.day, SAFE)

    assert len(told(ward, ward.kim)) == 1
    assert ward.day.last.text.startswith(ward.says("safety.said.safe"))


async def test_when_everybody_who_was_paged_is_gone_the_next_one_is_paged_and_told(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    ward.cole.blocks()
    await ward.settle()

    await ward.taps(ward.ana, CALL)

    assert len(pages(ward, ward.kim)) >= 1
    assert len(told(ward, ward.kim)) == 1


async def test_a_press_that_was_made_up_by_somebody_without_an_alert_raises_none_with_i_am_safe(ward: Ward) -> None:
    before = ever(ward, ward.kim), ever(ward, ward.cole)

    ward.ben.taps_old(ward.ben.last.message_id, "s:safe")
    await ward.settle()

    assert await ward.alerts() == []
    assert (ever(ward, ward.kim), ever(ward, ward.cole)) == before
    assert await kept(ward) == []
    assert PAGE_BUTTONS not in [shown.labels for shown in ward.cole.screen]
