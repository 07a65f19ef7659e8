"""Which commands there are, and whose they are; anything else that begins with a slash is a sentence."""

from collections.abc import Collection

from alliance.people import STAFF, Role

FOR_EVERYBODY = ("help", "help_now")
_OF_PATIENTS = (
    *("menu", "help_now", "pause", "resume", "time", "zone", "language", "quiet", "goals"),
    *("agreed", "who", "mydata", "leave", "forget", "help"),
)
_OF_COORDINATORS = ("today", "patients", "patient", "invite", "cadence", "hold", "away")
_OF_CLINICIANS = ("visit", "brief", "agree", "hours", "away", "hold")
_OF_LEADS = ("hours", "away")

ALL = (
    "start",
    *dict.fromkeys((*FOR_EVERYBODY, *_OF_PATIENTS, *_OF_COORDINATORS, *_OF_CLINICIANS, *_OF_LEADS, "console")),
)


def commands_for(roles: Collection[Role], *, has_console: bool = False) -> tuple[str, ...]:
    """The commands a person with these roles is shown, each once, the most useful first.

    ``has_console`` says whether the clinic has one: a command that leads nowhere is not shown.
    """
    names: list[str] = []
    if Role.PATIENT in roles:
        names += _OF_PATIENTS
    if Role.COORDINATOR in roles:
        names += _OF_COORDINATORS
    if Role.CLINICIAN in roles:
        names += _OF_CLINICIANS
    if Role.LEAD in roles:
        names += _OF_LEADS
    if has_console and STAFF.intersection(roles):
        names.append("console")
    if STAFF.intersection(roles) or not names:
        names += FOR_EVERYBODY
    return tuple(dict.fromkeys(names))
