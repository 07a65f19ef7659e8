"""A person is erased: every row of theirs goes, and what cannot go keeps no name."""

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.digest_json import without_patient
from storage import digests
from storage.outbox import UNFINISHED
from storage.raw_updates import NO_CHAT, InboxState
from storage.tables import (
    Agreement,
    AgreementDraft,
    Alert,
    Answer,
    AudienceChoice,
    CalendarVisit,
    Checkin,
    CheckinPage,
    ClinicianRating,
    Contact,
    ContactMade,
    Desk,
    Enrolment,
    Flag,
    FlagActed,
    FlagHolder,
    FollowUp,
    Goal,
    GroupedPage,
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
    ReaderCourse,
    Reassignment,
    RosterEntry,
    SafetyPress,
    SignInLink,
    SkippedItem,
    Snooze,
    StaffPrompt,
    StaffSession,
    TeamDigest,
    Verdict,
    Visit,
)


async def erase_patient(session: AsyncSession, person: Person, *, is_staff: bool) -> None:
    """Delete everything kept about somebody as a patient, queued messages included.

    What stays: decisions about consent and the audit, which the database refuses to delete and which hold our own
    ids only, and the bare row they point to, without name, code name and chat. Somebody who is staff as well keeps
    name and chat. Digests of staff lose the lines about the person. Updates still waiting are handled as a
    stranger's. Raises nothing for somebody erased before.
    """
    code_name, chat_id = person.code_name, person.chat_id
    alerts = await _ids(session, Alert, or_(Alert.patient_id == person.id, Alert.chat_id == chat_id))
    checkins = await _ids(session, Checkin, Checkin.patient_id == person.id)
    flags = await _ids(session, Flag, Flag.patient_id == person.id)
    await _erase_post(session, person, alerts=alerts, checkins=checkins, is_staff=is_staff)
    for table, which in (
        (GroupedPage, GroupedPage.page_id.in_(select(Page.id).where(Page.alert_id.in_(alerts)))),
        (Page, Page.alert_id.in_(alerts)),
        (SafetyPress, SafetyPress.alert_id.in_(alerts)),
        (Alert, Alert.id.in_(alerts)),
        (FlagActed, FlagActed.flag_id.in_(flags)),
        (FlagHolder, FlagHolder.flag_id.in_(flags)),
        (Snooze, Snooze.flag_id.in_(flags)),
        (Verdict, Verdict.flag_id.in_(flags)),
        (StaffPrompt, StaffPrompt.flag_id.in_(flags)),
        (NoteToPatient, NoteToPatient.patient_id == person.id),
        (ContactMade, ContactMade.patient_id == person.id),
        (Flag, Flag.id.in_(flags)),
        (Answer, Answer.checkin_id.in_(checkins)),
        (SkippedItem, SkippedItem.checkin_id.in_(checkins)),
        (FollowUp, FollowUp.checkin_id.in_(checkins)),
        (CheckinPage, CheckinPage.checkin_id.in_(checkins)),
        (Message, or_(Message.person_id == person.id, Message.chat_id == chat_id)),
        (Checkin, Checkin.id.in_(checkins)),
        (KeptCourse, KeptCourse.patient_id == person.id),
        (ReaderCourse, ReaderCourse.patient_id == person.id),
        (AudienceChoice, AudienceChoice.patient_id == person.id),
        (Goal, Goal.patient_id == person.id),
        (Preference, Preference.patient_id == person.id),
        (PatientClinician, PatientClinician.patient_id == person.id),
        (Agreement, Agreement.patient_id == person.id),
        (AgreementDraft, AgreementDraft.patient_id == person.id),
        (ClinicianRating, ClinicianRating.patient_id == person.id),
        (Desk, Desk.patient_id == person.id),
        (CalendarVisit, CalendarVisit.patient_id == person.id),
        (Visit, Visit.patient_id == person.id),
        (RosterEntry, RosterEntry.patient_id == person.id),
        (Hold, Hold.patient_id == person.id),
        (Reassignment, Reassignment.patient_id == person.id),
        (Contact, Contact.patient_id == person.id),
        (Enrolment, Enrolment.patient_id == person.id),
    ):
        await session.execute(delete(table).where(which))
    await _erase_from_digests(session, person.id, code_name)
    if not is_staff:
        await session.execute(delete(Halt).where(Halt.chat_id == chat_id))
        for table in (Invitation, SignInLink, StaffSession):
            await session.execute(delete(table).where(table.person_id == person.id))
        _leave_bare(person)
    await session.flush()


async def _erase_post(
    session: AsyncSession, person: Person, *, alerts: list[int], checkins: list[int], is_staff: bool
) -> None:
    theirs = [Outgoing.checkin_id.in_(checkins)]
    if not is_staff:
        theirs += [Outgoing.person_id == person.id, Outgoing.chat_id == person.chat_id]
    await session.execute(delete(Outgoing).where(or_(*theirs)))
    await session.execute(update(Outgoing).where(Outgoing.alert_id.in_(alerts)).values(alert_id=None))
    # what was sent to staff may quote the person; what is still on its way to them is emptied in its own time
    of_patients = Outgoing.person_id.in_(select(Enrolment.patient_id).where(Enrolment.patient_id != person.id))
    of_staff = Outgoing.person_id.is_(None) | ~of_patients
    ended = Outgoing.body.is_not(None) & Outgoing.state.not_in(UNFINISHED)
    await session.execute(update(Outgoing).where(of_staff, ended).values(body=None))
    await _empty_inbox(session, person.chat_id)


async def _empty_inbox(session: AsyncSession, chat_id: int | None) -> None:
    """Forget what a chat has sent; and of everybody what was handled, since a press of staff carries what they saw.

    The identities stay, which tell nothing. A dead letter of that chat is settled by it.
    """
    theirs = (Incoming.chat_id == chat_id, Incoming.state.in_((InboxState.DONE, InboxState.DEAD)))
    await session.execute(update(Incoming).where(*theirs).values(raw=None, chat_id=NO_CHAT, state=InboxState.DONE))
    handled = (Incoming.state == InboxState.DONE, Incoming.raw.is_not(None))
    await session.execute(update(Incoming).where(*handled).values(raw=None))


async def _erase_from_digests(session: AsyncSession, patient_id: int, code_name: str) -> None:
    for digest in await digests.naming(session, code_name):
        digest.content = without_patient(digest.content, patient_id=patient_id, code_name=code_name)
    for told in await session.scalars(select(TeamDigest)):  # they name patients without a team
        told.content = without_patient(told.content, patient_id=patient_id, code_name=code_name)


def _leave_bare(person: Person) -> None:
    person.code_name = f"erased-{person.id}"
    person.code_name_folded = person.code_name
    person.name, person.chat_id, person.blocked_at, person.email = None, None, None, None
    person.language, person.zone = "", "UTC"


async def forget_last_word(session: AsyncSession, outgoing_id: int, chat_id: int) -> None:
    """The last message to somebody who was erased has come to its end: forget it, and the chat it went to."""
    await session.execute(delete(Outgoing).where(Outgoing.id == outgoing_id))
    await _empty_inbox(session, chat_id)


async def _ids(session: AsyncSession, table: type[Alert | Checkin | Flag], which: ColumnElement[bool]) -> list[int]:
    return list(await session.scalars(select(table.id).where(which)))
