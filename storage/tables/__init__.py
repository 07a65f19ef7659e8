"""The tables, one file for each subject; importing this package knows them all."""

from storage.tables.attention import Alert, Digest, Flag, FlagActed, OnCall, Page, SafetyPress, Shift
from storage.tables.base import Base
from storage.tables.checkins import Answer, Checkin, Message
from storage.tables.courses import KeptCourse
from storage.tables.people import (
    ConsentGiven,
    Contact,
    Enrolment,
    Goal,
    Invitation,
    Person,
    Preference,
    StaffRole,
    Visit,
)
from storage.tables.post import AuditEntry, Heartbeat, Incoming, LeaseRow, Outgoing, PollingState

__all__ = [
    "Alert",
    "Answer",
    "AuditEntry",
    "Base",
    "Checkin",
    "ConsentGiven",
    "Contact",
    "Digest",
    "Enrolment",
    "Flag",
    "FlagActed",
    "Goal",
    "Heartbeat",
    "Incoming",
    "Invitation",
    "KeptCourse",
    "LeaseRow",
    "Message",
    "OnCall",
    "Outgoing",
    "Page",
    "Person",
    "PollingState",
    "Preference",
    "SafetyPress",
    "Shift",
    "StaffRole",
    "Visit",
]
