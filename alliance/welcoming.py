"""What a person is told and asked when taking part begins."""

from collections.abc import Sequence

from alliance.buttons import encode
from alliance.presses import ChooseTime, ChooseZone, Consent, KeepZone, Leave
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

CONSENT_VERSION = 1  # of the consent text; a change of its meaning is a new version
TIMES = ("08:00", "09:00", "10:00", "12:00", "15:00", "18:00", "19:00", "20:00")  # offered with one tap
TIMES_IN_A_ROW = 4


def consent_request(wording: Wording, *, clinic: str, clinician: str, emergency: str) -> Saying:
    """What is asked, who reads it and when, what is not watched, how to stop; then yes or no."""
    text = wording("consent.text", clinic=clinic, clinician=clinician, emergency=emergency)
    yes = Button(label=wording("consent.yes"), press=encode(Consent(version=CONSENT_VERSION, given=True)))
    no = Button(label=wording("consent.no"), press=encode(Consent(version=CONSENT_VERSION, given=False)))
    return headed(wording("consent.title"), f"\n{text}", rows=((yes,), (no,)))


def zone_request(wording: Wording, *, zone: str, time_there: str) -> Saying:
    """Is this your time?"""
    yes = Button(label=wording("zone.yes"), press=encode(KeepZone(right=True)))
    no = Button(label=wording("zone.no"), press=encode(KeepZone(right=False)))
    return Saying(text=wording("zone.ask", time=time_there, zone=zone_in_words(zone)), rows=((yes, no),))


def zone_choices(wording: Wording, zones: Sequence[str]) -> Saying:
    """The zones that fit what the person typed, or another try."""
    if not zones:
        return Saying(text=wording("zone.none_found"))
    rows = tuple((Button(label=zone_in_words(z), press=encode(ChooseZone(zone=z))),) for z in zones)
    return Saying(text=wording("zone.choose"), rows=rows)


def time_request(wording: Wording) -> Saying:
    """When is a check-in welcome?"""
    buttons = [Button(label=at, press=encode(ChooseTime(at=at))) for at in TIMES]
    rows = tuple(tuple(buttons[start : start + TIMES_IN_A_ROW]) for start in range(0, len(buttons), TIMES_IN_A_ROW))
    return Saying(text=wording("time.ask"), rows=rows)


def leave_request(wording: Wording) -> Saying:
    """Stop taking part? No reason is asked."""
    yes = Button(label=wording("leave.yes"), press=encode(Leave(sure=True)))
    no = Button(label=wording("leave.no"), press=encode(Leave(sure=False)))
    return Saying(text=wording("leave.ask"), rows=((yes, no),))


def zone_in_words(zone: str) -> str:
    """A zone's name as a person reads it: ``America/New_York`` is ``America, New York``."""
    return zone.replace("_", " ").replace("/", ", ")
