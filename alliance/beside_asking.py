"""What the message of a check-in can be turned to, and back: who reads it, a later time, what to change."""

from collections.abc import Sequence
from datetime import datetime

from alliance.asking import Row, chosen_line, help_row, press_button, turn_button
from alliance.checkin import Standing
from alliance.checkin_presses import AN_HOUR_FROM_THE_TAP, Look, PutOff, Reopen
from alliance.local_time import local_time
from alliance.putting_off import Later, Offer
from alliance.saying import Saying, headed
from alliance.wording import Wording

MINUTE = 60  # seconds


def who_reads(
    wording: Wording, *, checkin_id: int, clinician: str, clinic: str, bond_with: str | None = None
) -> Saying:
    """Who reads what, what is not watched, and that nothing has to be answered.

    ``bond_with`` is a colleague of the clinician whom the question about the bond means this time.
    """
    body = wording("checkin.who.text", clinician=clinician, clinic=clinic)
    if bond_with:
        body = f"{body}\n\n{wording('asking.who.bond', clinician=clinician, colleague=bond_with)}"
    return headed(wording("checkin.who.title"), f"\n{body}", rows=_back(wording, checkin_id))


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
