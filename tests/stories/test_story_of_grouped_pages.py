"""A bad evening: several people are in danger at once, and Dr Cole reads of all of them in one message.

Each is named there with her own buttons, and each alert goes its own way: taken on, closed, paged again. Nobody waits
for company: the first page about anybody leaves at once, and only what is due at the same moment goes together.
"""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from sandbox import Fault, FaultKind
from sandbox.ledger import Shown
from sandbox.people import Person as OnThePhone
from storage.tables import Outgoing
from tests.stories.crisis import HARD_TO_CARRY, PAGE_BUTTONS, WORDS, pages
from tests.stories.test_story_second_channel import Mail
from tests.stories.ward import ON_BOTH, Ward, texts
from workflows import group_pages

MANY = 30
TOGETHER = "Possible crises: "


@ON_BOTH
async def test_two_in_danger_at_once_are_one_page_that_names_both(ward: Ward) -> None:
    ward.ana.writes(WORDS)
    ward.ben.writes(WORDS)
    await ward.settle()

    (page,) = together(ward.cole)
    first, ana, ben, told = page.text.split("\n\n")
    assert first == "Possible crises: 2"
    for number, who, said in ((1, "BIRCH-07", ana), (2, "MAPLE-02", ben)):
        assert said == f"{number}. {who}\nWhy: {ward.says('cause.suicide')}. Written Monday 2 March at 08:00."
    assert told == f"{ward.says('alert.together.told')}\n{ward.says('alert.together.until')}"
    assert page.labels == (
        *("1. BIRCH-07: I have this", "1. How to reach them", "1. Show words"),
        *("2. MAPLE-02: I have this", "2. How to reach them", "2. Show words"),
    )
    assert pages(ward, ward.cole) == []
    assert await paged(ward) == {"BIRCH-07": True, "MAPLE-02": True}


async def test_the_first_page_about_anybody_waits_for_no_company(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.writes(ward.ben, WORDS)

    assert (len(pages(ward, ward.cole)), together(ward.cole)) == (2, [])
    assert ward.cole.last.labels == PAGE_BUTTONS


@ON_BOTH
async def test_one_is_taken_on_and_the_other_can_still_be(ward: Ward) -> None:
    await both_in_danger(ward)

    await ward.taps(ward.cole, "1. BIRCH-07: I have this")

    assert [alert.state for alert in await ward.alerts()] == ["acknowledged", "raised"]
    (page,) = together(ward.cole)
    assert "1. BIRCH-07\nYou have this since Monday 2 March at 08:00. Please close it when it is done." in page.text
    assert page.labels == (
        *("1. How to reach them", "1. Show words"),
        *("1. BIRCH-07: Close: contact made", "1. BIRCH-07: Close: not a crisis"),
        *("2. MAPLE-02: I have this", "2. How to reach them", "2. Show words"),
    )
    await ward.taps(ward.cole, "2. MAPLE-02: I have this", "1. BIRCH-07: Close: contact made")
    assert [alert.state for alert in await ward.alerts()] == ["resolved", "acknowledged"]
    (page,) = together(ward.cole)
    assert "1. BIRCH-07\nClosed: contact made." in page.text
    assert page.labels == (
        *("2. How to reach them", "2. Show words"),
        *("2. MAPLE-02: Close: contact made", "2. MAPLE-02: Close: not a crisis"),
    )
    await ward.taps(ward.cole, "2. MAPLE-02: Close: not a crisis")
    assert [alert.resolution for alert in await ward.alerts()] == ["contact_made", "not_a_crisis"]
    assert together(ward.cole)[0].labels == ()


async def test_how_to_reach_is_shown_of_the_one_that_was_asked_for(ward: Ward) -> None:
    await both_in_danger(ward)

    await ward.taps(ward.cole, "2. How to reach them")

    assert "+34 600 000 002" in ward.cole.last.text
    assert "+34 600 000 001" not in ward.cole.last.text


async def test_what_nobody_took_on_is_chased_and_the_other_is_not(ward: Ward) -> None:
    await both_in_danger(ward)
    await ward.taps(ward.cole, "1. BIRCH-07: I have this")

    await ward.later(minutes=2, seconds=10)

    (paged_next,) = [text for text in texts(ward.kim) if text.startswith("Possible crisis")]
    assert paged_next.startswith("Possible crisis: MAPLE-02")
    assert not any("Possible crises" in text for text in texts(ward.kim))


async def test_a_press_that_comes_twice_changes_nothing_twice(ward: Ward) -> None:
    await both_in_danger(ward)
    ward.sandbox.redeliver(ward.cole.taps("1. BIRCH-07: I have this").update_id)
    await ward.settle()
    before = len(ward.sandbox.ledger.calls("editMessageText", chat_id=ward.cole.user_id))

    press = f"g:{await group_of(ward)}:{(await ward.alerts())[0].id}:have"
    ward.cole.taps_old(together(ward.cole)[0].message_id, press)
    await ward.settle()

    assert (before, len(ward.sandbox.ledger.calls("editMessageText", chat_id=ward.cole.user_id))) == (1, 1)
    assert [alert.state for alert in await ward.alerts()] == ["acknowledged", "raised"]


async def test_a_press_on_an_older_page_shows_there_how_all_stand(ward: Ward) -> None:
    await both_in_danger(ward)
    older = together(ward.cole)[0]
    await ward.later(minutes=4, seconds=20)  # Kim was paged, and then both of them again
    await ward.taps(ward.kim, "1. BIRCH-07: I have this")

    ward.cole.taps_old(older.message_id, str(older.buttons[3 - 1][0].data))  # of the second
    await ward.settle()

    (shown,) = [page for page in together(ward.cole) if page.message_id == older.message_id]
    assert "1. BIRCH-07\nKIM has this now." in shown.text
    assert "2. MAPLE-02\nYou have this since" in shown.text
    assert [alert.acknowledged_by is not None for alert in await ward.alerts()] == [True, True]


@ON_BOTH
async def test_nobody_else_can_press_what_was_shown_to_dr_cole(ward: Ward) -> None:
    await both_in_danger(ward)
    data = [str(button.data) for row in together(ward.cole)[0].buttons for button in row]

    for person in (ward.day, ward.kim, ward.ana):
        for one in data:
            person.taps_old(person.last.message_id, one)
            await ward.settle()

    assert set(ward.day.toasts + ward.kim.toasts) == {ward.says("toast.not_yours")}
    assert [alert.state for alert in await ward.alerts()] == ["raised", "raised"]
    assert not any("MAPLE-02" in text for person in (ward.day, ward.ana) for text in texts(person))


async def test_a_made_up_group_shows_nobody_elses_alerts(ward: Ward) -> None:
    await both_in_danger(ward)
    await ward.later(minutes=2, seconds=10)
    coles = await group_of(ward)
    ana, _ = await ward.alerts()

    ward.kim.taps_old(together(ward.kim)[0].message_id, f"g:{coles}:{ana.id}:have")
    await ward.settle()

    assert together(ward.kim) == []  # as a page of its own: it is hers to press, and the group is not
    assert ward.kim.screen[-1].text.startswith("Possible crisis: BIRCH-07\nYou have this since")


@ON_BOTH
async def test_what_waited_while_telegram_held_the_chat_goes_out_together(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, chat_id=ward.cole.user_id, retry_after=300))
    await ward.set_on_call("COLE")
    await ward.writes(ward.ana, WORDS)
    await ward.later(minutes=1)
    await ward.writes(ward.ben, WORDS)
    await ward.later(minutes=5)

    assert pages(ward, ward.cole) == []
    page, *_ = together(ward.cole)
    assert page.text.count("BIRCH-07") == 1  # three pages about her waited, and they are one entry
    assert "MAPLE-02" in page.text
    assert await ends_of_pages(ward, ward.cole) == {"sent"}
    assert {alert.first_paged_at is not None for alert in await ward.alerts()} == {True}


async def test_pages_about_one_person_that_waited_are_one_page(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, chat_id=ward.cole.user_id, retry_after=600))
    await ward.writes(ward.ana, WORDS)
    await ward.later(minutes=11)

    first, second, *_ = [row for row in await rows_of(ward, ward.cole) if row.page_id is not None]
    assert first.message_id == second.message_id
    (page,) = [shown for shown in ward.cole.screen if shown.message_id == first.message_id]
    assert page.labels == PAGE_BUTTONS
    assert page.text.startswith("Possible crisis: BIRCH-07")
    assert ward.says("alert.again", count=2) in page.text  # the latest of them says it all
    assert await ends_of_pages(ward, ward.cole) == {"sent"}


async def test_thirty_at_once_are_all_named_the_most_urgent_first(ward: Ward) -> None:
    strangers = [ward.sandbox.person(f"Stranger {number}") for number in range(MANY)]
    for number, stranger in enumerate(strangers):
        stranger.opens()
        stranger.writes(HARD_TO_CARRY if number < MANY // 2 else WORDS)
    await ward.settle()

    degrees = {alert.id: alert.degree for alert in await ward.alerts()}
    shown = [[degrees[number] for number in alerts_of(page)] for page in together(ward.kim)]
    shown.sort(key=lambda page: page.count("now"), reverse=True)  # they left together, and may arrive in any order
    assert shown == [["now"] * 12, ["now"] * 3 + ["review_now"] * 9, ["review_now"] * 6]
    assert sorted(number for page in together(ward.kim) for number in alerts_of(page)) == sorted(degrees)
    assert {alert.first_paged_at is not None for alert in await ward.alerts()} == {True}


@ON_BOTH
async def test_where_the_page_cannot_arrive_each_alert_goes_on_to_the_next_person(ward: Ward) -> None:
    ward.cole.blocks()
    ward.sandbox.world.queue.clear()  # nobody has noticed yet
    ward.ana.writes(WORDS)
    ward.ben.writes(WORDS)
    await ward.later(seconds=5)

    assert await ends_of_pages(ward, ward.cole) == {"blocked"}
    assert len(together(ward.kim)) == 1
    assert {alert.first_paged_at is not None for alert in await ward.alerts()} == {True}


async def test_of_unknown_fate_all_are_sent_once_more_and_either_copy_can_be_pressed(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", chat_id=ward.cole.user_id))
    await both_in_danger(ward)
    await ward.later(seconds=10)

    first, second = together(ward.cole)
    ward.cole.taps_old(first.message_id, str(first.buttons[0][0].data))  # its number nobody ever learnt
    await ward.settle()

    first, second = together(ward.cole)
    assert "You have this since" in first.text
    assert second.labels[0] == "1. BIRCH-07: I have this"
    assert [(row.state, row.unclear) for row in await rows_of(ward, ward.cole) if row.page_id] == [("sent", 1)] * 2
    assert [alert.state for alert in await ward.alerts()] == ["acknowledged", "raised"]


async def test_twice_of_unknown_fate_each_is_uncertain_and_the_next_page_does_not_wait(ward: Ward) -> None:
    lost = Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", chat_id=ward.cole.user_id, times=2)
    ward.sandbox.faults.add(lost)
    await both_in_danger(ward)
    await ward.later(seconds=20)

    assert await ends_of_pages(ward, ward.cole) == {"uncertain"}
    assert len(together(ward.cole)) == 2  # both copies were seen, and there is no third
    assert len(together(ward.kim)) == 1


async def test_what_a_person_says_below_the_safety_message_is_a_message_of_its_own(ward: Ward) -> None:
    await both_in_danger(ward)

    ward.ana.taps(ward.says("safety.say.call"))
    ward.ben.taps(ward.says("safety.say.safe"))
    await ward.settle()

    assert sum("pressed a button below the safety message" in text for text in texts(ward.cole)) == 2


async def test_the_second_channel_is_told_of_each_alert(ward: Ward) -> None:
    mail = Mail()
    await ward.restart(tell=mail.tell)
    for person in (ward.day, ward.cy):  # two chats refused one after the other: it is the bot that is meant
        ward.program.sender.pace.hold(person.user_id, ward.clock.monotonic(), 60)
    ward.ana.writes(WORDS)
    ward.ben.writes(WORDS)
    await ward.program.intake.poll_once(wait=0)
    await ward.program.updates.handle_all()
    assert ward.program.elsewhere is not None

    told = await ward.program.elsewhere.look()
    await ward.settle()

    assert told == 2
    assert {str(page["subject"]) for page in mail.taken} == {"A page waits: BIRCH-07", "A page waits: MAPLE-02"}
    assert len(together(ward.cole)) == 1


async def test_pages_that_cannot_be_put_together_go_out_each_by_itself(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(group_pages, "together", broken)

    await both_in_danger(ward)

    assert (len(pages(ward, ward.cole)), together(ward.cole)) == (2, [])
    assert await ends_of_pages(ward, ward.cole) == {"sent"}


async def test_in_spanish_it_is_said_in_spanish(ward: Ward) -> None:
    async with ward.database.writing() as session:
        cole = await ward.person("COLE")
        await session.merge(cole)
        (await session.merge(cole)).language = "es"
    await both_in_danger(ward)

    assert ward.cole.last.text.startswith("Posibles crisis: 2\n\n1. BIRCH-07\nMotivo:")
    assert ward.cole.last.labels[0] == "1. BIRCH-07: Me encargo"


async def both_in_danger(ward: Ward) -> None:
    """Ana and Ben write at the same moment."""
    ward.ana.writes(WORDS)
    ward.ben.writes(WORDS)
    await ward.settle()


def together(person: OnThePhone) -> Sequence[Shown]:
    """The messages on a person's screen that name several alerts."""
    return [shown for shown in person.screen if shown.from_bot and shown.text.startswith(TOGETHER)]


def alerts_of(page: Shown) -> list[int]:
    """The alerts a message names, by the first button of each."""
    data = [str(button.data).split(":") for row in page.buttons for button in row]
    return [int(parts[2]) for parts in data if parts[3] == "have"]


async def group_of(ward: Ward) -> int:
    """The number that Dr Cole's buttons carry."""
    return int(str(together(ward.cole)[0].buttons[0][0].data).split(":")[1])


async def rows_of(ward: Ward, person: OnThePhone) -> list[Outgoing]:
    """What was put into the outbox for a person because of an alert."""
    async with ward.database.reading() as session:
        found = await session.scalars(
            select(Outgoing)
            .where(Outgoing.chat_id == person.user_id, Outgoing.alert_id.is_not(None))
            .order_by(Outgoing.id)
        )
        return list(found)


async def ends_of_pages(ward: Ward, person: OnThePhone) -> set[str]:
    """How the pages to a person ended."""
    return {row.state for row in await rows_of(ward, person) if row.page_id is not None}


async def paged(ward: Ward) -> dict[str, bool]:
    """Whether Telegram took a page about each patient."""
    found = {alert.patient_id: alert.first_paged_at is not None for alert in await ward.alerts()}
    return {code_name: found[(await ward.person(code_name)).id] for code_name in ("BIRCH-07", "MAPLE-02")}
