"""Ana chooses who reads what she says about her and Dr Cole, and her words; from the next answer on it is so.

What can go wrong: Dr Cole learns it by a count, a trend, a chart, a button or a flag with another name; what was said
before changes hands with a choice; a cry for help goes astray with the remarks; the other reader learns more than was
given to them, or not whose patient it is; somebody is chosen who is not there.
"""

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from alliance.audience import Subject
from alliance.course import course_of
from alliance.course_json import from_json
from alliance.digest import Digest
from alliance.digest_json import as_json, without_patient
from alliance.digest_messages import as_messages
from alliance.people import Role
from sandbox.people import Person as OnThePhone
from storage import courses, digests, reader_courses
from storage.tables import AuditEntry, StaffRole
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import ON_BOTH, Ward, ever, madrid, texts
from workflows.arrange_digest import stored_or_now
from workflows.digest_page import render_page
from workflows.follow_course import EVERYTHING
from workflows.observe_for import observed_by
from workflows.open_words import goals_for, phrases_for, words_for
from workflows.sights import sights_of

COMPLAINT = {
    "en": "You never listen to me when I talk about the tablets.",
    "es": "Usted nunca me escucha cuando hablo de las pastillas.",
}
WORDS = {"en": "tablets", "es": "pastillas"}
GOOD, LEAVE = ("7", "7", "7"), "Leave it at that"
TEAM = "the whole team: Dr Cole, Dr Day."


@ON_BOTH
@IN_BOTH
async def test_what_goes_to_dr_day_reaches_dr_day_with_the_words_and_leaves_no_trace_with_dr_cole(asked: Asked) -> None:
    ward, day = asked.ward, "Dr Day"
    await asked.presses("checkin.button.who", "readers.bond.button")
    assert asked.says("readers.bond.now.clinician") in asked.screen
    assert asked.says("readers.holds") in asked.screen
    await ward.taps(asked.person, day)
    assert asked.says("readers.bond.now.person", reader=day) in asked.screen
    assert asked.says("readers.remarks.now.clinician") in asked.screen
    await asked.presses("readers.remarks.button")
    await ward.taps(asked.person, day)
    assert asked.says("readers.remarks.now.person", reader=day) in asked.screen
    await asked.presses("checkin.button.back")
    assert asked.is_at(1)

    await asked.presses("6", "6", "1")
    assert asked.says("readers.why_bond", reader=day) in asked.screen
    await asked.presses("checkin.concern.not_heard", "checkin.wish.call")
    assert asked.says("checkin.remark", clinician=day) in asked.screen
    await ward.writes(asked.person, COMPLAINT[asked.language])
    assert asked.screen.startswith(asked.says("checkin.title_done"))
    assert asked.says("readers.thanks", coming="").strip() in asked.screen
    await ward.until(madrid(3, 3, "08:01"))

    hers, theirs = await _everything(ward, "COLE"), await _everything(ward, "DAY")
    own = await _digest(ward, "COLE")
    assert (own.flags, own.wrote, own.explained, own.recovered) == ((), (), (), ())
    assert own.numbers.answered == 1  # that she replied is no secret
    for trace in ("bond", "Relationship", "heard", "low", "contact", "call", WORDS[asked.language], "Words of"):
        assert trace not in hers.replace('"heard":', "").replace("overflow", ""), trace
    assert "BIRCH-07 (patient of COLE): possible confrontation" in theirs
    assert "Relationship 1 of 7" in theirs
    assert "did not feel heard. Would like a call." in theirs
    assert re.search("<mark>[^<]*(listen|escucha)", theirs)
    (flag,) = await ward.flags()
    assert (flag.clinician_id, flag.is_routed) == ((await ward.person("DAY")).id, True)
    await ward.taps(ward.day, "Words of BIRCH-07")
    assert ward.day.last.text.endswith(COMPLAINT[asked.language])
    assert not any(WORDS[asked.language] in text for text in ever(ward, ward.cole))


async def test_the_twin_who_chooses_nothing_is_read_by_dr_cole_alone(ward: Ward) -> None:
    await _answers(ward, 2, ("6", "6", "1"), COMPLAINT["en"])
    await ward.until(madrid(3, 3, "08:01"))

    assert "BIRCH-07: possible confrontation" in (await _everything(ward, "COLE"))
    assert "BIRCH-07" not in (await _everything(ward, "DAY"))
    assert [flag.is_routed for flag in await ward.flags()] == [False]


async def test_nobody_gets_at_it_with_the_buttons_of_somebody_else(ward: Ward) -> None:
    await _goes_to(ward, Subject.REMARKS, "Dr Day")
    await _answers(ward, 2, GOOD, COMPLAINT["en"])
    await ward.until(madrid(3, 3, "08:01"))
    theirs = [button.data for shown in ward.day.screen for row in shown.buttons for button in row]
    assert [data for data in theirs if data and data.startswith("w:")]

    for data in theirs:
        ward.cole.taps_old(ward.cole.last.message_id, data or "")
        await ward.settle()
    assert not any("tablets" in text for text in ever(ward, ward.cole))

    await ward.taps(ward.day, "Words of BIRCH-07")
    assert ward.day.last.text.endswith(COMPLAINT["en"])


async def test_an_answer_keeps_the_audience_it_was_given_under(ward: Ward) -> None:
    await _answers(ward, 2, GOOD, "The first, for Dr Cole")
    await _goes_to(ward, Subject.BOND, "Dr Day")
    await _goes_to(ward, Subject.REMARKS, "Dr Day")
    await _answers(ward, 5, ("6", "6", "2"), "The second, for Dr Day")
    await _goes_to(ward, Subject.BOND, "Dr Cole")
    await _goes_to(ward, Subject.REMARKS, "Dr Cole")
    await _answers(ward, 9, ("5", "2", "6"), "The third, for Dr Cole")
    await ward.until(madrid(3, 10, "08:01"))

    (own, routed) = sorted(await ward.flags(), key=lambda flag: flag.is_routed)
    assert (own.signal, own.domain, routed.domain) == ("floor", "task", "bond")
    (line,) = (await _digest(ward, "COLE")).flags
    assert [sorted(point.fractions) for point in line.trend] == [
        ["bond", "goal", "task"],
        ["goal", "task"],
        ["bond", "goal", "task"],
    ]
    assert (line.also, line.heard) == ((), ())
    assert not any("The second" in text for text in await _words_shown(ward, ward.cole))
    day = await _digest(ward, "DAY", on=madrid(3, 6, "08:01"))
    assert [point.fractions for point in day.flags[0].trend] == [{"bond": pytest.approx(1 / 6)}]
    await _is_as_told_from_the_first(ward)


async def test_the_fall_of_one_domain_is_told_to_whoever_gets_that_domain(ward: Ward) -> None:
    await _goes_to(ward, Subject.BOND, "Dr Day")
    for day in (2, 5, 9, 12, 16):
        await _answers(ward, day, GOOD, LEAVE)
    await _answers(ward, 19, ("7", "7", "2"), LEAVE)
    await ward.until(madrid(3, 20, "08:01"))

    (flag,) = await ward.flags()
    assert (flag.signal, flag.domain, flag.is_routed) == ("drop", "bond", True)
    assert (await _digest(ward, "COLE")).has_nothing_to_say

    await _answers(ward, 23, ("2", "7", "1"), LEAVE)
    (own,) = [flag for flag in await ward.flags() if not flag.is_routed]
    assert (own.signal, own.domain, own.reason["also"]) == ("drop", "goal", [])
    assert '"bond": 0' not in json.dumps(own.reason)
    await _is_as_told_from_the_first(ward)


async def test_a_question_that_is_for_somebody_else_is_no_question_left_out(ward: Ward) -> None:
    await _goes_to(ward, Subject.BOND, "Dr Day")
    await _answers(ward, 2, ("6", "6", "5"), LEAVE)
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "6", "6", "Skip this one", LEAVE)

    ana = await ward.person("BIRCH-07")
    async with ward.database.reading() as session:
        unit = ward.program.unit(session, "test")
        told = [await observed_by(unit, sight, limit=EVERYTHING) for sight in await sights_of(unit, ana.id)]
    own, theirs = told
    assert [seen.skipped_bond for seen in own] == [None, None]
    assert [sorted(seen.ratings) for seen in own] == [["goal", "task"]] * 2
    assert [(seen.skipped_bond, sorted(seen.ratings)) for seen in theirs] == [(False, ["bond"]), (True, [])]


async def test_the_whole_team_is_told_and_each_acts_for_themselves(ward: Ward) -> None:
    await _goes_to(ward, Subject.BOND, "The whole team")
    assert f"go to {TEAM}" in ward.ana.last.text
    await _answers(ward, 2, ("6", "6", "1"), "For Dr Cole alone")
    await ward.until(madrid(3, 3, "08:01"))

    own, theirs = await _everything(ward, "COLE"), await _everything(ward, "DAY")
    assert "BIRCH-07: possible" in own
    assert "BIRCH-07 (patient of COLE): possible" in theirs
    assert "For Dr Cole" not in theirs
    assert '"goal"' not in theirs
    assert sorted(flag.is_routed for flag in await ward.flags()) == [False, True]
    await ward.taps(ward.day, "Reviewed")
    assert sorted(flag.state for flag in await ward.flags()) == ["acknowledged", "raised"]


async def test_what_was_repaired_is_told_to_whoever_was_told_of_it(ward: Ward) -> None:
    await _goes_to(ward, Subject.BOND, "Dr Day")
    await _answers(ward, 2, ("6", "6", "1"), LEAVE)
    for day in (5, 9):
        await _answers(ward, day, ("6", "6", "6"), LEAVE)
    await ward.until(madrid(3, 10, "08:01"))

    (line,) = (await _digest(ward, "DAY")).recovered
    assert (line.code_name, line.domain, line.clinician) == ("BIRCH-07", "bond", "COLE")
    assert "BIRCH-07 (patient of COLE)" in ward.day.last.text
    assert (await _digest(ward, "COLE")).has_nothing_to_say


async def test_a_patient_who_moves_to_the_chosen_reader_takes_everything_along(ward: Ward) -> None:
    await _answers(ward, 2, ("6", "6", "5"), "For Dr Cole")
    await _goes_to(ward, Subject.BOND, "Dr Day")
    await _answers(ward, 5, ("6", "6", "4"), LEAVE)

    await ward.invite(Role.PATIENT, "BIRCH-07", clinician="DAY")
    await _answers(ward, 9, ("6", "6", "3"), LEAVE)

    ana = await ward.person("BIRCH-07")
    async with ward.database.reading() as session:
        kept = await courses.of(session, ana.id)
        (own,) = await sights_of(ward.program.unit(session, "test"), ana.id)
        told = await observed_by(ward.program.unit(session, "test"), own, limit=EVERYTHING)
    assert [sorted(seen.ratings) for seen in told] == [["bond", "goal", "task"]] * 3
    assert kept is not None
    assert from_json(kept) == course_of(told)
    await ward.writes(ward.ana, "/who")
    assert "Your answers about you and Dr Day go to Dr Day.\n" in ward.ana.last.text  # and she sees them


async def test_a_cry_for_help_is_never_sent_elsewhere(ward: Ward) -> None:
    await _goes_to(ward, Subject.REMARKS, "Dr Day")

    await ward.writes(ward.ana, "I want to kill myself")

    assert ward.cole.last.text.startswith("Possible crisis: BIRCH-07")
    await ward.taps(ward.cole, "I have this", "Show words")
    assert ward.cole.last.text.endswith("I want to kill myself")
    await ward.until(madrid(3, 2, "08:01"))
    assert [line.code_name for line in (await _digest(ward, "COLE")).alerts] == ["BIRCH-07"]
    assert (await _digest(ward, "DAY")).alerts == ()


async def test_a_concern_between_check_ins_reaches_only_whoever_gets_both(ward: Ward) -> None:
    await _goes_to(ward, Subject.BOND, "Dr Day")
    assert ward.says("readers.others.both", clinician="Dr Cole") not in ward.ana.last.text
    await ward.writes(ward.ana, "/who")
    assert ward.says("readers.others.both", clinician="Dr Cole") in ward.ana.last.text

    await ward.writes(ward.ana, COMPLAINT["en"])
    assert await ward.flags() == []
    await ward.until(madrid(3, 2, "08:01"))
    assert [line.messages for line in (await _digest(ward, "COLE")).wrote] == [
        1
    ]  # her words are Dr Cole's all the same

    await _goes_to(ward, Subject.REMARKS, "Dr Day")
    await ward.writes(ward.ana, COMPLAINT["en"])
    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Day")
    assert [(flag.signal, flag.is_routed) for flag in await ward.flags()] == [("voiced", True)]


async def test_a_lead_can_be_chosen_and_gets_a_summary_from_then_on(ward: Ward) -> None:
    lea = ward.sandbox.person("Lea", "en")
    lea.opens((await ward.invite(Role.LEAD, "LEA", name="Lea")).link)
    await ward.settle()
    await _goes_to(ward, Subject.BOND, "Lea")
    await _answers(ward, 2, ("6", "6", "1"), LEAVE)

    await ward.until(madrid(3, 3, "08:01"))

    assert any(text.startswith("BIRCH-07 (patient of COLE)") for text in texts(lea))
    await ward.taps(lea, "Will raise it")
    assert [flag.state for flag in await ward.flags()] == ["acknowledged"]


async def test_where_there_is_nobody_else_it_is_said_kindly_and_nothing_is_offered(ward: Ward) -> None:
    await _has_left(ward, "DAY")

    await ward.writes(ward.ana, "/menu")
    await ward.taps(ward.ana, "Who reads what", "What you write")

    assert ward.says("readers.nobody", clinic="Almond House", clinician="Dr Cole") in ward.ana.last.text
    assert ward.ana.last.labels == ("Who reads what",)
    ward.ana.taps_old(ward.ana.last.message_id, "o:readers_bond:team")
    await ward.settle()
    assert ward.ana.toasts[-1] == ward.says("toast.no_longer_open")


async def test_a_reader_who_is_gone_reads_nothing_and_it_is_said(ward: Ward) -> None:
    await _goes_to(ward, Subject.REMARKS, "Dr Day")
    await _answers(ward, 2, GOOD, COMPLAINT["en"])
    await ward.until(madrid(3, 3, "08:01"))
    await _has_left(ward, "DAY")

    await ward.taps(ward.day, "Words of BIRCH-07")
    assert ward.day.toasts[-1] == ward.says("toast.not_yours")
    await ward.writes(ward.ana, "Hello again")
    assert ward.ana.last.text == ward.says("readers.kept_unread", reader="Dr Day")
    await ward.writes(ward.ana, "/who")

    assert ward.says("readers.gone", reader="Dr Day") in ward.ana.last.text
    await ward.until(madrid(3, 4, "08:01"))
    assert (await _digest(ward, "COLE")).wrote == ()  # nobody takes a place that Ana has not given them
    await ward.until(madrid(3, 6, "12:00"))
    assert texts(ward.ana).count(ward.says("readers.watch.choose", reader="Dr Day")) == 1  # asked once
    assert texts(ward.kim).count(ward.says("readers.watch.gone", who="DAY", count=1)) == 1
    assert not any("BIRCH-07" in text for text in texts(ward.kim))
    assert not any("as a reader" in text for text in texts(ward.cole))


@pytest.mark.parametrize("looks", [False, True])
async def test_what_a_chosen_reader_leaves_unread_is_told_without_a_word_of_it_and_goes_to_nobody(
    ward: Ward, looks: bool
) -> None:
    await _goes_to(ward, Subject.BOND, "Dr Day")
    await _answers(ward, 2, ("6", "6", "1"), LEAVE)
    await ward.until(madrid(3, 5, "08:01"))
    assert "BIRCH-07 (patient of COLE): possible" in ward.day.last.text
    if looks:
        await ward.taps(ward.day, "Reviewed")
    assert not any("chose DAY to read has waited" in text for text in texts(ward.kim))

    await ward.until(madrid(3, 6, "12:00"))  # Tuesday, Wednesday and Thursday have passed

    told = [text for text in texts(ward.kim) if "chose DAY to read has waited" in text]
    assert told == ([] if looks else [ward.says("readers.watch.unread", who="DAY", count=3)])
    await ward.until(madrid(3, 11, "12:00"))  # and three more
    again = [text for text in texts(ward.kim) if "chose DAY to read has waited" in text][1:]
    assert again == ([] if looks else [ward.says("readers.watch.unread", who="DAY", count=6)])
    assert not any("BIRCH-07" in text for text in texts(ward.kim))
    assert not any("possible" in text or "chose DAY to read has waited" in text for text in ever(ward, ward.cole))


async def test_of_the_whole_team_one_who_looks_has_looked_for_all(ward: Ward) -> None:
    await _goes_to(ward, Subject.BOND, "The whole team")
    await _answers(ward, 2, ("6", "6", "1"), LEAVE)
    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Reviewed")

    await ward.until(madrid(3, 9, "12:00"))

    assert not any("to read has waited" in text for text in texts(ward.kim))
    assert sorted(flag.state for flag in await ward.flags()) == ["acknowledged", "raised"]  # Dr Day's own is hers


async def test_who_may_not_choose_changes_nothing(ward: Ward) -> None:
    day = (await ward.person("DAY")).id
    for press in (f"o:readers_bond:{(await ward.person('KIM')).id}", "o:readers_bond:nobody", "o:readers_bond:1"):
        ward.ana.taps_old(ward.ana.last.message_id, press)
        await ward.settle()
        assert ward.ana.toasts[-1] == ward.says("toast.no_longer_open")
    ward.cole.taps_old(ward.cole.last.message_id, f"o:readers_bond:{day}")
    await ward.settle()
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")
    ward.ana.taps_old(ward.ana.last.message_id, f"o:readers_bond:{day}")
    await ward.settle()

    async with ward.database.reading() as session:
        assert "readers_chosen" not in list(await session.scalars(select(AuditEntry.action)))


@IN_BOTH
async def test_what_was_chosen_stands_in_what_is_kept_about_her(asked: Asked) -> None:
    ward = asked.ward
    await asked.presses("checkin.button.who", "readers.bond.button")
    await ward.taps(asked.person, "Dr Day")
    await ward.writes(asked.person, "/mydata")

    files = [shown.document for shown in asked.person.screen if shown.document is not None]
    page, kept = (file.content.decode() for file in files)
    assert asked.says("readers.file.bond", reader="Dr Day") in page
    assert json.loads(kept)["audience_choices"][0]["whom"] == "person"


async def _goes_to(ward: Ward, subject: Subject, reader: str) -> None:
    """Choose a reader from the menu, by the name on the button."""
    await ward.writes(ward.ana, "/who")
    await ward.taps(ward.ana, ward.says(f"readers.{subject}.button", clinician="Dr Cole"), reader)
    assert ward.ana.last.text.count(ward.says("readers.kept")) == 1


async def _answers(ward: Ward, day: int, numbers: tuple[str, ...], then: str) -> None:
    await ward.until(madrid(3, day, "09:00"))
    await ward.taps(ward.ana, *numbers)
    if then in ward.ana.last.labels:
        await ward.taps(ward.ana, then)
    else:
        await ward.writes(ward.ana, then)


async def _has_left(ward: Ward, code_name: str) -> None:
    """Somebody is no clinician of the clinic any more."""
    person = await ward.person(code_name)
    async with ward.database.writing() as session:
        await session.execute(update(StaffRole).where(StaffRole.person_id == person.id).values(until=ward.clock.now()))


async def _digest(ward: Ward, code_name: str, *, on: datetime | None = None) -> Digest:
    """A digest as it was kept."""
    clinician = await ward.person(code_name)
    async with ward.database.reading() as session:
        day = (on or ward.clock.now()).astimezone(UTC).date()
        return await stored_or_now(ward.program.unit(session, "test"), clinician, day)


async def _everything(ward: Ward, code_name: str) -> str:
    """Every form of a digest in one text: messages and buttons, JSON, and the page with the words."""
    content = await _digest(ward, code_name)
    async with ward.database.reading() as session:
        unit = ward.program.unit(session, "test")
        wording = unit.wording("en")
        page = render_page(
            content,
            words=await words_for(unit, content),
            phrases=await phrases_for(unit, content),
            goals=await goals_for(unit, content),
            wording=wording,
            clinic_name=unit.clinic.name,
        )
        kept = await digests.on(session, (await ward.person(code_name)).id, content.on)
    said = as_messages(content, digest_id=1, wording=wording)
    labels = [button.label for saying in said for row in saying.rows for button in row]
    stored = json.dumps({} if kept is None else kept.content)
    assert without_patient(as_json(content), patient_id=0, code_name="") == as_json(content)
    body = page[page.index("<body>") :]
    return "\n".join((*(saying.text for saying in said), *labels, stored, body))


async def _words_shown(ward: Ward, reader: OnThePhone) -> list[str]:
    await ward.taps(reader, "Words of BIRCH-07")
    return texts(reader)


async def _is_as_told_from_the_first(ward: Ward) -> None:
    """What is kept for each reader is what the first check-in on would tell."""
    ana = await ward.person("BIRCH-07")
    async with ward.database.reading() as session:
        unit = ward.program.unit(session, "test")
        for sight in await sights_of(unit, ana.id):
            told = course_of(await observed_by(unit, sight, limit=EVERYTHING))
            kept = (
                await courses.of(session, ana.id)
                if sight.is_own
                else await reader_courses.of(session, ana.id, sight.reader_id)
            )
            assert kept is not None
            assert from_json(kept) == told
