"""The console's doors: which role opens which page, and how long somebody who has signed in stays so."""

from datetime import datetime, timedelta
from enum import StrEnum

from alliance.people import Actor, Role

LINK_LASTS = timedelta(minutes=10)  # long enough to walk to a computer, short enough to be worthless in a history
IDLE_AFTER = timedelta(minutes=30)  # an unattended screen in a corridor
LONGEST_SESSION = timedelta(hours=12)  # one long shift; the next one signs in again
SEEN_EVERY = timedelta(minutes=1)  # how closely it is kept when somebody was last there
KEPT_FOR = timedelta(days=30)  # spent links and ended sessions, for whoever asks who was signed in when


class Page(StrEnum):
    """Everything the console shows, each behind a door of its own."""

    TODAY = "today"
    PATIENTS = "patients"
    PATIENT = "patient"
    WORDS = "words"
    FLAGS = "flags"
    DIGEST = "digest"
    PROGRAMMES = "programmes"
    TEAM = "team"
    INVITE = "invite"
    SETTINGS = "settings"
    HEALTH = "health"


OPENS: dict[Page, frozenset[Role]] = {
    # what stands on a page is asked for again, patient by patient: a door is never the only lock
    Page.TODAY: frozenset({Role.COORDINATOR, Role.CLINICIAN, Role.LEAD, Role.OPERATOR}),
    Page.PATIENTS: frozenset({Role.COORDINATOR, Role.CLINICIAN, Role.OPERATOR}),
    Page.PATIENT: frozenset({Role.COORDINATOR, Role.CLINICIAN, Role.OPERATOR}),
    Page.WORDS: frozenset({Role.CLINICIAN}),
    Page.FLAGS: frozenset({Role.CLINICIAN, Role.LEAD}),
    Page.DIGEST: frozenset({Role.CLINICIAN}),
    Page.PROGRAMMES: frozenset({Role.COORDINATOR, Role.OPERATOR}),
    Page.TEAM: frozenset({Role.COORDINATOR, Role.LEAD, Role.OPERATOR}),
    Page.INVITE: frozenset({Role.COORDINATOR, Role.OPERATOR}),
    Page.SETTINGS: frozenset({Role.COORDINATOR, Role.LEAD, Role.OPERATOR}),
    Page.HEALTH: frozenset({Role.COORDINATOR, Role.LEAD, Role.AUDITOR, Role.OPERATOR}),
}


def opens(actor: Actor, page: Page) -> bool:
    """Whether this person may open that page at all; a page that the table does not name is closed."""
    return bool(actor.roles & OPENS.get(page, frozenset()))


def may_sign_in(actor: Actor) -> bool:
    """Whether there is any page for this person."""
    return any(opens(actor, page) for page in Page)


def is_over(*, began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself: nobody was there for half an hour, or it began twelve hours ago."""
    return now - seen_at >= IDLE_AFTER or now - began_at >= LONGEST_SESSION
