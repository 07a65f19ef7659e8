"""What a check-in says once all is answered: one more question where it was low, a sentence, thanks."""

from collections.abc import Sequence

from alliance.asking import Row, beside, help_row, press_button
from alliance.checkin_presses import SayWhy, SayWish
from alliance.follow_up import CHOICES, Concern, Wish
from alliance.items import Domain
from alliance.meanwhile import Meanwhile, all_in_words
from alliance.presses import NothingToAdd
from alliance.saying import Saying, headed
from alliance.wording import Wording

SPOKEN_ABOUT = (Concern.SIDE_EFFECTS, Concern.BESIDE_PLAN)  # concerns that are answered with a sentence of their own


def why_request(
    wording: Wording, domain: Domain, *, checkin_id: int, clinician: str, reader: str | None = None
) -> Saying:
    """The one gentle question after a low answer; it can be left at that like everything else.

    ``reader`` is whoever reads answers about the relationship, where that is not the clinician alone.
    """
    choices = tuple(
        (press_button(wording(f"checkin.concern.{one}"), SayWhy(checkin_id=checkin_id, domain=domain, concern=one)),)
        for one in CHOICES[domain]
    )
    body = wording(f"checkin.why.{domain}", clinician=clinician)
    if domain is Domain.BOND and reader is not None:
        body = wording("readers.why_bond", clinician=clinician, reader=reader)
    return headed(wording("checkin.why.title"), f"\n{body}", rows=(*choices, *_ways_out(wording, checkin_id)))


def wish_request(
    wording: Wording, concerns: Sequence[Concern], *, checkin_id: int, clinician: str, clinic: str
) -> Saying:
    """What should follow; a worry about a medicine or a remedy is met with a sentence first, without judgement."""
    about = [
        wording(f"checkin.about.{concern}", clinician=clinician, clinic=clinic)
        for concern in SPOKEN_ABOUT
        if concern in concerns
    ]
    choices = tuple(
        (press_button(wording(f"checkin.wish.{wish}"), SayWish(checkin_id=checkin_id, wish=wish)),) for wish in Wish
    )
    body = "\n\n".join((wording("checkin.wish.thanks"), *about, wording("checkin.wish.ask")))
    return headed(wording("checkin.wish.title"), f"\n{body}", rows=(*choices, *_ways_out(wording, checkin_id)))


def remark_request(
    wording: Wording, *, checkin_id: int, clinician: str, given: Sequence[str] = (), is_answered: bool = True
) -> Saying:
    """All items are done: a sentence is welcome and not needed."""
    body = wording("checkin.remark" if is_answered else "checkin.remark_skipped.text", clinician=clinician)
    text = "\n\n".join(filter(None, ("\n".join(given), body)))
    return headed(wording("checkin.title_remark"), f"\n{text}", rows=_ways_out(wording, checkin_id))


def finished(
    wording: Wording,
    *,
    checkin_id: int,
    clinician: str,
    next_on: str | None,
    wish: Wish | None = None,
    is_answered: bool = True,
    is_changeable: bool = True,
    is_routed: bool = False,
    away: tuple[Meanwhile, ...] = (),
) -> Saying:
    """Thanks, who reads it and when, and meanwhile, what was asked for, and what comes next."""
    coming = wording("checkin.next", when=next_on) if next_on else wording("checkin.no_next")
    key = _thanks(away, is_routed=is_routed) if is_answered else "checkin.thanks_skipped.text"
    thanks = wording(key, clinician=clinician, coming=coming)
    wished = wording(f"checkin.wished.{wish}") if wish else ""
    body = "\n\n".join(filter(None, (thanks, all_in_words(away, wording=wording), wished)))
    rows = beside(wording, checkin_id=checkin_id, can_change=is_changeable, finished=True)
    return headed(wording("checkin.title_done"), f"\n{body}", rows=rows)


def closed(wording: Wording, *, answered: bool, next_on: str | None) -> Saying:
    """The time for this check-in has passed; nothing is wrong with that."""
    coming = wording("checkin.next", when=next_on) if next_on else wording("checkin.no_next")
    key = "checkin.closed_partly" if answered else "checkin.closed"
    return Saying(text=wording(key, coming=coming), rows=(help_row(wording),))


def moved(wording: Wording) -> Saying:
    """The check-in goes on in a newer message further down."""
    return Saying(text=wording("checkin.moved"))


def _thanks(away: tuple[Meanwhile, ...], *, is_routed: bool) -> str:
    """Nobody is said to get a summary who is not there."""
    if away:
        return "readers.away.thanks"
    return "readers.thanks" if is_routed else "checkin.thanks"


def _ways_out(wording: Wording, checkin_id: int) -> tuple[Row, ...]:
    done = press_button(wording("checkin.nothing_to_add"), NothingToAdd(checkin_id=checkin_id))
    return ((done,), *beside(wording, checkin_id=checkin_id, can_change=True))
