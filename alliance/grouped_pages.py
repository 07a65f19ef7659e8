"""Several alerts that reach one person at the same moment: one message that names each, with the buttons of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from alliance.buttons import encode
from alliance.presses import ActOnAlert, AlertStep
from alliance.saying import LONGEST, Button, Emphasis, Saying, utf16_length
from alliance.wording import Wording

MOST_TOGETHER = 12  # alerts in one message: at most 48 buttons of Telegram's 100, and few enough to scroll through


class Stands(StrEnum):
    """How an alert stands to the person who reads of it."""

    OPEN = "open"  # nobody has it
    THEIRS = "theirs"  # the reader has it
    TAKEN = "taken"  # a colleague has it
    CLOSED = "closed"


_STEPS: dict[Stands, tuple[tuple[AlertStep, ...], ...]] = {  # the same rows of buttons as below a page of its own
    Stands.OPEN: ((AlertStep.HAVE,), (AlertStep.REACH, AlertStep.WORDS)),
    Stands.THEIRS: ((AlertStep.REACH, AlertStep.WORDS), (AlertStep.CONTACT_MADE,), (AlertStep.NOT_A_CRISIS,)),
    Stands.TAKEN: ((AlertStep.REACH, AlertStep.WORDS),),
    Stands.CLOSED: (),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """One alert as a message that names several says it; ``lines`` stand below whom it is about."""

    alert_id: int
    who: str
    lines: tuple[str, ...]
    stands: Stands


def in_messages(wording: Wording, named: Sequence[Named]) -> tuple[tuple[Named, ...], ...]:
    """Share alerts out among as few messages as hold them, in their order; none is left out.

    A message holds ``MOST_TOGETHER`` alerts and 4,096 UTF-16 units.
    """
    parts: list[tuple[Named, ...]] = []
    for one in named:
        longer = (*parts[-1], one) if parts else (one,)
        if parts and len(longer) <= MOST_TOGETHER and _fits(wording, longer):
            parts[-1] = longer
        else:
            parts.append((one,))
    return tuple(parts)


def together(wording: Wording, named: Sequence[Named], *, group: int) -> Saying:
    """One message about these alerts, numbered in their order, each button saying which it belongs to.

    ``group`` goes into every button, so that a press finds the whole message again, whichever copy it was.
    """
    text = wording("alert.together.title", count=len(named))
    bold = [Emphasis(offset=0, length=utf16_length(text))]
    for number, one in enumerate(named, start=1):
        heading = wording("alert.together.heading", number=number, who=one.who)
        bold.append(Emphasis(offset=utf16_length(text) + 2, length=utf16_length(heading)))
        text = f"{text}\n\n" + "\n".join((heading, *one.lines))
    if any(one.stands is Stands.OPEN for one in named):
        text = f"{text}\n\n{wording('alert.together.told')}\n{wording('alert.together.until')}"
    rows = tuple(
        tuple(_button(wording, one, number, step, group=group, is_alone=len(steps) == 1) for step in steps)
        for number, one in enumerate(named, start=1)
        for steps in _STEPS[one.stands]
    )
    return Saying(text=text, rows=rows, emphasis=tuple(bold), protected=True)


def _fits(wording: Wording, named: Sequence[Named]) -> bool:
    return utf16_length(together(wording, named, group=0).text) <= LONGEST


def _button(wording: Wording, one: Named, number: int, step: AlertStep, *, group: int, is_alone: bool) -> Button:
    """A button that fills its row says whom it is about; of two in a row there is room for the number alone."""
    label = wording(f"alert.step.{step}")
    label = (
        wording("alert.together.button", number=number, who=one.who, step=label)
        if is_alone
        else wording("alert.together.short_button", number=number, step=label)
    )
    return Button(label=label, press=encode(ActOnAlert(alert_id=one.alert_id, step=step, group=group)))
