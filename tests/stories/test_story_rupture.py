"""Ana feels that something is wrong between her and Dr Cole; Dr Cole sees it the next morning.

Ana has answered well for two weeks; then she gives a low number for the relationship and writes why. The next
working morning Dr Cole's digest has a card: the numbers, the change against Ana's own usual, words to start with.
Ana's own words are behind a button, in a message that cannot be forwarded and is taken away after ten minutes.
Dr Cole says what she does about it, and the card shows it.

What can go wrong: the digest comes twice, or not at all because there was nothing to say; it comes on a Sunday; a
colleague presses; words stand in the open; a low but usual rating is called a rupture.
"""

from datetime import timedelta

import pytest

from alliance.people import Role
from alliance.rupture import Signal
from sandbox.ledger import Shown
from tests.stories.ward import ON_BOTH, Ward, calls, ever, madrid, texts

WHY = "In the last visit I was not listened to at all."


@ON_BOTH
async def test_ana_s_low_answer_reaches_dr_cole_s_next_digest_and_she_answers_for_it(ward: Ward) -> None:
    await _two_good_weeks(ward)
    await ward.until(madrid(3, 16, "09:00"))
    await ward.taps(ward.ana, "7", "7", "5")
    await ward.writes(ward.ana, WHY)
    assert [(flag.domain, flag.state) for flag in await ward.flags()] == [("bond", "raised")]

    await ward.until(madrid(3, 17, "08:01"))
    summary, card = ward.cole.screen[-2:]
    assert summary.text.startswith("Digest, Tuesday 17 March 2026\n")
    assert "Possible ruptures: 1 (1 new)" in summary.text
    assert "Wrote something: 1\n• BIRCH-07: 1 message" in summary.text
    assert "1 of 1 check-in answered" in summary.text
    assert card.text.startswith("BIRCH-07: possible confrontation\nRelationship 5 of 7, usually 6.9 (range ")
    assert "It may be wrong." in card.text
    assert card.labels == ("Reviewed", "Will raise it", "Not a rupture", "Words of BIRCH-07", "More")
    assert summary.protected
    assert card.protected
    assert not any("listened" in text or "Ana" in text for text in ever(ward, ward.cole))

    await ward.taps(ward.cole, "Will raise it")
    assert ward.cole.toasts[-1] == "Noted: you will raise it"
    changed = _shown(ward, card)
    assert changed.text != card.text
    assert changed.labels == ("Not a rupture", "Words of BIRCH-07", "More")
    assert [flag.state for flag in await ward.flags()] == ["acknowledged"]


@ON_BOTH
async def test_her_words_are_shown_protected_and_taken_away_after_ten_minutes(ward: Ward) -> None:
    await _a_low_answer(ward)
    await ward.until(madrid(3, 3, "08:01"))

    await ward.taps(ward.cole, "Words of BIRCH-07")
    shown = ward.cole.last
    assert shown.text == f"BIRCH-07, Monday 2 March at 09:00\n{WHY}"
    assert shown.protected
    assert ward.cole.toasts[-1] == "Shown below for ten minutes"
    await ward.later(minutes=9)
    assert ward.cole.last.text == shown.text
    await ward.later(minutes=2)

    assert not any(WHY in text for text in texts(ward.cole))


async def test_not_a_rupture_settles_the_flag_and_the_card_has_nothing_left_to_decide(ward: Ward) -> None:
    await _a_low_answer(ward)
    await ward.until(madrid(3, 3, "08:01"))
    card = ward.cole.last

    await ward.taps(ward.cole, "Not a rupture")
    ward.cole.taps_old(card.message_id, card.buttons[0][0].data or "")
    await ward.settle()

    assert _shown(ward, card).labels == ("Words of BIRCH-07",)
    assert ward.cole.toasts[-1] == ward.says("toast.flag_settled")
    assert [(flag.state, flag.resolution) for flag in await ward.flags()] == [("resolved", "not_a_rupture")]


async def test_a_flag_nobody_has_looked_at_comes_again_and_one_reviewed_does_not(ward: Ward) -> None:
    await _a_low_answer(ward)

    await ward.until(madrid(3, 3, "08:01"))
    await ward.until(madrid(3, 4, "08:01"))
    again = ward.cole.last
    assert "Shown before, waiting to be looked at." in again.text
    await ward.taps(ward.cole, "Reviewed")
    await ward.until(madrid(3, 5, "08:01"))

    assert ward.cole.last.text.startswith("Digest, Thursday 5 March 2026\n")
    assert "Possible ruptures" not in ward.cole.last.text


@ON_BOTH
async def test_a_colleague_who_presses_dr_cole_s_card_changes_nothing(ward: Ward) -> None:
    await _a_low_answer(ward)
    await ward.until(madrid(3, 3, "08:01"))
    card = ward.cole.last
    pressed = [button.data or "" for row in card.buttons for button in row]

    for person in (ward.day, ward.kim, ward.ana):
        for data in pressed:
            person.taps_old(person.last.message_id, data)
            await ward.settle()

    assert set(ward.day.toasts) == {ward.says("toast.not_yours")}
    assert len(ward.day.toasts) == len(pressed)
    assert [flag.state for flag in await ward.flags()] == ["raised"]
    assert ward.cole.last == card
    assert not any(WHY in text for person in (ward.day, ward.kim) for text in ever(ward, person))


async def test_a_low_but_usual_rating_is_not_flagged(ward: Ward) -> None:
    await ward.writes(ward.kim, "/cadence BIRCH-07")
    await ward.taps(ward.kim, "Every day", "Save this cadence")
    for day in range(2, 10):
        await ward.until(madrid(3, day, "09:00"))
        await ward.taps(ward.ana, "5", "5", "5", "Leave it at that")

    assert await ward.flags() == []


async def test_silence_becomes_gone_quiet_and_never_fine(ward: Ward) -> None:
    await ward.until(madrid(3, 20, "08:01"))

    quiet = [flag for flag in await ward.flags() if flag.signal == Signal.SILENCE]
    assert len(quiet) == 1
    assert any("Gone quiet: 1" in text for text in texts(ward.cole))
    assert any("BIRCH-07: gone quiet" in text for text in texts(ward.cole))
    assert any("without a reply" in text and "No reply is unknown, never fine." in text for text in texts(ward.cole))


async def test_the_digest_comes_on_working_days_once_and_also_when_there_is_nothing_to_say(clinic: Ward) -> None:
    await clinic.until(madrid(3, 10, "12:00"))

    digests = [text.splitlines()[0] for text in texts(clinic.cole) if text.startswith("Digest")]
    assert digests == [
        "Digest, Tuesday 3 March 2026",
        "Digest, Wednesday 4 March 2026",
        "Digest, Thursday 5 March 2026",
        "Digest, Friday 6 March 2026",
        "Digest, Monday 9 March 2026",
        "Digest, Tuesday 10 March 2026",
    ]
    assert "Nobody has written and nothing stands out today." in clinic.cole.last.text
    assert not any(text.startswith("Digest") for text in texts(clinic.kim))


@ON_BOTH
async def test_a_digest_is_not_sent_twice_for_a_date_however_often_the_program_starts(clinic: Ward) -> None:
    await clinic.until(madrid(3, 3, "08:01"))
    count = len(texts(clinic.cole))

    for _ in range(3):
        await clinic.is_down_until(clinic.clock.now() + timedelta(minutes=1))

    assert len(texts(clinic.cole)) == count


@ON_BOTH
async def test_after_three_days_without_the_program_one_digest_covers_them_all(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "6")
    await ward.writes(ward.ana, "Something I would like to talk about")

    await ward.is_down_until(madrid(3, 5, "12:00"))

    digests = [text for text in texts(ward.cole) if text.startswith("Digest")]
    assert [text.splitlines()[0] for text in digests] == ["Digest, Thursday 5 March 2026"]
    assert "BIRCH-07: 1 message" in digests[0]
    assert "1 of 1 check-in answered" in digests[0] or "1 of 2 check-ins answered" in digests[0]


@pytest.mark.parametrize(
    ("taps", "says"),
    [
        pytest.param(("6", "5", "7"), "1 of 1 check-in answered", id="all three"),
        pytest.param(("6",), "1 answered in part", id="one of three"),
        pytest.param((), "1 without a reply", id="none"),
    ],
)
async def test_the_numbers_say_how_much_was_answered(ward: Ward, taps: tuple[str, ...], says: str) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, *taps)

    await ward.until(madrid(3, 3, "08:01"))

    assert says in ward.cole.last.text
    assert "1 patient takes part." in ward.cole.last.text  # Ben has paused


async def test_a_clinician_without_patients_gets_a_digest_too(ward: Ward) -> None:
    await ward.until(madrid(3, 3, "08:01"))

    assert ward.day.last.text.startswith("Digest, Tuesday 3 March 2026\n")
    assert "BIRCH-07" not in ward.day.last.text


async def test_a_restart_after_the_digest_repeats_no_part_of_it(ward: Ward) -> None:
    await _a_low_answer(ward)
    sent = calls(ward, ward.cole, "sendMessage")

    await ward.until(madrid(3, 3, "08:01"))
    await ward.restart()
    await ward.later(minutes=5)

    assert calls(ward, ward.cole, "sendMessage") == sent + 2


async def test_another_clinician_s_patient_is_in_the_other_digest_only(ward: Ward) -> None:
    dora = ward.sandbox.person("Dora")
    await ward.enrol(dora, (await ward.invite(Role.PATIENT, "CEDAR-11", name="Dora", clinician="DAY")).link)
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(dora, "6", "6", "1", "Leave it at that")

    await ward.until(madrid(3, 3, "08:01"))

    assert any("CEDAR-11: possible" in text for text in texts(ward.day))
    assert not any("CEDAR-11" in text for text in ever(ward, ward.cole))


async def _two_good_weeks(ward: Ward) -> None:
    for day in (2, 5, 9, 12):
        await ward.until(madrid(3, day, "09:00"))
        await ward.taps(ward.ana, "7", "7", "7", "Leave it at that")


async def _a_low_answer(ward: Ward) -> None:
    """On Monday, at the very first check-in."""
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "2")
    await ward.writes(ward.ana, WHY)


def _shown(ward: Ward, card: Shown) -> Shown:
    return next(shown for shown in ward.cole.screen if shown.message_id == card.message_id)
