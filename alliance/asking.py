"""What a check-in asks: one message that goes from question to question, with what was chosen above."""

from collections.abc import Sequence

from alliance.buttons import encode
from alliance.checkin import Standing
from alliance.checkin_presses import Change, Look, Skip, Turn
from alliance.direction import name_apart
from alliance.goals import NOTHING_BESIDE, Beside, named
from alliance.items import Domain, Instrument, Item
from alliance.presses import HelpNow, Press, Rate
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

CHOSEN = "✓"  # beside a sentence that says the same in words, for those who cannot see it

Row = tuple[Button, ...]


def question(
    wording: Wording,
    instrument: Instrument,
    item: Item,
    *,
    checkin_id: int,
    clinician: str,
    bond_with: str | None = None,
    opening: str | None = None,
    given: Sequence[str] = (),
    goals: Beside = NOTHING_BESIDE,
) -> Saying:
    """One item with its row of numbers, how far along it is, and what the two ends mean.

    ``bond_with`` is whom the question about the bond means, where that is not the ``clinician`` of the check-in.

    ``opening`` stands before it in a message that comes anew; ``given`` are the lines of ``chosen_lines``,
    and ``goals`` what the patient wants named beside the question.
    """
    title = wording("checkin.title", number=instrument.items.index(item) + 1, total=len(instrument.items))
    name = whom(item, clinician=clinician, bond_with=bond_with)
    body = "\n\n".join(filter(None, ("\n".join(given), opening, _asked(wording, item, instrument, name, goals))))
    numbers = tuple(
        press_button(str(n), Rate(checkin_id=checkin_id, item_id=item.id, rating=n))
        for n in range(instrument.lowest, instrument.highest + 1)
    )
    aside = (
        press_button(wording("checkin.button.skip"), Skip(checkin_id=checkin_id, item_id=item.id)),
        turn_button(wording, "later", Look.LATER, checkin_id=checkin_id),
    )
    return headed(title, f"\n{body}", rows=(numbers, aside, *beside(wording, checkin_id=checkin_id, can_change=given)))


def question_again(
    wording: Wording,
    standing: Standing,
    item: Item,
    *,
    checkin_id: int,
    clinician: str,
    bond_with: str | None = None,
    goals: Beside = NOTHING_BESIDE,
) -> Saying:
    """One item once more, with what was chosen, so that it can be changed."""
    instrument, chosen = standing.instrument, standing.ratings.get(item.id)
    title = wording("checkin.again.title", number=instrument.items.index(item) + 1, total=len(instrument.items))
    key = "skipped" if chosen is None else "rated"
    name = whom(item, clinician=clinician, bond_with=bond_with)
    asked = _asked(wording, item, instrument, name, goals)
    body = f"{wording(f'checkin.again.{key}', rating=chosen)}\n\n{asked}"
    numbers = tuple(
        press_button(
            f"{CHOSEN} {n}" if n == chosen else str(n), Change(checkin_id=checkin_id, item_id=item.id, rating=n)
        )
        for n in range(instrument.lowest, instrument.highest + 1)
    )
    keep = turn_button(wording, "keep", Look.NOW, checkin_id=checkin_id)
    return headed(title, f"\n{body}", rows=(numbers, (keep,), help_row(wording)))


def chosen_lines(
    wording: Wording, standing: Standing, *, clinician: str, bond_with: str | None = None
) -> tuple[str, ...]:
    """A line for each item answered or skipped so far, in words and with a mark."""
    return tuple(
        chosen_line(wording, standing, item, clinician=clinician, bond_with=bond_with)
        for item in standing.instrument.items
        if item.id in standing.ratings or item.id in standing.skipped
    )


def chosen_line(
    wording: Wording, standing: Standing, item: Item, *, clinician: str, bond_with: str | None = None
) -> str:
    """What was chosen for one item."""
    rating = standing.ratings.get(item.id)
    return wording(
        "checkin.given.skipped" if rating is None else "checkin.given.rated",
        number=standing.instrument.items.index(item) + 1,
        topic=wording(f"checkin.topic.{item.domain}", clinician=whom(item, clinician=clinician, bond_with=bond_with)),
        rating=rating,
    )


def whom(item: Item, *, clinician: str, bond_with: str | None) -> str:
    """The name that an item mentions: a bond is one with somebody, everything else is the clinician's."""
    return bond_with if bond_with and item.domain is Domain.BOND else clinician


def beside(wording: Wording, *, checkin_id: int, can_change: object, finished: bool = False) -> tuple[Row, ...]:
    """The rows below every check-in: changing what was given, who reads it, and help."""
    change = turn_button(wording, "change_finished" if finished else "change", Look.CHANGE, checkin_id=checkin_id)
    who = turn_button(wording, "who", Look.WHO, checkin_id=checkin_id)
    return ((change, who) if can_change else (who,), help_row(wording))


def turn_button(wording: Wording, key: str, to: Look, *, checkin_id: int) -> Button:
    """A button that turns the message to something else and back."""
    return press_button(wording(f"checkin.button.{key}"), Turn(checkin_id=checkin_id, to=to))


def press_button(label: str, press: Press) -> Button:
    """A button with what pressing it is about."""
    return Button(label=label, press=encode(press))


def help_row(wording: Wording) -> Row:
    """The button that is on every check-in."""
    return (press_button(wording("safety.button"), HelpNow()),)


def _asked(wording: Wording, item: Item, instrument: Instrument, clinician: str, goals: Beside) -> str:
    words = item.words.get(wording.language) or next(iter(item.words.values()))
    name = name_apart(clinician, language=wording.language)
    return wording(
        "checkin.question",
        question="\n\n".join(filter(None, (words.question.replace("{clinician}", name), named(goals, wording)))),
        lowest=instrument.lowest,
        low=words.low,
        highest=instrument.highest,
        high=words.high,
    )
