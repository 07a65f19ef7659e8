"""Everything that is kept about one person, opened and readable; each table that holds something of theirs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import acting, agreements, digests, goals, messages, notes, people, reach, roster
from storage.columns import Sealed
from storage.tables import (
    Agreement,
    AgreementDraft,
    Alert,
    Answer,
    AudienceChoice,
    AuditEntry,
    Base,
    CalendarVisit,
    Checkin,
    CheckinPage,
    ClinicianRating,
    ConsentGiven,
    ContactMade,
    Desk,
    Enrolment,
    Flag,
    FlagActed,
    FlagHolder,
    FollowUp,
    Halt,
    Hold,
    Incoming,
    Invitation,
    KeptCourse,
    Message,
    NoteToPatient,
    Outgoing,
    Page,
    PatientClinician,
    Person,
    Preference,
    ProgrammeVersion,
    ReaderCourse,
    Reassignment,
    RosterEntry,
    SafetyPress,
    SkippedItem,
    Snooze,
    StaffLeave,
    StaffRole,
    Visit,
)

Table = TypeVar("Table", bound=Base)
Row = dict[str, object]
_OURS = frozenset(
    {"code_hash", "code_name_folded", "fence", "identity", "mark", "series"}
)  # of no use to anybody, or somebody's secret


async def about(session: AsyncSession, person: Person) -> dict[str, object]:
    """Everything kept about a person, by subject, as plain values for JSON; moments in UTC.

    Sealed texts are opened. Bodies of what was sent and of what came in are not repeated: the words stand under
    the messages, and both are emptied within days.
    """
    checkins = await _rows(session, Checkin, Checkin.patient_id == person.id)
    alerts = await _rows(session, Alert, or_(Alert.patient_id == person.id, Alert.chat_id == person.chat_id))
    flags = await _rows(session, Flag, Flag.patient_id == person.id)
    return {
        "person": _plain(person)
        | {"name": people.display_name(session, person), "email": reach.email_of(session, person)},
        "contact": await reach.contact(session, person.id),
        "staff_roles": await _plain_rows(session, StaffRole, StaffRole.person_id == person.id),
        "invitations": await _plain_rows(session, Invitation, Invitation.person_id == person.id),
        "consents": await _plain_rows(session, ConsentGiven, ConsentGiven.patient_id == person.id),
        "enrolment": await _plain_rows(session, Enrolment, Enrolment.patient_id == person.id),
        "programme": await _plain_rows(
            session,
            ProgrammeVersion,
            ProgrammeVersion.id.in_(
                select(Enrolment.programme_version_id).where(Enrolment.patient_id == person.id).scalar_subquery()
            ),
        ),
        "patient_clinicians": await _plain_rows(session, PatientClinician, PatientClinician.patient_id == person.id),
        "preferences": await _plain_rows(session, Preference, Preference.patient_id == person.id),
        "goals": await _goals(session, person.id),
        "holds": await _plain_rows(session, Hold, Hold.patient_id == person.id),
        "reassignments": await _plain_rows(session, Reassignment, Reassignment.patient_id == person.id),
        "staff_leaves": await _plain_rows(session, StaffLeave, StaffLeave.person_id == person.id),
        "visits": await _plain_rows(session, Visit, Visit.patient_id == person.id),
        "calendar_visits": await _plain_rows(session, CalendarVisit, CalendarVisit.patient_id == person.id),
        "roster_entries": await _roster_entries(session, person.id),
        "agreements": await _agreements(session, person.id),
        "agreement_drafts": await _drafts(session, person.id),
        "clinician_ratings": await _plain_rows(session, ClinicianRating, ClinicianRating.patient_id == person.id),
        "desks": await _plain_rows(session, Desk, Desk.patient_id == person.id),
        "checkins": [await _checkin(session, row) for row in checkins],
        "messages": await _messages(session, person),
        "course": await _plain_rows(session, KeptCourse, KeptCourse.patient_id == person.id),
        "reader_courses": await _plain_rows(session, ReaderCourse, ReaderCourse.patient_id == person.id),
        "audience_choices": await _plain_rows(session, AudienceChoice, AudienceChoice.patient_id == person.id),
        "flags": [await _flag(session, row) for row in flags],
        "contacts_made": await _plain_rows(session, ContactMade, ContactMade.patient_id == person.id),
        "notes_to_patients": await _notes(session, person.id),
        "alerts": [await _alert(session, row) for row in alerts],
        "named_in_digests": [row.local_date.isoformat() for row in await digests.naming(session, person.code_name)],
        "sent": await _plain_rows(session, Outgoing, Outgoing.person_id == person.id),
        "pauses_asked_for": await _plain_rows(session, Halt, Halt.chat_id == person.chat_id),
        "received": await _plain_rows(session, Incoming, Incoming.chat_id == person.chat_id),
        "acts": await _plain_rows(
            session, AuditEntry, or_(AuditEntry.actor_id == person.id, AuditEntry.object_id == person.id)
        ),
    }


async def _rows(session: AsyncSession, table: type[Table], which: ColumnElement[bool]) -> Sequence[Table]:
    rows = await session.scalars(select(table).where(which).order_by(*table.__table__.primary_key))
    return rows.all()


async def _plain_rows(session: AsyncSession, table: type[Base], which: ColumnElement[bool]) -> list[Row]:
    return [_plain(row) for row in await _rows(session, table, which)]


async def _checkin(session: AsyncSession, checkin: Checkin) -> Row:
    return _plain(checkin) | {
        "answers": await _plain_rows(session, Answer, Answer.checkin_id == checkin.id),
        "skipped": await _plain_rows(session, SkippedItem, SkippedItem.checkin_id == checkin.id),
        "follow_ups": await _plain_rows(session, FollowUp, FollowUp.checkin_id == checkin.id),
        "pages": await _plain_rows(session, CheckinPage, CheckinPage.checkin_id == checkin.id),
    }


async def _alert(session: AsyncSession, alert: Alert) -> Row:
    pages = await _plain_rows(session, Page, Page.alert_id == alert.id)
    presses = await _plain_rows(session, SafetyPress, SafetyPress.alert_id == alert.id)
    return _plain(alert) | {"pages": pages, "presses": presses}


async def _flag(session: AsyncSession, flag: Flag) -> Row:
    judged = await acting.verdict(session, flag)
    return _plain(flag) | {
        "actions": await _plain_rows(session, FlagActed, FlagActed.flag_id == flag.id),
        "held_by": await _plain_rows(session, FlagHolder, FlagHolder.flag_id == flag.id),
        "put_off": await _plain_rows(session, Snooze, Snooze.flag_id == flag.id),
        "not_a_rupture_because": {"why": judged[0], "words": judged[1]} if judged else None,
    }


async def _notes(session: AsyncSession, patient_id: int) -> list[Row]:
    """What clinicians wrote to them; a draft that was never sent is theirs no more than a thought is."""
    written = (NoteToPatient.patient_id == patient_id, NoteToPatient.sent_at.is_not(None))
    rows = await _rows(session, NoteToPatient, and_(*written))
    return [_plain(row) | {"words": notes.words_of(session, row)} for row in rows]


async def _goals(session: AsyncSession, patient_id: int) -> list[Row]:
    since = await goals.set_at(session, patient_id)
    return [
        {"words": words, "set_at": _value(since[goal_id])}
        for goal_id, words in (await goals.of(session, patient_id)).items()
    ]


async def _roster_entries(session: AsyncSession, patient_id: int) -> list[Row]:
    rows = await _rows(session, RosterEntry, RosterEntry.patient_id == patient_id)
    return [
        _plain(row) | {"clinic_id": roster.clinic_id_of(session, row), "cells": roster.cells_of(session, row)}
        for row in rows
    ]


async def _agreements(session: AsyncSession, patient_id: int) -> list[Row]:
    rows = await _rows(session, Agreement, Agreement.patient_id == patient_id)
    return [_plain(row) | {"words": agreements.words_of(session, row)} for row in rows]


async def _drafts(session: AsyncSession, patient_id: int) -> list[Row]:
    rows = await _rows(session, AgreementDraft, AgreementDraft.patient_id == patient_id)
    return [_plain(row) | {"words": agreements.draft_words(session, row)} for row in rows]


async def _messages(session: AsyncSession, person: Person) -> list[Row]:
    theirs = or_(Message.person_id == person.id, Message.chat_id == person.chat_id)
    rows = await session.scalars(select(Message).where(theirs).order_by(Message.received_at, Message.version))
    return [_plain(row) | {"words": messages.words_of(session, row)} for row in rows]


def _plain(row: Base) -> Row:
    """The columns of a row; what is sealed is left to whoever can open it."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in _OURS}
    return {key: _value(value) for key, value in values.items() if not isinstance(value, Sealed)}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
