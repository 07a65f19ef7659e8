"""Ana has everything deleted: at once, for good, and with one last word.

Every table is walked before and after with marks that only she could have left there: her names, her chat, her
words, her numbers. What stays is a receipt without a name, and nobody else loses anything.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime

import pytest
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.acting import Held, Why
from alliance.enrolment import EnrolmentState
from alliance.people import Role
from sandbox import Fault, FaultKind
from storage import acting, calendar_visits, people, roster
from storage.columns import Sealed
from storage.database import vault_of
from storage.tables import (
    AuditEntry,
    Base,
    CalendarVisit,
    PatientClinician,
    Person,
    Reassignment,
    Shift,
    TeamDigest,
    Visit,
)
from storage.vault import Place
from tests.stories.ward import ON_BOTH, Ward, calls, madrid, texts

REASON = "the heron mark in a clinician's reason"
WORDS, GOAL = "the heron mark in her words", "the heron mark in her goal"
YES = "Yes, delete everything"
OF_COORDINATORS = ("today", "patients", "patient", "invite", "cadence", "hold", "away")
# by which columns a sealed value is bound to its row and its person
PLACES = {
    "people": ("id", "id"),
    "contacts": ("patient_id", "patient_id"),
    "goals": ("id", "patient_id"),
    "agreements": ("id", "patient_id"),
    "agreement_drafts": ("id", "patient_id"),
    "roster_entries": ("patient_id", "patient_id"),
    "messages": ("id", "person_id"),
    "notes_to_patients": ("id", "patient_id"),
    "verdicts": ("flag_id", "patient_id"),
    "outbox": ("key", "person_id"),
    "inbox": ("identity", None),
    "audit_head": ("id", None),
}
ACTED = ("flag_holders", "snoozes", "verdicts", "contacts_made", "notes_to_patients", "staff_prompts")
RECEIPT = {"audit", "consents", "people"}  # our own random id, decisions and moments; no name and no chat


@ON_BOTH
async def test_nothing_of_hers_is_left_in_any_table(ward: Ward) -> None:
    await _leaves_marks_everywhere(ward)
    before = await _tables_that_hold(ward, await _marks(ward))
    assert before >= {"people", "messages", "goals", "inbox", "outbox", "alerts", "digests", "team_digests"}
    ana = await ward.person("BIRCH-07")
    assert 0 not in await _counts(ward, "checkin_pages", "follow_ups", "skipped_items", "patient_clinicians", *ACTED)
    owned = await _tables_that_hold(ward, [str(ana.id)])
    assert owned >= {"enrolments", "preferences", "visits", "contacts", "invitations", "flags", "courses", "checkins"}
    assert "patient_clinicians" in owned
    assert owned >= {"audience_choices", "reader_courses"}
    assert owned >= {"holds", "reassignments", "roster_entries", "calendar_visits"}
    assert owned >= {"agreements", "agreement_drafts", "clinician_ratings", "desks"}
    marks = await _marks(ward)

    await _forgets(ward)

    assert await _tables_that_hold(ward, marks) == set()
    assert await _tables_that_hold(ward, [str(ana.id)]) == RECEIPT
    assert await _counts(ward, "pages", "safety_presses", "flag_actions", "answers") == [0, 0, 0, 0]
    assert await _counts(ward, "checkin_pages", "follow_ups", "skipped_items", "grouped_pages") == [0, 0, 0, 0]
    assert await _counts(ward, *ACTED) == [0] * len(ACTED)
    async with ward.database.reading() as session:
        bare = await people.get(session, ana.id)
        assert (bare.code_name, bare.name, bare.chat_id) == (f"erased-{ana.id}", None, None)
        acts = await session.scalars(
            select(AuditEntry.action).where(AuditEntry.object_id == ana.id).order_by(AuditEntry.id)
        )
        assert list(acts)[-1] == "erased"
    assert [decision for *_, decision in await ward.consents()] == ["given", "given", "withdrawn"]


async def test_she_hears_one_last_word_and_is_a_stranger_afterwards(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    question = ward.ana.last
    await _forgets(ward)
    assert ward.ana.last.text == ward.says("own.forget.done", clinic="Almond House")
    told = ward.says("own.forget.staff", who="BIRCH-07")
    assert ward.cole.last.text == ward.kim.last.text == told
    spoken = calls(ward, ward.ana, "sendMessage")

    await ward.until(madrid(3, 6, "12:00"))
    assert calls(ward, ward.ana, "sendMessage") == spoken
    assert not any("BIRCH-07" in text for text in texts(ward.cole) if text != told)
    ward.ana.taps_old(question.message_id, question.buttons[0][0].data or "")
    await ward.writes(ward.ana, "Hello?")

    assert ward.ana.last.text == ward.says("stranger")
    assert ward.ana.toasts[-1] == ward.says("toast.unknown")
    await ward.writes(ward.ana, "I want to kill myself")
    assert ward.ana.last.text.startswith(ward.says("safety.opening"))  # for strangers too


async def test_ben_loses_nothing_by_it(ward: Ward) -> None:
    await ward.writes(ward.ben, "/resume", "/goals Swim", "My own words")
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ben, "6", "5", "7")
    await ward.writes(ward.ana, "Hers")
    await ward.until(madrid(3, 3, "08:01"))
    before = await _rows_naming(ward, (await ward.person("MAPLE-02")).id)

    await _forgets(ward)

    assert await _rows_naming(ward, (await ward.person("MAPLE-02")).id) == before
    assert await ward.words(ward.ben) == ["My own words"]
    assert await ward.words(ward.ana) == []
    assert all("MAPLE-02" in row and "BIRCH-07" not in row for row in (await _dump(ward))["digests"][:1])


async def test_what_was_queued_for_her_is_never_sent(ward: Ward) -> None:
    ward.sandbox.faults.add(Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=ward.ana.user_id, retry_after=60))
    ward.ana.writes("/help")
    await ward.until(madrid(3, 2, "09:00"))
    before = len(texts(ward.ana))
    minute = int(ward.clock.now().timestamp()) // 60

    ward.ana.taps_old(1, f"e:y:{minute}")
    await ward.program.intake.poll_once(wait=0)
    await ward.program.updates.handle_all()
    await ward.until(madrid(3, 2, "12:00"))

    assert texts(ward.ana)[before:] == [ward.says("own.forget.done", clinic="Almond House")]


async def test_a_no_an_old_yes_and_a_question_alone_delete_nothing(ward: Ward) -> None:
    await ward.writes(ward.ana, "/forget")
    yes = ward.ana.last.buttons[0][0].data or ""
    await ward.taps(ward.ana, "No, keep it")
    await ward.later(minutes=61)

    ward.ana.taps_old(ward.ana.last.message_id, yes)
    ward.ana.taps_old(ward.ana.last.message_id, "e:y:99999999")
    await ward.settle()

    assert ward.ana.toasts[-2:] == (ward.says("toast.no_longer_open"),) * 2
    assert (await ward.enrolment("BIRCH-07")).state == "active"


async def test_while_somebody_is_called_for_her_nothing_is_deleted_and_that_is_noted(ward: Ward) -> None:
    await ward.writes(ward.ana, "I want to kill myself", "/forget")
    await ward.taps(ward.ana, YES)
    assert ward.ana.last.text == ward.says("own.forget.waits")
    assert [alert.state for alert in await ward.alerts()] == ["raised"]
    async with ward.database.reading() as session:
        assert "erasure_waits" in list(await session.scalars(select(AuditEntry.action)))

    await ward.taps(ward.cole, "I have this", "Close: contact made")
    await _forgets(ward)

    assert await ward.alerts() == []
    assert ward.ana.last.text == ward.says("own.forget.done", clinic="Almond House")


async def test_who_has_left_or_was_only_invited_can_be_erased_and_invited_anew(clinic: Ward) -> None:
    invited = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    clinic.ana.opens(invited.link)
    await clinic.settle()
    await _forgets(clinic)
    assert await clinic.consents() == []  # nothing was agreed to, so nothing is withdrawn

    again = await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE")
    await clinic.enrol(clinic.ana, again.link)
    assert (await clinic.enrolment("BIRCH-07")).state == "active"
    await clinic.staff_say("BIRCH-07", EnrolmentState.DISCHARGED)
    await _forgets(clinic)

    assert clinic.ana.last.text == clinic.says("own.forget.done", clinic="Almond House")
    assert [decision for *_, decision in await clinic.consents()] == ["given"]


async def test_somebody_who_is_staff_as_well_stays_staff(ward: Ward) -> None:
    async with ward.database.writing() as session:
        await people.give_role(session, (await ward.person("BIRCH-07")).id, Role.COORDINATOR, now=ward.clock.now())
    await ward.writes(ward.ana, WORDS, f"/goals {GOAL}", "/goals", "/mydata")

    await _forgets(ward)
    await ward.writes(ward.ana, "/help")

    assert await _tables_that_hold(ward, ["heron mark"]) == set()
    assert (await ward.person("BIRCH-07")).chat_id == ward.ana.user_id
    assert ward.ana.last.text == ward.says("staff.commands_coordinator")
    shown = ward.sandbox.ledger.calls("setMyCommands")[-1].parameters
    assert [each["command"] for each in json.loads(str(shown["commands"]))] == [*OF_COORDINATORS, "help", "help_now"]


@pytest.mark.parametrize("who", ["cole", "cy"])
async def test_nobody_can_forge_the_button_for_another(ward: Ward, who: str) -> None:
    person = getattr(ward, who)
    minute = int(ward.clock.now().timestamp()) // 60

    person.taps_old(1, f"e:y:{minute}")
    await ward.settle()

    assert (await ward.enrolment("BIRCH-07")).state == "active"
    assert len(await ward.consents()) == 2


async def _forgets(ward: Ward) -> None:
    await ward.writes(ward.ana, "/forget")
    await ward.taps(ward.ana, YES)


async def _leaves_marks_everywhere(ward: Ward) -> None:
    """A fortnight of hers: everything that can be kept about a patient is kept, and staff have seen it."""
    await ward.writes(ward.ana, f"/goals {GOAL}", "/quiet 22:00-07:00")
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "1", "Skip this one", "The goal has changed")
    await ward.writes(ward.ana, WORDS, "I want to kill myself")
    await ward.taps(ward.ana, "I am safe for now")
    await ward.taps(ward.cole, "I have this", "How to reach them", "Show words", "Close: contact made")
    async with ward.database.writing() as session:
        ana, cole = await ward.person("BIRCH-07"), await ward.person("COLE")
        moment = ward.clock.now()
        visit = Visit(patient_id=ana.id, clinician_id=cole.id, starts_at=moment, state="planned")
        session.add(visit)
        await session.flush()
        await _came_from_outside(session, ana, visit, moment)
        session.add(PatientClinician(patient_id=ana.id, clinician_id=cole.id, since=moment))
        session.add(Reassignment(patient_id=ana.id, from_id=cole.id, to_id=cole.id, untold_since=moment, at=moment))
        told: dict[str, object] = {"without_team": ["BIRCH-07", "MAPLE-02"]}
        session.add(TeamDigest(lead_id=cole.id, local_date=date(2026, 3, 2), built_at=moment, content=told))
        session.add(Shift(person_id=cole.id, starts_at=moment, ends_at=moment, position=0))
    await ward.writes(ward.kim, "/hold BIRCH-07, bereavement, 20 March")
    await ward.taps(ward.kim, "Let check-ins go on")
    await ward.writes(ward.cole, "/agree BIRCH-07 the heron mark in what was agreed")
    await ward.taps(ward.cole, "Send it")
    await ward.writes(ward.cole, "/agree BIRCH-07 the heron mark in a draft", "/visit")
    await ward.taps(ward.cole, "BIRCH-07, Monday 2 March at 09:00: not marked yet", "It took place", "6", "Pass over")
    await ward.writes(ward.cole, "/visit BIRCH-07")
    await ward.until(madrid(3, 3, "08:01"))
    await ward.taps(ward.cole, "Words of BIRCH-07", "More", "Later", "Tomorrow")
    await ward.taps(ward.cole, "More", "Reached them", "By phone, today", "More", "Message", "I will call", "Send")
    async with ward.database.writing() as session:
        flag = (await ward.flags())[0]
        await acting.hand_to(session, flag.id, person_id=cole.id, held=Held.ESCALATED, by_id=None, now=ward.clock.now())
        await acting.judge(session, flag, Why.OTHER, by_id=cole.id, words=REASON, now=ward.clock.now())
    await ward.taps(ward.cole, "Back", "More", "Message", "In my own words")
    await ward.writes(ward.ana, "/who")
    await ward.taps(ward.ana, "About you and Dr Cole", "The whole team")
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "6", "6", "5", "Leave it at that")
    ward.ana.sends_voice()
    await ward.settle()


async def _came_from_outside(session: AsyncSession, ana: Person, visit: Visit, moment: datetime) -> None:
    """A roster has named her, and a calendar her visit."""
    cells = {"name": "the heron mark in a roster"}
    roster.keep(session, ana.id, clinic_id="the heron mark in an id", cells=cells, now=moment)
    session.add(
        CalendarVisit(
            patient_id=ana.id,
            visit_id=visit.id,
            mark=calendar_visits.marked(session, "uid", ""),
            series=calendar_visits.marked(session, "uid"),
            calendar="clinic",
            sequence=0,
            starts_at=moment,
            seen_at=moment,
            is_gone=False,
        )
    )


async def _marks(ward: Ward) -> list[str]:
    """What only she can have left: in plain columns her names and her chat, behind the seals her words."""
    return ["BIRCH-07", "birch-07", str(ward.ana.user_id), "heron mark", "+34 600 000 001"]


async def _tables_that_hold(ward: Ward, marks: Iterable[str]) -> set[str]:
    """The tables with a row in which one of these stands, sealed values opened."""
    wanted = list(marks)
    return {table for table, rows in (await _dump(ward)).items() if any(mark in row for row in rows for mark in wanted)}


async def _rows_naming(ward: Ward, person_id: int) -> dict[str, list[str]]:
    found, changed = await _dump(ward), {"outbox", "inbox", "digests"}  # emptied for all, or without her lines
    return {
        table: [row for row in rows if str(person_id) in row] for table, rows in found.items() if table not in changed
    }


async def _counts(ward: Ward, *tables: str) -> list[int]:
    found = await _dump(ward)
    return [len(found[table]) for table in tables]


async def _dump(ward: Ward) -> dict[str, list[str]]:
    """Every row of every table as text, with what is sealed opened in its place."""
    async with ward.database.reading() as session:
        found: dict[str, list[str]] = {}
        for name, table in Base.metadata.tables.items():
            rows = (await session.execute(select(table))).mappings().all()
            found[name] = [repr({column: _opened(session, name, column, row) for column in row}) for row in rows]
        return found


def _opened(session: AsyncSession, table: str, column: str, row: RowMapping) -> object:
    value = row[column]
    if not isinstance(value, Sealed):
        return value
    key, person = PLACES[table]
    place = Place(table=table, column=column, row=row[key], person=row[person] if person else None)
    return vault_of(session).open(value, place)
