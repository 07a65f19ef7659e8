"""Ana writes what is wrong, or smooths it over; Dr Cole sees what was heard in it, and reads the words if she may.

The numbers may fall or stay. What a rule hears decides what kind of rupture a fall may be; a concern in words alone is
told by itself. The digest keeps no word: the card has the reason, the words come behind the button with the phrase in
bold. When a message has been emptied, the reason stands without them.

What can go wrong: another person's fault is taken for Dr Cole's; a thank-you is taken for a protest; a colleague reads;
a language nobody has rules for is guessed at; the same message is read twice; a flag cannot be explained later.
"""

import json

import pytest
from sqlalchemy import update

from alliance.course import course_of
from alliance.course_json import from_json
from alliance.digest_json import as_json
from alliance.flag_reason import heard_in, judged_again
from alliance.marker import Signal
from alliance.people import Role
from sandbox.ledger import Shown
from sandbox.people import Person as OnThePhone
from storage import courses, people
from storage.tables import Flag, Message
from tests.stories.ward import Ward, ever, madrid, texts
from workflows import keep_message
from workflows.arrange_digest import stored_or_now
from workflows.digest_page import render_page
from workflows.follow_course import EVERYTHING, observed
from workflows.open_words import phrases_for, words_for

COMPLAINT = "You never listen to me when I talk about the tablets."
EN_ESPANOL = "Usted nunca me escucha cuando hablo de las pastillas."
YIELDS = "Whatever you think is best."
SU_JEFE = "Mi jefe nunca me escucha, pero eso no es nuevo."
NEAR_MISS = "My boss never listens to me, but you always do."
DOES_NOT_FEEL_HEARD, LEAVES_IT = "Does not feel heard.", "Leaves the decision to the clinician"
GOOD, LOW = ("7", "7", "7"), ("7", "7", "4")


async def test_a_complaint_with_ratings_as_ever_reaches_the_next_digest_with_its_reason(ward: Ward) -> None:
    await _answers(ward, 2, GOOD, NEAR_MISS)
    assert await ward.flags() == []  # somebody else who does not listen is no concern of Dr Cole's

    await _answers(ward, 5, GOOD, COMPLAINT)
    await ward.until(madrid(3, 6, "08:01"))

    (flag,) = await ward.flags()
    assert (flag.signal, flag.kind, flag.domain) == ("voiced", "confrontation", "bond")
    card = ward.cole.last
    assert card.text.startswith("BIRCH-07: possible confrontation\nRelationship: a concern in words. Rated 7 of 7 at")
    assert f"Written 5 March 09:00: {DOES_NOT_FEEL_HEARD}" in card.text
    assert "Words of BIRCH-07" in card.labels
    assert not any("listen" in text for text in ever(ward, ward.cole))

    await ward.taps(ward.cole, "Words of BIRCH-07")
    shown = ward.cole.last
    assert shown.text.endswith(COMPLAINT)
    assert _bold(shown) == ["BIRCH-07, Thursday 5 March at 09:00", "You never listen to me"]
    await _explains_itself(ward, flag)


async def test_in_spanish_it_is_heard_and_told_in_the_reader_s_language(ward: Ward) -> None:
    dora = await _dora(ward)
    await _answers(ward, 2, GOOD, SU_JEFE, dora)
    assert await ward.flags() == []

    await _answers(ward, 5, GOOD, EN_ESPANOL, dora)
    await ward.until(madrid(3, 6, "08:01"))

    (flag,) = await ward.flags()
    assert (flag.signal, flag.kind) == ("voiced", "confrontation")
    assert [heard.rule for heard in heard_in(flag.reason)] == ["es.bond.not_heard"]
    assert any(f"Written 5 March 09:00: {DOES_NOT_FEEL_HEARD}" in text for text in texts(ward.cole))
    await _explains_itself(ward, flag)


@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        pytest.param(YIELDS, "withdrawal", LEAVES_IT, id="she gives in"),
        pytest.param(f"{YIELDS} {COMPLAINT}", "confrontation", DOES_NOT_FEEL_HEARD, id="both, and openness wins"),
    ],
)
async def test_the_words_decide_what_kind_a_fall_is(ward: Ward, words: str, kind: str, reason: str) -> None:
    await _used_to(ward, GOOD)

    await _answers(ward, 16, LOW, words)
    await ward.until(madrid(3, 17, "08:01"))

    (flag,) = await ward.flags()
    assert (flag.signal, flag.domain, flag.kind) == ("drop", "bond", kind)
    assert reason in ward.cole.last.text
    await _explains_itself(ward, flag)


async def test_what_is_taken_back_in_time_takes_its_flag_back(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, *GOOD)
    sent = ward.ana.writes(COMPLAINT)
    await ward.settle()
    assert [flag.signal for flag in await ward.flags()] == ["voiced"]

    ward.ana.edits(sent.message_id, "Thank you for last time.")
    await ward.settle()

    assert await ward.flags() == []


async def test_between_check_ins_a_concern_is_heard_too_and_joins_what_is_there(ward: Ward) -> None:
    await _used_to(ward, GOOD)
    await ward.until(madrid(3, 15, "12:00"))

    await ward.writes(ward.ana, NEAR_MISS)
    assert await ward.flags() == []
    await ward.writes(ward.ana, COMPLAINT)
    (flag,) = await ward.flags()
    assert (flag.signal, flag.checkin_id) == ("voiced", None)
    await _explains_itself(ward, flag)

    await _answers(ward, 16, LOW, "Leave it at that")
    (flag,) = await ward.flags()  # the fall is about the same thing
    assert (flag.signal, flag.kind) == ("drop", "confrontation")
    assert [heard.rule for heard in heard_in(flag.reason)] == ["en.bond.not_heard"]
    await _explains_itself(ward, flag)


async def test_a_low_rating_after_a_complaint_takes_its_flag_over_with_what_was_said(ward: Ward) -> None:
    await _answers(ward, 2, GOOD, COMPLAINT)

    await _answers(ward, 5, ("7", "2", "7"), "Leave it at that")

    (flag,) = await ward.flags()
    assert (flag.signal, flag.domain, flag.kind, flag.reason["is_quiet"]) == ("floor", "task", "confrontation", False)
    assert [heard.rule for heard in heard_in(flag.reason)] == ["en.bond.not_heard"]
    await _explains_itself(ward, flag)


async def test_good_ratings_answer_no_complaint_before_somebody_has(ward: Ward) -> None:
    await _answers(ward, 2, GOOD, COMPLAINT)
    for day in (5, 9):
        await _answers(ward, day, GOOD, "Leave it at that")
    assert [flag.state for flag in await ward.flags()] == ["raised"]

    await ward.until(madrid(3, 10, "08:01"))
    await ward.taps(ward.cole, "Will raise it")
    for day in (12, 16):
        await _answers(ward, day, GOOD, "Leave it at that")

    assert [(flag.state, flag.resolution) for flag in await ward.flags()] == [("resolved", "repaired")]


async def test_no_colleague_reads_a_word_and_a_message_that_has_been_emptied_leaves_its_reason(ward: Ward) -> None:
    await _answers(ward, 2, GOOD, COMPLAINT)
    await ward.until(madrid(3, 3, "08:01"))
    assert "<mark>You never listen to me</mark>" in (page := await _page(ward))
    assert page.count("tablets") == 2  # beside the flag, and in what she wrote
    for button in (button for row in ward.cole.last.buttons for button in row):
        ward.day.taps_old(ward.day.last.message_id, button.data or "")
        await ward.settle()
    assert not any("tablets" in text for text in ever(ward, ward.day))

    async with ward.database.writing() as session:
        await session.execute(update(Message).values(words=None))

    page, (flag,) = await _page(ward), await ward.flags()
    assert not any(word in page for word in ("<mark>", "listen", "tablets"))
    assert f"no longer kept: {DOES_NOT_FEEL_HEARD}" in page
    await _explains_itself(ward, flag)
    async with ward.database.reading() as session:
        kept = as_json(await stored_or_now(ward.program.unit(session, "test"), await ward.person("COLE"), None))
    assert not any("tablets" in json.dumps(each) for each in (flag.reason, kept))
    assert '"rule": "en.bond.not_heard"' in json.dumps(kept)


async def test_a_reader_that_fails_costs_neither_a_message_nor_an_alert(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise RuntimeError("the rules are broken")

    monkeypatch.setattr(keep_message, "listen", fails)

    await ward.writes(ward.ana, COMPLAINT, "I want to die.")

    assert await ward.words(ward.ana) == [COMPLAINT, "I want to die."]
    assert [alert.cause for alert in await ward.alerts()] == ["suicide"]


async def test_a_language_without_rules_is_shown_as_such_and_nothing_is_guessed(ward: Ward) -> None:
    async with ward.database.writing() as session:
        ana = await people.by_code_name(session, "BIRCH-07")
        assert ana is not None
        ana.language = "fr"

    await _answers(ward, 2, ("6", "6", "2"), COMPLAINT)  # in words that the rules would know
    await ward.until(madrid(3, 3, "08:01"))

    (flag,) = await ward.flags()
    assert (flag.signal, flag.kind, heard_in(flag.reason)) == ("floor", "confrontation", ())
    assert ward.says("digest.heard.unread") in ward.cole.last.text
    assert [row.heard for row in await ward.messages_of(ward.ana)][-1] is None


async def test_what_is_kept_equals_what_the_first_check_in_on_would_tell(ward: Ward) -> None:
    for day, words in ((2, YIELDS), (5, "Leave it at that"), (9, COMPLAINT), (12, "ok"), (16, NEAR_MISS)):
        await _answers(ward, day, GOOD, words)

    ana = await ward.person("BIRCH-07")
    async with ward.database.reading() as session:
        kept = await courses.of(session, ana.id)
        told = await observed(ward.program.unit(session, "test"), ana.id, limit=EVERYTHING)
    assert kept is not None
    assert [seen.appeasing for seen in told] == [True, None, False, True, False]
    assert from_json(kept) == course_of(told)


async def _used_to(ward: Ward, numbers: tuple[str, ...]) -> None:
    for day in (2, 5, 9, 12):
        await _answers(ward, day, numbers, "Leave it at that")


async def _answers(ward: Ward, day: int, numbers: tuple[str, ...], then: str, person: OnThePhone | None = None) -> None:
    """At nine on that day of March: the numbers, and then a sentence or the button."""
    who = person or ward.ana
    await ward.until(madrid(3, day, "09:00"))
    await ward.taps(who, *numbers)
    if then in who.last.labels:
        await ward.taps(who, then)
    else:
        await ward.writes(who, then)


async def _dora(ward: Ward) -> OnThePhone:
    dora = ward.sandbox.person("Dora", "es")
    invited = await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="COLE", language="es")
    await ward.enrol(dora, invited.link, yes="Sí, quiero participar", right="Sí")
    return dora


async def _page(ward: Ward) -> str:
    """Dr Cole's digest of today as a page."""
    cole = await ward.person("COLE")
    async with ward.database.reading() as session:
        unit = ward.program.unit(session, "test")
        content = await stored_or_now(unit, cole, None)
        words, phrases = await words_for(unit, content), await phrases_for(unit, content)
        return render_page(
            content, words=words, phrases=phrases, wording=unit.wording("en"), clinic_name=unit.clinic.name
        )


async def _explains_itself(ward: Ward, flag: Flag) -> None:
    """What is stored with a flag is enough to come to the same judgement again."""
    again = judged_again(json.loads(json.dumps(flag.reason)), signal=Signal(flag.signal), since=flag.since)

    assert again is not None
    assert (again.kind, again.domain, again.strength, again.since, again.rule) == (
        flag.kind,
        flag.domain,
        flag.strength,
        flag.since,
        flag.rule,
    )
    assert set(again.heard) <= set(heard_in(flag.reason))
    version = ward.program.clinic.language_rules.version
    assert {heard.version for heard in again.heard} <= {version}


def _bold(shown: Shown) -> list[str]:
    """What stands out in a message; all of it is plain letters, so that places are places of characters."""
    places = [(int(str(bold["offset"])), int(str(bold["length"]))) for bold in shown.entities]
    return [shown.text[offset : offset + length] for offset, length in places]
