"""Somebody writes that they do not want to live; a person at the clinic has it in their hands within minutes.

Whoever writes it, wherever they stand, reads at once where help is, that a program is speaking and that nobody
watches. Dr Cole, on call, is paged with a button. As long as nobody presses "I have this" the page is repeated
every two minutes, up the order. Who takes it sees how to reach the person, reads the words, and closes it.

What can go wrong: it is said in the middle of a check-in, in a caption, in an edit, by somebody who has paused or
left, by a stranger; the first person on call does not look or cannot be reached; somebody presses who may not;
the bot goes on asking its questions as if nothing had been said.
"""

from datetime import timedelta

from tests.stories.crisis import PAGE_BUTTONS, WORDS, paged_after, safety
from tests.stories.ward import ON_BOTH, Ward, madrid, texts


@ON_BOTH
async def test_in_the_middle_of_a_check_in_the_safety_message_comes_and_nothing_else_is_asked(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6")
    question = ward.ana.last
    before = texts(ward.ana)

    await ward.writes(ward.ana, WORDS)
    assert texts(ward.ana) == [*before, safety(ward)]
    assert "I am a program, and nobody is watching this chat live." in ward.ana.last.text
    assert "call 112" in ward.ana.last.text
    page = ward.cole.last
    assert page.text.startswith(
        "Possible crisis: BIRCH-07\nWhy: words that may speak of suicide. Written Monday 2 March at"
    )
    assert page.text.endswith("\n".join((ward.says("alert.told"), ward.says("alert.until"))))
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
    (alert,) = await ward.alerts()
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
    minutes = {person.name: paged_after(ward, person, start) for person in (ward.cole, ward.day, ward.kim)}
    assert minutes == {"Cole": [0, 6], "Day": [2, 6], "Kim": [4, 6]}  # one after another, then everybody

    await ward.taps(ward.kim, "I have this")
    assert ward.cole.last.text == ward.day.last.text == "BIRCH-07: KIM has this now."
    await ward.later(minutes=30)
    assert paged_after(ward, ward.cole, start) == [0, 6]


async def test_it_never_goes_quiet_while_nobody_has_it(ward: Ward) -> None:
    start = ward.clock.now()
    await ward.writes(ward.ana, WORDS)

    await ward.until(start + timedelta(minutes=30, seconds=30))

    when = sorted(paged_after(ward, ward.cole, start) + paged_after(ward, ward.kim, start))
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

    assert paged_after(ward, ward.kim, start) == [2]


async def test_somebody_on_call_who_has_blocked_the_bot_is_passed_over(ward: Ward) -> None:
    await ward.set_on_call("DAY", "COLE")
    ward.day.blocks()
    await ward.settle()

    await ward.writes(ward.ana, WORDS)

    assert ward.cole.last.labels == PAGE_BUTTONS


async def test_an_ordinary_complaint_pages_nobody(ward: Ward) -> None:
    cole = texts(ward.cole)

    await ward.writes(ward.ana, "This treatment is killing me with boredom, and nobody listens.")

    assert texts(ward.cole) == cole
    assert await ward.alerts() == []


async def test_the_digest_says_what_became_of_it(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this", "Close: contact made")

    await ward.until(madrid(3, 3, "08:01"))

    assert "Alerts: 1\n• BIRCH-07: raised 2 March 08:00, closed by COLE" in ward.cole.last.text
