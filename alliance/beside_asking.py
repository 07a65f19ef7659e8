"""What the message of a check-in can be turned to, and back: who reads it, a later time, what to change."""

from collections.abc import Sequence
from datetime import datetime

from alliance.asking import Row, chosen_line, help_row, press_button, turn_button
from alliance.audience import USUAL, Audience, Routing, Subject, Whom
from alliance.buttons import encode
from alliance.checkin import Standing
from alliance.checkin_presses import AN_HOUR_FROM_THE_TAP, ChooseReader, Look, PutOff, Reopen, Turn
from alliance.local_time import local_time
from alliance.meanwhile import Meanwhile, all_in_words
from alliance.putting_off import Later, Offer
from alliance.readers import Names, is_usual, who_reads_what
from alliance.saying import Saying, headed
from alliance.wording import Wording

READERS_OF = {Look.BOND_READERS: Subject.BOND, Look.REMARK_READERS: Subject.REMARKS}
MINUTE = 60  # seconds


def who_reads(
    wording: Wording,
    names: Names,
    routing: Routing,
    *,
    checkin_id: int,
    at: datetime,
    bond_with: str | None = None,
    away: tuple[Meanwhile, ...] = (),
) -> Saying:
    """Who reads what, and meanwhile, what is not watched, that nothing has to be answered, and who could read instead.

    ``bond_with`` is a colleague of the clinician whom the question about the bond means this time: the one who sees
    what is said to it, unless the patient has given that to somebody else.
    """
    if is_usual(routing, at=at):
        body = wording("checkin.who.text", clinician=names.clinician, clinic=names.clinic)
    else:
        told = who_reads_what(wording, names, routing, at=at)
        body = f"{told}\n\n{wording('readers.in_checkin.text', clinician=names.clinician)}"
    if bond_with:
        body = f"{body}\n\n{_who_reads_of(wording, names, routing.audience(Subject.BOND, at=at), bond_with)}"
    if away:
        body = f"{all_in_words(away, wording=wording)}\n\n{body}"
    choices = tuple(
        (
            press_button(
                wording(f"readers.{subject}.button", clinician=names.clinician), Turn(checkin_id=checkin_id, to=look)
            ),
        )
        for look, subject in READERS_OF.items()
    )
    return headed(wording("checkin.who.title"), f"\n{body}", rows=(*choices, *_back(wording, checkin_id)))


def _who_reads_of(wording: Wording, names: Names, audience: Audience, colleague: str) -> str:
    if audience == USUAL:
        return wording("asking.who.bond", clinician=names.clinician, colleague=colleague)
    reader = names.reader(audience, wording)
    whom = Whom.CLINICIAN if reader == colleague else audience.whom
    return wording(f"readers.bond.now.{whom}", clinician=colleague, reader=reader, names=names.team)


def reader_choices(checkin_id: int, subject: Subject, names: Names) -> dict[str, str]:
    """The press of each audience that can be chosen in a check-in."""
    words = (Whom.CLINICIAN, Whom.TEAM, *(str(reader_id) for reader_id in names.offered))
    return {str(word): encode(ChooseReader(checkin_id=checkin_id, subject=subject, audience=word)) for word in words}


def back_to_who(wording: Wording, *, checkin_id: int) -> Row:
    """The way back from there."""
    return (turn_button(wording, "who", Look.WHO, checkin_id=checkin_id),)


def later_request(
    wording: Wording, offers: Sequence[Offer], *, checkin_id: int, zone: str, expires_at: datetime
) -> Saying:
    """The times at which it may come back, or that none is left."""
    choices = tuple(
        (
            press_button(
                wording(f"checkin.later.{offer.later}", time=_clock(offer.at, zone)),
                PutOff(checkin_id=checkin_id, minute=_minute(offer)),
            ),
        )
        for offer in offers
    )
    body = wording("checkin.later.ask") if offers else wording("checkin.later.none", until=_clock(expires_at, zone))
    return headed(wording("checkin.later.title"), f"\n{body}", rows=(*choices, *_back(wording, checkin_id)))


def put_off(wording: Wording, *, checkin_id: int, when: str) -> Saying:
    """It comes back then; who has time after all goes on now."""
    go_on = turn_button(wording, "go_on", Look.NOW, checkin_id=checkin_id)
    who = turn_button(wording, "who", Look.WHO, checkin_id=checkin_id)
    body = wording("checkin.later.set", when=when)
    return headed(wording("checkin.later.title"), f"\n{body}", rows=((go_on, who), help_row(wording)))


def change_request(
    wording: Wording, standing: Standing, *, checkin_id: int, clinician: str, bond_with: str | None = None
) -> Saying:
    """Every item answered or skipped so far, to be chosen from."""
    choices = tuple(
        (
            press_button(
                chosen_line(wording, standing, item, clinician=clinician, bond_with=bond_with),
                Reopen(checkin_id=checkin_id, item_id=item.id),
            ),
        )
        for item in standing.instrument.items
        if item.id in standing.ratings or item.id in standing.skipped
    )
    body = wording("checkin.change.text")
    return headed(wording("checkin.change.title"), f"\n{body}", rows=(*choices, *_back(wording, checkin_id)))


def _back(wording: Wording, checkin_id: int) -> tuple[Row, ...]:
    return ((turn_button(wording, "back", Look.NOW, checkin_id=checkin_id),), help_row(wording))


def _minute(offer: Offer) -> int:
    return AN_HOUR_FROM_THE_TAP if offer.later is Later.HOUR else int(offer.at.timestamp()) // MINUTE


def _clock(moment: datetime, zone: str) -> str:
    return f"{local_time(moment, zone):%H:%M}"
