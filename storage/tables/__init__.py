"""The tables, one file for each subject; importing this package knows them all."""

from storage.tables.approvals import Approval
from storage.tables.attention import Alert, Digest, Flag, FlagActed, GroupedPage, OnCall, Page, SafetyPress, Shift
from storage.tables.base import Base
from storage.tables.checkins import Answer, Checkin, CheckinPage, FollowUp, Message, SkippedItem
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
from storage.tables.post import AuditEntry, Halt, Heartbeat, Incoming, LeaseRow, Outgoing, PollingState

__all__ = [
    "Alert",
    "Answer",
    "Approval",
    "AuditEntry",
    "Base",
    "Checkin",
    "CheckinPage",
    "ConsentGiven",
    "Contact",
    "Digest",
    "Enrolment",
    "Flag",
    "FlagActed",
    "FollowUp",
    "Goal",
    "GroupedPage",
    "Halt",
    "Heartbeat",
    "Incoming",
    "Invitation",
    "KeptCourse",
    "LeaseRow",
    "Message",
    "OnCall",
    "Outgoing",
    "Page",
    "PatientClinician",
    "Person",
    "PollingState",
    "Preference",
    "SafetyPress",
    "Shift",
    "SkippedItem",
    "StaffRole",
    "Visit",
]
