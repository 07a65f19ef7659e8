"""An alert is in somebody's hands or it is chased: who may press, who owns it, and what makes it a new one.

It must never go quiet by accident: not because the page was lost on the way, not because its owner can no longer be
reached, not because somebody took it days ago and the person writes again. And it must not become noise: five
messages of one minute are one call for help.
"""

from sandbox import Fault, FaultKind
from tests.stories.crisis import HARD_TO_CARRY, PAGE_BUTTONS, WORDS, pages, safety
from tests.stories.ward import ON_BOTH, Ward, ever, texts


async def test_a_page_the_telegram_did_not_take_is_tried_again_at_once(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="sendMessage", chat_id=ward.cole.user_id, times=1))

    await ward.writes(ward.ana, WORDS)
    await ward.later(seconds=10)

    assert ward.cole.last.labels == PAGE_BUTTONS


async def test_a_page_of_unknown_fate_is_sent_once_more(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", chat_id=ward.cole.user_id, times=1))

    await ward.writes(ward.ana, WORDS)
    await ward.later(seconds=10)
    await ward.taps(ward.cole, "I have this")

    assert len([shown for shown in ward.cole.screen if shown.text.startswith("Possible crisis")]) == 2
    assert [alert.state for alert in await ward.alerts()] == ["acknowledged"]


@ON_BOTH
async def test_nobody_who_was_not_paged_can_press(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    buttons = [button.data or "" for row in ward.cole.last.buttons for button in row]
    (alert,) = await ward.alerts()
    buttons += [f"a:{alert.id}:made", f"a:{alert.id}:not"]

    for person in (ward.day, ward.kim, ward.ana, ward.ben):
        for data in buttons:
            person.taps_old(person.last.message_id, data)
            await ward.settle()

    assert set(ward.day.toasts + ward.kim.toasts) == {ward.says("toast.not_yours")}
    (alert,) = await ward.alerts()
    assert (alert.state, alert.acknowledged_by) == ("raised", None)
    people = (ward.day, ward.kim, ward.ben)
    assert not any(WORDS in text or "+34" in text for person in people for text in ever(ward, person))


@ON_BOTH
async def test_two_who_press_at_once_have_one_owner(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.later(minutes=2, seconds=10)

    ward.kim.taps("I have this")
    ward.cole.taps("I have this")
    await ward.settle()

    assert (ward.kim.toasts[-1], ward.cole.toasts[-1]) == ("You have this", "Somebody else has this already")
    await ward.taps(ward.cole, "How to reach them")
    (alert,) = await ward.alerts()
    assert alert.acknowledged_by == (await ward.person("KIM")).id


async def test_pressing_twice_is_pressing_once(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)

    ward.cole.taps("I have this")
    ward.cole.taps("I have this")
    await ward.settle()

    assert ward.cole.toasts[-2:] == ("You have this", "You have this")


async def test_several_messages_within_half_a_minute_are_one_call_for_help(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.later(seconds=25)

    await ward.writes(ward.ana, "I want to kill myself")

    assert len(await ward.alerts()) == 1
    assert texts(ward.ana).count(safety(ward)) == 2  # she is answered each time
    assert (len(pages(ward, ward.cole)), len(pages(ward, ward.kim))) == (1, 0)


async def test_a_message_after_half_a_minute_pages_the_next_person_at_once(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.later(seconds=31)

    await ward.writes(ward.ana, "I want to kill myself")

    assert len(await ward.alerts()) == 1
    assert (len(pages(ward, ward.cole)), len(pages(ward, ward.kim))) == (1, 1)


async def test_help_now_pressed_five_times_is_one_page(ward: Ward) -> None:
    await ward.writes(ward.ana, *["/help_now"] * 5)

    assert len(pages(ward, ward.cole)) == 1
    assert texts(ward.ana).count(safety(ward, opening="asked")) == 5


async def test_danger_now_after_something_milder_does_not_wait_half_a_minute(ward: Ward) -> None:
    await ward.writes(ward.ana, HARD_TO_CARRY)
    assert [alert.degree for alert in await ward.alerts()] == ["review_now"]

    await ward.writes(ward.ana, WORDS)

    assert [alert.degree for alert in await ward.alerts()] == ["now"]
    assert (len(pages(ward, ward.cole)), len(pages(ward, ward.kim))) == (1, 1)


@ON_BOTH
async def test_new_danger_after_i_have_this_is_chased_like_a_new_alert(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")
    await ward.later(hours=1)

    await ward.writes(ward.ana, "I want to kill myself")
    assert await _where_they_stand(ward) == [("resolved", "superseded"), ("raised", None)]
    assert ward.cole.last.labels == ward.kim.last.labels == PAGE_BUTTONS  # the one who had it before is paged as well
    await ward.later(minutes=5)
    assert (len(pages(ward, ward.cole)), len(pages(ward, ward.kim))) == (4, 3)

    await ward.taps(ward.kim, "I have this", "Close: contact made")
    assert await _where_they_stand(ward) == [("resolved", "superseded"), ("resolved", "contact_made")]


async def test_a_press_on_the_page_of_an_alert_that_was_superseded_does_not_take_the_new_one(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    old = ward.cole.last
    await ward.taps(ward.cole, "I have this")
    await ward.later(hours=1)
    await ward.writes(ward.ana, "I want to kill myself")

    ward.cole.taps_old(old.message_id, old.buttons[0][0].data or "")
    await ward.settle()

    assert ward.cole.toasts[-1] == ward.says("toast.alert_closed")
    assert [alert.state for alert in await ward.alerts()] == ["resolved", "raised"]


async def test_something_milder_after_i_have_this_goes_to_its_owner_alone(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")
    await ward.later(hours=1)

    await ward.writes(ward.ana, HARD_TO_CARRY)

    assert await _where_they_stand(ward) == [("acknowledged", None)]
    assert ward.cole.last.text.endswith(ward.says("alert.wrote_again"))
    assert pages(ward, ward.kim) == []


async def test_an_ordinary_message_after_i_have_this_chases_nobody(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")
    before = texts(ward.cole)

    await ward.writes(ward.ana, "My sister is coming over now")

    assert texts(ward.cole) == before
    assert await _where_they_stand(ward) == [("acknowledged", None)]


@ON_BOTH
async def test_when_the_one_who_has_it_blocks_the_bot_the_others_are_paged(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")

    ward.cole.blocks()
    await ward.later(minutes=1)  # at once, and not at the reminder two hours later

    assert ward.kim.last.labels == PAGE_BUTTONS
    assert await _where_they_stand(ward) == [("resolved", "superseded"), ("raised", None)]


async def test_when_the_one_who_has_it_lost_the_account_the_others_are_paged(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")

    ward.cole.deactivates()  # which Telegram tells only at the reminder
    await ward.later(hours=2, minutes=1)

    assert ward.kim.last.labels == PAGE_BUTTONS
    assert await _where_they_stand(ward) == [("resolved", "superseded"), ("raised", None)]


async def test_a_paged_coordinator_may_read_the_words(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.later(minutes=2, seconds=10)
    assert len(pages(ward, ward.kim)) == 1

    await ward.taps(ward.kim, "Show words")

    assert WORDS in ward.kim.last.text
    assert ward.kim.toasts[-1] == ward.says("toast.shown")


async def test_a_coordinator_who_was_not_paged_may_not_read_them(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    (alert,) = await ward.alerts()

    ward.kim.taps_old(ward.kim.last.message_id, f"a:{alert.id}:words")
    await ward.settle()

    assert ward.kim.toasts[-1] == ward.says("toast.not_yours")
    assert not any(WORDS in text for text in ever(ward, ward.kim))


async def _where_they_stand(ward: Ward) -> list[tuple[str, str | None]]:
    return [(alert.state, alert.resolution) for alert in await ward.alerts()]
