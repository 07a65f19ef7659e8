"""What Dr Cole does about Ana's flag, from one press to the end: who was reached, what was written, who has it now.

Ana has answered well for two weeks and then low. Dr Cole has a card with few buttons, and "More" on it. Whatever is
pressed late, twice, by the wrong person or about something that is no longer there is answered in one sentence.
"""

import pytest
from sqlalchemy import select, update

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from sandbox.people import Person as OnThePhone
from storage import acting, people
from storage.tables import AuditEntry, ContactMade, NoteToPatient, StaffRole
from tests.stories.ward import ON_BOTH, Ward, ever, madrid, texts
from workflows.judge_flags import precision

GOOD, LOW = ("7", "7", "7", "Leave it at that"), ("7", "7", "1", "Leave it at that")
GRAVE = "Last time you said you thought of killing yourself. I would like to hear how you are."


@ON_BOTH
async def test_only_contact_ends_the_waiting_and_what_was_done_stands_beside_the_repair(ward: Ward) -> None:
    await flagged(ward)
    await ward.taps(ward.cole, "Reviewed")
    await ward.until(madrid(3, 19, "08:01"))
    waits = "Waiting for somebody to get in touch: 1\n• BIRCH-07: 3 days, since 16 March."
    assert waits in ward.cole.last.text  # that somebody has looked is nothing that she could notice
    assert ward.cole.last.labels == ("Reached BIRCH-07",)

    await ward.taps(ward.cole, "Reached BIRCH-07", "By phone, yesterday")
    await ward.taps(ward.cole, "Reached BIRCH-07", "By phone, yesterday")
    assert ward.cole.last.text == "Noted. BIRCH-07 no longer waits."
    assert ward.cole.toasts[-1] == "This was noted before"
    assert await contacts(ward) == [("phone", "2026-03-18")]

    await answers(ward, 19, GOOD)
    await ward.until(madrid(3, 20, "08:01"))
    assert "Waiting for somebody" not in ward.cole.last.text
    assert "Improving: 1\n• BIRCH-07: Relationship, better 3 days after the flag" in ward.cole.last.text

    await answers(ward, 23, GOOD)
    await ward.until(madrid(3, 24, "08:01"))
    told = (
        "BIRCH-07: Relationship, a short dip, back 2 days after the flag. What was done may have helped. Before that: "
    )
    assert f"{told}Reviewed by you, 17 March" in ward.cole.last.text
    assert "Improving" not in ward.cole.last.text


async def test_a_note_is_seen_before_it_goes_signed_and_arrives_once(ward: Ward) -> None:
    await flagged(ward)
    await ward.taps(ward.cole, "More", "Message", "In my own words")
    await ward.restart()  # between the question and the answer
    await ward.later(seconds=30)

    await ward.writes(ward.cole, GRAVE)
    preview = ward.cole.last
    assert preview.text.startswith(f"BIRCH-07 would read this:\n\n{GRAVE}\n\nDr Cole, Almond House\n")
    assert not any("killing" in text for text in ever(ward, ward.ana))
    typed = [shown for shown in ward.cole.screen if not shown.from_bot][-1]
    ward.cole.edits(typed.message_id, GRAVE.replace("Last time", "Once"))
    await ward.settle()
    await ward.taps(ward.cole, "Send")
    ward.cole.taps_old(preview.message_id, (preview.buttons[0][0].data or ""))
    await ward.settle()

    assert ward.cole.toasts[-1] == "This was sent before"
    assert [text for text in texts(ward.ana) if "Once you said" in text] == [ward.ana.last.text]
    assert ward.ana.last.text.endswith("What you write here can be read with the next daily summary.")
    assert await ward.alerts() == []  # they were about somebody else
    async with ward.database.reading() as session:
        assert list(await session.scalars(select(NoteToPatient.state))) == ["arrived"]
        assert "note_sent" in list(await session.scalars(select(AuditEntry.action)))
    assert [how for how, _ in await contacts(ward)] == ["message"]
    await ward.writes(ward.cole, "I want to kill myself")  # asked for by nobody: screened like anybody's
    assert [alert.cause for alert in await ward.alerts()] == ["suicide"]
    await ward.taps(ward.kim, "I have this", "Close: contact made")


async def test_what_is_typed_can_be_wrong_and_each_says_so_in_a_sentence(ward: Ward) -> None:
    await flagged(ward)
    await ward.taps(ward.cole, "More", "Message", "In my own words")
    await ward.writes(ward.cole, "x" * 2001)
    assert ward.cole.last.text == ward.says("acting.typed.too_long", most=2000)
    ward.cole.sends_voice()
    await ward.settle()
    assert ward.cole.last.text == ward.says("acting.typed.only_text")
    await ward.writes(ward.cole, "/help")
    assert ward.says("acting.typed.put_aside") in texts(ward.cole)[-2:]
    await ward.writes(ward.cole, "Nothing was asked of me any more")
    assert ward.cole.last.text == ward.says("staff.only_commands")

    await ward.taps(ward.cole, "Back", "More", "Later", "Another day")
    await ward.writes(ward.cole, "1 March 2026")  # the past
    assert ward.cole.last.text == ward.says("acting.until.how")
    await ward.writes(ward.cole, "23 March")
    assert ward.cole.last.text == "BIRCH-07 comes back on Monday 23 March."
    assert "Put off until 23 March." in texts(ward.cole)[-2]
    for day, is_there in ((18, False), (20, False), (23, True)):
        before = len(texts(ward.cole))
        await ward.until(madrid(3, day, "08:01"))
        assert any("possible withdrawal" in text for text in texts(ward.cole)[before:]) is is_there

    await ward.taps(ward.cole, "Not a rupture", "Another reason")
    await ward.writes(ward.cole, "She was moving house that week")
    (flag,) = await ward.flags()
    async with ward.database.reading() as session:
        assert await acting.verdict(session, flag) == ("other", "She was moving house that week")
        (rule,) = await precision(ward.program.unit(session, "figures"))
    assert (rule.held, rule.not_a_rupture, rule.why_not) == (0, 1, {"other": 1})
    assert texts(ward.ana)[-1] != GRAVE


@pytest.mark.parametrize("why", ["left", "blocked", "while it waits"])
async def test_nothing_goes_to_somebody_who_has_left_or_cannot_be_reached(ward: Ward, why: str) -> None:
    await flagged(ward, at="21:30" if why == "while it waits" else "08:02")
    if why == "blocked":
        ward.ana.blocks()
        await ward.settle()
    if why == "left":
        await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)
    await ward.taps(ward.cole, "More", "Message")
    if why == "while it waits":
        await ward.taps(ward.cole, "I will call", "Send")
        assert ward.cole.last.text == "Goes to BIRCH-07 when their quiet time ends."
        await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)
        await ward.until(madrid(3, 18, "08:01"))
        assert ward.says("acting.note.lost", name="BIRCH-07") in texts(ward.cole)
    else:
        key = "not_taking_part" if why == "left" else "unreachable"
        assert ward.cole.toasts[-1] == ward.says(f"acting.toast.{key}")

    assert not any("I would like to call you" in text for text in ever(ward, ward.ana))
    assert await contacts(ward) == []


async def test_a_pause_is_one_from_questions_and_the_preview_says_so(ward: Ward) -> None:
    await flagged(ward)
    await ward.writes(ward.ana, "/pause")

    await ward.taps(ward.cole, "More", "Message", "No need to answer")
    assert ward.says("acting.note.paused", name="BIRCH-07") in ward.cole.last.text
    await ward.taps(ward.cole, "Send")

    assert "you owe me no answers" in ward.ana.last.text
    await ward.until(madrid(3, 17, "21:30"))
    await ward.writes(ward.ana, "/resume")
    await ward.until(madrid(3, 17, "21:31"))
    await ward.taps(ward.cole, "Back", "More", "Message", "I will call", "Send")
    await ward.writes(ward.ana, "/pause")  # while it waits for the end of her quiet time
    assert not any("I would like to call you" in text for text in texts(ward.ana))
    await ward.until(madrid(3, 18, "08:01"))
    assert [text for text in texts(ward.ana) if "I would like to call you" in text] == [ward.ana.last.text]


async def test_a_flag_is_handed_over_with_the_right_to_act_and_given_back(ward: Ward) -> None:
    await flagged(ward)
    card = ward.cole.last
    await ward.taps(ward.cole, "More", "Hand over")
    to_herself = (ward.cole.last.buttons[0][0].data or "").rpartition(":")[0] + f":{(await ward.person('COLE')).id}"
    ward.cole.taps_old(card.message_id, to_herself)
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("acting.toast.to_yourself")

    await ward.taps(ward.cole, "DAY")
    assert ward.cole.last.text == "BIRCH-07 is with DAY now."
    assert "Handed to you by COLE, whose patient this is." in ward.day.last.text
    ward.cole.taps_old(card.message_id, card.buttons[0][0].data or "")
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("acting.toast.with_colleague")
    await ward.until(madrid(3, 18, "08:01"))
    assert "With a colleague: 1\n• BIRCH-07: with DAY since 17 March." in ward.cole.last.text
    assert ward.day.last.text.startswith("BIRCH-07: possible withdrawal")

    await ward.taps(ward.day, "More", "Give it back")
    assert ward.says("acting.hand.returned", who="DAY", name="BIRCH-07") in texts(ward.cole)
    await ward.taps(ward.cole, "Reviewed")
    ward.day.taps_old(ward.day.last.message_id, card.buttons[0][0].data or "")
    await ward.settle()
    assert ward.day.toasts[-1] == ward.says("toast.not_yours")
    assert [flag.state for flag in await ward.flags()] == ["acknowledged"]


async def test_a_colleague_who_has_left_is_no_choice_and_holds_nothing(ward: Ward) -> None:
    await flagged(ward)
    await ward.taps(ward.cole, "More", "Hand over")
    page = ward.cole.last
    await leaves_the_clinic(ward, "DAY")
    ward.cole.taps_old(page.message_id, page.buttons[0][0].data or "")
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("acting.toast.has_left")

    await ward.taps(ward.cole, "Back", "Reviewed")
    assert ward.cole.toasts[-1] == "Marked as reviewed"


async def test_a_flag_nobody_touches_goes_to_the_lead_after_three_whole_working_days(ward: Ward) -> None:
    lia = await a_lead(ward)
    await flagged(ward)  # raised on Monday the 16th
    await ward.until(madrid(3, 19, "08:01"))
    assert "Open for 3 days." in ward.cole.last.text
    assert not any("BIRCH-07" in text for text in texts(lia))

    await ward.until(madrid(3, 20, "08:01"))  # Tuesday, Wednesday and Thursday have passed
    assert "A patient of COLE. Nobody has looked at this flag" in lia.last.text
    assert "Words of BIRCH-07" not in lia.last.labels
    await ward.until(madrid(3, 23, "12:00"))
    assert sum("BIRCH-07: possible" in text for text in texts(lia)) == 1

    await ward.taps(lia, "Reviewed")
    ward.cole.taps_old(ward.cole.last.message_id, ward.cole.last.buttons[0][0].data or "")
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("acting.toast.seen_before")  # of two who press, the first one counts
    assert "Reviewed by LIA" in ward.cole.last.text
    await ward.until(madrid(3, 28, "12:00"))
    assert sum("BIRCH-07: possible" in text for text in texts(lia)) == 1  # the card has been changed, none has come


async def test_without_a_lead_the_coordinator_is_told_and_a_flag_put_off_goes_to_nobody(ward: Ward) -> None:
    await flagged(ward)
    await ward.until(madrid(3, 20, "08:01"))
    assert ward.kim.last.text == ward.says("acting.escalated.no_lead", who="COLE", count=3)
    assert "BIRCH-07" not in ward.kim.last.text

    lia = await a_lead(ward)
    await ward.taps(ward.cole, "More", "Later", "In a week")
    await ward.until(madrid(3, 31, "08:01"))
    assert not any("BIRCH-07" in text for text in texts(lia))


async def test_what_outlasts_an_action_comes_back_as_that_and_not_as_news(ward: Ward) -> None:
    await flagged(ward)
    await ward.taps(ward.cole, "More", "Reached them", "In person, today")
    for day in (19, 23, 26, 30):
        await answers(ward, day, LOW)

    await ward.until(madrid(3, 31, "08:01"))

    first, again = await ward.flags()
    assert (first.state, first.resolution, again.state) == ("resolved", "unrepaired", "raised")
    summary, card = texts(ward.cole)[-2:]
    assert "Possible ruptures: 1 (0 new)" in summary
    assert "Not repaired: first raised 16 March, and as low as it was." in card
    assert "Last done about it then: You met them; noted 17 March" in card
    assert ward.says("digest.standing.new") not in card


async def test_what_is_no_longer_there_says_so(ward: Ward) -> None:
    await flagged(ward)
    await ward.taps(ward.cole, "More", "Message", "In my own words")
    more = f"x:{(await ward.flags())[0].id}:1:m:"
    await ward.writes(ward.ana, "/forget")
    await ward.taps(ward.ana, "Yes, delete everything")

    ward.cole.taps_old(1, more)
    await ward.settle()

    assert ward.cole.toasts[-1] == ward.says("acting.toast.gone")
    await ward.writes(ward.cole, "A message to nobody")
    assert ward.cole.last.text == ward.says("staff.only_commands")


async def test_she_acts_in_spanish_on_a_patient_who_reads_english(ward: Ward) -> None:
    async with ward.database.writing() as session:
        (await people.by_code_name(session, "COLE")).language = "es"  # pyright: ignore[reportOptionalMemberAccess]
    await flagged(ward)

    await ward.taps(ward.cole, "Más", "Mensaje", "Voy a llamar")
    assert ward.cole.last.text.startswith("BIRCH-07 leería esto:\n\nThank you for letting me know.")
    await ward.taps(ward.cole, "Enviar")

    assert "I would like to call you" in ward.ana.last.text
    assert ward.ana.last.text.splitlines()[2] == "Dr Cole, Almond House"


async def flagged(ward: Ward, *, at: str = "08:02") -> None:
    """Two good weeks, a low answer on Monday the 16th, and Dr Cole in front of her card on Tuesday."""
    for day in (2, 5, 9, 12):
        await answers(ward, day, GOOD)
    await answers(ward, 16, LOW)
    await ward.until(madrid(3, 17, at))


async def answers(ward: Ward, day: int, taps: tuple[str, ...]) -> None:
    await ward.until(madrid(3, day, "09:00"))
    await ward.taps(ward.ana, *taps)


async def a_lead(ward: Ward) -> OnThePhone:
    lia = ward.sandbox.person("Lia")
    lia.opens((await ward.invite(Role.LEAD, "LIA", name="Lia")).link)
    await ward.settle()
    return lia


async def leaves_the_clinic(ward: Ward, code_name: str) -> None:
    person = await ward.person(code_name)
    async with ward.database.writing() as session:
        await session.execute(update(StaffRole).where(StaffRole.person_id == person.id).values(until=ward.clock.now()))


async def contacts(ward: Ward) -> list[tuple[str, str]]:
    async with ward.database.reading() as session:
        rows = await session.execute(select(ContactMade.how, ContactMade.made_on).order_by(ContactMade.id))
        return [(how, made_on.isoformat()) for how, made_on in rows]
