"""Somebody writes that they do not want to live; a person at the clinic has it in their hands within minutes.

Whoever writes it, wherever they stand, reads at once where help is, that a program is speaking and that nobody
watches. Dr Cole, on call, is paged with a button. As long as nobody presses "I have this" the page is repeated
every two minutes, up the order. Who takes it sees how to reach the person, reads the words, and closes it.

What can go wrong: it is said in the middle of a check-in, in a caption, in an edit, by somebody who has paused or
left, by a stranger; the first person on call does not look or cannot be reached; somebody presses who may not;
the bot goes on asking its questions as if nothing had been said.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from alliance.people import Role
from sandbox import Fault, FaultKind
from storage import alerts
from storage.tables import Alert
from tests.stories.ward import ON_BOTH, YES, Ward, ever, madrid, texts

WORDS = "I don't want to live any more"
SAFETY = (
    "What you wrote sounds serious, and it matters. Please reach out to somebody who can help you now.\n\n"
    "If you or somebody else is in danger: call 112.\n\n"
    "I am a program, and nobody is watching this chat live. I try to tell the person on call at the clinic, and I "
    "cannot know whether or when they see it. Please do not wait for an answer here."
)
PAGE_BUTTONS = ("I have this", "How to reach them", "Show words")


@ON_BOTH
async def test_in_the_middle_of_a_check_in_the_safety_message_comes_and_nothing_else_is_asked(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6")
    question = ward.ana.last
    before = texts(ward.ana)

    await ward.writes(ward.ana, WORDS)
    assert texts(ward.ana) == [*before, SAFETY]
    assert ward.cole.last.text == (
        "Possible crisis: BIRCH-07\n"
        "Why: words that may speak of suicide. Written Monday 2 March at 09:00.\n"
        "The safety message has gone out to the person. This is a sign found by a rule or a request; it may be "
        'wrong.\nThis page is repeated until somebody presses "I have this".'
    )
    assert ward.cole.last.labels == PAGE_BUTTONS
    assert ward.cole.last.protected
    assert await ward.words(ward.ana) == [WORDS]

    ward.ana.taps_old(question.message_id, question.buttons[0][4].data or "")  # and she may go on, if she likes
    await ward.settle()
    assert await ward.answers() == {"goal1": 6, "task1": 5}


@ON_BOTH
async def test_dr_cole_takes_it_reaches_ana_reads_her_words_and_closes_it(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)

    await ward.taps(ward.cole, "I have this")
    assert ward.cole.toasts[-1] == "You have this"
    page = ward.cole.last
    assert page.labels == ("How to reach them", "Show words", "Close: contact made", "Close: not a crisis")
    await ward.taps(ward.cole, "How to reach them")
    assert ward.cole.last.text == "How to reach this person\nName: Ana\nTelephone: +34 600 000 001"
    assert ward.cole.last.protected
    await ward.taps(ward.cole, "Show words")
    assert ward.cole.last.text == f"BIRCH-07, Monday 2 March at 08:00\n{WORDS}"
    assert ward.cole.last.protected
    await ward.later(minutes=11)
    assert not any("+34" in text or WORDS in text for text in texts(ward.cole))

    await ward.taps(ward.cole, "Close: contact made")
    closed = next(shown for shown in ward.cole.screen if shown.message_id == page.message_id)
    assert closed.text == "BIRCH-07: closed (contact made)."
    assert closed.labels == ()
    (alert,) = await _alerts(ward)
    assert (alert.state, alert.resolution) == ("resolved", "contact_made")
    count = len(texts(ward.cole))
    await ward.later(hours=6)
    assert len([text for text in texts(ward.cole)[count:] if "crisis" in text]) == 0


@ON_BOTH
async def test_the_page_goes_up_the_order_every_two_minutes_until_somebody_has_it(ward: Ward) -> None:
    await ward.set_on_call("COLE", "DAY")
    start = ward.clock.now()
    await ward.writes(ward.ana, WORDS)

    await ward.until(start + timedelta(minutes=7))
    minutes = {person.name: _paged_after(ward, person.user_id, start) for person in (ward.cole, ward.day, ward.kim)}
    assert minutes == {"Cole": [0, 6], "Day": [2, 6], "Kim": [4, 6]}  # one after another, then everybody

    await ward.taps(ward.kim, "I have this")
    assert ward.cole.last.text == ward.day.last.text == "BIRCH-07: KIM has this now."
    await ward.later(minutes=30)
    assert _paged_after(ward, ward.cole.user_id, start) == [0, 6]


async def test_it_never_goes_quiet_while_nobody_has_it(ward: Ward) -> None:
    start = ward.clock.now()
    await ward.writes(ward.ana, WORDS)

    await ward.until(start + timedelta(minutes=30, seconds=30))

    when = sorted(_paged_after(ward, ward.cole.user_id, start) + _paged_after(ward, ward.kim.user_id, start))
    assert sorted(set(when)) == list(range(0, 31, 2))


async def test_taken_but_not_closed_reminds_its_owner(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this")

    await ward.later(hours=2, minutes=1)

    assert ward.cole.last.text.endswith("It is still open.")
    assert "crisis" not in ward.kim.last.text


@ON_BOTH
async def test_paging_goes_on_after_a_restart(ward: Ward) -> None:
    start = ward.clock.now()
    await ward.writes(ward.ana, WORDS)

    await ward.restart()
    await ward.until(start + timedelta(minutes=3))

    assert _paged_after(ward, ward.kim.user_id, start) == [2]


async def test_somebody_on_call_who_has_blocked_the_bot_is_passed_over(ward: Ward) -> None:
    await ward.set_on_call("DAY", "COLE")
    ward.day.blocks()
    await ward.settle()

    await ward.writes(ward.ana, WORDS)

    assert ward.cole.last.labels == PAGE_BUTTONS


async def _has_paused(ward: Ward) -> None:
    await ward.writes(ward.ana, "/pause")


async def _has_left(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")


async def _is_discharged(ward: Ward) -> None:
    await ward.set_state("BIRCH-07", "discharged")


async def _is_on_hold(ward: Ward) -> None:
    await ward.set_state("BIRCH-07", "on_hold")


async def _is_being_asked(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))


@pytest.mark.parametrize(
    "stands",
    [
        pytest.param(_has_paused, id="paused"),
        pytest.param(_has_left, id="left"),
        pytest.param(_is_discharged, id="discharged"),
        pytest.param(_is_on_hold, id="on hold"),
        pytest.param(_is_being_asked, id="being asked"),
    ],
)
async def test_wherever_a_patient_stands(ward: Ward, stands: Callable[[Ward], Awaitable[None]]) -> None:
    await stands(ward)

    await ward.writes(ward.ana, WORDS)

    assert ward.ana.last.text == SAFETY
    assert ward.cole.last.labels == PAGE_BUTTONS
    await ward.taps(ward.cole, "Show words")
    assert WORDS in ward.cole.last.text


async def test_somebody_who_was_invited_and_has_not_said_yes(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()

    await clinic.writes(clinic.ana, WORDS)

    assert clinic.ana.last.text == SAFETY
    assert clinic.cole.last.text.startswith("Possible crisis: BIRCH-07\n")
    await clinic.taps(clinic.ana, YES)  # the question is still there for later
    assert clinic.ana.last.labels == ("Yes", "No")


@ON_BOTH
async def test_a_stranger_is_told_where_help_is_and_the_coordinator_is_told_of_them(clinic: Ward) -> None:
    await clinic.writes(clinic.cy, WORDS)

    assert texts(clinic.cy) == [SAFETY]
    assert clinic.kim.last.text.startswith("Possible crisis: somebody who is not enrolled\n")
    await clinic.taps(clinic.kim, "I have this", "How to reach them")
    assert "This person is not enrolled" in clinic.kim.last.text


async def test_who_takes_a_stranger_s_crisis_reads_the_words(clinic: Ward) -> None:
    await clinic.writes(clinic.cy, WORDS)

    await clinic.later(minutes=3)
    await clinic.taps(clinic.cole, "Show words")

    assert WORDS in clinic.cole.last.text


@ON_BOTH
async def test_words_that_were_changed_into_a_crisis(ward: Ward) -> None:
    wrote = ward.ana.writes("I am tired today")
    await ward.settle()

    await ward.later(minutes=1)
    ward.ana.edits(wrote.message_id, WORDS)
    await ward.settle()

    assert ward.ana.last.text == SAFETY
    assert ward.cole.last.labels == PAGE_BUTTONS
    assert await ward.words(ward.ana) == ["I am tired today", WORDS]


async def test_the_caption_of_a_picture(ward: Ward) -> None:
    ward.ana.sends_photo(WORDS)
    await ward.settle()

    assert ward.ana.last.text == SAFETY
    assert ward.cole.last.labels == PAGE_BUTTONS


async def test_words_behind_a_command(ward: Ward) -> None:
    await ward.writes(ward.ana, f"/pause {WORDS}")

    assert ward.ana.last.text == SAFETY
    assert (await ward.enrolment("BIRCH-07")).state == "active"  # nothing else happens in that update


@pytest.mark.parametrize("how", ["the button", "the command"])
async def test_i_need_help_now_is_always_there(ward: Ward, how: str) -> None:
    await ward.until(madrid(3, 2, "09:00"))

    if how == "the button":
        await ward.taps(ward.ana, "I need help now")
    else:
        await ward.writes(ward.ana, "/help_now")

    assert "call 112" in ward.ana.last.text
    assert "Why: the person asked for help now." in ward.cole.last.text
    assert not ward.ana.last.text.startswith("What you wrote")  # she has written nothing


async def test_a_second_message_belongs_to_the_same_alert_and_pages_at_once(ward: Ward) -> None:
    start = ward.clock.now()
    await ward.writes(ward.ana, WORDS)
    await ward.later(seconds=30)

    await ward.writes(ward.ana, "I want to kill myself")

    assert len(await _alerts(ward)) == 1
    assert [text for text in texts(ward.ana) if text == SAFETY] == [SAFETY, SAFETY]
    assert _paged_after(ward, ward.kim.user_id, start) == [0]


async def test_what_arrived_late_says_so(ward: Ward) -> None:
    ward.ana.writes(WORDS)

    ward.clock.move_to(ward.clock.now() + timedelta(minutes=40))
    await ward.settle()

    assert "Written Monday 2 March at 08:00.\nIt reached us only at 08:40." in ward.cole.last.text


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
    assert [alert.state for alert in await _alerts(ward)] == ["acknowledged"]


@ON_BOTH
async def test_nobody_who_was_not_paged_can_press(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    buttons = [button.data or "" for row in ward.cole.last.buttons for button in row]
    (alert,) = await _alerts(ward)
    buttons += [f"a:{alert.id}:made", f"a:{alert.id}:not"]

    for person in (ward.day, ward.kim, ward.ana, ward.ben):
        for data in buttons:
            person.taps_old(person.last.message_id, data)
            await ward.settle()

    assert set(ward.day.toasts + ward.kim.toasts) == {"This is not yours to press"}
    (alert,) = await _alerts(ward)
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
    (alert,) = await _alerts(ward)
    assert alert.acknowledged_by == (await ward.person("KIM")).id


async def test_pressing_twice_is_pressing_once(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)

    ward.cole.taps("I have this")
    ward.cole.taps("I have this")
    await ward.settle()

    assert ward.cole.toasts[-2:] == ("You have this", "You have this")


async def test_an_ordinary_complaint_pages_nobody(ward: Ward) -> None:
    cole = texts(ward.cole)

    await ward.writes(ward.ana, "This treatment is killing me with boredom, and nobody listens.")

    assert texts(ward.cole) == cole
    assert await _alerts(ward) == []


async def test_the_digest_says_what_became_of_it(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this", "Close: contact made")

    await ward.until(madrid(3, 3, "08:01"))

    assert "Alerts: 1\n• BIRCH-07: raised 2 March 08:00, closed by COLE" in ward.cole.last.text


async def _alerts(ward: Ward) -> list[Alert]:
    async with ward.database.reading() as session:
        return list(await alerts.every(session))


def _paged_after(ward: Ward, user_id: int, start: object) -> list[int]:
    """After how many whole minutes a person was paged, each time."""
    assert isinstance(start, type(ward.clock.now()))
    shown = ward.sandbox.ledger.ever_shown(user_id)
    return [
        round((message.sent_at - start).total_seconds() / 60)
        for message in shown
        if message.from_bot and message.edited_at is None and message.text.startswith("Possible crisis")
    ]
