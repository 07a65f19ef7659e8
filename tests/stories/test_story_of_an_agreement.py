"""After a visit Dr Cole writes down what was agreed; Ana reads it as "we", and says whether it sounds fair.

Versions are kept and never changed, one of them is open at a time, a wish to change something reaches the digest, and
what was agreed is named beside the questions where Ana wants that.
"""

import json

from sqlalchemy import select

from alliance.agreement import from_words
from sandbox.people import Person as OnThePhone
from storage import agreements
from storage.tables import Agreement, AgreementDraft, AuditEntry, Checkin
from tests.stories.in_two_languages import enrolled
from tests.stories.ward import Ward, ever, madrid, texts

FAIR, CHANGE = "Sounds fair", "I’d like to change something"
GOALS, HERS, ANAS = "Walk to the park twice a week.", "I ask the physiotherapist.", "You keep the diary."


async def test_step_by_step_it_is_previewed_sent_agreed_and_named_beside_the_questions(ward: Ward) -> None:
    await ward.writes(ward.cole, "/agree BIRCH-07")
    await ward.taps(ward.cole, "Step by step")
    await ward.writes(ward.cole, GOALS, HERS, ANAS)
    await ward.taps(ward.cole, "Leave this out")
    preview = ward.cole.last.text
    assert ward.cole.last.labels == ("Send it", "Write it anew", "Drop it")
    assert not any(GOALS in text for text in ever(ward, ward.ana))  # nothing goes out before she has seen it
    await ward.taps(ward.cole, "Send it")

    assert ward.cole.last.text == ward.says("agreement.write.sent", who="BIRCH-07", version=1)
    shown = ward.ana.last
    assert shown.text.startswith("What we agreed on\n\nThis is what Dr Cole wrote down after our visit")
    assert f"Where we are heading:\n{GOALS}\n\nWhat Dr Cole does:\n{HERS}\n\nWhat you do:\n{ANAS}" in shown.text
    assert preview.partition("\n\n")[2] in shown.text
    assert (shown.labels, shown.protected) == ((FAIR, CHANGE, "I need help now"), True)
    await ward.taps(ward.ana, FAIR)
    assert "You said on Monday 2 March that it sounds fair. It can still be changed." in ward.ana.last.text
    assert await _versions(ward) == [(1, "agreed")]

    await ward.until(madrid(3, 2, "09:00"))
    assert "As we agreed" not in ward.ana.last.text  # a telephone lies on a table
    await ward.writes(ward.ana, "/goals")
    await ward.taps(ward.ana, "Name them in the question")
    await ward.until(madrid(3, 5, "09:00"))
    assert f"As we agreed on Monday 2 March:\n• {GOALS}\n" in ward.ana.last.text
    await ward.taps(ward.ana, "6")
    assert f"As we agreed on Monday 2 March:\n• {HERS}\n• {ANAS}\n" in ward.ana.last.text
    await ward.taps(ward.ana, "6")
    assert "As we agreed" not in ward.ana.last.text  # the bond was no part of it
    assert await ward.flags() == []


async def test_a_wish_to_change_something_reaches_the_digest_and_a_new_version_settles_it(ward: Ward) -> None:
    await ward.writes(ward.cole, "/agree BIRCH-07 We meet every week\nand you rest at noon.")
    await ward.taps(ward.cole, "Send it")
    first = ward.ana.last
    await ward.taps(ward.ana, CHANGE)
    assert ward.ana.last.text == ward.says("agreement.what", clinician="Dr Cole")
    await ward.writes(ward.ana, "Noon does not work, and nobody asked me")
    assert ward.ana.last.text == ward.says("agreement.kept", clinician="Dr Cole")
    assert await ward.words(ward.ana) == ["Noon does not work, and nobody asked me"]
    (flag,) = await ward.flags()
    assert (flag.signal, flag.state, flag.rule) == ("contested", "raised", "contested/1")

    await ward.until(madrid(3, 3, "08:01"))
    digest = "\n\n".join(texts(ward.cole)[-2:])
    assert "Would like to change what was agreed: 1 (1 new)" in digest
    assert "BIRCH-07: would like to change what was agreed\nSaid so on 2 March" in digest
    assert "rupture" not in digest.casefold().replace("possible ruptures", "")
    assert "Noon" not in digest  # words wait behind their button
    assert ward.cole.last.labels == ("Reviewed", "Will raise it", "Words of BIRCH-07", "More")
    await ward.taps(ward.cole, "Words of BIRCH-07")
    assert any("Noon does not work" in text for text in texts(ward.cole))

    await ward.writes(ward.cole, "/agree BIRCH-07")
    assert "Since Monday 2 March the patient would like to change something about version 1." in ward.cole.last.text
    await ward.writes(ward.cole, "We meet every week, and you rest when it suits you.")
    await ward.taps(ward.cole, "Send it")
    assert [flag.state for flag in await ward.flags()] == ["acknowledged"]
    await ward.taps(ward.ana, FAIR)

    assert await _versions(ward) == [(1, "replaced"), (2, "agreed")]
    assert [(flag.state, flag.resolution) for flag in await ward.flags()] == [("resolved", "repaired")]
    await _taps_on(ward, ward.ana, first.message_id, FAIR)
    assert ward.ana.toasts[-1] == ward.says("toast.no_longer_open")
    assert any(ward.says("agreement.said.replaced", on="", clinician="") in text for text in texts(ward.ana))
    assert await _versions(ward) == [(1, "replaced"), (2, "agreed")]
    await ward.until(madrid(3, 4, "08:01"))
    assert any("BIRCH-07: What was agreed, 1 day after the flag." in text for text in texts(ward.cole))
    async with ward.database.reading() as session:
        rows = list(await session.scalars(select(Agreement).order_by(Agreement.version)))
        kept = [from_words(agreements.words_of(session, row)).text for row in rows]
        acts = set(await session.scalars(select(AuditEntry.action)))
    assert kept == [
        "We meet every week\nand you rest at noon.",
        "We meet every week, and you rest when it suits you.",
    ]
    assert acts >= {"agreement_sent", "agreement_contested", "agreement_agreed"}


async def test_she_may_change_her_mind_at_any_time_and_a_second_tap_changes_nothing(ward: Ward) -> None:
    await _sent(ward)
    message = ward.ana.last.message_id
    await ward.taps(ward.ana, FAIR)
    fair = next(d for d in _data(ward, ward.ana) if d.endswith(":fair"))
    await ward.taps(ward.ana, CHANGE, "Back to what we agreed on")
    assert "Dr Cole is told with the next daily summary." in ward.ana.last.text
    assert ward.ana.last.labels == ("It sounds fair after all", "I need help now")
    await ward.taps(ward.ana, "It sounds fair after all")
    for _ in range(3):
        ward.ana.taps_old(message, fair)
    await ward.settle()

    assert await _versions(ward) == [(1, "agreed")]
    assert [(flag.signal, flag.resolution) for flag in await ward.flags()] == [("contested", "repaired")]
    await ward.writes(ward.ana, "/agreed")
    assert ward.ana.last.text.startswith("What we agreed on\n")
    assert len(texts(ward.ana)) == len({shown.message_id for shown in ward.ana.screen if shown.from_bot})


async def test_danger_in_the_sentence_is_danger_and_the_wish_stays(ward: Ward) -> None:
    await _sent(ward)
    await ward.taps(ward.ana, CHANGE)

    await ward.writes(ward.ana, "I want to kill myself")

    assert ward.ana.last.text.startswith(ward.says("safety.opening"))
    assert ward.cole.last.text.startswith("Possible crisis: BIRCH-07")
    assert await _versions(ward) == [(1, "contested")]


async def test_a_sentence_later_or_after_something_else_is_a_message_like_any_other(ward: Ward) -> None:
    await _sent(ward)
    await ward.taps(ward.ana, CHANGE)
    await ward.later(minutes=16)
    await ward.writes(ward.ana, "By the way")
    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Cole")
    await ward.until(madrid(3, 2, "09:00"))
    await _taps_on(ward, ward.ana, _message_of(ward, "agreement.what"), "Back to what we agreed on")
    await _taps_on(ward, ward.ana, _message_of(ward, "agreement.title"), "It sounds fair after all")
    await _taps_on(ward, ward.ana, _message_of(ward, "agreement.title"), CHANGE)
    await ward.writes(ward.ana, "6")

    async with ward.database.reading() as session:
        (row,) = await session.scalars(select(Agreement))
        (checkin,) = await session.scalars(select(Checkin))
        assert row.message_row is not None  # a number, too, is what she wrote to that question
        assert (await ward.messages_of(ward.ana))[-1].checkin_id is None
    assert await ward.answers() == {}
    assert checkin.state == "open"


async def test_she_is_reminded_once_and_after_two_weeks_nobody_waits(ward: Ward) -> None:
    await _sent(ward)

    await ward.until(madrid(3, 5, "08:30"))
    reminders = [text for text in texts(ward.ana) if ward.says("agreement.reminder") in text]
    assert len(reminders) == 1
    await ward.until(madrid(3, 16, "08:30"))
    await ward.looks_at_what_is_due()
    assert [text for text in texts(ward.ana) if ward.says("agreement.reminder") in text] == reminders
    assert await _versions(ward) == [(1, "unanswered")]
    await ward.writes(ward.cole, "/brief BIRCH-07")
    assert "Agreement of 2 March: not answered." in ward.cole.last.text

    await _taps_on(ward, ward.ana, _message_of(ward, "agreement.title"), FAIR)
    assert await _versions(ward) == [(1, "agreed")]  # late, and still her word
    await ward.until(madrid(3, 18, "08:01"))
    told = {day: _told_of_agreements(ward, day) for day in ("Tuesday 3", "Monday 9", "Monday 16")}
    assert told == {
        "Tuesday 3": ["BIRCH-07: not answered yet, for 1 day."],
        "Monday 9": ["BIRCH-07: not answered yet, for 7 days."],
        "Monday 16": ["BIRCH-07: not answered yet, for 14 days."],
    }
    assert _told_of_agreements(ward, "Tuesday 17") == ["BIRCH-07: agreed on 16 March."]
    assert _told_of_agreements(ward, "Wednesday 18") == []  # once is enough


async def test_what_nobody_answered_in_two_weeks_is_told_once_and_in_no_other_digest(ward: Ward) -> None:
    await _sent(ward)

    await ward.until(madrid(3, 18, "08:01"))

    assert _told_of_agreements(ward, "Tuesday 17") == [ward.says("visit.agreed.unanswered", who="BIRCH-07", days=14)]
    assert _told_of_agreements(ward, "Wednesday 18") == []
    assert not any("BIRCH-07" in text for text in ever(ward, ward.day))


def _told_of_agreements(ward: Ward, day: str) -> list[str]:
    """What one digest of Dr Cole's says of agreements."""
    digest = next(text for text in texts(ward.cole) if text.startswith(f"Digest, {day} March"))
    entries = digest.partition("Agreements after visits: ")[2].partition("\n\n")[0].split("\n")[1:]
    return [entry.removeprefix("• ") for entry in entries]


async def test_no_reminder_after_an_answer_or_in_a_break(ward: Ward) -> None:
    await _sent(ward)
    await ward.taps(ward.ana, FAIR)
    await ward.writes(ward.ben, "/resume")
    await _sent(ward, "MAPLE-02")
    await ward.writes(ward.ben, "/pause")

    await ward.until(madrid(3, 20, "12:00"))

    reminder = ward.says("agreement.reminder")
    assert not any(reminder in text for text in ever(ward, ward.ana) + ever(ward, ward.ben))


async def test_in_a_break_nothing_is_sent_and_the_text_waits(ward: Ward) -> None:
    await ward.writes(ward.cole, "/agree MAPLE-02 We go on in spring.")
    await ward.taps(ward.cole, "Send it")
    assert ward.cole.last.text == ward.says("agreement.write.not_now", who="MAPLE-02")
    assert not any("spring" in text for text in ever(ward, ward.ben))

    await ward.writes(ward.ben, "/resume")
    await ward.writes(ward.cole, "/agree MAPLE-02")
    assert "We go on in spring." in ward.cole.last.text
    await ward.taps(ward.cole, "Send it")

    assert "We go on in spring." in ward.ben.last.text


async def test_at_night_it_waits_for_the_morning(ward: Ward) -> None:
    await ward.until(madrid(3, 3, "22:30"))
    await _sent(ward)
    assert not any(GOALS in text for text in texts(ward.ana))

    await ward.until(madrid(3, 4, "08:01"))

    assert any(GOALS in text for text in texts(ward.ana))


async def test_an_old_send_button_sends_no_other_text_and_a_second_press_sends_nothing_twice(ward: Ward) -> None:
    await ward.writes(ward.cole, "/agree BIRCH-07 The first text")
    old = ward.cole.last
    await ward.taps(ward.cole, "Write it anew")
    await ward.writes(ward.cole, "x" * 2001, "The second text")
    assert ward.says("agreement.write.too_long", longest=2000) in texts(ward.cole)
    send = old.buttons[0][0].data or ""
    ward.cole.taps_old(old.message_id, send)
    await ward.settle()
    assert ward.says("agreement.write.changed") in texts(ward.cole)
    assert await _versions(ward) == []

    new = next(b.data or "" for row in ward.cole.last.buttons for b in row if b.label == "Send it")
    for _ in range(3):
        ward.cole.taps_old(ward.cole.last.message_id, new)
    await ward.settle()

    assert await _versions(ward) == [(1, "proposed")]
    assert sum("The second text" in text for text in texts(ward.ana)) == 1
    assert not any("The first text" in text for text in ever(ward, ward.ana))


async def test_only_her_own_clinician_writes_and_only_she_answers(ward: Ward) -> None:
    await _sent(ward)
    answers = [data for data in _data(ward, ward.ana) if data.startswith("agree:")]
    drafts = [data for data in _data(ward, ward.cole) if data.startswith("draft:")]

    for person in (ward.ben, ward.cole, ward.day, ward.cy, ward.kim):
        for data in (*answers, *(drafts if person is not ward.cole else ())):
            person.taps_old(1, data)
    await ward.settle()
    await ward.writes(ward.ben, "/agreed")
    await ward.writes(ward.day, "/agree BIRCH-07 I take over")

    assert await _versions(ward) == [(1, "proposed")]
    assert ward.ben.last.text == ward.says("agreement.none")
    assert ward.day.last.text == ward.says("visit.refused.nobody", who="BIRCH-07")
    assert ward.cy.toasts[-1] == ward.says("toast.unknown")
    assert not any(GOALS in text for text in ever(ward, ward.day) + ever(ward, ward.ben) + ever(ward, ward.kim))


async def test_whoever_is_erased_or_asks_for_their_record_has_all_of_it(ward: Ward) -> None:
    await ward.writes(ward.cole, "/visit BIRCH-07 today 8:10")
    await _sent(ward)
    await ward.taps(ward.ana, CHANGE)
    await ward.writes(ward.ana, "Less of it", "/who")
    assert ward.says("visits.who") in ward.ana.last.text
    await ward.later(minutes=20)
    await ward.writes(ward.cole, "/agree BIRCH-07 Half of it", "/visit")
    await ward.taps(ward.cole, "BIRCH-07, Monday 2 March at 08:10: not marked yet", "It took place", "6", "5", "7")

    await ward.writes(ward.ana, "/mydata")
    page, record = (shown.document.content.decode() for shown in ward.ana.screen if shown.document)
    kept = json.loads(record)
    assert GOALS in page
    assert ward.says("visits.file_state.contested") in page
    assert ward.says("visits.file_draft") in page
    assert "Relationship 7" in page
    assert json.loads(kept["agreements"][0]["words"])["text"] == GOALS
    assert [(row["goal"], row["task"], row["bond"]) for row in kept["clinician_ratings"]] == [(6, 5, 7)]

    await ward.writes(ward.ana, "/forget")
    await ward.taps(ward.ana, "Yes, delete everything")

    async with ward.database.reading() as session:
        assert list(await session.scalars(select(Agreement))) == []
        assert list(await session.scalars(select(AgreementDraft))) == []
    old = [data for data in _data(ward, ward.cole) if data.split(":")[0] in {"draft", "for", "visit", "view"}]
    for data in old:
        ward.cole.taps_old(1, data)
    await ward.settle()
    assert await _versions(ward) == []
    assert ward.says("toast.unknown") in ward.cole.toasts or ward.says("toast.not_yours") in ward.cole.toasts


async def test_luz_reads_and_answers_in_spanish(clinic: Ward) -> None:
    ward, luz = clinic, (await enrolled(clinic, "es")).person
    await ward.writes(ward.cole, "/agree BIRCH-07")
    await ward.taps(ward.cole, "Step by step")
    await ward.writes(
        ward.cole, "Dormir mejor.", "Llamo al médico.", "Usted apaga el teléfono.", "Por teléfono, los lunes."
    )
    await ward.taps(ward.cole, "Send it")
    assert "Hacia dónde vamos:\nDormir mejor." in luz.last.text
    await ward.taps(luz, "Quiero cambiar algo")
    await ward.writes(luz, "Los lunes no puedo")
    await ward.writes(luz, "/agreed")
    await ward.taps(luz, "Al final me parece justo")
    await ward.writes(luz, "/who", "/agreed")

    assert "dijo que le parece justo" in luz.last.text
    english = (" the ", " you ", "agreed", "fair", "Thank")
    spoken = [text.replace("/agreed", "") for text in ever(ward, luz)]
    assert not any(word in text for text in spoken for word in english)


async def _sent(ward: Ward, code_name: str = "BIRCH-07") -> None:
    await ward.writes(ward.cole, f"/agree {code_name} {GOALS}")
    await ward.taps(ward.cole, "Send it")


async def _versions(ward: Ward) -> list[tuple[int, str]]:
    async with ward.database.reading() as session:
        rows = await session.scalars(select(Agreement).order_by(Agreement.patient_id, Agreement.version))
        return [(row.version, row.state) for row in rows]


async def _taps_on(ward: Ward, person: OnThePhone, message_id: int, label: str) -> None:
    person.taps(label, message_id=message_id) if _has(person, message_id, label) else person.taps_old(
        message_id, _pressed(ward, person, message_id, label)
    )
    await ward.settle()


def _has(person: OnThePhone, message_id: int, label: str) -> bool:
    return any(label in shown.labels for shown in person.screen if shown.message_id == message_id)


def _pressed(ward: Ward, person: OnThePhone, message_id: int, label: str) -> str:
    """The button of that label that once stood under a message."""
    return next(
        button.data or ""
        for shown in ward.sandbox.ledger.ever_shown(person.user_id)
        if shown.message_id == message_id
        for row in shown.buttons
        for button in row
        if button.label == label
    )


def _message_of(ward: Ward, key: str) -> int:
    """The newest message in Ana's chat that begins with that sentence."""
    begins = ward.says(key, clinician="Dr Cole")
    return next(shown.message_id for shown in reversed(ward.ana.screen) if shown.text.startswith(begins))


def _data(ward: Ward, person: OnThePhone) -> list[str]:
    shown = ward.sandbox.ledger.ever_shown(person.user_id)
    return [button.data for each in shown for row in each.buttons for button in row if button.data]
