"""What a check-in looks like: one message that goes from question to question to thanks."""

from collections.abc import Sequence

from alliance.buttons import HelpNow, NothingToAdd, Rate, encode
from alliance.goals import named
from alliance.items import Instrument, Item
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

Row = tuple[Button, ...]


def question(
    wording: Wording,
    instrument: Instrument,
    item: Item,
    *,
    checkin_id: int,
    clinician: str,
    reminder: bool = False,
    goals: Sequence[str] = (),
) -> Saying:
    """One item with its row of numbers, how far along it is, and what the two ends mean.

    ``goals`` are the patient's own, to be named beside the question.
    """
    words = item.words.get(wording.language) or next(iter(item.words.values()))
    number = instrument.items.index(item) + 1
    title = wording("checkin.title", number=number, total=len(instrument.items))
    body = wording(
        "checkin.question",
        question="\n\n".join(filter(None, (words.question.replace("{clinician}", clinician), named(goals, wording)))),
        lowest=instrument.lowest,
        low=words.low,
        highest=instrument.highest,
        high=words.high,
    )
    if reminder:
        body = f"{wording('checkin.reminder')}\n\n{body}"
    numbers = tuple(
        Button(label=str(n), press=encode(Rate(checkin_id=checkin_id, item_id=item.id, rating=n)))
        for n in range(instrument.lowest, instrument.highest + 1)
    )
    return headed(title, f"\n{body}", rows=(numbers, help_row(wording)))


def remark_request(wording: Wording, *, checkin_id: int, clinician: str) -> Saying:
    """All items are answered: a sentence is welcome and not needed."""
    done = Button(label=wording("checkin.nothing_to_add"), press=encode(NothingToAdd(checkin_id=checkin_id)))
    return headed(
        wording("checkin.title_remark"),
        f"\n{wording('checkin.remark', clinician=clinician)}",
        rows=((done,), help_row(wording)),
    )


def finished(wording: Wording, *, clinician: str, next_on: str | None) -> Saying:
    """Thanks, who reads it and when, and what comes next."""
    coming = wording("checkin.next", when=next_on) if next_on else wording("checkin.no_next")
    body = wording("checkin.thanks", clinician=clinician, coming=coming)
    return headed(wording("checkin.title_done"), f"\n{body}", rows=(help_row(wording),))


def closed(wording: Wording, *, answered: bool, next_on: str | None) -> Saying:
    """The time for this check-in has passed; nothing is wrong with that."""
    coming = wording("checkin.next", when=next_on) if next_on else wording("checkin.no_next")
    key = "checkin.closed_partly" if answered else "checkin.closed"
    return Saying(text=wording(key, coming=coming), rows=(help_row(wording),))


def moved(wording: Wording) -> Saying:
    """The check-in goes on in a newer message further down."""
    return Saying(text=wording("checkin.moved"))


def help_row(wording: Wording) -> Row:
    """The button that is on every check-in."""
    return (Button(label=wording("safety.button"), press=encode(HelpNow())),)
