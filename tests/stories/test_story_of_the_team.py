"""Lee leads the team: counts and times once a day, no word of any patient; and a patient without a team is told.

Ana is given to Dr Day when Dr Cole leaves the clinic, with what nobody had been told yet.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest

from alliance.enrolment import EnrolmentState
from alliance.not_arranged import NotArranged
from alliance.people import SYSTEM, Role
from alliance.team_digest_json import as_json, from_json
from sandbox.people import Person as OnThePhone
from storage import people, team
from storage.tables import Person
from tests.stories.ward import ON_BOTH, Ward, ever, madrid, texts
from workflows import send_digests
from workflows.reassign import end_staff, reassign
from workflows.send_team_digest import send_team_digest
from workflows.unit import Unit

WORDS = "He never asks how I am"


@ON_BOTH
async def test_the_lead_reads_how_the_team_stands_and_no_word_of_any_patient(ward: Ward) -> None:
    lee = await _lead_joins(ward)
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1")
    await ward.writes(ward.ana, WORDS)

    await ward.until(madrid(3, 4, "08:01"))
    tuesday, wednesday = [text for text in texts(lee) if text.startswith("The team, ")]
    assert "COLE: 2 patients; 1 flag nobody has looked at, for less than a day" in tuesday
    assert "COLE: 2 patients; 1 flag nobody has looked at, for 1 day" in wednesday
    assert wednesday.index("COLE:") < wednesday.index("DAY:")  # by code name, whoever has more
    assert ward.says("team.looked_at_none") in wednesday
    await ward.taps(ward.cole, "Reviewed")
    await ward.writes(ward.cole, "/away")
    await ward.taps(ward.cole, "From tomorrow", "Back on Sunday 8 March", "DAY")

    await ward.until(madrid(3, 9, "08:01"))
    seen = [text for text in texts(lee) if text.startswith("The team, ")]
    assert [line for line in seen[2].splitlines() if "COLE" in line] == [
        "• COLE: 2 patients; looked at and not settled: 1; away, back on 8 March, DAY reads"
    ]
    assert "Looked at: 1, in the middle after 47 hours, at the longest after 47 hours." in seen[2]
    assert ward.says("week.title", since="2 March", until="8 March") in seen[-1]
    assert ward.says("week.answered", count=2, answered=1) in seen[-1]
    assert not any("Last week" in text for text in seen[:-1])
    for text in seen:
        assert "BIRCH" not in text
        assert WORDS not in text
        assert "%" not in text  # too few to name a share
    await _is_read_again_as_it_was(ward, lee)


async def test_her_own_figures_stand_in_the_first_digest_of_the_week_and_in_no_other(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1", "Leave it at that")
    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Not a rupture")

    await ward.until(madrid(3, 10, "08:01"))

    told = [text for text in texts(ward.cole) if "Last week" in text]
    assert [text.splitlines()[0] for text in told] == ["Digest, Monday 9 March 2026"]
    assert ward.says("week.answered", count=2, answered=1) in told[0]
    assert ward.says("week.judged", count=1, dismissed=1, weeks=12) in told[0]
    assert ward.says("week.few") in told[0]
    assert not any("Last week" in text for text in texts(ward.day))  # nothing was asked, nothing is figured


@ON_BOTH
async def test_a_patient_whose_clinician_leaves_is_told_of_until_somebody_looks_after_them(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "1")
    await ward.writes(ward.ana, WORDS)
    await ward.until(madrid(3, 3, "08:01"))
    card = ward.cole.last
    await ward.writes(ward.ana, "And nobody has called")
    async with _staff(ward) as unit:
        cole = await people.by_code_name(unit.session, "COLE")
        assert cole is not None
        assert await end_staff(unit, cole) == ["BIRCH-07", "MAPLE-02"]
    await ward.settle()
    assert ward.kim.last.text.startswith(ward.says("team.without", count=2))

    await ward.until(madrid(3, 5, "08:01"))
    told = [text for text in texts(ward.kim) if "no clinician any more" in text]
    assert len(told) == 3  # at once, and each morning since
    assert not any(text.startswith(("Digest, Wednesday", "Digest, Thursday")) for text in texts(ward.cole))
    reviewed = next(button for row in card.buttons for button in row if button.label == "Reviewed")
    ward.cole.taps_old(card.message_id, reviewed.data or "")
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("toast.not_yours")

    await _give(ward, "BIRCH-07", "DAY")
    await _give(ward, "MAPLE-02", "DAY")
    assert ward.says("reassign.after", who="BIRCH-07", other="COLE", count=1) in texts(ward.day)
    assert texts(ward.ana).count(ward.says("reassign.patient", clinician="Dr Day")) == 1
    await ward.until(madrid(3, 6, "08:01"))
    digest = next(text for text in texts(ward.day) if text.startswith("Digest, Friday"))
    assert ward.says("cover.given", count=2) in digest
    assert "BIRCH-07: 1 message" in digest  # written when nobody read; the first one Dr Cole had been told
    assert ward.day.last.text.startswith("BIRCH-07: possible")
    assert len([text for text in texts(ward.kim) if "no clinician any more" in text]) == 3


async def test_who_gave_a_patient_away_reads_no_more_and_a_wish_for_a_call_goes_along(ward: Ward) -> None:
    await ward.writes(ward.day, "/hours 12:00")
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "7", "7", "The goal has changed", "Call me", "Leave it at that")
    await ward.until(madrid(3, 2, "14:00"))  # after Dr Day's digest, and before Dr Cole's
    await _give(ward, "BIRCH-07", "DAY")

    (flag,) = await ward.flags()
    ward.cole.taps_old(1, f"f:{flag.id}:1:reviewed")
    await ward.settle()
    assert ward.cole.toasts[-1] == ward.says("toast.not_yours")
    await ward.until(madrid(3, 3, "12:01"))

    assert any(text.startswith("Digest, Tuesday") for text in texts(ward.cole))
    assert not any("BIRCH-07" in text for text in texts(ward.cole) if text.startswith("Digest, Tuesday"))
    digest = next(text for text in texts(ward.day) if text.startswith("Digest, Tuesday"))
    assert ward.says("cover.given", count=1) in digest
    assert ward.says("digest.explained.contact", count=1) in digest
    assert ward.says("digest.numbers.answered", count=1, answered=1) in digest
    assert ward.day.last.text.startswith("BIRCH-07: possible")


async def test_what_fails_for_others_is_tried_again_and_holds_up_nobodys_own(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ward.database.writing() as session:  # a lead of old times: no digest was ever planned for that role
        kim = await session.merge(await ward.person("KIM"))
        await people.give_role(session, kim.id, Role.LEAD, now=ward.clock.now())
        await people.give_role(session, (await ward.person("COLE")).id, Role.LEAD, now=ward.clock.now())
    attempts: list[str] = []

    async def failing_at_first(unit: Unit, lead: Person, on: date) -> int:
        attempts.append(lead.code_name)
        if attempts == ["COLE"]:
            raise RuntimeError
        return await send_team_digest(unit, lead, on)

    monkeypatch.setattr(send_digests, "send_team_digest", failing_at_first)
    await ward.looks_at_what_is_due()
    await ward.until(madrid(3, 3, "08:01"))
    own = [text for text in texts(ward.cole) if text.startswith("Digest, Tuesday")]
    assert len(own) == 1
    assert not any(text.startswith("The team, ") for text in texts(ward.cole))

    await ward.until(madrid(3, 3, "08:10"))

    assert [text for text in texts(ward.cole) if text.startswith("Digest, ")] == own
    assert [text.splitlines()[0] for text in texts(ward.cole) if text.startswith("The team, ")] == [
        "The team, Tuesday 3 March 2026"
    ]
    assert any(text.startswith("The team, Tuesday") for text in texts(ward.kim))  # and Kim's own came as well


async def test_an_invitation_to_another_clinician_takes_open_flags_along_too(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "7", "7", "Leave it at that")
    await ward.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)

    await ward.invite(Role.PATIENT, "BIRCH-07", clinician="DAY")

    day = await ward.person("DAY")
    assert [flag.clinician_id for flag in await ward.flags()] == [day.id]
    enrolment = await ward.enrolment("BIRCH-07")
    assert (enrolment.clinician_id, enrolment.state) == (day.id, "invited")


async def test_to_whom_a_patient_cannot_be_given_is_said_and_nothing_changes(ward: Ward) -> None:
    for code_name in ("KIM", "COLE"):
        with pytest.raises(NotArranged):
            await _give(ward, "BIRCH-07", code_name)

    assert (await ward.enrolment("BIRCH-07")).clinician_id == (await ward.person("COLE")).id
    assert not any("from now on" in text for text in ever(ward, ward.ana))


async def _lead_joins(ward: Ward) -> OnThePhone:
    lee = ward.sandbox.person("Lee")
    lee.opens((await ward.invite(Role.LEAD, "LEE", name="Lee")).link)
    await ward.settle()
    return lee


async def _is_read_again_as_it_was(ward: Ward, lee: OnThePhone) -> None:
    async with ward.database.reading() as session:
        person = await people.by_chat(session, lee.user_id)
        assert person is not None
        kept = await team.latest_digest(session, person.id)
    assert kept is not None
    assert json.dumps(as_json(from_json(kept.content))) == json.dumps(kept.content)


@asynccontextmanager
async def _staff(ward: Ward) -> AsyncIterator[Unit]:
    """A command at the shell."""
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, f"staff:{ward.clock.now().timestamp()}")
        unit.actor = SYSTEM
        yield unit


async def _give(ward: Ward, patient: str, clinician: str) -> None:
    async with _staff(ward) as unit:
        whom = await people.by_code_name(unit.session, patient)
        to = await people.by_code_name(unit.session, clinician)
        assert whom is not None
        assert to is not None
        unit.origin = f"{unit.origin}:{patient}"
        await reassign(unit, whom, to)
    await ward.settle()
