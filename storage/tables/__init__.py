"""The tables, one file for each subject; importing this package knows them all."""

from storage.tables.acting import ContactMade, FlagHolder, NoteToPatient, Snooze, StaffPrompt, Verdict
from storage.tables.agreements import Agreement, AgreementDraft, ClinicianRating, Desk
from storage.tables.approvals import Approval
from storage.tables.attention import Alert, Digest, Flag, FlagActed, GroupedPage, OnCall, Page, SafetyPress, Shift
from storage.tables.audiences import AudienceChoice, ReaderCourse
from storage.tables.base import Base
from storage.tables.calendars import DigestReader, Hold, Reassignment, StaffLeave, TeamDigest
from storage.tables.checkins import Answer, Checkin, CheckinPage, FollowUp, Message, SkippedItem
from storage.tables.console import SignInLink, StaffSession
from storage.tables.courses import KeptCourse
from storage.tables.people import (
    ConsentGiven,
    Contact,
    Enrolment,
    Goal,
    Invitation,
    PatientClinician,
    Person,
    Preference,
    StaffRole,
    Visit,
)
from storage.tables.post import (
    AuditEntry,
    AuditHead,
    AuditLink,
    Halt,
    Heartbeat,
    Incoming,
    LeaseRow,
    Outgoing,
    PollingState,
)
from storage.tables.programmes import ClosedDays, KeptProgramme, ProgrammeVersion
from storage.tables.roster import CalendarVisit, RosterEntry

__all__ = [
    "Agreement",
    "AgreementDraft",
    "Alert",
    "Answer",
    "Approval",
    "AudienceChoice",
    "AuditEntry",
    "AuditHead",
    "AuditLink",
    "Base",
    "CalendarVisit",
    "Checkin",
    "CheckinPage",
    "ClinicianRating",
    "ClosedDays",
    "ConsentGiven",
    "Contact",
    "ContactMade",
    "Desk",
    "Digest",
    "DigestReader",
    "Enrolment",
    "Flag",
    "FlagActed",
    "FlagHolder",
    "FollowUp",
    "Goal",
    "GroupedPage",
    "Halt",
    "Heartbeat",
    "Hold",
    "Incoming",
    "Invitation",
    "KeptCourse",
    "KeptProgramme",
    "LeaseRow",
    "Message",
    "NoteToPatient",
    "OnCall",
    "Outgoing",
    "Page",
    "PatientClinician",
    "Person",
    "PollingState",
    "Preference",
    "ProgrammeVersion",
    "ReaderCourse",
    "Reassignment",
    "RosterEntry",
    "SafetyPress",
    "Shift",
    "SignInLink",
    "SkippedItem",
    "Snooze",
    "StaffLeave",
    "StaffPrompt",
    "StaffRole",
    "StaffSession",
    "TeamDigest",
    "Verdict",
    "Visit",
]
