"""The second page of a flag's card and what it leads to: few buttons at a time, and always a way back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from alliance.acting import OFFERED_CONTACTS, OFFERED_SNOOZES, SAID_WITH_A_TAP
from alliance.acting_presses import ContactWith, FlagStep, Step
from alliance.buttons import encode
from alliance.digest_words import shown
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

_IN_A_ROW = 2  # on a phone a third one has no room for its words


@dataclass(frozen=True, kw_only=True, slots=True)
class Pages:
    """The pages of one flag, below the card of one digest; ``name`` is the patient's code name."""

    wording: Wording
    flag_id: int
    digest_id: int
    name: str

    def more(self, card: Saying, *, can_be_put_off: bool, can_be_given_back: bool) -> Saying:
        """The same card with what else can be done."""
        steps = {
            "contact": Step.CONTACT,
            "write": Step.WRITE,
            **({"put_off": Step.PUT_OFF} if can_be_put_off else {}),
            "hand_over": Step.HAND_OVER,
            **({"give_back": Step.GIVE_BACK} if can_be_given_back else {}),
        }
        return replace(card, rows=self._rows([self._button(key, step) for key, step in steps.items()]))

    def contact(self) -> Saying:
        """How and when somebody was reached outside the tool."""
        return self._asking("acting.contact.title", contact_buttons(self.wording, self._contact))

    def snoozes(self) -> Saying:
        """Until when a flag is put off."""
        offered = [
            self._button(key, Step.PUT_OFF, days)
            for key, days in zip(("tomorrow", "week"), OFFERED_SNOOZES, strict=True)
        ]
        return self._asking("acting.until.choose", [*offered, self._button("other_day", Step.PUT_OFF_UNTIL)])

    def scripts(self, titles: Mapping[str, str]) -> Saying:
        """Which scripted note is meant, by id and name; or the clinician's own words."""
        buttons = [self._labelled(title, Step.WRITE, script_id) for script_id, title in titles.items()]
        return self._asking("acting.note.choose", [*buttons, self._button("write_own", Step.WRITE_OWN)])

    def preview(self, text: str, *, notices: Sequence[str], note_id: int) -> Saying:
        """What the patient would read, as it would stand there, before anybody has sent it."""
        buttons = [self._button("send", Step.SEND, str(note_id)), self._button("drop", Step.DROP, str(note_id))]
        body = "\n\n".join([text, *(self.wording(f"acting.note.{key}", name=shown(self.name)) for key in notices)])
        title = self.wording("acting.note.preview", name=shown(self.name))
        return headed(title, f"\n{body}", rows=(tuple(buttons),), protected=True)

    def colleagues(self, by_id: Mapping[int, str], *, are_all: bool) -> Saying:
        """Who could take a flag on, by code name."""
        buttons = [self._labelled(shown(name), Step.HAND_OVER, str(who)) for who, name in by_id.items()]
        more = [] if are_all else [self._button("other_colleague", Step.NAME_COLLEAGUE)]
        return self._asking("acting.hand.choose" if buttons else "acting.hand.nobody", [*buttons, *more])

    def reasons(self, card: Saying) -> Saying:
        """The settled card with the question why it was no rupture; the judgement holds without an answer."""
        tapped = [self._labelled(self.wording(f"acting.why.button.{why}"), Step.WHY, why) for why in SAID_WITH_A_TAP]
        buttons = [*tapped, self._button("why_own", Step.WHY_OWN)]
        return replace(card, rows=(*_in_rows(buttons), *card.rows))

    def prompt(self, key: str) -> Saying:
        """Something is typed now."""
        return self._asking(key, [])

    def _asking(self, key: str, buttons: Sequence[Button]) -> Saying:
        text = self.wording(key, name=shown(self.name))
        return Saying(text=text, rows=self._rows(buttons), protected=True)

    def _rows(self, buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
        return (*_in_rows(buttons), (self._button("back", Step.BACK),))

    def _contact(self, code: str) -> str:
        return self._press(Step.CONTACT, code)

    def _button(self, key: str, step: Step, choice: str = "") -> Button:
        return self._labelled(self.wording(f"acting.button.{key}"), step, choice)

    def _labelled(self, label: str, step: Step, choice: str) -> Button:
        return Button(label=label, press=self._press(step, choice))

    def _press(self, step: Step, choice: str) -> str:
        return encode(FlagStep(flag_id=self.flag_id, digest_id=self.digest_id, step=step, choice=choice))


def contact_page(wording: Wording, *, patient_id: int, name: str) -> Saying:
    """How and when a patient of a digest was reached outside the tool, where there is no flag."""
    buttons = contact_buttons(wording, lambda code: encode(ContactWith(patient_id=patient_id, how=code)))
    text = wording("acting.contact.title", name=shown(name))
    return Saying(text=text, rows=_in_rows(buttons), protected=True)


def contact_buttons(wording: Wording, press: Callable[[str], str]) -> list[Button]:
    """A button for each way and day."""
    return [
        Button(label=wording(f"acting.contact.{reached.how}.{reached.when}"), press=press(code))
        for code, reached in OFFERED_CONTACTS.items()
    ]


def _in_rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[n : n + _IN_A_ROW]) for n in range(0, len(buttons), _IN_A_ROW))
